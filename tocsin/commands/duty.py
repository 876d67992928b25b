"""`tocsin escalate`: remind and hand on what nobody took; `tocsin oncall`: who is on call."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from incidents.duty import duties, local
from incidents.oncall import Turn
from tocsin import escalating
from tocsin.errors import Misconfigured
from tocsin.house import open_house
from tocsin.shown import columns, iso, safe


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Step by step")(escalate)
    app.command(rich_help_panel="People at work")(oncall)


def escalate() -> None:
    """Remind of incidents that nobody took in time, hand them on to the next route, and at last to the operators.

    How soon, how often and to whom next is the pack's (`acknowledge_within`, `reminders`, `escalates_to`). Prints one
    line of JSON: `reminded`, `escalated`, `alarmed`, and `settled`, the alarms whose incident somebody has taken.
    `tocsin deliver` sends what comes of it. The DAG `escalate` does both every five minutes.
    """
    print(json.dumps(escalating.escalate()))  # noqa: T201


def oncall(
    route: Annotated[str | None, typer.Argument(help="A route of the pack; none: every route with a rota.")] = None,
    at: Annotated[str, typer.Option(help="A moment, as 2026-12-24T18:00 in UTC; none: now.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Who is on call, until when, and who is next. The rota is the pack's `on_call`; people are Slack user ids."""
    house = open_house()
    _check_route(route, {name for policy in house.policies.values() for name in policy.routes})
    moment = _moment(at) or house.now()
    found = duties(house.policies.values(), moment, route)
    if as_json:
        print(json.dumps([asdict(each) for each in found], default=iso, indent=2))  # noqa: T201
        return
    table = columns("route", "on call", "until", "then", "until")
    for duty in found:
        present, following = duty.turns
        begun = present.start <= moment
        now = (_person(present), local(present.end, duty)) if begun else ("nobody yet", local(present.start, duty))
        after = following if begun else present
        table.add_row(safe(f"{duty.policy} {duty.route}"), *now, _person(after), local(after.end, duty))
    Console(emoji=False).print(table if found else f"No rota: no route{f' {route}' if route else ''} has 'on_call'.")


def _check_route(route: str | None, known: set[str]) -> None:
    if route is not None and route not in known:
        raise Misconfigured(f"no route {route!r} in the packs in force; there are: {', '.join(sorted(known))}")


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Misconfigured(f"{written!r} is no moment; write it as 2026-12-24T18:00 (UTC) or with +01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _person(turn: Turn) -> str:
    return f"{turn.person} (for {turn.instead_of})" if turn.instead_of else turn.person
