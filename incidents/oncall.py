"""Who is on call at a moment, and who is next: the weekly turns of a pack's rota, and those who stand in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.calendar import instant
from policies.policy import OnCall, Policy
from policies.rota import wall

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Turn:
    """One stretch of one person's duty, in UTC. `instead_of`: whose week it is, where somebody stands in."""

    person: str  # a Slack user id
    start: datetime
    end: datetime
    instead_of: str | None = None


def on_call(rota: OnCall, zone: ZoneInfo, at: datetime) -> Turn | None:
    """Whose turn it is at that moment; None: the rota has not begun."""
    regular = _week(rota, zone, at)
    standing_in = [(instant(zone, wall(each.start)), instant(zone, wall(each.end)), each) for each in rota.overrides]
    for start, end, each in standing_in:
        if start <= at < end:
            return Turn(each.person, start, end, regular.person if regular else None)
    if regular is None:
        return None
    start = max([regular.start, *(end for _, end, _ in standing_in if end <= at)])
    end = min([regular.end, *(start for start, _, _ in standing_in if start > at)])
    return Turn(regular.person, start, end)


def turns(rota: OnCall, zone: ZoneInfo, at: datetime) -> Iterator[Turn]:
    """The present turn and those after it, without end; from the rota's beginning where that is still to come."""
    turn = on_call(rota, zone, at) or on_call(rota, zone, _begins(rota, zone, at))
    while turn is not None:
        yield turn
        turn = on_call(rota, zone, turn.end)


def person_on_call(policy: Policy, route: str, at: datetime) -> str | None:
    """The Slack user id of whoever is on call for a route, where the pack has a rota for it."""
    rules, hours = policy.routes.get(route), None
    if rules is None or rules.on_call is None or (hours := policy.hours_of(route)) is None:
        return None
    turn = on_call(rules.on_call, ZoneInfo(hours.zone), at)
    return turn.person if turn else None


def _begins(rota: OnCall, zone: ZoneInfo, at: datetime) -> datetime:
    starts = [instant(zone, wall(each)) for each in (rota.start, *(one.start for one in rota.overrides))]
    return min(start for start in starts if start >= at)


def _week(rota: OnCall, zone: ZoneInfo, at: datetime) -> Turn | None:
    """Whose week it is. Weeks are of the clock on the wall: one with a change of the clocks is an hour off."""
    first = wall(rota.start)
    number = max(0, (at.astimezone(zone).replace(tzinfo=None) - first) // WEEK - 1)
    while (end := instant(zone, first + (number + 1) * WEEK)) <= at:
        number += 1
    start = instant(zone, first + number * WEEK)
    if at < start:
        return None
    return Turn(rota.people[number % len(rota.people)], start.astimezone(UTC), end)
