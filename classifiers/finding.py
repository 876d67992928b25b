"""A finding: this mention breaks these clauses, against this target, and here is why."""

from dataclasses import dataclass
from typing import Literal

from classifiers.assessment import Assessment
from classifiers.behaviour.timeline import Behaviour
from policies.policy import CategoryName, Severity

TargetKind = Literal["employee", "group", "organisation", "other"]


@dataclass(frozen=True)
class Target:
    """Whom the words are aimed at. `handle` without @; a named person without an account has the name."""

    kind: TargetKind
    handle: str | None = None


@dataclass(frozen=True)
class Finding:
    """One category of misuse in one mention. `spans` are [start, end) offsets into the mention's own text."""

    mention_id: str
    category: CategoryName
    clauses: tuple[str, ...]
    severity: Severity
    confidence: float
    target: Target
    spans: tuple[tuple[int, int], ...]
    why: str  # one plain sentence that a reviewer can agree or disagree with
    behaviours: tuple[Behaviour, ...] = ()  # what it rests on beside this mention, each with its timeline
    excepted: str | None = None  # the approved exception that covers it: kept for the record, raised to nobody


@dataclass(frozen=True)
class Judgement:
    """All that one policy says of one mention; findings only where it is relevant and in scope."""

    assessment: Assessment
    findings: tuple[Finding, ...]
