"""Comfort: whom a post takes the side of, for who is comforted is not whom its harsh words are aimed at."""

import re

from classifiers.annex.evidence import Evidence
from classifiers.finding import Target
from classifiers.target import Person

_COMFORT = re.compile(
    r"\b(?:chin up|head up|hang in there|stay strong|keep your chin|don'?t let (?:it|them|him|her|the \w+|that \w+|"
    r"those \w+) (?:\w+ )?(?:get|grind|bring|put|upset|bother)|(?:ignore|pay no (?:attention|heed|mind) to|take no "
    r"notice of|"
    r"don'?t (?:listen|reply|rise) to|never mind) (?:the|those|these|them|that|such|her|him|people)|(?:big |massive |"
    r"huge )?(?:hugs?|cuddles)\b(?: to you)?|(?:sending|lots of|all my|much) (?:you )?(?:\w+ )?love|(?:we(?: all)?|i) "
    r"(?:\w+ )?love you|thinking of you|here for you|hope (?:that )?(?:you(?:'re| are)?|u r) (?:\w+ )?(?:ok|okay|"
    r"alright|all right|well|better)|sorry (?:that )?(?:you|this happened|to hear)|you (?:really )?(?:did(?:n'?t| "
    r"not)|don'?t|do not) (?:do anything wrong|deserve)|you did nothing wrong|you(?:'ve| have) done nothing wrong|"
    r"(?:not|never) your "
    r"fault|nothing to be ashamed of|you(?:'re| are) (?:worth|better than|doing (?:your best|great|brilliantly)|a "
    r"(?:lovely|good|kind|brave|strong|brilliant|wonderful)|so brave|not alone)|take care of yourself|"
    r"of course you(?:'re| are) not|you(?:'re| are) (?:\w+ )?not (?:an? )?(?:\w+ )?(?:scrounger|sponger|burden|failure|"
    r"liar|thief|waste|idiot|stupid|useless|lazy|worthless)\w*|don'?t cry|well done|proud of you|you(?:'ve| have) "
    r"got this)\b|\bdon'?t let (?:the|those|these|them) (?:\w+ ){0,2}win\b|"
    r"\byou(?:'re| are) (?:\w+ )?(?:fab\w*|ace|amazing|brilliant|the best|a (?:star|legend|gem))"
    r"(?= *(?:(?-i:[A-Z])[a-z]+ *)?(?:[.!]|x+\b|$))|\bpoor (?:you|(?-i:[A-Z])[a-z]+)\b",
    re.IGNORECASE,
)
_BEFORE_CALLED = re.compile(
    r"(?:^|[,.!?;:]\s*|\b(?:oh|ah|aw|dear|poor|bless|you|idiots|trolls|it|hugs?|hug)\s+)$", re.I
)
_AFTER_CALLED = re.compile(
    r"^(?:\s*(?:[,.!?;:]|$)|\s+(?:love|pet|hun|hen|mate|pal|lovely|sweetheart|darling|x+)\b)", re.I
)
_POOR = re.compile(r"\bpoor\s+$", re.IGNORECASE)
_SET_ASIDE = re.compile(
    r"\b(?:ignor(?:e|ing)|(?:listen(?:ing)?|attention|heed|mind|reply(?:ing)?|rise) to|notice of|never mind|forget|"
    r"block|let|sod|sorry (?:about|for)|deal(?:ing)? with|put(?:ting)? up with) (?:all )?(?:of )?(?:the|those|these|"
    r"that|such|some|any|a|an) (?:[\w']+ ){0,2}$",
    re.IGNORECASE,
)


def comforted(evidence: Evidence) -> frozenset[Target]:
    """Whom the post comforts: the one it speaks to, and whom it calls by name; nobody where no word comforts."""
    if _COMFORT.search(evidence.text) is None:
        return frozenset()
    called = {one.target for one in evidence.cast.people if _is_called(evidence.text, one)}
    return frozenset({evidence.cast.addressed.target, *called})


def is_set_aside(before: str) -> bool:
    """Whether words are of people that somebody is told to ignore: “ignore the …”, “sorry you had to deal with a …”."""
    return _SET_ASIDE.search(before) is not None


def _is_called(text: str, person: Person) -> bool:
    """Whether a name is called out, as one does to whom one speaks to, or pitied."""
    before, after = text[: person.span[0]], text[person.span[1] :]
    if person.target.handle is None:
        return False
    comforting = any(match.end() == len(before.rstrip()) for match in _COMFORT.finditer(before))
    called = comforting or _BEFORE_CALLED.search(before) is not None
    return _POOR.search(before) is not None or (called and _AFTER_CALLED.match(after) is not None)
