"""The life of an incident: events in, status out, and which act is possible when. See docs/incidents.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from incidents.incident import Act, Status
from incidents.notification import Reason
from policies.policy import Severity

# What people may do to one incident in each status. Other acts are the pipeline's, or of two (`incidents.merging`).
POSSIBLE: Mapping[Status, tuple[Act, ...]] = {
    "open": ("acknowledged", "investigating", "assigned", "escalated", "dismissed", "resolved"),
    "acknowledged": ("investigating", "assigned", "escalated", "dismissed", "resolved"),
    "investigating": ("assigned", "escalated", "dismissed", "resolved"),
    "escalated": ("acknowledged", "investigating", "assigned", "dismissed", "resolved"),
    "resolved": ("reopened",),
    "dismissed": ("reopened",),
    "merged": (),
}
BECOMES: Mapping[Act, Status] = {
    "opened": "open",
    "acknowledged": "acknowledged",
    "investigating": "investigating",
    "escalated": "escalated",
    "dismissed": "dismissed",
    "resolved": "resolved",
    "reopened": "open",
    "merged": "merged",
}
TAKEN_IN_HAND: tuple[Act, ...] = (  # stops the clock of response: to investigate is to have acknowledged
    "acknowledged",
    "investigating",
    "escalated",
    "dismissed",
    "resolved",
)
NEEDS_REASON: tuple[Act, ...] = ("dismissed",)  # a verdict is also a label: it must say why
TELLS: Mapping[Act, Reason] = {
    "acknowledged": "acknowledged",
    "investigating": "investigating",
    "assigned": "assigned",
    "escalated": "escalated",
    "dismissed": "dismissed",
    "resolved": "resolved",
    "reopened": "reopened",
    "merged": "merged",
    "absorbed": "merged",
    "unmerged": "unmerged",
    "parted": "unmerged",
    "inhibited": "inhibited",
    "uninhibited": "uninhibited",
}
VERBS: Mapping[Act, str] = {
    "acknowledged": "acknowledge",
    "investigating": "investigate",
    "assigned": "assign",
    "escalated": "escalate",
    "dismissed": "dismiss",
    "resolved": "resolve",
    "reopened": "reopen",
}
SPOKEN: Mapping[Status, str] = {"investigating": "under investigation"}
PAST: Mapping[Act, str] = {"investigating": "taken up for investigation"}  # where the act's own name is no participle


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


@dataclass(frozen=True)
class State:
    """What a history comes to. `before`: the status that unmerging gives back, of an incident that is merged."""

    status: Status
    severity: Severity | None = None
    assignee: str | None = None
    merged_into: str | None = None
    inhibited_by: str | None = None
    before: Status | None = None


def state(events: Iterable[Event]) -> State:
    """What a history of events, oldest first, comes to. Raises ValueError for one that gives no status."""
    come: State | None = None
    for event in events:
        come = _after(come, event)
    if come is None:
        raise ValueError("a history without an event that gives a status is not an incident's")
    return come


def spoken(status: Status) -> str:
    """The status as it is said of an incident: `TOC-1042 is under investigation`."""
    return SPOKEN.get(status, status)


def turns(events: Iterable[Event]) -> list[Event]:
    """The events that gave the incident its status, and those before it, oldest first; no merging that was undone."""
    found: list[Event] = []
    for event in events:
        if event.act == "unmerged":
            found = [each for each in found if each.act != "merged"]
        elif event.act in BECOMES:
            found.append(event)
    return found


def fold(events: Iterable[Event]) -> Status:
    """The status that a history of events, oldest first, comes to. Raises ValueError for one that gives none."""
    return state(events).status


def _after(come: State | None, event: Event) -> State | None:
    act, detail = event.act, event.detail
    if come is None:
        status = BECOMES.get(act)
        return None if status is None else State(status, detail.get("severity"))
    if act == "merged":
        return replace(come, status="merged", before=come.status, merged_into=detail["into"])
    if act == "unmerged":
        return replace(come, status=come.before or come.status, before=None, merged_into=None)
    if act in ("inhibited", "uninhibited"):
        return replace(come, inhibited_by=detail["by"] if act == "inhibited" else None)
    severity, assignee = detail.get("severity", come.severity), detail.get("assignee", come.assignee)
    return replace(come, status=BECOMES.get(act, come.status), severity=severity, assignee=assignee)


def check(incident_id: str, status: Status, act: Act, actor: str, reason: str | None, assignee: str | None) -> None:
    """Raises ActNotPossible or ActIncomplete unless this act can be done now, as asked."""
    if act not in POSSIBLE[status]:
        possible = ", ".join(VERBS[each] for each in POSSIBLE[status]) or "unmerge, or act where it went on"
        raise ActNotPossible(
            f"{incident_id} is {spoken(status)}: {VERBS.get(act, act)} is not possible; possible: {possible}"
        )
    if not actor.strip():
        raise ActIncomplete(f"to {VERBS[act]} {incident_id}, say who does it")
    if act in NEEDS_REASON and not (reason or "").strip():
        raise ActIncomplete(f"to {VERBS[act]} {incident_id}, give a reason: it is recorded and teaches the classifier")
    if act == "assigned" and not (assignee or "").strip():
        raise ActIncomplete(f"to assign {incident_id}, say to whom")
