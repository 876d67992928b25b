"""For whoever keeps it alive: `tocsin sources`, `tocsin canary`, `tocsin doctor`, `tocsin migrate`."""

import json
from collections.abc import Hashable
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from tocsin import pipeline
from tocsin.coverage import note
from tocsin.doctor import examine
from tocsin.house import House, open_house
from tocsin.progress import stderr
from tocsin.shown import columns, line, safe
from tocsin.spending import estimate, used
from warehouse.marts import read

PANEL = "Operating"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (sources, canary, doctor, migrate):
        app.command(rich_help_panel=PANEL)(command)


def sources(
    as_json: AsJson = False,
    estimates: Annotated[bool, typer.Option("--estimate", help="What one run will cost, in calls and money.")] = False,
) -> None:
    """Every platform: whether it is collected, what is missing, how its last run ended, what is used of its quota."""
    house = open_house()
    if estimates:
        _print_estimates(house, as_json)
        return
    coverage = read(house.engine, "source_coverage").sort_values("day").groupby("source").tail(1)
    last = {row["source"]: row for row in coverage.to_dict("records")}
    allowances = used(house, house)
    rows = [
        {**asdict(each), **_last_run(last.get(each.name)), "used": [*map(asdict, allowances.get(each.platform, ()))]}
        for each in note(house)
    ]
    if as_json:
        print(json.dumps(rows, indent=2, default=str))  # noqa: T201
        return
    _print_collected([row for row in rows if row["configured"]])
    _print_missing([row for row in rows if not row["configured"]])


def _print_collected(rows: list[dict[str, Any]]) -> None:
    table = columns("collected", "last success", "last run", "quota left", "note")
    for row in rows:
        success = f"{row['last_success_at']:%Y-%m-%d %H:%M}" if row["last_success_at"] is not None else ""
        left = "; ".join(f"{each['left']} of {each['allowance']}" for each in row["used"])
        table.add_row(safe(row["name"]), success, row["last_outcome"], left, safe(row["note"]))
    Console(emoji=False).print(table if rows else "Nothing is collected yet.")


def _print_missing(rows: list[dict[str, Any]]) -> None:
    """What is not collected, and why: in two columns, so that the names of settings stay whole."""
    table = columns("not collected", "why, and what to do")
    for row in rows:
        table.add_row(safe(row["name"]), safe(row["note"]))
    Console(emoji=False).print("", table)


def _print_estimates(house: House, as_json: bool) -> None:
    found = estimate(house, house)
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2, default=str))  # noqa: T201
        return
    table = columns("source", "queries", "calls a run", "money a run", "calls left of the budget")
    for each in found:
        calls, money = f"{each.calls_least} to {each.calls_most}", f"${each.usd_least:.2f} to ${each.usd_most:.2f}"
        left = "" if each.calls_left is None else f"{each.calls_left:,}"
        table.add_row(safe(each.source), str(each.queries), calls, money if each.usd_most else "none", left)
    whole = sum(each.usd_most for each in found)
    table.add_row("all", "", str(sum(each.calls_most for each in found)) + " at most", f"${whole:.2f} at most", "")
    Console(emoji=False).print(table)


def _last_run(row: dict[Hashable, Any] | None) -> dict[str, Any]:
    import pandas as pd

    known = row or {}
    success = known.get("last_success_at")
    return {
        "last_success_at": None if success is None or pd.isna(success) else success,
        "last_outcome": known.get("last_outcome") or "",
        "backlog": bool(known.get("more", False)),
    }


def canary(
    check: Annotated[
        bool, typer.Option("--check", help="Plant nothing; say how far those of seven days came.")
    ] = False,
) -> None:
    """Plant today's canary on each test source (`TOCSIN_CANARY_…`): a post about nothing that the watch must find.

    One JSON line each, with the seconds from planting to store, judgement and mart; null: not so far yet. The DAG
    `canary` plants each day, and `watch` looks and raises an alarm for one that is late. A canary that was seen in the
    mart is deleted from the mentions, so that no report counts it.
    """
    found = pipeline.follow_canaries() if check else pipeline.plant_canaries()
    if not check and not found:
        print("no test source is set: TOCSIN_CANARY_… in docs/settings.md names them", file=stderr())
    elif not found:
        print("no canary was planted in the last seven days", file=stderr())
    for each in found:
        print(json.dumps(asdict(each), default=str))  # noqa: T201


def doctor() -> None:
    """Check configuration, database, model, Slack, disk and clock; says what to do. Exit 1 where something is wrong."""
    ailing = False
    for finding in examine():
        mark = ("warn" if finding.wants_a_look else "ok  ") if finding.well else "FAIL"
        print(line(f"{mark}  {finding.name}: {finding.message}"))  # noqa: T201
        ailing = ailing or not finding.well
    if ailing:
        raise typer.Exit(1)


def migrate() -> None:
    """Create the warehouse, or bring its tables and views up to date."""
    print(f"{open_house().engine.url.render_as_string(hide_password=True)} is up to date")  # noqa: T201
