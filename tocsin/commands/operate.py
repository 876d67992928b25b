"""For whoever keeps it alive: `tocsin sources`, `tocsin doctor`, `tocsin migrate`."""

import json
from collections.abc import Hashable
from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from collectors.catalogue import sources as declared
from tocsin.doctor import examine
from tocsin.house import open_house
from tocsin.shown import line, safe
from warehouse.marts import read

PANEL = "Operating"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (sources, doctor, migrate):
        app.command(rich_help_panel=PANEL)(command)


def sources(as_json: AsJson = False) -> None:
    """Every platform: whether it is collected, what is missing, and how its last run ended."""
    house = open_house()
    coverage = read(house.engine, "source_coverage").sort_values("day").groupby("source").tail(1)
    last = {row["source"]: row for row in coverage.to_dict("records")}
    rows = [
        {**asdict(each), **_last_run(last.get(each.name))}
        for each in declared(house.settings, [*house.policies.values()])
    ]
    if as_json:
        print(json.dumps(rows, indent=2, default=str))  # noqa: T201
        return
    table = Table("source", "collected", "last success", "last run", "note", box=None, pad_edge=False)
    for row in rows:
        success = f"{row['last_success_at']:%Y-%m-%d %H:%M}" if row["last_success_at"] is not None else ""
        collected = "yes" if row["configured"] else "no"
        table.add_row(safe(row["name"]), collected, success, row["last_outcome"], safe(row["note"]))
    Console(emoji=False).print(table)


def _last_run(row: dict[Hashable, Any] | None) -> dict[str, Any]:
    known = row or {}
    success = known.get("last_success_at")
    return {
        "last_success_at": None if success is None or pd.isna(success) else success,
        "last_outcome": known.get("last_outcome") or "",
        "backlog": bool(known.get("more", False)),
    }


def doctor() -> None:
    """Check configuration, database, model, Slack, disk and clock; says what to do. Exit 1 where something is wrong."""
    ailing = False
    for finding in examine():
        mark = "ok  " if finding.well else "FAIL"
        print(line(f"{mark}  {finding.name}: {finding.message}"))  # noqa: T201
        ailing = ailing or not finding.well
    if ailing:
        raise typer.Exit(1)


def migrate() -> None:
    """Create the warehouse, or bring its tables and views up to date."""
    print(f"{open_house().engine.url.render_as_string(hide_password=True)} is up to date")  # noqa: T201
