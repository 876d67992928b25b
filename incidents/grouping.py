"""Which findings belong together: exhibits in, the change of one incident out. Pure; order of arrival never matters.

The manners are Alertmanager's, fitted to cases that people close:

- an incident that is not closed takes every further exhibit of its key, however long the pause;
- a resolved one is reopened by an exhibit within `WINDOW` of its last post, because what was settled has resumed;
- a resolved one that lies further back, and any dismissed one, stays as it was decided: a new incident opens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from incidents.incident import CLOSED, Exhibit, GroupKey, Incident
from policies.policy import SEVERITIES, Severity

WINDOW = timedelta(days=14)

ChangeAct = Literal["opened", "evidence", "reopened"]


@dataclass(frozen=True)
class Change:
    """What new exhibits do to one incident; `incident` is how it stands afterwards."""

    act: ChangeAct
    incident: Incident
    exhibits: tuple[Exhibit, ...]  # the new ones, oldest post first, never empty
    severity_before: Severity | None  # None: it has just been opened

    @property
    def severity_rises(self) -> bool:
        """Whether the new exhibits are graver than all that was known."""
        return self.severity_before is not None and rank(self.incident.severity) > rank(self.severity_before)


def rank(severity: Severity) -> int:
    """The place of a severity in their order, 0 for the lightest."""
    return SEVERITIES.index(severity)


def grouped(
    exhibits: Iterable[Exhibit], keys: Mapping[str, GroupKey] | None = None
) -> dict[GroupKey, tuple[Exhibit, ...]]:
    """Exhibits by the incident that they belong to, each group once and oldest post first.

    `keys`: of findings (by id) that belong elsewhere than by author, target and category: to a campaign.
    """
    elsewhere = keys or {}
    distinct = {exhibit.finding_id: exhibit for exhibit in exhibits}
    groups: dict[GroupKey, list[Exhibit]] = {}
    for exhibit in sorted(distinct.values(), key=_oldest_first):
        groups.setdefault(elsewhere.get(exhibit.finding_id, exhibit.key), []).append(exhibit)
    return {key: tuple(group) for key, group in groups.items()}


def change(
    standing: Incident | None,
    exhibits: tuple[Exhibit, ...],
    new_id: str,
    now: datetime,
    key: GroupKey | None = None,
) -> Change:
    """What these exhibits of one key do to the newest incident of that key, or to a new one called `new_id`.

    `key`: theirs, where they are of a campaign; None: each has its own, the same.
    """
    ordered = tuple(sorted(exhibits, key=_oldest_first))
    opened = _opened(key or ordered[0].key, ordered, new_id, now)
    if standing is None:
        return Change("opened", opened, ordered, None)
    if standing.status not in CLOSED:
        return Change("evidence", _extended(standing, ordered), ordered, standing.severity)
    if standing.status == "resolved" and _resumes(standing, ordered):
        reopened = replace(_extended(standing, ordered), status="open")
        return Change("reopened", reopened, ordered, standing.severity)
    return Change("opened", opened, ordered, None)


def _oldest_first(exhibit: Exhibit) -> tuple[datetime, str]:
    return exhibit.posted_at, exhibit.finding_id


def _resumes(standing: Incident, ordered: tuple[Exhibit, ...]) -> bool:
    """A late arrival from the incident's own days counts too: nobody had seen it when the incident was closed."""
    start, end = standing.first_seen_at - WINDOW, standing.last_seen_at + WINDOW
    return any(start <= exhibit.posted_at <= end for exhibit in ordered)


def _opened(key: GroupKey, ordered: tuple[Exhibit, ...], new_id: str, now: datetime) -> Incident:
    first, last = ordered[0], ordered[-1]
    return Incident(
        id=new_id,
        key=key,
        severity=_highest(ordered),
        status="open",
        clauses=_union((), (clause for exhibit in ordered for clause in exhibit.clauses)),
        author_handle=last.author_handle,
        target_kind=first.target_kind,
        mention_ids=_union((), (exhibit.mention_id for exhibit in ordered)),
        platforms=_union((), (exhibit.platform for exhibit in ordered)),
        opened_at=now,
        first_seen_at=first.posted_at,
        last_seen_at=last.posted_at,
        why=_gravest(ordered).why,
        authors=_union((), (exhibit.author for exhibit in ordered)),
        handles=_union((), _handles(ordered)),
    )


def _extended(standing: Incident, ordered: tuple[Exhibit, ...]) -> Incident:
    graver = rank(_highest(ordered)) > rank(standing.severity)
    return replace(
        standing,
        severity=_highest(ordered) if graver else standing.severity,
        why=_gravest(ordered).why if graver else standing.why,
        clauses=_union(standing.clauses, (clause for exhibit in ordered for clause in exhibit.clauses)),
        author_handle=ordered[-1].author_handle or standing.author_handle,
        mention_ids=_union(standing.mention_ids, (exhibit.mention_id for exhibit in ordered)),
        platforms=_union(standing.platforms, (exhibit.platform for exhibit in ordered)),
        first_seen_at=min(standing.first_seen_at, ordered[0].posted_at),
        last_seen_at=max(standing.last_seen_at, ordered[-1].posted_at),
        authors=_union(standing.authors, (exhibit.author for exhibit in ordered)),
        handles=_union(standing.handles, _handles(ordered)),
    )


def _handles(exhibits: tuple[Exhibit, ...]) -> Iterable[str]:
    return (exhibit.author_handle for exhibit in exhibits if exhibit.author_handle)


def _highest(exhibits: tuple[Exhibit, ...]) -> Severity:
    return _gravest(exhibits).severity


def _gravest(exhibits: tuple[Exhibit, ...]) -> Exhibit:
    """The oldest of the most severe: the one whose reason the incident gives."""
    return max(exhibits, key=lambda exhibit: rank(exhibit.severity))


def _union(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))
