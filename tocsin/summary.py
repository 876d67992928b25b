"""What a pass did, in a table: how much is new, how much there is in all, and where to look."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from policies.counted import counted
from tocsin.house import House
from tocsin.shown import safe
from warehouse.engine import without_passwords
from warehouse.totals import Totals, refusals

ROWS = (
    ("Collected", "mentions"),
    ("Quarantined", "quarantined"),
    ("Assessed", "assessed"),
    ("About the organisation", "relevant"),
    ("Findings", "findings"),
    ("Incidents", "incidents"),
    ("Alerts", "delivered"),
)

REASONS = 5  # that are shown


def newest_day(house: House) -> str:
    """The last day with a mention that is about an organisation, or with any; ISO; today where there is none."""
    from reports.daily import last_day  # noqa: PLC0415 - half a second to import, and most commands print no summary

    if told := last_day(house.engine, list(house.policies.values())):
        return told.isoformat()
    span = house.mentions.span()
    return (span[1] if span else house.now().date()).isoformat()


@dataclass(frozen=True)
class Pass:
    """A pass that is over: when it began and with what in the warehouse, and whether it wrote its report."""

    began: datetime
    before: Totals
    reported: bool = True


def print_summary(house: House, done: Pass, as_json: bool) -> None:
    """Print what a pass changed, why records were quarantined, and where to look."""
    after, then = asdict(house.mentions.totals()), asdict(done.before)
    report = str(report_path(house)) if done.reported else None
    places = {"report": report, "warehouse": without_passwords(house.engine.url)}
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
    console = Console(soft_wrap=True, emoji=False)
    console.print(table)
    if after["unassessed"]:
        console.print(f"Still to be assessed: {counted(after['unassessed'], 'mention')}.")
    for line in _refused(house, done.began):
        console.print(line, highlight=False)
    console.print(f"\nReport     {report or 'none: it could not be made'}", markup=False)
    console.print(f"Warehouse  {places['warehouse']}", markup=False)


def _refused(house: House, since: datetime) -> Iterator[str]:
    """Why records were quarantined, the commonest reasons first."""
    found = refusals(house.engine, since)
    for source, reason, number in found[:REASONS]:
        yield f"Quarantined {number:,} of {safe(source)}: {safe(reason)}"
    if len(found) > REASONS:
        yield f"and for {counted(len(found) - REASONS, 'more reason')}: see the table quarantine"


def report_path(house: House) -> Path:
    """Where the report of the newest day stands."""
    return (house.settings.var / "reports" / f"{newest_day(house)}.html").resolve()
