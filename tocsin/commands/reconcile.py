"""`tocsin reconcile`: is everything that was told in Slack, once and in order?"""

import json
from typing import Annotated

import typer

from incidents.reconciliation import DAYS
from tocsin import reconciling
from tocsin.house import open_house
from tocsin.shown import iso


def attach(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Operating")(reconcile)


def reconcile(
    days: Annotated[int, typer.Option(min=1, max=90, help="How far back Slack is read.")] = DAYS,
) -> None:
    """Read our own messages back from Slack and compare them with what was told. Exit 1 where something is not well.

    One JSON line for each discrepancy (the mart `delivery_discrepancies`), and the counts. It posts nothing there but
    an alarm for the operators; what a person deleted in Slack is named and not posted again.
    """
    counts = reconciling.reconcile(days)
    for row in reconciling.discrepancies(open_house()):
        print(json.dumps(row, default=iso))  # noqa: T201
    print(json.dumps(counts))  # noqa: T201
    if counts["discrepancies"]:
        raise typer.Exit(1)
