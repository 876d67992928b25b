"""`tocsin sources`: how every source stands, from the mart that the report's coverage is made of; or what runs cost."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console

from policies.counted import counted
from tocsin.coverage import note
from tocsin.house import House, open_house
from tocsin.shown import columns, safe
from tocsin.spending import estimate, used
from warehouse.marts import read

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def sources(
    as_json: AsJson = False,
    estimates: Annotated[
        bool, typer.Option("--estimate", help="What one run is likely to cost, in calls and money.")
    ] = False,
) -> None:
    """Every platform: how it is had or why not, what is missing, last success, lag, backlog, volume, quota, budget."""
    house = open_house()
    if estimates:
        _print_estimates(house, as_json)
        return
    rows = _rows(house)
    if as_json:
        print(json.dumps(rows, indent=2, default=str))  # noqa: T201
        return
    collected = [row for row in rows if row["configured"]]
    _print_collected(collected)
    _print_access(collected)
    _print_missing([row for row in rows if not row["configured"]])


def _rows(house: House) -> list[dict[str, Any]]:
    """One of each source and of each platform that has none, as `--json` prints them."""
    allowances = used(house, house)
    states = note(house)
    register = {row["source"]: row for row in read(house.engine, "source_register").to_dict("records")}
    return [
        {
            **asdict(each),
            **_standing(register.get(each.name, {}), house.now()),
            "used": [*map(asdict, allowances.get(each.platform, ()))],
        }
        for each in states
    ]


def _standing(known: Mapping[Any, Any], now: datetime) -> dict[str, Any]:
    """What the mart knows of a source; null where it does not. `lag_s`: seconds since its last success."""
    import pandas as pd

    row = {name: None if pd.isna(value) else value for name, value in known.items()}
    success = row.get("last_success_at")
    return {
        "last_success_at": success,
        "lag_s": None if success is None else max(0, round((now - success).total_seconds())),
        "last_outcome": row.get("last_outcome") or "",
        "backlog": bool(row.get("truncated")),
        "volume_on": row.get("volume_on"),
        **{name: _whole(row.get(name)) for name in ("seen", "expected_least", "expected_most")},
        "volume": row.get("volume"),
    }


def _whole(number: Any) -> int | None:
    return None if number is None else int(number)


def _print_collected(rows: Iterable[Mapping[str, Any]]) -> None:
    table = columns("collected", "last success", "lag", "last run", "backlog", "posts a day")
    for row in rows:
        success = f"{row['last_success_at']:%Y-%m-%d %H:%M}" if row["last_success_at"] is not None else ""
        backlog = "left" if row["backlog"] else ""
        table.add_row(safe(row["name"]), success, _lag(row["lag_s"]), row["last_outcome"], backlog, _volume(row))
    Console(emoji=False).print(table if table.rows else "Nothing is collected yet.")


def _lag(seconds: int | None) -> str:
    if seconds is None:
        return ""
    lag = timedelta(seconds=seconds)
    if lag < timedelta(hours=1):
        return f"{lag // timedelta(minutes=1)} min"
    return f"{lag // timedelta(hours=1)} h" if lag < timedelta(days=2) else counted(lag.days, "day")


def _volume(row: Mapping[str, Any]) -> str:
    """What was new on the last whole day against what its platform should bring."""
    if row["expected_most"] is None:
        return ""
    expected = f"{row['expected_least']:,} to {row['expected_most']:,}"
    return f"{expected} expected" if row["seen"] is None else f"{row['seen']:,} of {expected}: {row['volume']}"


def _print_access(rows: Iterable[Mapping[str, Any]]) -> None:
    table = columns("collected", "how it is had", "used of quota and budget", "left")
    for row in rows:
        spent = [f"{each['used']} of {each['allowance']}" for each in row["used"]]
        left = [each["left"] for each in row["used"]]
        table.add_row(safe(row["name"]), safe(row["note"]), "\n".join(spent), "\n".join(left))
    if table.rows:
        Console(emoji=False).print("", table)


def _print_missing(rows: Iterable[Mapping[str, Any]]) -> None:
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
    table.add_row("all", "", f"about {sum(each.calls_most for each in found):,}", f"about ${whole:.2f}", "")
    console = Console(emoji=False)
    console.print(table)
    console.print("No bounds: comments take as many pages of their own, and what replies answer is asked besides.")
