"""What behaviour over time adds to what one post shows: hits weigh more, and a pile-on or campaign is a hit itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from classifiers.annex.evidence import Evidence, Hit
from classifiers.behaviour.copies import coordinated_copies
from classifiers.behaviour.cues import is_hostile, jeer_span
from classifiers.behaviour.past import post_of
from classifiers.behaviour.pile_on import pile_on
from classifiers.behaviour.timeline import Behaviour, Step, ordered
from classifiers.conduct import person_of
from policies.policy import CategoryName

_APART: frozenset[CategoryName] = frozenset({"safeguarding", "own_content"})  # nobody's misuse of others
_AT_A_PERSON: frozenset[CategoryName] = frozenset(
    {"cyberbullying", "cyberstalking", "threat", "doxxing", "defamation", "discrimination", "unauthorised_recording"}
)
_PILED_ON = 0.7
_COPIED = 0.65


def over_time(evidence: Evidence, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits with the behaviours that they rest on, one step graver for these, and one more where only time shows."""
    misuse = [hit for hit in hits if hit.category not in _APART]
    piled = pile_on(evidence, {hit.target for hit in hits if hit.category == "threat"})
    copied = coordinated_copies(evidence) if misuse or _is_at_staff(evidence) else None
    record = _record(evidence) if misuse else None
    for hit in hits:
        own = () if hit.category in _APART else (copied, record)
        joined = piled[1] if piled and hit.category in _AT_A_PERSON else None
        yield _with(hit, [one for one in (*own, joined) if one is not None])
    at_person = any(hit.category in _AT_A_PERSON for hit in misuse)
    if not at_person and (shown := piled[1] if piled else copied if _is_at_staff(evidence) else None) is not None:
        yield _bullying(evidence, shown)


def _with(hit: Hit, found: Sequence[Behaviour]) -> Hit:
    if not found:
        return hit
    said = "; ".join([hit.because.rstrip("."), *(one.why for one in found)])
    return replace(hit, harm=hit.harm + 1, because=said, behaviours=(*hit.behaviours, *found))


def _bullying(evidence: Evidence, shown: Behaviour) -> Hit:
    target = person_of(evidence)
    if target is None:
        raise ValueError("a behaviour at a person needs the person")
    confidence = _PILED_ON if shown.kind == "pile_on" else _COPIED
    span = jeer_span(evidence.text)
    return Hit("cyberbullying", confidence, target, (span,), shown.why, behaviours=(shown,))


def _is_at_staff(evidence: Evidence) -> bool:
    target = person_of(evidence)
    at_one = target is not None and target.kind == "employee"
    return at_one and is_hostile(evidence.text) and evidence.open(jeer_span(evidence.text))


def _record(evidence: Evidence) -> Behaviour | None:
    """What people have upheld of the author before: a repeat offender."""
    upheld = evidence.past.confirmed(evidence.mention, evidence.policy.id)
    if not upheld:
        return None
    posts = "an earlier post" if len(upheld) == 1 else f"{len(upheld)} earlier posts"
    this = post_of(evidence.mention, None)
    steps = [Step(one.posted_at, one.mention_id, one.platform, one.handle, "upheld in an incident") for one in upheld]
    steps.append(Step(this.posted_at, this.mention_id, this.platform, this.handle, "again"))
    return Behaviour("repeat_offender", f"People have upheld {posts} by this author", ordered(steps))
