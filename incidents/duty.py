"""Who is on call, for the command and for Slack: now and next, for each route with a rota."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from incidents.oncall import Turn, turns
from policies.policy import Policy


@dataclass(frozen=True)
class Duty:
    """One route's rota at a moment. The first of `turns` is the present one, or one that is still to begin."""

    policy: str
    route: str
    name: str
    zone: str
    turns: tuple[Turn, ...]


def duties(policies: Iterable[Policy], at: datetime, route: str | None = None, shown: int = 2) -> list[Duty]:
    """The rotas of packs, or of one route of theirs."""
    return [
        Duty(
            policy.id, key, rules.name, hours.zone, tuple(islice(turns(rules.on_call, ZoneInfo(hours.zone), at), shown))
        )
        for policy in policies
        for key, rules in policy.routes.items()
        if rules.on_call is not None and (hours := policy.hours_of(key)) is not None and route in (None, key)
    ]


def spoken(found: Iterable[Duty], name_of: Callable[[str], str], at: datetime) -> str:
    """One line a rota: who is on call, until when, and who is next. `name_of` a Slack user id."""
    lines = [_line(duty, name_of, at) for duty in found]
    return "\n".join(lines) or "no rota: no route of the packs in force names who is on call"


def local(moment: datetime, duty: Duty) -> str:
    """`Mon 30 Nov 2026 09:00 Europe/London`."""
    return f"{moment.astimezone(ZoneInfo(duty.zone)):%a %d %b %Y %H:%M} {duty.zone}"


def _line(duty: Duty, name_of: Callable[[str], str], at: datetime) -> str:
    present, following = duty.turns[:2]
    if present.start > at:
        return f"{duty.name}: nobody until {local(present.start, duty)}, then {name_of(present.person)}"
    instead = f" (for {name_of(present.instead_of)})" if present.instead_of else ""
    until = f"until {local(present.end, duty)}, then {name_of(following.person)}"
    return f"{duty.name}: {name_of(present.person)}{instead} {until}"
