"""Alarms about sources on SQLite and PostgreSQL: one an occurrence, told with it, and told when it is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from incidents.alarm import watch
from incidents.console import ConsoleChannel
from incidents.delivery import deliver
from tests.incidents.samples import NOON
from tests.warehouse.case_samples import fill
from warehouse.alarms import WarehouseAlarms, source_states
from warehouse.case_schema import outbox
from warehouse.engine import downgrade, migrate
from warehouse.operations_schema import alarms
from warehouse.outbox import WarehouseOutbox
from warehouse.schema import runs
from warehouse.sources import SourceNote, note_sources

HOUR = timedelta(hours=1)


def ran(engine: Engine, number: int, outcome: str, at: timedelta, **more: object) -> None:
    """A run of `x`, so long after noon."""
    row = {"run_id": f"r{number}", "source": "x", "platform": "x", "outcome": outcome, **more}
    with engine.begin() as connection:
        connection.execute(insert(runs).values(**row, started_at=NOON + at, finished_at=NOON + at))


def look(engine: Engine, at: timedelta, *sources: str) -> dict[str, int]:
    """One watch, so long after noon."""
    now = NOON + at
    return watch(WarehouseAlarms(engine, "C0OPS"), source_states(engine, sources, now.date()), now)


def test_one_alarm_an_occurrence_and_word_when_it_is_over(engine: Engine) -> None:
    ran(engine, 1, "completed", -HOUR)
    assert look(engine, 0 * HOUR, "x", "never-run") == {"raised": 0, "recovered": 0}
    ran(engine, 2, "access_denied", HOUR, error="403: renew TOCSIN_X_BEARER_TOKEN")
    assert look(engine, HOUR, "x") == {"raised": 1, "recovered": 0}
    ran(engine, 3, "unexpected_response", 2 * HOUR, error="HTML")
    assert look(engine, 2 * HOUR, "x") == {"raised": 0, "recovered": 0}
    ran(engine, 4, "unavailable", 3 * HOUR)
    assert look(engine, 3 * HOUR, "x") == {"raised": 0, "recovered": 0}
    ran(engine, 5, "running", 4 * HOUR)
    assert look(engine, 4 * HOUR, "x") == {"raised": 0, "recovered": 0}
    ran(engine, 6, "completed", 5 * HOUR)
    assert look(engine, 5 * HOUR, "x") == {"raised": 0, "recovered": 1}
    assert look(engine, 6 * HOUR, "x") == {"raised": 0, "recovered": 0}
    ran(engine, 7, "access_denied", 7 * HOUR)
    assert look(engine, 7 * HOUR, "x") == {"raised": 1, "recovered": 0}
    told = [each.notification for each in WarehouseOutbox(engine).undelivered()]
    assert [(each.incident_id, each.reason, each.channel) for each in told] == [
        ("SRC-1", "source_alarm", "C0OPS"),
        ("SRC-1", "source_recovered", "C0OPS"),
        ("SRC-2", "source_alarm", "C0OPS"),
    ]


def test_a_source_that_nobody_reads_any_more_is_laid_to_rest(engine: Engine) -> None:
    ran(engine, 1, "access_denied", 0 * HOUR)
    assert look(engine, HOUR, "x")["raised"] == 1
    assert look(engine, 2 * HOUR) == {"raised": 0, "recovered": 1}


def test_silence_and_unusual_volumes_raise_alarms(engine: Engine) -> None:
    note_sources(engine, [SourceNote("x", "x", True, "official API", None, 5, 50)], NOON)
    ran(engine, 0, "completed", -48 * HOUR, collected=900, inserted=900)
    assert look(engine, -24 * HOUR, "x")["raised"] == 0, "a first run brings all of the past"
    ran(engine, 1, "completed", -24 * HOUR, collected=2, inserted=2)
    ran(engine, 2, "completed", 0 * HOUR, collected=9, inserted=9)
    assert look(engine, HOUR, "x")["raised"] == 1
    with engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.run_id == "r1").values(inserted=20))
    assert look(engine, 2 * HOUR, "x")["recovered"] == 1
    assert look(engine, 25 * HOUR, "x")["raised"] == 1
    with engine.connect() as connection:
        kinds = connection.execute(select(alarms.c.kind, alarms.c.problem).order_by(alarms.c.number)).all()
    assert [each.kind for each in kinds] == ["unusual_volume", "quiet"]
    assert kinds[0].problem == "2 new posts on the last whole day: below."


def test_many_who_look_at_once_raise_one_alarm(engine: Engine) -> None:
    ran(engine, 1, "access_denied", 0 * HOUR)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: look(engine, HOUR, "x")["raised"], range(6)))
    assert sum(found) == 1
    assert len(WarehouseOutbox(engine).undelivered()) == 1


def test_both_messages_are_delivered_once_in_one_thread(sqlite_engine: Engine, tmp_path: Path) -> None:
    box = WarehouseOutbox(sqlite_engine)
    with (tmp_path / "console").open("w") as stream:
        channel = ConsoleChannel(tmp_path / "outbox", stream)
        ran(sqlite_engine, 1, "access_denied", 0 * HOUR)
        look(sqlite_engine, HOUR, "x")
        assert deliver(box, channel).delivered == 1
        ran(sqlite_engine, 2, "completed", 2 * HOUR)
        look(sqlite_engine, 2 * HOUR, "x")
        assert deliver(box, channel).delivered == 1
        assert deliver(box, channel).delivered == 0
    first, second = (
        path.read_text() for path in sorted((tmp_path / "outbox").iterdir(), key=lambda p: p.stat().st_mtime_ns)
    )
    assert '"thread": null' in first
    assert '"thread": null' not in second
    assert "Recovered: it is read again as it should be" in (tmp_path / "console").read_text()


def test_a_notification_is_about_one_thing(engine: Engine) -> None:
    fill(engine, cases=1, each=1)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(update(outbox).values(incident_id=None))


def test_alarms_come_and_go_with_their_revision_and_deliveries_stay(engine: Engine, tmp_path: Path) -> None:
    fill(engine, cases=1, each=2)
    ran(engine, 1, "access_denied", 0 * HOUR)
    look(engine, HOUR, "x")
    with (tmp_path / "console").open("w") as stream:
        assert deliver(WarehouseOutbox(engine), ConsoleChannel(tmp_path / "outbox", stream)).delivered == 3
    downgrade(engine, "0004")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one() == 2
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one() == 2
        assert connection.execute(text("SELECT count(*) FROM outbox WHERE alarm_id IS NULL")).scalar_one() == 2
