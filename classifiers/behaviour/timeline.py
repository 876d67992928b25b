"""A behaviour as evidence: what it is in one sentence, and the posts that it rests on, in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BehaviourKind = Literal["course_of_conduct", "pile_on", "coordinated_copies", "repeat_offender"]

MOST_STEPS = 60  # of a longer course the newest are shown


@dataclass(frozen=True)
class Step:
    """One post of a behaviour and what made it count. `account` is a handle, None where it is not known."""

    posted_at: datetime
    mention_id: str
    platform: str
    account: str | None
    counted_as: str


@dataclass(frozen=True)
class Behaviour:
    """What a finding rests on beside its own post; `steps` oldest first, the post of the finding the last."""

    kind: BehaviourKind
    why: str
    steps: tuple[Step, ...]


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps oldest first, the newest `MOST_STEPS` of them."""
    return tuple(sorted(steps, key=lambda step: (step.posted_at, step.mention_id))[-MOST_STEPS:])
