"""Words by which one post counts in a behaviour: fixation, insult, jeer, whereabouts, and a request to stop."""

import re
from enum import IntEnum
from functools import lru_cache

from classifiers.insult_words import TERMS

FIXATION = re.compile(
    r"\b(?:block(?:ed|ing)? me|new account|ignor(?:e|ed|ing) me|won'?t (?:stop|leave you|go away|let "
    r"(?:you|this) go)|not going (?:away|anywhere)|(?:told?|tell|telling|asked|ask|asking) me to stop|"
    r"(?:last|final) (?:chance|warning)(?!,? (?:lol|haha)|,? (?:to|for) (?!put|fix|answer|apolog|sort|reply|talk|pay|"
    r"explain|me|you))|avoiding me|hiding from me|not one (?:answer|reply|word)|\d+ "
    r"messages|nothing to say to me|you looked|lights? (?:is |was |were |went )?(?:off|on|out)|the \d+[.:]\d+|waited "
    r"(?:by|for|at|outside)|missed you|your (?:gate|mother|mum|sister|brother|cousin|curtains|blinds|"
    r"window|windscreen|door(?:step)?|bed(?:room)?|garden|gym|"
    r"church|landlord|neighbours?|boyfriend|girlfriend|partner)|still "
    r"(?:here|watching|waiting for you)|"
    r"watching you|saw you|seen you|know where|where you (?:live|park|work|go)|your (?:house|home|car|"
    r"street|kids?|children|daughter|son|husband|wife|family|route|bus|train)|(?:know|learnt|worked out|got|seen) "
    r"your (?:\w+ )?(?:shifts?|rota)|your shift (?:ends|finishes|starts)|on your way home|"
    r"think(?:ing)? about you|dream(?:t|ing)? (?:about|of) you|look(?:ed|s|ing)? (?:tired|lovely|nice|"
    r"pretty|good) (?:today|yesterday|this morning|in)|miss(?:ed)? you today|you weren'?t (?:at|in)|why "
    r"(?:won'?t|don'?t|didn'?t|can'?t) you (?:answer|reply|talk|speak|look at|like me|want me|love me)|answer me|"
    r"talk to me|look at me|you were with (?:someone|somebody|him|her|a (?:man|woman|bloke|girl))|thinks (?:s?he|"
    r"they) can (?:stop|ignore|avoid|hide|get away|run)|(?:changed|changing) (?:her|his|their|your) (?:way|route|"
    r"shifts?|train|bus)|(?:found|followed|watched|tracked) (?:her|him)\b|found you (?:on|out)\b|"
    r"you owe me|you'?ll (?:see|be sorry|regret|pay|hear from me)|you can'?t (?:hide|escape|avoid me|"
    r"block me)|coming (?:for|to find|to see) you|find you|watch your back|day \d+(?! of (?:our|my|the|a|this)\b)|"
    r"every (?:single )?day|never (?:stop|forget)(?! (?:what|how|all|everything|your kind))|hope you (?:suffer|die|"
    r"lose)|"
    r"ruin(?:ed)? (?:you|your)|expose you|liar|ashamed|"
    r"wherever you|you think (?:that )?you(?:'re| are) safe|(?:places|nowhere) (?:left )?to hide|say something|"
    r"why (?:do|are|did) you (?:pretend\w*|hid\w*|avoid\w*|run\w*)|why didn'?t you say|(?:won'?t|will not|not going "
    r"to) forget (?:it|this|you|that)|we'?ll see about that|as often as i (?:want|like|please)|(?:whether you |you "
    r")?like it or not|left you (?:a|some|more|another)? ?(?:flowers|chocolates|gift|present|note|letter|card|"
    r"surprise)s?|wrote you "
    r"(?:a|another) (?:poem|song|letter)|did you (?:get|like|read) (?:the|my) (?:flowers|chocolates|gift|present|"
    r"note|letter|card|poem)s?|you won'?t come (?:down|out)|by my bed|(?:hid\w*|get away|ran|running?|escape|moved?|"
    r"moving|"
    r"change[sd]?) from me|eyes? (?:is |are )?on you|(?:just to "
    r"|staring at |gawp\w* at )(?:look at |see )?you|i'?m your (?:boyfriend|girlfriend|husband|wife)|(?:rang|rung|"
    r"told|emailed|wrote to|written to|spoke to|spoken to) your (?:boss|manager|work|wife|husband|mum|neighbours?)|"
    r"when i say so|make your life|running out of places|watch (?:for|over) you)\b",
    re.IGNORECASE,
)
STOP = re.compile(
    r"(?<!n't )(?<!never )\b(?:please )?(?:stop|leave (?:me|her|him|us|them) alone|do not|don'?t) (?:contacting|"
    r"messaging|writing to|tagging|replying|following|this|it|contact|message|tag)\b|\bleave me (?:alone|be|in "
    r"peace)\b|"
    r"\b(?:do not|don'?t|never|not to) (?:ever )?(?:ask|write|text|call|ring|email|dm|reply|comment|follow|approach|"
    r"bother|harass|pester|speak to|talk to|come near|come to|turn up|send)\b[^.!?]{0,20}\b(?:me|us|again|any ?more|"
    r"here|at my)\b|\bi (?:have )?(?:already )?said no\b|\b(?:stop|quit) (?:asking|calling|texting|emailing|ringing|"
    r"sending|bothering|harassing|pestering|watching|doing this)\b|\b(?:this|it|that) is harassment\b|\byou(?:'re| "
    r"are) (?:harassing|scaring|frightening|stalking) me\b|"
    r"\bi(?:'ve| have|'m| am|'ll| will)? (?:now |have to )?(?:block(?:ed|ing)?|report(?:ed|ing)?) you\b|"
    r"\bstop (?:dm'?ing|@ing|commenting|mentioning|tweeting|liking|posting about|coming|turning up)\b|"
    r"\bplease,? (?:just )?stop(?= *(?:[.,!;:]|$|now\b|it\b))|\b(?:asking|asked|told|telling|need|want|like|begging) "
    r"you (?:\w+ ){0,3}?(?:to stop\b|not to (?:contact|message|write|reply|call|follow|come))|"
    r"\bi (?:really )?(?:don'?t|do not) want (?:to (?:hear from|talk to|speak to|see) you|you to (?:\w+ )?(?:contact|"
    r"message|write|reply|follow|dm|tag)|(?:any(?: more)?|your) (?:messages|contact|replies|dms|letters|"
    r"attention))\b|\bno more (?:messages|dms|texts|emails|calls|replies|letters)\b|\bnever contact me\b|(?:^|[.,!;]|"
    r"\bplease|\bjust) *(?:go away|back off)\b|\blose my number\b|\bunfollow me\b|\bget off my (?:posts|page|profile|"
    r"timeline|replies)\b|"
    r"\bplease (?:don'?t|do not) @ me\b|\bcan you not (?:message|contact|write to|reply to|tag|dm) me\b",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"\b(?:my (?:\w+ )?(?:claim|payment|money|journal|application|appeal|assessment|form|case|decision|"
    r"letter|benefits?|pip|uc|pension|award|rent|appointment|refund|bag|flight|booking|reference|"
    r"complaint|order)|any (?:update|news)|please (?:reply|help|call|respond|update)|still (?:waiting|no "
    r"(?:reply|answer|news|payment)))\b",
    re.IGNORECASE,
)
_WHEREABOUTS = re.compile(
    r"\b(?:know (?:exactly )?where you (?:live|park|work|go|drink|shop)|(?:outside|by|past|near) your "
    r"(?:house|home|flat|gate|door|work|gym|office|window)|your (?:house|home|street|car|gate|curtains|window|garden|"
    r"gym|route|bus|train|kids?|children|daughter|son)|on your way home|saw you (?:\w+ )?(?:leav|walk|park|at|"
    r"in|get)\w*|lights? (?:is |are |went |was |were )?(?:off|on|out)|the \d+[.:]\d+|waited (?:by|for|at|outside)|"
    r"watching you|(?:know|learnt|worked out|got|seen) your (?:\w+ )?(?:shifts?|rota)|your shift (?:ends|finishes|"
    r"starts)|coming (?:for|to find|to see) you|find you|watch your back|(?:outside|past|near|to|behind) (?:her|his) "
    r"(?:house|home|flat|gate|door|car|work|gym|office|window|street)|(?:her|his) way home|(?:behind|next to|"
    r"opposite) you (?:in|at|on)|through your (?:door|letter ?box|window)|you (?:wore|were wearing|"
    r"had on)|i (?:saw|watched|noticed|waited|was) (?:\w+ )?(?:from )?"
    r"across the (?:road|street|room)|you (?:moved|changed|hid) your (?:\w+ )?(?:key|keys|lock|locks|car|curtains|"
    r"blinds|bins|number|route|shift|train|bus)|found your (?:house|home|flat|street|allotment|garden|gym|local|pub|"
    r"church|car|kids?|mum|family|husband|wife|partner|sister|brother|daughter|son)|asked (?:which|what) (?:days?|"
    r"time|shift) you|waited (?:\w+ )?(?:till|until) (?:closing|dark|you))\b",
    re.IGNORECASE,
)
_MENACE = re.compile(
    r"\b(?:(?:last|final) (?:chance|warning)(?! to\b)|you'?ll (?:see|be sorry|regret|pay)|you can'?t (?:hide|escape)|"
    r"nowhere to hide|coming (?:for|to find) you|find you|watch your back|hope you (?:suffer|die|lose)|ruin(?:ed)? "
    r"(?:you|your)|expose you|liar|ashamed|not one answer)\b",
    re.IGNORECASE,
)
BARRED = re.compile(
    r"\b(?:you|u)(?:'ve| have)?(?: (?:now|just|already|again))? (?:blocked|muted) (?:me|my)\b|\bblock(?:ed|ing) me\b|"
    r"\byou(?:'ve| have)? (?:asked|told) me to (?:stop|leave you alone|go away)\b|"
    r"\byou (?:told|called|rang|went to) the police (?:about|on) me\b|"
    r"\b(?:restraining order|injunction) against me\b|\byour restraining order\b",
    re.IGNORECASE,
)
_HARM = (
    r"(?:kill|murder|stab|shoot|strangle|batter|smash|punch|slap|knife|hurt|bury|burn|hang|drown|poison|run (?:over|"
    r"down)|beat (?:up|the \w+ out of)|knock out|cut|break)"
)
_THREAT = re.compile(  # in plain words: five people have to be hostile before one of them weighs
    rf"\b(?:i|we|someone|somebody|they|people)(?:'ll|'m| will| am| are| is|'d| would| should| needs? to| ought to| "
    rf"want to) (?:(?!never|not)\w+ ){{0,4}}?{_HARM} (?:\w+ ){{0,2}}?(?:you|u|ya|her|him|them|@\w+)\b|"
    r"\b(?:you|she|he|they)(?:'re| are|'s| is)? (?:\w+ )?(?:should|deserves?|needs?|ought|want\w*) (?:to )?(?:be |"
    r"get )?(?:shot|stabbed|hanged|hung|lynched|strangled|punched|slapped|beaten|battered|drowned|burned|burnt|"
    r"killed|run over|a (?:bullet|slap|kicking|beating|stabbing))\b|"
    r"\b(?:you|she|he)(?:'re| are|'s| is) (?:dead(?: meat)?|next|going to (?:die|bleed|get (?:hurt|stabbed|shot|"
    r"it)))\b|\b(?:hope|wish) (?:someone|somebody) (?:\w+ )?(?:kills?|stabs?|shoots?|beats?|batters?|hurts?|runs? "
    r"over) (?:you|her|him|them)\b|\bsleep with one eye open\b",
    re.IGNORECASE,
)
_JEER = re.compile(
    r"\b(?:shame on you|you(?:'re| are|r)? (?:a |an |such a )?(?:\w+ )?(?:joke|disgrace|liar|fraud|thief|bully|nobody)|"
    r"(?:get|give her|give him) the sack|(?:sack|fire) (?:her|him|you)|(?:should be|deserves? to be|get) (?:sacked|"
    r"fired)|resign|nobody (?:likes|wants|can stand) you|everyone (?:hates|knows about|is laughing at) you|get a life|"
    r"hope you (?:lose|suffer|rot|die|cry|choke|get sacked|never sleep)|watch your back|rot in hell|go to hell|drop "
    r"dead|your (?:days|time) (?:are|is) (?:numbered|up)|cry (?:about it|harder|more)|how do you sleep)\b",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"\b(?:leave (?:her|him|them|@?\w+) alone|nobody (?:should|deserves)|no one (?:should|deserves)|"
    r"stop (?:calling|bullying|harassing|attacking)|(?:calling|called) (?:her|him|them|me|staff|you) |don'?t call)",
    re.IGNORECASE,
)


class Grade(IntEnum):
    """How far one post towards a person goes, lightest first."""

    REMARK = 0
    FIXATION = 1
    INSULT = 2
    WHEREABOUTS = 3


GRADES = {
    Grade.REMARK: "a post to them",
    Grade.FIXATION: "will not let go",
    Grade.INSULT: "insults them",
    Grade.WHEREABOUTS: "speaks of where they are, or of home or routine",
}


def grade(text: str) -> Grade:
    """How far a post towards a person goes."""
    if _WHEREABOUTS.search(text):
        return Grade.WHEREABOUTS
    if TERMS.search(text):
        return Grade.INSULT
    return Grade.FIXATION if FIXATION.search(text) else Grade.REMARK


def is_unwanted(text: str) -> bool:
    """Whether a post towards a person shows fixation or insult, or follows where they are."""
    return grade(text) > Grade.REMARK


@lru_cache(8192)
def is_pressing(text: str) -> bool:
    """Whether a post towards a person is hostile or unwanted: what is kept to be looked up by whom it is towards."""
    return is_hostile(text) or (is_unwanted(text) and not _COUNTER.search(text))


@lru_cache(8192)  # one post of a crowd is asked about for each that joins it
def is_hostile(text: str) -> bool:
    """Whether a post towards a person insults, jeers at, menaces or threatens them; who takes their side does not."""
    hostile = TERMS.search(text) or _JEER.search(text) or _MENACE.search(text) or _THREAT.search(text)
    return hostile is not None and not _COUNTER.search(text)


_TELLING = (TERMS, _JEER, _MENACE, _THREAT, FIXATION)


def jeer_span(text: str) -> tuple[int, int]:
    """Where a hostile text is so, for quoting; all of it where no word tells."""
    found = next((match for each in _TELLING if (match := each.search(text))), None)
    return found.span() if found else (0, len(text))
