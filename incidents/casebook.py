"""The store of incidents, in this room's own words; `incidents.raising` fills it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incidents.evidence import Evidence
from incidents.grouping import Change
from incidents.incident import Act, Exhibit, GroupKey, Incident, Status
from incidents.lifecycle import Event
from incidents.notification import Notification
from incidents.suppression import Suppression


@dataclass(frozen=True)
class Entry:
    """All that one change writes: the incident, its event and evidence, and the notification. All of it or none."""

    change: Change
    notification: Notification


@dataclass(frozen=True)
class Unmerged:
    """An incident that stands for itself again. `meanwhile`: its findings that came while it was merged.

    They are evidence of `survivor`, and stay there: proof is not moved.
    """

    incident: Incident
    survivor: str
    meanwhile: int


# From a key, the newest incident of it, or the one into which that was merged (None: there is none), its new exhibits,
# and the id that a new one would get.
Decide = Callable[[GroupKey, Incident | None, tuple[Exhibit, ...], str], Entry]


Groups = Mapping[GroupKey, Sequence[Exhibit]]


class Casebook(Protocol):
    """Where incidents live. Each method that writes is one transaction."""

    def ungrouped(self, policy: str, limit: int = 5000) -> list[Exhibit]:
        """Findings of one policy (its id) that belong to no incident and are not suppressed, by author."""
        ...

    def campaign_posts(self, finding_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Of those that are part of a pile-on or of coordinated copies, by id: the posts that they rest on."""
        ...

    def suppress(self, covered: Mapping[str, Suppression]) -> int:
        """Record what covers findings (by id) that open no incident; returns how many were still ungrouped."""
        ...

    def settle(self, key: GroupKey, exhibits: Sequence[Exhibit], decide: Decide, now: datetime) -> Entry | None:
        """Write what `decide` makes of those exhibits of one key that nobody has settled; None: of none.

        What it says is told, or held back while a graver incident explains the one that it opened.

        No other settlement of the same key runs between `decide`'s reading and the writing.
        """
        ...

    def open_alone(self, groups: Groups, decide: Decide, now: datetime) -> Mapping[GroupKey, Entry]:
        """Open, in one transaction, an incident for each key that is new; the rest is to be settled.

        `groups` has the gravest first. What is written is what settling one after the other would write.
        """
        ...

    def act(
        self,
        incident_id: str,
        act: Act,
        actor: str,
        reason: str | None = None,
        origin: str = "cli",
        assignee: str | None = None,
    ) -> Incident:
        """Let a person act: the event, the new status and its notification. Raises ActRefused, IncidentUnknown."""
        ...

    def merge(
        self, incident_id: str, into: str, actor: str, reason: str, origin: str = "cli"
    ) -> tuple[Incident, Incident]:
        """Let an incident go on in another; both, as they stand then. Raises ActRefused, IncidentUnknown."""
        ...

    def unmerge(self, incident_id: str, actor: str, reason: str | None = None, origin: str = "cli") -> Unmerged:
        """Let it stand for itself again, as before. Raises ActRefused, IncidentUnknown."""
        ...

    def incidents(self, status: Status | None = None) -> list[Incident]:
        """All incidents, or those of one status, newest first."""
        ...

    def incident(self, incident_id: str) -> Incident:
        """One incident. Raises IncidentUnknown."""
        ...

    def events(self, incident_id: str) -> list[Event]:
        """What was done to one incident, oldest first. Raises IncidentUnknown."""
        ...

    def evidence(self, incident_id: str) -> list[Evidence]:
        """What one incident rests on, oldest post first. Raises IncidentUnknown."""
        ...
