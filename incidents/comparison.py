"""What another pack would make of the same posts: the incidents it would gain, lose and change. Pure, and only asked.

Findings of one period are grouped as `incidents.casebook` groups them, with nothing standing and nobody acting: what is
compared are the packs, not what people have decided since.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from incidents.campaign import Posts, campaign_keys, is_campaign
from incidents.grouping import change, grouped, rank
from incidents.incident import Exhibit, GroupKey, Incident
from incidents.suppression import suppressed_why
from policies.policy import Policy

NO_POSTS: Posts = MappingProxyType({})

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


def raised(exhibits: Iterable[Exhibit], policy: Policy, now: datetime, posts: Posts = NO_POSTS) -> Raised:
    """The incidents that a pack would raise of these findings; `posts` as for `campaign_keys`."""
    found = list(exhibits)
    kept = [exhibit for exhibit in found if suppressed_why(exhibit, policy) is None]
    groups = grouped(kept, campaign_keys(kept, posts))
    cases = {key: _case(key, group, policy, now) for key, group in groups.items()}
    return Raised(cases, len(found), len(found) - len(kept))


def compared(old: Raised, new: Raised) -> tuple[Shift, ...]:
    """Every incident of either pack, the gravest first. A campaign is the same where the two have a post in common."""
    renamed = dict(_counterparts(old.cases, new.cases))
    after = {renamed.get(key, key): case for key, case in new.cases.items()}
    shifts = [Shift(key, old.cases.get(key), after.get(key)) for key in dict.fromkeys((*old.cases, *after))]
    return tuple(sorted(shifts, key=_gravest_first))


def same_campaign(one: Incident, other: Incident) -> bool:
    """Whether two campaigns, grouped of findings that are not quite the same, are one: a post in common will do."""
    both = is_campaign(one.key) and is_campaign(other.key)
    places = {(each.key.policy, each.key.target, each.key.category) for each in (one, other)}
    return both and len(places) == 1 and not set(one.mention_ids).isdisjoint(other.mention_ids)


def _counterparts(old: Mapping[GroupKey, Case], new: Mapping[GroupKey, Case]) -> Iterator[tuple[GroupKey, GroupKey]]:
    """New key and old one of each campaign that begins with another post than under the old pack."""
    left = {key: case for key, case in old.items() if is_campaign(key) and key not in new}
    for key, case in new.items():
        if key in old or not is_campaign(key):
            continue
        former = next((each for each, one in left.items() if same_campaign(one.incident, case.incident)), None)
        if former is not None:
            del left[former]
            yield key, former


def _case(key: GroupKey, group: tuple[Exhibit, ...], policy: Policy, now: datetime) -> Case:
    incident = change(None, group, "", now, key).incident
    route = policy.categories[incident.key.category].route
    gravest = max(group, key=lambda exhibit: rank(exhibit.severity))
    return Case(incident, route, policy.routes[route].slack_channel, gravest)


def _seen(case: Case) -> dict[str, str]:
    incident = case.incident
    return {"severity": incident.severity, "route": case.told, "clauses": ", ".join(sorted(incident.clauses))}


def _gravest_first(shift: Shift) -> tuple[int, datetime, str, str]:
    incident = shift.case.incident
    return -rank(incident.severity), incident.first_seen_at, incident.key.category, incident.key.author
