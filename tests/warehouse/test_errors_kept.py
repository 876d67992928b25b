"""What an error of the database says: what went wrong, and nothing of the row that was being written."""

import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from collectors.collector import Batch
from collectors.mention import Mention
from incidents.alarm import SourceState, fault_of
from tests.warehouse.conftest import Clock
from warehouse.alarms import WarehouseAlarms
from warehouse.case_schema import outbox
from warehouse.engine import downgrade, migrate
from warehouse.mentions import MentionStore
from warehouse.operations_schema import alarms
from warehouse.schema import runs

WORDS = "The queue at the Example Office was long today"
QUOTED = "OperationalError: (sqlite3.OperationalError) disk is full\n[SQL: INSERT INTO mentions (text) VALUES (?)]"
ROW = "\n[parameters: ('The queue was long', 'au_0123')]\n(Background on this error at: https://sqlalche.me/e/20/e3q8)"
REFUSED = "IntegrityError: (psycopg.errors.NotNullViolation) null value in column"
FAILING = "\nDETAIL:  Failing row contains (x:1, The queue was long, au_0123).\n[SQL: INSERT …]"


def test_an_error_quotes_nothing_of_what_was_being_written(
    engine: Engine, store: MentionStore, post: Callable[..., Mention], batch: Callable[..., Batch]
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX said_once ON mentions (text)")
    with pytest.raises(DBAPIError, match=r"(?i)unique") as caught:
        store.store(store.start_run("test", "x"), batch(post(1, text=WORDS), post(2, text=WORDS)))
    told = "".join(traceback.format_exception(caught.value))
    for words in (WORDS, "au_", "invented_1", "Invented One"):
        assert words not in told


@pytest.mark.parametrize(("before", "row"), [(QUOTED, ROW), (REFUSED, FAILING)])
def test_an_upgrade_cuts_what_was_kept(
    engine: Engine, clock: Clock, store: MentionStore, before: str, row: str
) -> None:
    downgrade(engine, "0025")
    run = store.start_run("x", "x")
    store.finish_run(run, "failed", error=before + row)
    other = store.start_run("y", "y")
    store.finish_run(other, "unavailable", error="y answered 503")
    state = SourceState("x", "x", clock(), None, "access_denied", error=before + row)
    fault = fault_of(state, clock())
    assert fault is not None
    migrate(engine)
    assert WarehouseAlarms(engine).open(state, fault, clock())
    downgrade(engine, "0025")
    migrate(engine)
    with engine.connect() as connection:
        kept = {row.source: row.error for row in connection.execute(select(runs))}
        assert kept == {"x": before, "y": "y answered 503"}
        assert connection.execute(select(alarms.c.problem)).scalar_one() == before
        assert connection.execute(select(outbox.c.card)).scalar_one()["problem"] == before
