"""The marts: the views of sql/marts, made in the database and read from it.

Each file there is one `CREATE VIEW`, in SQL that SQLite (3.35 or newer) and PostgreSQL both take unchanged. A view
may rest on another: the order is found from the text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    MetaData,
    Numeric,
    Select,
    Table,
    inspect,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from warehouse.schema import UtcDateTime

if TYPE_CHECKING:
    import pandas as pd

# Computed booleans, which SQLite hands back as 0 and 1.
FLAGS = frozenset({"spike", "is_open", "more", "truncated", "configured"})
DAYS = frozenset({"day", "first_day", "last_day"})


class UnknownMart(KeyError):
    """No file of sql/marts has this name."""


@cache
def definitions() -> dict[str, str]:
    """Every mart's SQL by its name, each after those that it rests on."""
    folder = files("sql").joinpath("marts")
    sources = {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    }
    words = {mart: set(re.findall(r"\w+", _without_comments(source))) for mart, source in sources.items()}
    graph = {mart: (words[mart] & sources.keys()) - {mart} for mart in sorted(sources)}
    return {mart: sources[mart] for mart in TopologicalSorter(graph).static_order()}


def description(mart: str) -> str:
    """The prose at the head of a mart's file: what one row is, and what its columns mean. Raises UnknownMart."""
    head = _definition(mart).partition("CREATE VIEW")[0]
    return "\n".join(line.removeprefix("--").strip() for line in head.splitlines()).strip()


def create_views(connection: Connection) -> None:
    """Make every mart anew, inside the caller's transaction."""
    drop_views(connection)
    for source in definitions().values():
        connection.execute(text(_without_comments(source)))


def drop_views(connection: Connection, made: Iterable[str] = ()) -> None:
    """Take every mart away, and what an earlier release `made`: before a table beneath them is altered."""
    quoted = connection.dialect.identifier_preparer.quote
    there = [quoted(mart) for mart in inspect(connection).get_view_names() if mart in {*definitions(), *made}]
    if there and connection.dialect.name == "postgresql":
        there = [", ".join(there)]  # one may rest on another, in whatever order; SQLite takes one at a time
    for marts in there:
        connection.exec_driver_sql(f"DROP VIEW {marts}")


def read(
    engine: Engine,
    mart: str,
    *,
    policy: str | None = None,
    since: date | None = None,
    until: date | None = None,
    columns: Sequence[str] | None = None,
    where: Mapping[str, Any] | None = None,
) -> "pd.DataFrame":
    """The rows of a mart, with real dates, times (UTC) and booleans, in no particular order.

    `policy` keeps one policy's rows. `since` and `until`, both inclusive, bound the mart's day (`day`, `posted_on` or
    `opened_on`, whichever it has). `where` maps columns to the value, or the list of values, that they must have.
    Raises UnknownMart, and KeyError for a column that the mart has not.
    """
    import pandas as pd  # noqa: PLC0415 - half a second to import, and opening the warehouse does not need it

    _definition(mart)
    with engine.connect() as connection:
        view = _view(connection, mart)
        query = _bounded(view, since, until)
        if policy is not None:
            query = query.where(view.c.policy == policy)
        for name, value in (where or {}).items():
            column = view.c[name]
            query = query.where(column.in_(value) if isinstance(value, list | tuple | set) else column == value)
        if columns is not None:
            query = query.with_only_columns(*(view.c[name] for name in columns))
        result = connection.execute(query)
        return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object).infer_objects()


def _definition(mart: str) -> str:
    if mart not in definitions():
        raise UnknownMart(f"{mart!r} is no mart; there are: {', '.join(sorted(definitions()))}")
    return definitions()[mart]


def _without_comments(source: str) -> str:
    return re.sub(r"--[^\n]*", "", source)


def _view(connection: Connection, mart: str) -> Table:
    described = inspect(connection).get_columns(mart)
    return Table(mart, MetaData(), *(Column(one["name"], _type(one["name"], one["type"])) for one in described))


def _type(name: str, declared: TypeEngine[Any]) -> TypeEngine[Any]:
    """What a column of a view holds: SQLite declares no types for expressions, so the name decides."""
    if name.endswith("_at"):
        return UtcDateTime()
    if name in DAYS or name.endswith("_on"):
        return Date()
    if name in FLAGS:
        return Boolean()
    return Float() if isinstance(declared, Numeric) else declared


def _bounded(view: Table, since: date | None, until: date | None) -> Select[Any]:
    query = select(view)
    if since is None and until is None:
        return query
    day = next((view.c[name] for name in ("day", "posted_on", "opened_on") if name in view.c), None)
    if day is None:
        raise KeyError(f"{view.name} has no day to be bounded by")
    if since is not None:
        query = query.where(day >= since)
    return query if until is None else query.where(day <= until)
