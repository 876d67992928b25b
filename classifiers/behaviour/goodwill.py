"""Goodwill between two people: laughter and kisses, thanks and praise, which tell friends and fans from pursuers.

A pursuer may laugh too: so goodwill speaks for nobody who was asked to stop or blocked, and most of a course has to
show it.
"""

import re
from collections.abc import Sequence

from classifiers.behaviour.cues import STOP

_PLAYFUL = re.compile(
    "[😂🤣😆😜😝😹😁😄😅🙃]|tears of joy|floor laughing|squinting face|winking face|"
    r"\b(?:haha\w*|hehe\w*|lol|lmao|rofl|jk|only joking|just kidding|xx+)(?!\w)|\bx\W*$|"
    r"\b(?:mate|matey|pal|bestie|bro|(?:my|you old) (?:friend|mate)|love to (?:the|your) (?:kids|family|wife|husband|"
    r"mum))\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:thank(?:s| you| u)|grateful|appreciate\w*|well done|congrat\w*|good luck|you (?:did|have done|'ve done) for "
    r"(?:me|us|my|our)|for everything|changed my life|couldn'?t have (?:done|got|managed)|because of you|you(?:'re|"
    r" are) "
    r"(?:\w+ )?(?:a (?:star|legend|gem|hero|diamond|lifesaver|credit)|the best|amazing|brilliant|wonderful)|loved your|"
    r"your (?:\w+ )?(?:talk|slides|webinar|advice|help) (?:\w+ )?(?:was|were|is|are) (?:\w+ )?(?:brilliant|great|"
    r"excellent|"
    r"so helpful|helpful|superb|useful)|hope you(?:'re| are)? (?:ok|okay|well|better|alright|all right|feel)|"
    r"proud of you|"
    r"you (?:smashed|nailed|aced) it|for charity|charity)\b",
    re.IGNORECASE,
)
_EVADING = re.compile(
    r"\b(?:block\w*|(?:new|another|other|second|third|old) account|report(?:ed|ing)? me|asked me to stop|restraining|"
    r"muted)\b",
    re.IGNORECASE,
)


_TOGETHER = re.compile(
    r"\b(?:shall (?:we|i)|are we (?:still )?on|same time (?:next|tomorrow)|take your time|no rush|let me know|"
    r"if you(?:'d| would)? (?:want|need|like|fancy)|hand(?:ed)? (?:it|that|them|one) (?:in|over|back|on)|lend|borrow|"
    r"give (?:me|us) a (?:knock|shout|bell)|hope (?:you|he|she|they|the|all) (?:\w+ ){0,3}?(?:better|well|mend|poorly|"
    r"ok|okay|soon|good|nice|lovely)|get well|we(?:'ve| have|'re| are|'ll| could| can)|our (?:\w+ )?(?:team|class|"
    r"course|choir|club|group|match|game|desk|branch)|lunch\?|happy to (?:help|look|ring|talk|come)|worried about you|"
    r"so glad|welcome back|cheers)(?!\w)",
    re.IGNORECASE,
)
_KIN = re.compile(  # what only the person's own people are called by them
    r"(?:^|[,.!?] *|\b(?:ok|okay|alright|all right|fine|sure|yes|no|hi|hey|thanks|sorry) )(?:sis|bruv|our kid|cuz|mum|"
    r"mam|dad|nan|auntie)(?= *(?:[,.!?]|$))",
    re.IGNORECASE,
)
_SPEAKS_TO = re.compile(r"\?|\b(?:you|your|thanks|cheers|sorry)\b", re.IGNORECASE)


def is_playful(text: str) -> bool:
    """Whether a text laughs, or ends with a kiss, as friends do."""
    return _PLAYFUL.search(text) is not None


def is_grateful(text: str) -> bool:
    """Whether a text thanks or praises whom it speaks to."""
    return _PRAISE.search(text) is not None


def means_well(text: str) -> bool:
    """Whether a text is kind, or of something shared: a laugh, thanks, a plan of both, a favour, a good wish."""
    return is_playful(text) or is_grateful(text) or _TOGETHER.search(text) is not None


def talks_with(said: str) -> bool:
    """Whether words that somebody answers speak to them, and do not ask for an end of it."""
    return _SPEAKS_TO.search(said) is not None and STOP.search(said) is None


def is_among_friends(texts: Sequence[str], answered: Sequence[str]) -> bool:
    """Whether posts to one person, and that person's own words that they answer, are those of people who get on.

    Either the person plays along or answers as one does to family, or most of the posts laugh, thank or praise.
    Who speaks of a block is no friend.
    """
    if any(_EVADING.search(text) for text in (*texts, *answered)):
        return False
    meant_well = sum(is_playful(text) or is_grateful(text) for text in texts)
    return any(is_playful(text) or _KIN.search(text) for text in answered) or meant_well * 2 > len(texts)
