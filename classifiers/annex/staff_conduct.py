"""Staff conduct: our own people who deride customers or colleagues, attack somebody or are partisan (DWP-SOB 33)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from classifiers.annex.cyberbullying import cyberbullying
from classifiers.annex.discrimination import is_heard
from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import clipped
from classifiers.finding import Target

_AT_WORK = re.compile(
    r"\b(?:i(?:'m| am)? (?:work|working|worked) (?:at|for|in|as) (?:a |an |the )?(?:\w+ )?(?:dwp|job ?centre|"
    r"jobcentre|jcp|work coach|civil serv\w+)|as a (?:work coach|dwp (?:worker|employee)|civil servant)|my "
    r"(?:claimants|customers|caseload)|our (?:claimants|customers))\b",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:worker|coach|advis[eo]r|tutor|trainer|manager|assessor|agent|clerk|officer|volunteer|civil servant|handler)"
)
_FROM_WITHIN = re.compile(
    r"\b(?:i|we)(?:'m|'ve|'re| am| are| have)? (?:\w+ )?(?:work|worked|working)\b|\bat work\b|\bin my (?:job|role)\b|"
    r"\b(?:my|our) (?:claimants?|customers?|clients?|learners?|apprentices?|participants?|caseload|colleagues?|"
    r"team|manager|office|shift)\b|"
    rf"\b(?:i'?m|i am|as|current|serving) (?:an? )?(?:\w+ ){{0,3}}?{_ROLE}\b|\b(?:dwp|jcp|{_ROLE})(?: at \w+)? here\b",
    re.IGNORECASE,
)
_CONTEMPT = re.compile(
    r"\b(?:(?:claimants?|customers?|clients?|learners?|apprentices?|trainees?|participants?|passengers?|caseload|"
    r"punters|appointments?|colleagues?|team ?mates?|line manager|"
    r"half of them|most of them|this lot|these people|they)\b[^.!?]{0,40}\b(?:scroungers?|lazy|liars|"
    r"thick|stupid|idiots?|morons?|scum|stink|stank|smell(?:s|y)?|workshy|wasters?|parasites?|pathetic|"
    r"spongers?|useless|fakers?|faking|dregs|layabouts?|junkies|dole \w+)|(?:lazy|thick|stupid|scrounging|"
    r"stinking|smelly|workshy|lying|useless|moronic|idiot|pathetic) (?:claimants?|customers?|clients?|learners?|"
    r"apprentices?|trainees?|participants?|passengers?|colleagues?|"
    r"caseload|punters)|love sanctioning|enjoy sanctioning|sanctioned (?:\w+ )?(?:for (?:a laugh|fun)|"
    r"just because i could))\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"(?:they|this lot|these people|half of them|most of them)\b", re.IGNORECASE)
_OUR_WORK = re.compile(
    r"\b(?:at work|claimants?|customers?|clients?|caseload|appointments?|sanction\w*)\b", re.IGNORECASE
)
_PARTISAN = re.compile(
    r"\bvote (?:the (?:lot of )?(?:them|tories|government|labour)|them|tory|labour|reform|conservative|"
    r"lib dem|green|snp)\b|"
    r"\b(?:campaigning|canvassing|leafleting|knocking on doors|door ?knocking) for (?:the )?(?:tories|tory|labour|"
    r"reform|conservatives?|lib dems?|greens?|snp|plaid)\b|"
    r"\b(?:tories|labour|this government|the government|minister|secretary of "
    r"state)\b[^.!?]{0,40}\b(?:scum|liars?|clowns?|idiots|"
    r"evil|cruel|stupid|criminals|disgrace)\b",
    re.IGNORECASE,
)


def staff_conduct(evidence: Evidence) -> Iterator[Hit]:
    """A hit only where author, contempt and its object are all plain."""
    at_work = _AT_WORK.search(evidence.text)
    if not (evidence.by_staff or at_work):
        return
    match = _contempt(evidence) or _PARTISAN.search(evidence.text)
    if match is None and evidence.by_staff and not evidence.names_us:
        yield from _attacks(evidence)
    if (
        match is None
        or not evidence.open(match.span())
        or is_heard(evidence.text, match.start())
        or re.search(r"\b(?:aren'?t|not|never|isn'?t|don'?t)\b", match[0], re.I)
    ):
        return
    because = (
        "Somebody who says they work here speaks with contempt of customers or colleagues: "
        f"“{clipped(evidence.text, [match.span()])}”"
    )
    yield Hit("staff_conduct", 0.65 + 0.15 * evidence.by_staff, Target("group"), (match.span(),), because)


def speaks_as_staff(evidence: Evidence) -> bool:
    """Whether the author says, in the bio or in the post, that they work here: nobody else has a conduct to judge."""
    return bool(evidence.by_staff or _AT_WORK.search(evidence.text) or _FROM_WITHIN.search(evidence.text))


def tells_of_others(evidence: Evidence) -> bool:
    """Whether all the contempt that the text has is told as somebody else's: “people say claimants are …”."""
    found = [match.start() for match in _CONTEMPT.finditer(evidence.text)]
    return bool(found) and all(is_heard(evidence.text, start) for start in found)


def _contempt(evidence: Evidence) -> re.Match[str] | None:
    """“They are useless” is about customers only where the text speaks of work: it may be a football team."""
    match = _CONTEMPT.search(evidence.text)
    if match is None or not _LOOSE.match(match[0]) or evidence.names_us or _OUR_WORK.search(evidence.text):
        return match
    return None


def _attacks(evidence: Evidence) -> Iterator[Hit]:
    """Abuse of anybody, where the text names us not: where it does, it is a finding of its own already."""
    for hit in cyberbullying(evidence):
        because = f"Somebody who says they work here makes a personal attack: “{clipped(evidence.text, hit.spans)}”"
        confidence = max(hit.confidence, evidence.categories["cyberbullying"])
        yield replace(hit, category="staff_conduct", confidence=confidence, because=because)
