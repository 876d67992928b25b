"""What another pack would make of the same posts: the incidents it would gain, lose and change. Pure, and only asked.

Findings of one period are grouped as `incidents.casebook` groups them, with nothing standing and nobody acting: what is
compared are the packs, not what people have decided since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from incidents.grouping import change, grouped, rank
from incidents.incident import Exhibit, GroupKey, Incident
from incidents.suppression import suppressed_why
from policies.policy import Policy

Kind = Literal["gained", "lost", "changed", "same"]


@dataclass(frozen=True)
class Case:
    """An incident that a pack would raise, where it would go, and the exhibit that gives its reason."""

    incident: Incident
    route: str
    channel: str | None
    exhibit: Exhibit

    @property
    def told(self) -> str:
        """The route, with its channel where it names one."""
        return f"{self.route} ({self.channel})" if self.channel else self.route


@dataclass(frozen=True)
class Raised:
    """What one pack makes of a period; `suppressed` counts findings that open nothing."""

    cases: Mapping[GroupKey, Case]
    findings: int
    suppressed: int


@dataclass(frozen=True)
class Shift:
    """One incident under both packs; None where a pack would not raise it."""

    key: GroupKey
    before: Case | None
    after: Case | None

    @property
    def case(self) -> Case:
        """The incident as the new pack has it, and as the old one had it where the new has none."""
        one = self.after or self.before
        if one is None:
            raise ValueError("a shift is of an incident that one pack raises")
        return one

    @property
    def kind(self) -> Kind:
        """Gained, lost, changed in what people would see of it, or the same."""
        if self.before is None:
            return "gained"
        if self.after is None:
            return "lost"
        return "changed" if self.changes else "same"

    @property
    def changes(self) -> dict[str, tuple[str, str]]:
        """What a person would see otherwise, before and after: severity, route, clauses."""
        if self.before is None or self.after is None:
            return {}
        pairs = zip(_seen(self.before).items(), _seen(self.after).values(), strict=True)
        return {name: (old, new) for (name, old), new in pairs if old != new}


def raised(exhibits: Iterable[Exhibit], policy: Policy, now: datetime) -> Raised:
    """The incidents that a pack would raise of these findings."""
    found = list(exhibits)
    kept = [exhibit for exhibit in found if suppressed_why(exhibit, policy) is None]
    cases = {key: _case(group, policy, now) for key, group in grouped(kept).items()}
    return Raised(cases, len(found), len(found) - len(kept))


def compared(old: Raised, new: Raised) -> tuple[Shift, ...]:
    """Every incident of either pack, the gravest first."""
    shifts = [Shift(key, old.cases.get(key), new.cases.get(key)) for key in dict.fromkeys((*old.cases, *new.cases))]
    return tuple(sorted(shifts, key=_gravest_first))


def _case(group: tuple[Exhibit, ...], policy: Policy, now: datetime) -> Case:
    incident = change(None, group, "", now).incident
    route = policy.categories[incident.key.category].route
    gravest = max(group, key=lambda exhibit: rank(exhibit.severity))
    return Case(incident, route, policy.routes[route].slack_channel, gravest)


def _seen(case: Case) -> dict[str, str]:
    incident = case.incident
    return {"severity": incident.severity, "route": case.told, "clauses": ", ".join(sorted(incident.clauses))}


def _gravest_first(shift: Shift) -> tuple[int, datetime, str, str]:
    incident = shift.case.incident
    return -rank(incident.severity), incident.first_seen_at, incident.key.category, incident.key.author
