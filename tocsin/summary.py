"""What a pass did, in a table: how much is new, how much there is in all, and where to look."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tocsin.house import House
from warehouse.totals import Totals

ROWS = (
    ("Collected", "mentions"),
    ("Quarantined", "quarantined"),
    ("Assessed", "assessed"),
    ("About the organisation", "relevant"),
    ("Findings", "findings"),
    ("Incidents", "incidents"),
    ("Alerts", "delivered"),
)


def newest_day(house: House) -> str:
    """The last day with a mention that is about the organisation, or with any; ISO; today where there is none."""
    span = house.mentions.span()
    return (span[1] if span else house.now().date()).isoformat()


def print_summary(house: House, before: Totals, as_json: bool) -> None:
    """Print the summary of a pass that began with `before` in the warehouse."""
    after, then = asdict(house.mentions.totals()), asdict(before)
    places = {"report": str(report_path(house)), "warehouse": house.engine.url.render_as_string(hide_password=True)}
    if as_json:
        changes = {name: after[name] - then[name] for name in after}
        print(json.dumps({"in_this_pass": changes, "in_the_warehouse": after, **places}, indent=2))  # noqa: T201
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("in this pass", justify="right")
    table.add_column("in the warehouse", justify="right")
    for label, name in ROWS:
        table.add_row(label, f"{after[name] - then[name]:,}", f"{after[name]:,}")
    console = Console(soft_wrap=True)
    console.print(table)
    if after["unassessed"]:
        console.print(f"{after['unassessed']:,} mentions still wait to be assessed.")
    console.print(f"\nReport     {places['report']}")
    console.print(f"Warehouse  {places['warehouse']}")


def report_path(house: House) -> Path:
    """Where the report of the newest day stands."""
    return (house.settings.var / "reports" / f"{newest_day(house)}.html").resolve()
