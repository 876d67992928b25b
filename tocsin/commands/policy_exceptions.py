"""`tocsin policy exceptions`: the registers of approved exceptions, with what is left of each and what it set aside."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from policies.counted import counted
from policies.policy import Policy
from reports.cases import Excepted, SetAside
from reports.exceptions import excepted, set_aside, standing
from tocsin.house import House, open_house
from tocsin.packs import pack_of
from tocsin.shown import columns, safe

DAYS = 30


def exceptions(
    packs: Annotated[list[str] | None, typer.Argument(metavar="PACK…", help="Packs; none: those in force.")] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Over how many days to count, today the last.")] = DAYS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Approved exceptions: what each covers, by whose word, how long still, and how many findings it set aside."""
    house = open_house()
    chosen = [pack_of(name) for name in packs] if packs else list(house.policies.values())
    rows = [(pack, *_counted(house, pack, days)) for pack in chosen]
    if as_json:
        print(json.dumps([_plain(*row) for row in rows], indent=2, default=str))  # noqa: T201
        return
    console = Console(emoji=False)
    for pack, lines, aside in rows:
        number = counted(len(lines), "approved exception") if lines else "no approved exceptions"
        console.print(f"[bold]{safe(pack.id)}[/bold]: {number}", highlight=False)
        if lines:
            console.print(_table(lines, days))
        for line in aside:
            console.print(
                f"  {line.rule}: {counted(line.posts, 'post')}, {counted(line.findings, 'finding')}", highlight=False
            )


def _counted(house: House, pack: Policy, days: int) -> tuple[tuple[Excepted, ...], tuple[SetAside, ...]]:
    today = house.now().date()
    return excepted(house.engine, pack, today, days), set_aside(house.engine, pack, today, days)


def _table(lines: tuple[Excepted, ...], days: int) -> Table:
    table = columns("id", "covers", "approved by", "clause", "stands", f"findings, {days} days")
    for one in lines:
        words = (one.id, one.subject, one.approver, one.clause, standing(one))
        table.add_row(*map(safe, words), f"{one.findings:,}")
    return table


def _plain(pack: Policy, lines: tuple[Excepted, ...], aside: tuple[SetAside, ...]) -> dict[str, Any]:
    return {
        "policy": pack.stamp,
        "exceptions": [asdict(one) for one in lines],
        "set_aside": [asdict(line) for line in aside],
    }
