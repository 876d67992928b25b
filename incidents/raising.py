"""The step that fills the casebook: findings in, incidents out."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from collectors.register import NOBODY, StaffRegister
from incidents.campaign import campaign_keys
from incidents.card import announced
from incidents.casebook import Casebook, Decide, Entry, Groups
from incidents.grouping import change, grouped
from incidents.incident import Exhibit, GroupKey, Incident
from incidents.inhibition import gravest_first
from incidents.quiet import hushed
from incidents.suppression import suppression
from policies.counted import counted
from policies.policy import Policy

log = logging.getLogger(__name__)

Heard = Callable[[int], None]  # told how many incidents a run has opened so far
MANY = 50  # groups: from here on they are opened many at a time
AT_ONCE = 200  # in one transaction: few enough that nobody waits long for it
TOO_MANY = 10  # groups that fail in one run: from then on it is not they that are at fault


@dataclass(frozen=True)
class RaiseCounts:
    """What one run did: incidents opened, extended and reopened; findings suppressed."""

    opened: int
    extended: int
    suppressed: int
    reopened: int


class GroupsLeft(Exception):
    """Some findings could not be made incidents, and wait for the next run; all others were. It says which and why."""


@dataclass
class _Left:
    """The findings of groups that failed in this run: what one post does to us must not keep the others waiting."""

    findings: set[str] = field(default_factory=set)
    errors: list[Exception] = field(default_factory=list)

    def note(self, exhibits: Sequence[Exhibit], error: Exception) -> None:
        self.findings.update(each.finding_id for each in exhibits)
        self.errors.append(error)
        if len(self.errors) == TOO_MANY:
            raise error

    def tell(self) -> None:
        if self.errors:
            first = self.errors[0]
            raise GroupsLeft(
                f"{counted(len(self.findings), 'finding')} could not be made incidents, and the next run tries again; "
                f"all others were. Of {min(self.findings)}: {type(first).__name__}: {first}"
            ) from first


def raise_incidents(
    casebook: Casebook,
    policies: Mapping[str, Policy],
    now: datetime,
    register: StaffRegister = NOBODY,
    heard: Heard = lambda _opened: None,
) -> RaiseCounts:
    """Group all findings that wait under these packs. May be killed at any line, run again, and run twice at once.

    `heard` is told between two transactions, while no lock is held. Raises GroupsLeft when all that can be done is.
    """
    counts: Counter[str] = Counter()
    left = _Left()
    for policy in policies.values():
        while exhibits := [one for one in casebook.ungrouped(policy.id) if one.finding_id not in left.findings]:
            for done in _raise(casebook, policy, exhibits, partial(_entry, policy, now, register), now, left):
                counts.update(done)
                heard(counts["opened"])
    left.tell()
    return RaiseCounts(counts["opened"], counts["evidence"], counts["suppressed"], counts["reopened"])


def _raise(
    casebook: Casebook, policy: Policy, exhibits: list[Exhibit], decide: Decide, now: datetime, left: _Left
) -> Iterator[Counter[str]]:
    """What each transaction did."""
    covered = {exhibit.finding_id: suppression(exhibit, policy) for exhibit in exhibits}
    suppressed = {finding_id: by for finding_id, by in covered.items() if by is not None}
    if suppressed:
        yield Counter(suppressed=casebook.suppress(suppressed))
    kept = [each for each in exhibits if each.finding_id not in suppressed]
    keys = campaign_keys(kept, casebook.campaign_posts([each.finding_id for each in kept]))
    yield from _settled(casebook, gravest_first(grouped(kept, keys)), decide, now, left)


def _settled(casebook: Casebook, groups: Groups, decide: Decide, now: datetime, left: _Left) -> Iterator[Counter[str]]:
    """Where there are many, the new ones are opened many at a time; what is left is settled one by one."""
    keys = list(groups)
    for start in range(0, len(keys), AT_ONCE):
        some = {key: groups[key] for key in keys[start : start + AT_ONCE]}
        entries = _opened_at_once(casebook, some, decide, now) if len(groups) >= MANY else {}
        yield Counter(opened=len(entries))
        for key in [key for key in some if key not in entries]:
            try:
                entry = casebook.settle(key, some[key], decide, now)
            except Exception as error:
                log.exception("The findings of %s in %s could not be made an incident", key.category, key.policy)
                left.note(some[key], error)
                continue
            if entry is not None:
                yield Counter({entry.change.act: 1})


def _opened_at_once(casebook: Casebook, some: Groups, decide: Decide, now: datetime) -> Mapping[GroupKey, Entry]:
    """None where one of them fails: settled one by one, only that one is left."""
    try:
        return casebook.open_alone(some, decide, now)
    except Exception:
        log.exception("%s incidents could not be opened at once, so they are opened one by one", len(some))
        return {}


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
