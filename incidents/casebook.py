"""The store of incidents, in this room's own words, and the step that fills it: findings in, incidents out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from collectors.register import NOBODY, StaffRegister
from incidents.campaign import campaign_keys
from incidents.card import announced
from incidents.evidence import Evidence
from incidents.grouping import Change, change, grouped
from incidents.incident import Act, Exhibit, GroupKey, Incident, Status
from incidents.inhibition import gravest_first
from incidents.lifecycle import Event
from incidents.notification import Notification
from incidents.quiet import hushed
from incidents.suppression import Suppression, suppression
from policies.policy import Policy


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
Heard = Callable[[int], None]  # told how many incidents a run has opened so far
MANY = 50  # groups: from here on they are opened many at a time
AT_ONCE = 200  # in one transaction: few enough that nobody waits long for it


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


@dataclass(frozen=True)
class RaiseCounts:
    """What one run did: incidents opened, extended and reopened; findings suppressed."""

    opened: int
    extended: int
    suppressed: int
    reopened: int


def raise_incidents(
    casebook: Casebook,
    policies: Mapping[str, Policy],
    now: datetime,
    register: StaffRegister = NOBODY,
    heard: Heard = lambda _opened: None,
) -> RaiseCounts:
    """Group all findings that wait under these packs. May be killed at any line, run again, and run twice at once.

    `heard` is told between two transactions, while no lock is held.
    """
    counts: Counter[str] = Counter()
    for policy in policies.values():
        while exhibits := casebook.ungrouped(policy.id):
            for done in _raise(casebook, policy, exhibits, now, register):
                counts.update(done)
                heard(counts["opened"])
    return RaiseCounts(counts["opened"], counts["evidence"], counts["suppressed"], counts["reopened"])


def _raise(
    casebook: Casebook, policy: Policy, exhibits: list[Exhibit], now: datetime, register: StaffRegister
) -> Iterator[Counter[str]]:
    """What each transaction did."""
    covered = {exhibit.finding_id: suppression(exhibit, policy) for exhibit in exhibits}
    suppressed = {finding_id: by for finding_id, by in covered.items() if by is not None}
    if suppressed:
        yield Counter(suppressed=casebook.suppress(suppressed))
    kept = [each for each in exhibits if each.finding_id not in suppressed]
    keys = campaign_keys(kept, casebook.campaign_posts([each.finding_id for each in kept]))
    yield from _settled(casebook, gravest_first(grouped(kept, keys)), partial(_entry, policy, now, register), now)


def _settled(casebook: Casebook, groups: Groups, decide: Decide, now: datetime) -> Iterator[Counter[str]]:
    """Where there are many, the new ones are opened many at a time; what is left is settled one by one."""
    keys = list(groups)
    for start in range(0, len(keys), AT_ONCE):
        some = {key: groups[key] for key in keys[start : start + AT_ONCE]}
        entries = casebook.open_alone(some, decide, now) if len(groups) >= MANY else {}
        yield Counter(opened=len(entries))
        for key in [key for key in some if key not in entries]:
            entry = casebook.settle(key, some[key], decide, now)
            if entry is not None:
                yield Counter({entry.change.act: 1})


def _entry(
    policy: Policy,
    now: datetime,
    register: StaffRegister,
    key: GroupKey,
    standing: Incident | None,
    exhibits: tuple[Exhibit, ...],
    new: str,
) -> Entry:
    changed = change(standing, exhibits, new, now, key)
    return Entry(changed, hushed(announced(changed, policy, now, register), policy, now))
