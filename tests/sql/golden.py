"""Golden cases of the marts: rows in, rows out, in YAML beside each mart.

A case names only the columns that matter to it; every other column that may not be null gets a plain default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import Column, Engine, insert, text

from warehouse.schema import UtcDateTime, metadata

Row = dict[str, Any]
EPOCH = datetime(2026, 10, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One situation: what stands in the tables, and what the mart makes of it."""

    mart: str
    it: str
    given: Mapping[str, list[Row]]
    expect: list[Row]


def cases() -> Iterator[Case]:
    """Every golden case of every mart."""
    for entry in sorted(files("sql").joinpath("marts").iterdir(), key=lambda found: found.name):
        if entry.name.endswith(".golden.yaml"):
            for case in yaml.safe_load(entry.read_text(encoding="utf-8")):
                yield Case(entry.name.removesuffix(".golden.yaml"), **case)


def load(engine: Engine, given: Mapping[str, list[Row]]) -> None:
    """Write the rows of a case, parents before children."""
    unknown = given.keys() - metadata.tables.keys()
    assert not unknown, f"no such tables: {unknown}"
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            for row in given.get(table.name, []):
                completed = {column.name: _value(column, row) for column in table.columns if _is_given(column, row)}
                assert not row.keys() - completed.keys(), f"{table.name} has no {row.keys() - completed.keys()}"
                connection.execute(insert(table), completed)


def rows(engine: Engine, query: str) -> list[Row]:
    """What a query answers, in types that are the same on both databases."""
    with engine.connect() as connection:
        return [{key: plain(value) for key, value in row.items()} for row in connection.execute(text(query)).mappings()]


def plain(value: Any) -> Any:
    """Numbers rounded, times and dates as ISO text without zone, booleans as 0 and 1."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal | float):
        return round(float(value), 4)
    return value.removesuffix(".000000") if isinstance(value, str) else value


def _is_given(column: Column[Any], row: Row) -> bool:
    return column.name in row or not (column.nullable or column.default is not None or column.autoincrement is True)


def _value(column: Column[Any], row: Row) -> Any:
    if column.name in row:
        return _moment(row[column.name]) if isinstance(column.type, UtcDateTime) else row[column.name]
    if isinstance(column.type, UtcDateTime):
        return EPOCH
    if column.name == "native_id":
        return str(row.get("mention_id", "1")).partition(":")[2]
    if column.name == "platform":
        return str(row.get("mention_id", "x:")).partition(":")[0]
    defaults: dict[type, Any] = {str: "-", int: 0, float: 0.0, bool: False, date: EPOCH.date()}
    return defaults.get(column.type.python_type, [])  # what is left is JSON


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=moment.tzinfo or UTC)
