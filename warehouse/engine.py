"""The way into the warehouse: one engine for SQLite and PostgreSQL, and the migrations that bring it up to date.

Convention for everybody who holds the engine: `engine.begin()` writes, `engine.connect()` reads. On SQLite the first
takes the write lock at once (BEGIN IMMEDIATE), so two writing processes wait for each other instead of failing half
way; the second reads a snapshot that no writer blocks. On PostgreSQL each question of a connection has a snapshot of
its own: what must fit together is read by `snapshot(engine)`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import Error as PostgresError
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError

from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import to_json
from warehouse.marts import create_views, definitions, drop_views
from warehouse.operations_schema import marts_made

BUSY_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
SECRETS = frozenset({"password", "sslpassword"})  # in the query of a URL
MIGRATION_LOCK = 0x70C51  # the advisory lock that one migrating process holds on PostgreSQL
_WRITES = "tocsin_writes"


class DatabaseUrlInvalid(ValueError):
    """TOCSIN_DATABASE_URL is not the address of a warehouse that Tocsin can use."""


class DatabaseUnavailable(Exception):
    """The database does not answer, or will not let us in. The message says what to mend."""


class SqliteEngine(Engine):
    """An engine whose `begin()` takes SQLite's write lock before the first read of the transaction."""

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: waits up to `BUSY_TIMEOUT_S` for another writer."""
        with self.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection


def connect(url: str) -> Engine:
    """The engine for a database URL. Touches neither network nor disk.

    `sqlite:///file`, and `postgres://` or `postgresql://` with or without a driver name. Raises DatabaseUrlInvalid;
    the engine itself raises DatabaseUnavailable when a connection cannot be made. No error of a statement quotes what
    was being written: run rows, alarms and logs keep errors, and outlive an erasure.
    """
    parsed = _parsed(url)
    engine = _sqlite(parsed) if parsed.drivername.startswith("sqlite") else _postgresql(parsed)
    event.listen(engine, "handle_error", _quote_no_row)
    event.listen(engine, "handle_error", _name_the_fix)
    return engine


def without_passwords(url: URL) -> str:
    """The address of a database, for people to read. PostgreSQL takes passwords in the query too."""
    hidden = dict.fromkeys(SECRETS & url.query.keys(), "***")
    rendered = url.update_query_dict(hidden).render_as_string(hide_password=True)
    return rendered.replace("=%2A%2A%2A", "=***")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one moment's warehouse, however many questions it asks. SQLite's always does."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@retry_deadlocks
def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision and the marts to this release's text.

    Safe to run twice, and twice at once; where everything is current it only looks. Raises DatabaseUnavailable for a
    warehouse that a newer release has had in hand.
    """
    if engine.dialect.name == "sqlite":
        _prepare_file(engine)
    if is_current(engine):
        return
    with engine.begin() as connection:
        _lock_out_other_migrations(connection)
        _refuse_newer(connection)
        _drop_marts(connection)  # PostgreSQL will not alter a table beneath a view
        command.upgrade(_config(connection), "head")
        create_views(connection)
        connection.execute(insert(marts_made), [{"mart": mart, "sha256": sha} for mart, sha in _marts().items()])


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the tables back to `revision`. The marts go; `migrate` makes them again."""
    with engine.begin() as connection:
        _lock_out_other_migrations(connection)
        _drop_marts(connection)
        command.downgrade(_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Whether the warehouse exists and has this release's tables and marts. Creates nothing."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return False
    with engine.connect() as connection:
        return _at_head(connection) and _made(connection) == _marts()


def _parsed(url: str) -> URL:
    fix = "set TOCSIN_DATABASE_URL to sqlite:///path/to/tocsin.db or postgresql://user:password@host/database"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUrlInvalid(f"the database URL cannot be read; {fix}") from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise DatabaseUrlInvalid(f"the warehouse does not run on {kind}; {fix}")
    if parsed.database in (None, "", ":memory:") or parsed.host:
        raise DatabaseUrlInvalid(f"a SQLite warehouse needs a file (three slashes, then its path); {fix}")
    return parsed


def _sqlite(url: URL) -> Engine:
    made = create_engine(url, json_serializer=to_json, connect_args={"timeout": BUSY_TIMEOUT_S})
    engine = SqliteEngine(made.pool, made.dialect, made.url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_connection(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: a power cut may lose the last commits, never the file
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no letters but ASCII's


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    given = url.query.get("options", "")
    options = " ".join([*([given] if isinstance(given, str) else given), "-c timezone=UTC"]).strip()
    arguments: dict[str, Any] = {"options": options, "application_name": "tocsin"}
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = CONNECT_TIMEOUT_S
    return create_engine(url, json_serializer=to_json, pool_pre_ping=True, connect_args=arguments, hide_parameters=True)


def _quote_no_row(context: ExceptionContext) -> None:
    """PostgreSQL quotes the row that it refuses below its first line (DETAIL, CONTEXT): only the first line is kept."""
    cause = context.original_exception
    if isinstance(cause, PostgresError) and cause.diag.message_primary:
        for error in filter(None, (cause, context.sqlalchemy_exception)):
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _name_the_fix(context: ExceptionContext) -> None:
    """A connection that could not be made is told in the operator's words; the URL without its passwords."""
    if context.connection is not None or context.engine is None or context.is_pre_ping:
        return
    cause = str(context.original_exception).strip().splitlines()[0]
    raise _unavailable(context.engine, cause) from context.original_exception


def _unavailable(engine: Engine, cause: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"the warehouse at {without_passwords(engine.url)} cannot be opened: {cause}. "
        "Check that the database runs and that TOCSIN_DATABASE_URL names it; `tocsin doctor` tries it again"
    )


def _prepare_file(engine: Engine) -> None:
    """Make the folder, and turn on write-ahead logging, which the file then remembers."""
    path = Path(str(engine.url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unavailable(engine, f"{path.parent} cannot be made ({error.strerror})") from error
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]


def _lock_out_other_migrations(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has done it already
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def _refuse_newer(connection: Connection) -> None:
    ours = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    if unknown := sorted(set(MigrationContext.configure(connection).get_current_heads()) - ours):
        raise DatabaseUnavailable(
            f"the warehouse at {without_passwords(connection.engine.url)} was brought to revision {unknown[0]} by a "
            f"newer release of Tocsin, and this one knows those up to {max(ours)}. Install that release again, or let "
            'it take the tables back first: see "Migrating" in docs/warehouse-operations.md'
        )


def _at_head(connection: Connection) -> bool:
    heads = ScriptDirectory.from_config(_config()).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _marts() -> dict[str, str]:
    return {mart: sha256(source.encode()).hexdigest() for mart, source in definitions().items()}


def _made(connection: Connection) -> dict[str, str]:
    if not inspect(connection).has_table(marts_made.name):
        return {}
    return {row.mart: row.sha256 for row in connection.execute(select(marts_made))}


def _drop_marts(connection: Connection) -> None:
    """Drop the marts that an earlier release made, those that are no longer among ours too, and no view of others."""
    made = _made(connection)
    drop_views(connection, made)
    if made:
        connection.execute(delete(marts_made))
