"""The engine: addresses, errors that name the fix, migrations that match the tables, two writers at once."""

import re
import sqlite3
import stat
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, func, insert, inspect, select, text

from warehouse.engine import DatabaseUnavailable, DatabaseUrlInvalid, connect, downgrade, is_current, migrate
from warehouse.marts import definitions
from warehouse.operations_schema import marts_made
from warehouse.schema import checkpoints, metadata


def test_migrations_make_exactly_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_downgrade_leaves_nothing_and_migrate_brings_it_back(engine: Engine) -> None:
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(engine)
    migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    assert set(definitions()) <= set(inspect(engine).get_view_names())
    assert is_current(engine)


def test_a_warehouse_of_a_newer_release_is_left_alone_and_the_fix_named(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnavailable, match=r"revision 9999 by a newer release .* Install that release again"):
        migrate(engine)
    assert set(definitions()) <= set(inspect(engine).get_view_names())


def test_marts_of_an_earlier_release_are_replaced_and_an_analysts_view_stays(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW analysts_own AS SELECT mention_id FROM mentions")
        for mart in ("retired_base", "retired_top"):
            below = "mentions" if mart == "retired_base" else "retired_base"
            connection.exec_driver_sql(f"CREATE VIEW {mart} AS SELECT mention_id FROM {below}")
            connection.execute(insert(marts_made).values(mart=mart, sha256="0" * 64))
    assert not is_current(engine)
    migrate(engine)
    views = set(inspect(engine).get_view_names())
    assert views == {"analysts_own", *definitions()}
    assert is_current(engine)


def test_marts_that_rested_on_each_other_in_another_order_are_replaced(engine: Engine) -> None:
    order = list(definitions())
    assert order.index("canary_times") < order.index("posts_left_out"), "as it is now"
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW canary_times")
        connection.exec_driver_sql("CREATE VIEW canary_times AS SELECT source FROM posts_left_out")
        connection.exec_driver_sql("CREATE VIEW retired AS SELECT source FROM canary_times")
        connection.execute(insert(marts_made).values(mart="retired", sha256="0" * 64))
    migrate(engine)
    assert set(inspect(engine).get_view_names()) == set(definitions())
    assert is_current(engine)


def test_migrating_again_keeps_what_is_there(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO days (day) VALUES ('2026-10-01')")
    migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM days").scalar() == 1


def test_nothing_is_made_before_migrate(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "tocsin.db"
    engine = connect(f"sqlite:///{path}")
    assert not is_current(engine)
    assert not path.parent.exists()
    migrate(engine)
    assert is_current(engine)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def _migrate_together(url: str) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(3)

    def run() -> None:
        engine = connect(url)
        barrier.wait()
        try:
            migrate(engine)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert is_current(connect(url))


def test_three_that_migrate_at_once_on_sqlite(tmp_path: Path) -> None:
    _migrate_together(f"sqlite:///{tmp_path / 'tocsin.db'}")


@pytest.mark.postgres
def test_three_that_migrate_at_once_on_postgres(empty_postgres_url: str) -> None:
    _migrate_together(empty_postgres_url)


def test_writers_wait_for_each_other(warehouse_url: str) -> None:
    """Read, then write, in one transaction, from four threads: a deferred BEGIN would fail with a locked database."""
    setup = connect(warehouse_url)
    with setup.begin() as connection:
        connection.execute(insert(checkpoints).values(source="s", state={"n": 0}, updated_at=func.current_timestamp()))
    failures: list[BaseException] = []

    def add_ten() -> None:
        engine = connect(warehouse_url)
        for _ in range(10):
            try:
                with engine.begin() as connection:
                    state = connection.execute(select(checkpoints.c.state).with_for_update()).scalar_one()
                    time.sleep(0.001)
                    connection.execute(checkpoints.update().values(state={"n": state["n"] + 1}))
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with setup.connect() as connection:
        assert connection.execute(select(checkpoints.c.state)).scalar_one() == {"n": 40}
    setup.dispose()


def test_a_reader_is_not_blocked_by_a_writer(engine: Engine) -> None:
    with engine.begin() as writer:
        writer.exec_driver_sql("INSERT INTO days (day) VALUES ('2026-10-01')")
        started = time.monotonic()
        with engine.connect() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM days").scalar() == 0
        assert time.monotonic() - started < 5


def test_foreign_keys_hold_and_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), engine.begin() as connection:  # noqa: PT012
        connection.exec_driver_sql("INSERT INTO days (day) VALUES ('2026-10-01')")
        connection.exec_driver_sql("INSERT INTO payloads (mention_id, payload) VALUES ('x:1', '{}')")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM days").scalar() == 0


def test_postgres_speaks_utc(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as connection:
        assert connection.execute(text("SHOW timezone")).scalar() == "UTC"


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgres_is_psycopg_3(spelling: str) -> None:
    assert connect(f"{spelling}://u:p@h/d").url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "//"])
def test_an_address_that_is_none_names_the_setting_and_the_fix(url: str) -> None:
    with pytest.raises(DatabaseUrlInvalid, match="TOCSIN_DATABASE_URL") as caught:
        connect(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://monitor:hunter2@127.0.0.1:9/tocsin", "monitor:***@127.0.0.1:9/tocsin"),
        ("postgresql://127.0.0.1:9/d?password=hunter2&user=t", "127.0.0.1:9/d?password=***&user=t"),
        ("postgresql://t@127.0.0.1:9/d?sslpassword=hunter2&sslmode=prefer", "9/d?sslmode=prefer&sslpassword=***"),
    ],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(url: str, told: str) -> None:
    engine = connect(url)
    with pytest.raises(DatabaseUnavailable, match=re.escape(told)) as caught:
        is_current(engine)
    assert "TOCSIN_DATABASE_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are notes, and not a database at all. " * 50)
    with pytest.raises(DatabaseUnavailable, match=r"notes\.db"):
        migrate(connect(f"sqlite:///{path}"))
    assert path.stat().st_mode & stat.S_IRUSR


def test_a_file_that_cannot_be_made_is_named() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"/proc/invented cannot be made .* TOCSIN_DATABASE_URL"):
        migrate(connect("sqlite:////proc/invented/tocsin.db"))


def test_sqlite_lowers_every_letter_that_has_a_case(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        asked = [select(func.lower(each)) for each in ("ÉLODIE Ж", "", 5, None)]
        assert [connection.execute(each).scalar_one() for each in asked] == ["élodie ж", "", "5", None]
