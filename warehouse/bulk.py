"""Many rows at once: executemany on SQLite, COPY into a staging table and INSERT … SELECT on PostgreSQL.

Rows go in in the order of their key, so that two processes that load the same rows wait for each other instead of
locking each other out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Table, select, table
from sqlalchemy import column as named
from sqlalchemy.dialects import postgresql, sqlite

from warehouse.encoding import to_json

Row = Mapping[str, Any]
# From the row that was to be inserted (ON CONFLICT's "excluded") to the columns that the row in its way gets.
Update = Callable[[Any], Mapping[str, Any]]


def load(
    connection: Connection, into: Table, rows: Sequence[Row], update: Update | None = None, key: str | None = None
) -> None:
    """Insert rows; where `key` (default: the primary key) is there already, do as `update` says, or nothing.

    All rows have the same columns, and no two of them the same key.
    """
    if not rows:
        return
    keys = _keys(into, key)
    if connection.dialect.name == "sqlite":
        insert = sqlite.insert(into)
        conflict = insert.on_conflict_do_update(keys, set_=update(insert.excluded)) if update else None
        connection.execute(insert.on_conflict_do_nothing(keys) if conflict is None else conflict, _sorted(rows, keys))
    else:
        _load_by_copy(connection, into, _sorted(rows, keys), keys, update)


def load_new(connection: Connection, into: Table, rows: Sequence[Row]) -> set[Any]:
    """Insert rows that were not there when this transaction looked; returns the keys (first column) that went in.

    On PostgreSQL another process may have been faster with some: those are left as they are. On SQLite nobody can be:
    the write lock is ours since before we looked.
    """
    if not rows:
        return set()
    keys = _keys(into, None)
    if connection.dialect.name == "sqlite":
        connection.execute(sqlite.insert(into), _sorted(rows, keys))
        return {row[keys[0]] for row in rows}
    return _load_by_copy(connection, into, _sorted(rows, keys), keys, None)


def replace_all(into: Table) -> Update:
    """The update that takes every column from the new row."""
    columns = [column.name for column in into.columns if not column.primary_key]
    return lambda excluded: {name: excluded[name] for name in columns}


def _keys(into: Table, key: str | None) -> list[str]:
    return [key] if key else [column.name for column in into.primary_key]


def _sorted(rows: Sequence[Row], keys: Sequence[str]) -> list[Row]:
    return sorted(rows, key=lambda row: [row[name] for name in keys])


def _load_by_copy(
    connection: Connection, into: Table, rows: Sequence[Row], keys: Sequence[str], update: Update | None
) -> set[Any]:
    columns = list(rows[0])
    staged = f"staged_{into.name}"
    # Made once a connection, so that a busy collector does not swell the catalogue; it has no constraints of its own.
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} AS SELECT * FROM {into.name} WITH NO DATA"  # noqa: S608
    )
    _copy(connection, staged, [into.c[name] for name in columns], rows)
    source = select(*(named(name, into.c[name].type) for name in columns)).select_from(table(staged))
    insert = postgresql.insert(into).from_select(columns, source.order_by(*(named(name) for name in keys)))
    conflict = insert.on_conflict_do_update(index_elements=keys, set_=update(insert.excluded)) if update else None
    statement = insert.on_conflict_do_nothing(index_elements=keys) if conflict is None else conflict
    written = set(connection.execute(statement.returning(into.c[keys[0]])).scalars())
    connection.exec_driver_sql(f"TRUNCATE {staged}")
    return written


def _copy(connection: Connection, staged: str, columns: Sequence[Any], rows: Sequence[Row]) -> None:
    names = [column.name for column in columns]
    as_json = [isinstance(column.type, JSON) for column in columns]
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY {staged} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            values = (to_json(row[name]) if json else row[name] for name, json in zip(names, as_json, strict=True))
            copy.write_row(tuple(values))
