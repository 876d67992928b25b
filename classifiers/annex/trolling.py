"""Trolling: inflammatory and off-topic or baiting, to provoke (DWP-SMP Annex 1). Anger about the matter is neither."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import clipped
from classifiers.finding import Target

_BAIT = re.compile(
    r"\b(?:triggered|cry (?:more|harder|about it|me a river)|stay (?:mad|triggered|salty|poor)|cope(?: "
    r"and seethe| harder)|seethe|u mad|you mad|mad (?:yet|bro)|bet (?:you|none of you|nobody|no one|half "
    r"of you|this) (?:won'?t|can'?t|dare|reply|will|don'?t|gets?|lot)|come at me|prove me wrong|change my "
    r"mind|fight me|bring (?:on|it on)|snowflakes?|here come the (?:tears|snowflakes|scroungers|excuses|"
    r"replies)|waiting for the (?:tears|outrage|snowflakes|replies)|popcorn|"
    r"tick tock|who'?s (?:crying|next|offended)|did i (?:upset|hit a nerve|touch a nerve|trigger)|hit a "
    r"nerve|boo ?hoo|diddums|(?:aw+|ah) (?:diddums|did)|get (?:a|over) (?:life|it|yourselves)|just here "
    r"(?:to|for the)|winding (?:you|them|people) up|love winding|watching (?:you|them) (?:all )?(?:cry|"
    r"squirm|rage|melt)|(?:tears|tissue|tissues|violin)|imagine (?:being|needing|not|crying|living)|ratio|"
    r"skill issue|sucks to be|too easy|lol at|offended yet|say something|bite(?: back)?|rage (?:for|at) me)\b",
    re.IGNORECASE,
)
_JEER = re.compile(
    r"\b(?:scroungers?|spongers?|leeches|leech|parasites?|workshy|work-shy|bone ?idle|dole (?:scum|"
    r"bludgers?|dossers?)|lazy (?:claimants|scroungers|people|lot|sods|so and sos|benefit\w*)|"
    r"benefit(?:s)? (?:scroungers?|scum|cheats|queens)|freeloaders?|get (?:a|off your (?:\w+ )?(?:arses?|"
    r"backsides?|sofas?|bums?) and (?:get|find)) (?:a )?job|wasters?|layabouts?|dossers|chavs?|skivers?|"
    r"moochers?|free ?loading|sad (?:little )?(?:losers?|people|acts)|pathetic|losers|idiots|sheep|morons|"
    r"clowns|mugs|crybab(?:y|ies)|whingers?|whiners?|moaners?|fan(?:boy|girl)s?|peasants?|plebs?|handouts?|malingerers?|"
    r"fakers?)\b",
    re.IGNORECASE,
)
_GLEE = re.compile(
    r"\b(?:lol+|lmao\w*|haha\w*|hehe\w*|rofl|face with tears of joy|rolling on the floor laughing|clown face|"
    r"lool|kek|middle finger|popcorn|violin)\b",
    re.IGNORECASE,
)
_STAND = re.compile(
    r"\b(?:don'?t|do not|stop|why do (?:people|they)|tired of (?:people|being)|being|been|are not|aren'?t|"
    r"we'?re not|i'?m not|not all|label(?:led|s)?|called|calls?|stereotyp\w+|treated (?:like|as)|made (?:to "
    r"feel|out)|as if (?:we|i)|think (?:we|i)|so-called|myth|demonis\w+)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]{4,}")

_MILD = re.compile(r"pathetic|losers|idiots|sheep|morons|clowns|mugs", re.IGNORECASE)  # anger uses these words too


def trolling(evidence: Evidence) -> Iterator[Hit]:
    """A hit where a jeer and a bait come together; a thread's subject left behind makes it surer."""
    text = evidence.text
    jeer = next(
        (
            m
            for m in _JEER.finditer(text)
            if evidence.open(m.span()) and not _STAND.search(text[max(0, m.start() - 45) : m.start()])
        ),
        None,
    )
    bait = next((m for m in _BAIT.finditer(text) if evidence.open(m.span())), None)
    glee = _GLEE.search(text)
    if jeer is None or (bait is None and (glee is None or _MILD.fullmatch(jeer[0]))) or _claims(text):
        return
    spans = tuple(match.span() for match in (jeer, bait, glee) if match)
    confidence = (
        0.4
        + 0.2 * bool(bait)
        + 0.12 * bool(glee)
        + 0.12 * _is_digressive(evidence)
        + 0.15 * (evidence.toxicity["toxicity"] > 0.5)
        + 0.08 * (evidence.toxicity["insult"] > 0.5)
    )
    because = f"Inflames and baits rather than speaks to the matter: “{clipped(text, spans)}”"
    yield Hit("trolling", min(0.95, confidence), _target(evidence), spans, because)


def _claims(text: str) -> bool:
    """A customer who speaks of their own case is angry, not baiting."""
    return (
        re.search(
            r"\b(?:my (?:\w+ )?(?:claim|payment|money|appointment|journal|work coach|assessment|flight|bag|case|"
            r"kids|rent)|i(?:'ve| have) been (?:waiting|on hold)|i need|i can'?t afford)\b",
            text,
            re.I,
        )
        is not None
    )


def _is_digressive(evidence: Evidence) -> bool:
    """A reply that shares no content word with what it answers."""
    parent = evidence.mention.in_reply_to
    if parent is None or not parent.text:
        return False
    return not set(_WORD.findall(parent.text.casefold())) & set(_WORD.findall(evidence.text.casefold()))


def _target(evidence: Evidence) -> Target:
    answered = evidence.cast.answered
    if answered is not None and answered.target.kind in ("employee", "other"):
        return answered.target
    return Target("group")
