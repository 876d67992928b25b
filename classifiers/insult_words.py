"""Words that insult, light and degrading, whomever they are aimed at; `annex/insults.py` tells at whom."""

import re

_DEGRADING = (
    r"scum(?:bags?|my)?|vermin|filth|parasit(?:es?|ic)|leech(?:es)?|maggots?|cockroach(?:es)?|rats?|pigs?|"
    r"sub-?human|worthless|"
    r"bitch(?:es)?|cunts?|whores?|sluts?|slags?|skanks?|(?:piece|sack|bag|lump|pile|heap)s? of (?:\w+ "
    r")?(?:shit|crap|filth|dirt|scum|garbage|lard|human waste)|pos|"
    r"waste of (?:space|oxygen|air|skin|breath|a (?:life|human))|oxygen thie(?:f|ves)|excuses? for (?:a |"
    r"an )?(?:\w+ )?(?:human(?: being)?s?|person|people|woman|women|man|men|mother|father)|"
    r"wankers?|motherfuckers?|fuck(?:er|wit|head|face|tard)s?|shit(?:head|bag|stain)s?|turds?|sack "
    r"of (?:spuds|potatoes)|slimeballs?|lowli(?:fe|ves)|low lifes?|degenerates?|inbreds?"
)
_INSULT = (
    r"idiots?|morons?|imbeciles?|cretins?|clowns?|muppets?|losers?|half-?wits?|dim-?wits?|nitwits?|twats?|"
    r"pricks?|dick(?:head)?s?|arse(?:hole)?s?|assholes?|"
    r"toss(?:er|pot)s?|bell-?ends?|knob(?:head)?s?|gits?|hags?|witch|bastards?|weirdos?|creeps?|freaks?|"
    r"psychos?|snakes?|fatty|fatso|fat (?:\w+ )?(?:cow|lump|mess|slob)|slobs?|"
    r"(?:horrible|horrid|wicked|vicious|clueless|stupid|silly|old|miserable|lazy|ugly|thick|vile|nasty|"
    r"dumb|bitter|sad|spiteful|evil|ignorant|"
    r"dozy) (?:\w+ )?(?:cows?|mare|bat|dog|goat|toad|troll|man|woman|bint|sod)|trolls?|"
    r"stupid|thick as \w+|thick|pathetic|ugly|fat|hideous|brain-?dead|brainless|spineless|gutless|dumb|"
    r"vile|disgusting|revolting|repulsive|talentless|airhead|bimbo|mong|cockwombles?|simpletons?|dunces?|"
    r"lunatics?|nutters?|nutjobs?|deranged|coward(?:s|ly)?|sociopaths?|psychopaths?|vultures?|bottom[- "
    r"]feeders?|nasty piece of work|laughing stock|embarrassment to \w+"
)
TERMS = re.compile(rf"(?<![\w#@])(?:(?P<degrading>{_DEGRADING})|(?P<insult>{_INSULT}))(?!\w)", re.IGNORECASE)
ADJECTIVES = frozenset(
    [
        "stupid",
        "thick",
        "pathetic",
        "ugly",
        "fat",
        "hideous",
        "dumb",
        "vile",
        "disgusting",
        "revolting",
        "repulsive",
        "spineless",
        "brainless",
        "worthless",
        "deranged",
        "cowardly",
    ]
)
