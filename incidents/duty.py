"""Who is on call, for the command and for Slack: now and next, for each route with a rota."""

from collections.abc import Iterable
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
