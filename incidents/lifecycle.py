"""The life of an incident: events in, status out, and which act is possible when. See docs/incidents.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidents.incident import Act, Status
from incidents.notification import Reason

# What people may do in each status; "opened" and "evidence" are done by the pipeline alone.
POSSIBLE: Mapping[Status, tuple[Act, ...]] = {
    "open": ("acknowledged", "assigned", "escalated", "dismissed", "resolved"),
    "acknowledged": ("assigned", "escalated", "dismissed", "resolved"),
    "escalated": ("acknowledged", "assigned", "dismissed", "resolved"),
    "resolved": ("reopened",),
    "dismissed": ("reopened",),
}
BECOMES: Mapping[Act, Status] = {
    "opened": "open",
    "acknowledged": "acknowledged",
    "escalated": "escalated",
    "dismissed": "dismissed",
    "resolved": "resolved",
    "reopened": "open",
}
TAKEN_IN_HAND: tuple[Act, ...] = ("acknowledged", "escalated", "dismissed", "resolved")  # stops the clock of response
NEEDS_REASON: tuple[Act, ...] = ("dismissed",)  # a verdict is also a label: it must say why
TELLS: Mapping[Act, Reason] = {
    "acknowledged": "acknowledged",
    "assigned": "assigned",
    "escalated": "escalated",
    "dismissed": "dismissed",
    "resolved": "resolved",
    "reopened": "reopened",
}
VERBS: Mapping[Act, str] = {
    "acknowledged": "acknowledge",
    "assigned": "assign",
    "escalated": "escalate",
    "dismissed": "dismiss",
    "resolved": "resolve",
    "reopened": "reopen",
}


@dataclass(frozen=True)
class Event:
    """One act on one incident: who, when, why and from where. Never changed, never deleted."""

    incident_id: str
    act: Act
    actor: str
    at: datetime
    reason: str | None = None
    origin: str = "pipeline"  # pipeline, cli, slack, console
    detail: Mapping[str, Any] = field(default_factory=dict)


class ActRefused(Exception):
    """A person asked for what cannot be done. The message says what can."""


class ActNotPossible(ActRefused):
    """The incident's status does not allow the act."""


class ActIncomplete(ActRefused):
    """The act lacks its actor, its reason or its assignee."""


class IncidentUnknown(LookupError):
    """There is no incident of this id."""


def fold(events: Iterable[Event]) -> Status:
    """The status that a history of events, oldest first, comes to. Raises ValueError for an empty history."""
    status: Status | None = None
    for event in events:
        status = BECOMES.get(event.act, status)
    if status is None:
        raise ValueError("a history without an event that gives a status is not an incident's")
    return status


def check(incident_id: str, status: Status, act: Act, actor: str, reason: str | None, assignee: str | None) -> None:
    """Raises ActNotPossible or ActIncomplete unless this act can be done now, as asked."""
    if act not in POSSIBLE[status]:
        possible = ", ".join(VERBS[each] for each in POSSIBLE[status])
        raise ActNotPossible(f"{incident_id} is {status}: {VERBS.get(act, act)} is not possible; possible: {possible}")
    if not actor.strip():
        raise ActIncomplete(f"to {VERBS[act]} {incident_id}, say who does it")
    if act in NEEDS_REASON and not (reason or "").strip():
        raise ActIncomplete(f"to {VERBS[act]} {incident_id}, give a reason: it is recorded and teaches the classifier")
    if act == "assigned" and not (assignee or "").strip():
        raise ActIncomplete(f"to assign {incident_id}, say to whom")
