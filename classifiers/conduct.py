"""Courses of conduct: what one author did to one person over days, which no single post shows.

Stalking and harassment are courses of conduct: one post may be a complaint, the sixth in three weeks to the same member
of staff is not. Somebody who chases their own claim with an official account, or politely, is a customer.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.insults import TERMS
from classifiers.annex.wording import called, clipped
from classifiers.finding import Target
from classifiers.history import Contact

WINDOW = timedelta(days=45)
DISTINCT_DAYS = 3  # posts on at least so many days, this one included

_FIXATION = re.compile(
    r"\b(?:block(?:ed|ing)? me|new account|ignor(?:e|ed|ing) me|won'?t (?:stop|leave you|go away|let "
    r"(?:you|this) go)|not going (?:away|anywhere)|(?:told?|tell|telling|asked|ask|asking) me to stop|"
    r"(?:last|final) (?:chance|warning)|avoiding me|hiding from me|not one (?:answer|reply|word)|\d+ "
    r"messages|nothing to say to me|you looked|light (?:off|on)|the \d+[.:]\d+|waited (?:by|for|at|"
    r"outside)|missed you|your (?:gate|mother|mum|sister|brother|curtains|window|garden|gym)|still "
    r"(?:here|watching|waiting for you)|"
    r"watching you|saw you|seen you|know where|where you (?:live|park|work|go)|your (?:house|home|car|"
    r"street|kids?|children|daughter|son|husband|wife|family|shift|route|bus|train)|on your way home|"
    r"think(?:ing)? about you|dream(?:t|ing)? (?:about|of) you|look(?:ed|s|ing)? (?:tired|lovely|nice|"
    r"pretty|good) (?:today|yesterday|this morning|in)|miss(?:ed)? you today|you weren'?t (?:at|in)|why "
    r"(?:won'?t|don'?t|didn'?t) you (?:answer|reply|talk|speak|look at)|answer me|talk to me|"
    r"you owe me|you'?ll (?:see|be sorry|regret|pay|hear from me)|you can'?t (?:hide|escape|avoid me|"
    r"block me)|coming (?:for|to find|to see) you|find you|watch your back|day \d+|every (?:single )?day|"
    r"never (?:stop|forget)|hope you (?:suffer|die|lose)|ruin(?:ed)? (?:you|your)|expose you|liar|ashamed|"
    r"wherever you)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:please )?(?:stop|leave (?:me|her|him|us|them) alone|do not|don'?t) (?:contacting|messaging|"
    r"writing to|tagging|replying|following|this|it|contact|message|tag)\b|\bleave me alone\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:my (?:\w+ )?(?:claim|payment|money|journal|application|appeal|assessment|form|case|decision|"
    r"letter|benefits?|pip|uc|pension|award|rent|appointment|refund|bag|flight|booking|reference|"
    r"complaint|order)|any (?:update|news)|please (?:reply|help|call|respond|update)|still (?:waiting|no "
    r"(?:reply|answer|news|payment)))\b",
    re.IGNORECASE,
)


def course_of_conduct(evidence: Evidence) -> Hit | None:
    """A hit where this mention continues a course of hostile or fixated posts towards one person."""
    target = _person(evidence)
    if target is None or target.handle is None:
        return None
    mention = evidence.mention
    contacts = evidence.history.contacts(mention, target.handle, mention.created_at - WINDOW)
    days = {contact.posted_at.date() for contact in contacts} | {mention.created_at.date()}
    if len(days) < DISTINCT_DAYS:
        return None
    texts = [contact.text for contact in contacts] + [evidence.text]
    unwanted = sum(map(_is_unwanted, texts))
    asked_to_stop = bool(mention.in_reply_to and _STOP.search(mention.in_reply_to.text or ""))
    fixed = asked_to_stop or any(_FIXATION.search(text) for text in texts)
    if not fixed or not (_is_unwanted(evidence.text) or asked_to_stop):
        return None  # insults alone, however many, are bullying
    if unwanted + 2 * asked_to_stop < 2 or _is_chasing(texts):
        return None
    return _hit(evidence, target, contacts, days=len(days), unwanted=unwanted, asked_to_stop=asked_to_stop)


def distinct_days(evidence: Evidence, target: Target) -> int:
    """On how many distinct days within the window the author posted towards the target, this mention included."""
    if target.handle is None or target.kind == "organisation":
        return 1
    mention = evidence.mention
    contacts = evidence.history.contacts(mention, target.handle, mention.created_at - WINDOW)
    return len({contact.posted_at.date() for contact in contacts} | {mention.created_at.date()})


def _hit(
    evidence: Evidence, target: Target, contacts: Sequence[Contact], *, days: int, unwanted: int, asked_to_stop: bool
) -> Hit:
    cue = _FIXATION.search(evidence.text) or TERMS.search(evidence.text)
    span = cue.span() if cue else (0, len(evidence.text))
    confidence = min(0.97, 0.55 + 0.06 * days + 0.05 * unwanted + 0.15 * asked_to_stop)
    because = (
        f"Post {len(contacts) + 1} towards {called(target)} on {days} distinct days"
        f"{', after being asked to stop' if asked_to_stop else ''}, this one with "
        f"“{clipped(evidence.text, [span])}”: a course of conduct"
    )
    return Hit(
        "cyberstalking", confidence, target, (span,), because, harm=1 if days >= 5 or asked_to_stop else 0, days=days
    )


def _person(evidence: Evidence) -> Target | None:
    """The one person whom the post is towards; an official account is no person."""
    cast = evidence.cast
    candidates = [cast.answered, cast.addressed, *cast.people]
    known = [person for person in candidates if person is not None and person.known and not person.public]
    people = [person.target for person in known if person.target.kind in ("employee", "other")]
    return next((target for target in people if target.kind == "employee"), people[0] if people else None)


def _is_unwanted(text: str) -> bool:
    return bool(_FIXATION.search(text) or TERMS.search(text))


def _is_chasing(texts: Sequence[str]) -> bool:
    """Most of it is about the author's own claim, and none of it watches or insults."""
    about_claim = sum(bool(_CLAIM.search(text)) for text in texts)
    return about_claim * 2 > len(texts) and not any(TERMS.search(text) for text in texts)
