"""What the types cannot say of routes: that an escalation ends, that critical never waits, that somebody is on call."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from policies.hours import Hours, span_of
from policies.policy import Policy, Route
from policies.problem import Problem
from policies.references import suggestion
from policies.rota import OnCall, wall
from policies.source import Place, Source

Fault = tuple[Place, str]  # where below the route or the pack, and what is wrong


def route_problems(policy: Policy, source: Source) -> list[Problem]:
    """Everything wrong with hours, deadlines, escalations and rotas in a pack whose types are right."""
    found: list[Fault] = [(("hours", *place), said) for place, said in _hours(policy.hours)]
    found += list(_cycles(policy))
    for name, route in policy.routes.items():
        zoned = policy.hours_of(name) is not None
        faults = (*_hours(route.hours, ("hours",)), *_deadlines(route), *_quiet(route, zoned), *_rota(route, zoned))
        found += [(("routes", name, *place), said) for place, said in faults]
    return [source.problem(place, said) for place, said in found]


def reached(policy: Policy) -> list[str]:
    """The routes by which people hear of something: those of the categories in force, and where these lead."""
    found = dict.fromkeys(rules.route for rules in policy.categories.values() if rules.enabled)
    for route in list(found):
        onward = policy.routes[route].escalates_to
        while onward is not None and onward not in found:
            found[onward] = None
            onward = policy.routes[onward].escalates_to
    return list(found)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name, where there is one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def regions() -> frozenset[str]:
    """Every region whose bank holidays are known: GB, GB-ENG."""
    from holidays import list_supported_countries  # noqa: PLC0415 - a fifth of a second that most commands need not pay

    parts = list_supported_countries(include_aliases=False).items()
    return frozenset(code for country, within in parts for code in (country, *(f"{country}-{part}" for part in within)))


def _hours(hours: Hours | None, below: Place = ()) -> Iterator[Fault]:
    if hours is None:
        return
    if zone_of(hours.zone) is None:
        near = suggestion(hours.zone, sorted(available_timezones()))
        hint = near if near.startswith("did") else "write it as Europe/London"
        yield (*below, "zone"), f"there is no time zone {hours.zone!r}: {hint}"
    if hours.start == hours.end:
        yield (*below, "end"), "is the start, too: give another time, or leave 'hours' out for round the clock"
    if hours.holidays is not None and hours.holidays not in regions():
        near = suggestion(hours.holidays, sorted(regions()))
        hint = near if near.startswith("did") else "write it as GB or GB-ENG"
        yield (*below, "holidays"), f"no bank holidays are known of {hours.holidays!r}: {hint}"


def _deadlines(route: Route) -> Iterator[Fault]:
    for key in ("acknowledge_within", "remind_every"):
        words = getattr(route, key).critical
        if words is None:
            continue
        span = span_of(words)
        if span is None or span.working:
            message = f"cannot be {words!r}: what is critical never waits; write a time of the clock, as 15m"
            yield (key, "critical"), message


def _quiet(route: Route, zoned: bool) -> Iterator[Fault]:
    quiet = route.quiet_hours
    if quiet is None:
        return
    if not zoned:
        yield ("quiet_hours",), "need a time zone: give the route, or the pack, 'hours' with its 'zone'"
    if quiet.start == quiet.end:
        yield ("quiet_hours", "end"), "is the start, too: give another time, or leave 'quiet_hours' out"
    if "critical" not in route.rings_in_quiet_hours:
        yield ("rings_in_quiet_hours",), "must name critical, which never waits: add it"


def _cycles(policy: Policy) -> Iterator[Fault]:
    """Each circle once, at the route that comes last in the file; and routes that lead to one that is not there."""
    told: set[frozenset[str]] = set()
    for name, route in policy.routes.items():
        if route.escalates_to is not None and route.escalates_to not in policy.routes:
            message = f"there is no route {route.escalates_to!r}: {suggestion(route.escalates_to, policy.routes)}"
            yield ("routes", name, "escalates_to"), message
        yield from _names(policy, name, route)
        circle = _circle(policy, name)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            order = list(policy.routes)
            last = max(circle, key=order.index)
            turned = circle[circle.index(last) :] + circle[: circle.index(last)]
            way = " → ".join([*turned, last])
            message = f"leads back to itself ({way}): an escalation must end; remove it from one of these routes"
            yield ("routes", last, "escalates_to"), message


def _names(policy: Policy, name: str, route: Route) -> Iterator[Fault]:
    """What was written with names would be read where names are not allowed."""
    onward = policy.routes.get(route.escalates_to or "")
    if onward is not None and route.names_in_channel and not onward.names_in_channel:
        message = f"carries names to {route.escalates_to}, where they may not be: let names_in_channel be the same"
        yield ("routes", name, "escalates_to"), message


def _circle(policy: Policy, start: str) -> list[str]:
    """The routes from one to itself, in their order; nothing where it does not come back."""
    way = [start]
    while (onward := policy.routes[way[-1]].escalates_to) in policy.routes and onward is not None:
        if onward == start:
            return way
        if onward in way:
            return []
        way.append(onward)
    return []


def _rota(route: Route, zoned: bool) -> Iterator[Fault]:
    rota = route.on_call
    if rota is None:
        return
    if not zoned:
        yield ("on_call",), "needs a time zone: give the route, or the pack, 'hours' with its 'zone'"
    backwards = [index for index, each in enumerate(rota.overrides) if wall(each.end) <= wall(each.start)]
    for index in backwards:
        each = rota.overrides[index]
        yield ("on_call", "overrides", index, "end"), f"{each.end} is not after its start, {each.start}: mend one"
    if not backwards:
        yield from _clashes(rota)


def _clashes(rota: OnCall) -> Iterator[Fault]:
    """Two who stand in at once; and a time before the rota starts in which nobody is on call."""
    ordered = sorted(enumerate(rota.overrides), key=lambda each: wall(each[1].start))
    for (_, before), (index, after) in pairwise(ordered):
        place: Place = ("on_call", "overrides", index, "start")
        if wall(after.start) < wall(before.end):
            yield place, f"{after.start} is before {before.person} has done, at {before.end}: let one follow the other"
        elif wall(before.end) < wall(after.start) and wall(before.end) < wall(rota.start):
            yield place, f"leaves nobody on call from {before.end}: start it then, or let the rota start earlier"
    early = [(index, each) for index, each in ordered if wall(each.start) < wall(rota.start)]
    if early and wall(early[-1][1].end) < wall(rota.start):
        index, each = early[-1]
        message = f"leaves nobody on call from {each.end} until {rota.start}, when the rota starts: close the gap"
        yield ("on_call", "overrides", index, "end"), message
