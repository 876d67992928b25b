"""Why words that look like abuse are not the author's abuse: each protection has a name and a stretch of text.

Rules drop what a shield covers. Criticism, profanity at a thing and praise need no shield: rules ask whom words are
aimed at, and these are aimed at nobody.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from classifiers.normalise import Normalised

Reason = Literal["quotation", "reported", "counter_speech", "idiom", "news", "self", "advice"]


@dataclass(frozen=True)
class Shield:
    """One stretch [start, end) of the normalised text that is protected, and why."""

    reason: Reason
    start: int
    end: int


# A stretch of someone else's words ends with the clause, or where the author turns to a person again, or says what they
# themselves will do to whom they spoke of ("she said no, I'll get her"; in "he said I'll get you" it goes on).
_STEP = (
    r"(?!, (?:so |and |but )?(?:i|we)(?:'ll|'m (?:going to|gonna)| will| am (?:going to|gonna)) (?:[\w']+ ){0,3}?"
    r"(?:her|him|them)\b)"
    r"(?!,? (?:so |and |but |well )?(?:you|u)(?:'re| are)?(?: \w+)? (?:a|an|absolute|are|vile|pathetic)\b|"
    r", (?:s?he(?:'s| is)|they(?:'re| are)|you)\b)[^.!?;]"
)
_REST = rf"(?:{_STEP})*"
_SENTENCE = r"[^.!?;]*"
# Where the author, after what came from others, says what they will do: "police are useless so I'm going to …".
_TURN = (
    r"(?:[,:] ?(?:so |and |but |then |now )?|\b(?:so|and|but|then) (?:now )?)"
    r"(?:i|we)(?:'?(?:m|re) (?:going to|gonna)|'ll| will| (?:am|are) (?:going to|gonna))\b"
)
_OWN_TURN = re.compile(_TURN, re.IGNORECASE)
# In what somebody suffered it may be the abuser who goes on ("messages, I'll find you"), but not of a third person.
_OF_A_THIRD = r"(?:my|her|him|them|that|this|the (?:job\w*|office|building|place|lot))\b"
_UNTIL_TURN = rf"(?:(?!{_TURN} (?:[\w']+ ){{0,3}}?{_OF_A_THIRD}){_STEP})*"

_SPEAKER = (
    r"(?:he|she|they|who|someone|somebody|people|everyone|folk|nobody|staff|claimants?|customers?|"
    r"callers?|trolls?|strangers?|"
    r"@user|url|(?-i:[A-Z])[a-z]+|(?:a|an|the|this|that|some|one|my|our|his|her|another|random) (?:[\w-]+ "
    r"){0,3}?(?:man|woman|guy|bloke|lad|girl|"
    r"lady|person|customer|claimant|caller|stranger|troll|neighbour|ex|boss|manager|coach|advis[eo]r|guard|teacher|"
    r"dad|mum|brother|sister|partner|husband|wife|landlord|colleague|worker|minister|mp|paper|tweet|post|"
    r"comment|message|letter|email|sign|note|account|member|idiot))"
)
_SAYS = (
    r"(?:call(?:ed|s|ing)?|said|says|saying|told|tells|telling|shout(?:ed|s|ing)?|scream(?:ed|s|ing)|"
    r"yell(?:ed|s|ing)|threaten(?:ed|s|ing)|"
    r"messaged|texted|wrote|writes|tweeted|posted|commented|accus(?:ed|es|ing)|described|labelled|branded|"
    r"spat|sent|reckons?|claims|claimed|"
    r"replied|dm'?d|emailed|hissed|muttered)"
)
_REPORTED = re.compile(
    rf"\b{_SPEAKER}(?:'s|'ve|'d)?(?: (?:just|once|then|also|actually|even|keeps?|kept|has|have|had|was|"
    rf"were|is|been|always|literally|who|today|yesterday|apparently)){{0,3}} {_SAYS}\b(?! (?:for|to be "
    rf"sanctioned))" + _REST,
    re.IGNORECASE,
)
_SUFFERED = re.compile(
    r"\b(?:i|i've|i'm|i'd|we|we've|we're|she|he|they|staff|workers?|coach(?:es)?|colleagues?|people|"
    r"someone|claimants?|my (?:\w+ ){0,2}\w+|our (?:\w+ ){0,2}\w+|(?-i:[A-Z])[a-z]+)"
    r" (?:\w+ ){0,3}?(?:been|got|was|were|being|get|gets|getting|am|are|is) (?:\w+ ){0,2}?(?:called|told|"
    r"threatened|sent|labelled|accused|"
    r"abused|harassed|stalked|bullied|doxxed|trolled|followed|filmed|recorded|attacked|assaulted)\b"
    + _UNTIL_TURN
    + r"|\b(?:receiv(?:e|ed|ing)|getting|got|had|reported|face|facing|endur\w+) (?:\w+ ){0,3}?(?:threats?|"
    r"abuse|messages?|harassment|hate)\b" + _UNTIL_TURN,
    re.IGNORECASE,
)
_DEED = (
    r"(?:call|say|tell|threaten|harass|abuse|bully|send|share|post|film|record|treat|stalk|attack|shout|"
    r"scream|label|dox)"
)
_DOING = (
    r"(?:calling|saying|telling|threatening|harassing|abusing|bullying|sending|sharing|posting|filming|"
    r"recording|treating|stalking|attacking|shouting|screaming|labelling|doxxing|tweeting|writing|thinking)"
)
_WRONG = (
    r"(?:ok|okay|acceptable|on|right|fine|funny|disgusting|vile|wrong|abuse|bullying|unacceptable|cowardly|a "
    r"crime|a disgrace|illegal|out of order|disgraceful|shameful|inexcusable|hate speech|racist|harassment|"
    r"not)"
)
_COUNTER = re.compile(
    "|".join(
        (
            r"\b(?:no ?one|nobody|no (?:worker|member of staff|human|person|staff|woman|man)\w*) (?:\w+ "
            r"){0,3}?(?:should|deserves?|(?:needs?|wants?) (?:to|this|that)|has (?:the|a) right|ought)\b"
            r"(?:(?!, (?:i|we)(?:'m|'ll| am| will)\b)[^.!?;])*",
            rf"\b(?:stop|don'?t|do not|never|please don'?t|quit|enough of) (?:{_DOING}|{_DEED}) (?:people|"
            r"anyone|anybody|someone|staff|each other|us|me|them|her|him|other|claimants|disabled|work "
            rf"coaches|workers|women|migrants|immigrants|muslims|things)\b{_REST}",
            rf"\b(?:stop|don'?t|do not|quit|never) (?:{_DOING}|{_DEED}|publish(?:ing)?|spread(?:ing)?|"
            r"pass(?:ing)? (?:on|round)) (?:[@\w'’-]+ ){0,5}?"
            r"(?:address(?:es)?|numbers?|names?|details|photos?|pictures?|videos?|clips?|faces?)\b",
            rf"\bcalling {_SENTENCE}\bsays (?:\w+ ){{1,8}}?(?:about|of) (?:you|yourself|yourselves|whoever|"
            r"the (?:person|people|man|woman|ones?) who)\b",
            rf"\b{_DOING} {_SENTENCE}\b(?:is|isn'?t|was|are|aren'?t|makes you|does not|doesn'?t|won'?t)(?: "
            rf"\w+)? (?:\w+ )?{_WRONG}\b{_SENTENCE}",
            r"\b(?:whoever|anyone who|anybody who|people who|those who|the person who|if anyone|anyone|if "
            r"someone|if a customer|if people|the ones?|everyone) (?:is |are |was |keeps? |thinks? it'?s "
            rf"(?:ok|fine|funny) to |has )?(?:{_DEED}(?:s|ed|es)?|{_DOING}|said|sent|told|thinks?|"
            rf"believes)\b{_SENTENCE}",
            r"\b(?:it'?s|it is|that'?s|how is it) (?:never |not |n't )?(?:ok|okay|acceptable|wrong|"
            rf"disgusting|vile|right|fine) (?:for \w+ )?to {_DEED}\b{_SENTENCE}",
            r"[^.!?;]*\b(?:(?:anyone|anybody|someone|somebody) (?:would|could) (?:\w+ ){0,2}(?:hurt|attack|threaten|"
            r"hit|do (?:that|"
            r"this|it) to)|what (?:he|she|they|that \w+) (?:did|said|does|has done) to) (?:you|her|him|them|"
            r"staff)\b[^.!?;]*",
            r"\bif (?:you|anyone|anybody|someone|somebody) (?:knows?|finds? out|sees?|has|have)\b[^.!?]{0,90}\b(?:keep "
            r"(?:it|that|this|them) to (?:yourself|yourselves|themselves)|(?:please )?(?:don'?t|do not) (?:post|say|"
            rf"share|tell|put))\b{_SENTENCE}",
            r"\b(?:shame|disgusted|appalled|sick|sickened|horrified|saddened|shocked) (?:on|at|by|of|to "
            rf"see|to read|to hear)\b{_SENTENCE}\b(?:{_DOING}|abuse|comments?|threats?|messages?|racis[mt]|"
            rf"people who|posts?)\b{_SENTENCE}",
            r"\b(?:reported|reporting|blocked|report|block)\b (?:this|that|the|an?|his|her|their|him|"
            rf"them) (?:\w+ ){{0,3}}(?:account|tweet|post|comment|user|troll|for)\b{_SENTENCE}",
            r"\b(?:abuse|threats|harassment|violence|hate|racism|comments like|remarks like|words like|"
            rf"language like|posts like|messages like|things like|stuff like) {_SENTENCE}\b(?:not "
            r"acceptable|unacceptable|has no place|have no place|is wrong|are wrong|must stop|not ok|not "
            rf"okay|never ok|tolerated?|disgusting|is a crime|a crime|vile|why we|hurts?)\b{_SENTENCE}",
        )
    ),
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"\b(?:(?:is|was|are|were|been|absolutely|literally|nearly|almost|just|gonna|'s)? ?killing (?:me|us|"
    r"it|time|two birds|my \w+)|(?:will|would|'ll|gonna|going to|nearly|almost) (?:be the death of|kill|"
    r"finish) (?:me|us)|"
    r"(?:my )?(?:mum|mam|mother|dad|wife|husband|boss|missus|partner|feet|back|legs) (?:\w+ )?(?:will|"
    r"would|'ll|is going to|gonna|are|is) (?:\w+ )?kill(?:ing)? me|"
    r"(?:kill|murder|die|dying|kill someone|stab someone|commit murder|sell my \w+) for (?:a|an|some|the|"
    r"this|that|my)\b|(?:could|can|would) (?:absolutely |really |just )?murder an? (?!staff|work|"
    r"advis)\w+|"
    r"shoot (?:me|us|you|them|him|her) (?:a|an|over|through|the|some)\b|shoot me now|shot in the (?:foot|"
    r"arm|dark)|shoot(?:ing)? (?:yoursel(?:f|ves)|themsel(?:f|ves)) in the foot|"
    r"hit (?:me|you|them|us|him|her) up|hit (?:the roof|the road|the nail)|dying (?:to|of (?:laughter|"
    r"boredom|laughing|thirst|hunger|embarrassment))|died (?:laughing|of)|dead (?:in the water|on my feet|"
    r"line|beat|right|good|easy|helpful|chuffed)|"
    r"to die for|over my dead body|die on this hill|die (?:laughing|of (?:boredom|old age|embarrassment|"
    r"shame))|kill(?:ed|s)? (?:it|two birds|the (?:mood|vibe|planet|engine|lights|music|time))|smash(?:ed|"
    r"ing)? (?:it|my|the interview|your (?:interview|targets))|"
    r"slaughter(?:ed)? (?:at|in) (?:football|court|tribunal)|(?:stab|shot|crack|bash|go) at (?:it|the|"
    r"this|my|filling)|stab(?:bed|bing)? (?:\w+ )?in the back|(?:slap|kick|punch|smack) in the (?:face|"
    r"teeth|guts|stomach)|"
    r"(?:bomb|bombed) (?:the|my|that|an?) (?:interview|test|exam|assessment)|photo ?bomb\w*|bath bomb\w*|"
    r"cost a bomb|bombard(?:ed|ing)? (?:with|by)|blow(?:s|n|ing)? (?:my|your|me) (?:mind|away)|blow(?:n|"
    r"ing)? (?:up )?my phone|phone (?:is )?blowing up|"
    r"(?:burn|burnt|burned|crash)(?:ing)? (?:out|bridges|my (?:tea|toast|dinner|tongue))|heads? (?:will|"
    r"should|must|need to) roll|break a leg|knock(?:ed)? (?:me|you|'em|them) (?:out|dead|sideways)|knock "
    r"it out|beat(?:ing)? (?:the (?:system|queue|rush|traffic)|around)|"
    r"(?:hang|hold) (?:in there|on|up|the phone)|hung up|hang(?:ing)? (?:around|out|about)|bite (?:my|"
    r"your|the) \w+|roast(?:ed)?|drop(?:ped)? dead gorgeous|fight(?:ing)? (?:you|them|it|this|dwp|the "
    r"decision|back)? ?(?:in|at|all the way to|through|over) (?:court|tribunal|appeal|the)|"
    r"see you (?:all )?(?:in|at) (?:court|tribunal|the tribunal|work|the office party|the jobs? fair)|"
    r"(?:rather|sooner) (?:die|eat|stick|poke|gouge|chew)\b|kill(?:ed|ing)? (?:off )?(?:my|the|all) "
    r"(?:hope|battery|confidence|will to live|benefits?|scheme|bill|jobs?|economy)|"
    r"drives? (?:me|you) (?:mad|insane|crazy)|bloody (?:hell|brilliant|good|marvellous)|blood (?:is "
    r")?boil\w*|out for blood|blood sweat|witch hunt|burn(?:s|ing)? (?:a hole|calories|through)|kill "
    r"(?:me now|me please))\b",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"\b(?:court heard|(?:was|were|been|is|man|woman|trio|gang|fraudster|claimant|thug|officer|worker|"
    r"official) jailed|jailed (?:for|after|over)|sentenced|convicted (?:of|for)|found guilty|plead(?:ed|"
    r"s) (?:not )?guilty|"
    r"appear(?:s|ed) in court|police (?:said|say|are|have|were|appeal|investigat\w+)|according to|bbc|the "
    r"guardian|daily mirror|itv|sky news|inquest|tribunal (?:heard|ruled|found)|charged with|"
    r"arrested (?:after|for|on|over)|reports? (?:that|say)|press release|study|report "
    r"finds|in the news|headline)\b|\b(?:breaking|(?<!good )(?<!bad )(?<!great )news):",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\b(?:i'?m|i am|i was|i feel|i felt|me being|call me|makes me|made me feel|make me feel|feel(?:ing|"
    r"s)? like|i look|i must be|i can be|myself) (?:(?!\b(?:you|your|ur|he|she|they)\b)[^.,!?;]){0,50}",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:what (?:do|should|can|could) (?:i|we|you|staff|one) do (?:if|when)|how (?:do|should|can) (?:i|"
    r"we|you|staff) (?:report|deal|handle|respond|cope|stop)|is it (?:legal|illegal|allowed|ok|okay|"
    r"against)|"
    r"(?:can|may|am|are|could) (?:i|we|you|they|claimants) (?:\w+ )?(?:allowed|record|film|ask|request)|"
    r"does anyone know if|(?:policy|guidance|guide|training|rules?|law|legislation|act) (?:on|about|says|"
    r"states|covers|that))\b" + _SENTENCE,
    re.IGNORECASE,
)
_QUOTES = re.compile(r"“[^”]{2,}(?:”|$)|\"[^\"]{2,}\"|«[^»]{2,}»|‘[^’]{2,}’(?!\w)|(?<!\w)'[^']{2,}'(?!\w)")
_QUOTED_LINE = re.compile(r"^[ \t]*>[^\n]*", re.MULTILINE)
_INTRODUCED = re.compile(
    r"(?:\b(?:like|as|saying|said|says|called|calls|word|words|phrase|term|slur|told|wrote|it|me|us|her|him|"
    r"them|shouted|titled|:)|[:,])\W{0,3}$",
    re.IGNORECASE,
)


def shields(normalised: Normalised, original: str, kind: str) -> tuple[Shield, ...]:
    """Every protected stretch of a normalised text; `kind` is the mention's (an article is news throughout)."""
    text = normalised.text
    found = [Shield("quotation", *span) for span in _quotations(normalised, original)]
    for reason, patterns in _STRETCHES.items():
        found += [Shield(reason, *match.span()) for pattern in patterns for match in pattern.finditer(text)]
    if kind == "article":
        found.append(Shield("news", 0, len(text)))
    found += _news(text)
    return tuple(found)


def _news(text: str) -> Iterator[Shield]:
    """The sentences of news, each as far as the author's own words."""
    turns = [match.start() for match in _OWN_TURN.finditer(text)]
    for match in _NEWS.finditer(text):
        start, end = sentence_at(text, match.start())
        turn = bisect_left(turns, match.end() - 1)  # the colon of "breaking:" may begin one
        yield Shield("news", start, min(end, turns[turn]) if turn < len(turns) else end)


_NEGATION = re.compile(
    r"\b(?:not|n't|never|no|nor|neither|hardly|isn't|isnt|aren't|arent|wasn't|weren't|don't|dont|doesn't|"
    r"didn't|won't|wouldn't|without)"
    r"(?! (?:only|just|even|to mention|surprised|wonder|gonna lie|going to lie|afraid|scared|sorry|joking|"
    r"kidding))\s+(?:[\w']+\s+){0,3}$"
    r"|\b(?:don'?t|do not|never|didn'?t|not) (?:think|say|saying|said|believe|mean|call|calling|called|"
    r"claim|suggesting|wish|want)\b(?:(?!, i\b)[^.!?;]){0,60}(?<!, )$",
    re.IGNORECASE,
)


_JOINED = re.compile(r"\b(?:and|so|but) $", re.IGNORECASE)
_AUTHOR = re.compile(r"(?:i|we)\b", re.IGNORECASE)


def is_negated(text: str, position: int) -> bool:
    """Whether what begins at `position` is denied: "she is not a …", "I never said he was a …"."""
    if _AUTHOR.match(text, position) and _JOINED.search(text, max(0, position - 5), position):
        return False  # "they said no and I'm going to …" begins anew
    return _NEGATION.search(text[max(0, position - 90) : position]) is not None


_STRETCHES: dict[Reason, tuple[re.Pattern[str], ...]] = {
    "reported": (_REPORTED, _SUFFERED),
    "counter_speech": (_COUNTER,),
    "idiom": (_IDIOM,),
    "self": (_SELF,),
    "advice": (_ADVICE,),
}


def _quotations(normalised: Normalised, original: str) -> list[tuple[int, int]]:
    """Quoted lines, quoted sentences, and quoted words that the author introduces as someone's; not scare quotes."""
    found = [
        match.span()
        for match in _QUOTES.finditer(normalised.text)
        if match[0].count(" ") >= 2 or _INTRODUCED.search(normalised.text[: match.start()])
    ]
    for line in _QUOTED_LINE.finditer(original):
        start = bisect_left(normalised.offsets, line.start())
        found.append((start, bisect_left(normalised.offsets, line.end())))
    return found


def sentence_at(text: str, position: int) -> tuple[int, int]:
    start = max(text.rfind(mark, 0, position) for mark in ".!?")
    ends = [end for mark in ".!?" if (end := text.find(mark, position)) >= 0]
    return start + 1, min(ends, default=len(text))
