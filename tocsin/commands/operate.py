"""For whoever keeps it alive: `tocsin sources`, `tocsin canary`, `tocsin doctor`, `tocsin migrate`."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from tocsin import pipeline
from tocsin.commands.sources import sources
from tocsin.doctor import examine
from tocsin.house import open_house
from tocsin.progress import stderr
from tocsin.shown import line
from warehouse.engine import without_passwords

PANEL = "Operating"


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (sources, canary, doctor, migrate):
        app.command(rich_help_panel=PANEL)(command)


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
    print(f"{without_passwords(open_house().engine.url)} is up to date")  # noqa: T201
