"""Alarms about sources, and the states from which they are made. Alarm and notification are one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from incidents.alarm import NEXT_STEPS, OF_OTHERS, Alarm, Fault, SourceState, told
from incidents.notification import SourceCard
from warehouse.case_entries import add_notification
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.marts import read
from warehouse.operations_schema import alarms
from warehouse.runs import RUNNING
from warehouse.schema import runs

ON_DEMAND = "archive"
ALARM_LOCK = 0x70C54  # on PostgreSQL: one alarm is opened at a time


class WarehouseAlarms:
    """`incidents.alarm.AlarmBook` on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, channel: str | None = None) -> None:
        """`channel`: where the operators read; None: the channel's own default."""
        self._engine = engine
        self._channel = channel

    def standing(self) -> dict[str, Alarm]:
        """The open alarms, by source."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(alarms).where(alarms.c.recovered_at.is_(None)))
            return {row.source: _alarm(row) for row in rows}

    @retry_deadlocks
    def open(self, state: SourceState, fault: Fault, now: datetime) -> bool:
        """Open an alarm and put its notification into the outbox; False where the source has an open one."""
        with self._engine.begin() as connection:
            return raise_alarm(connection, state, fault, self._channel, now)

    @retry_deadlocks
    def close(self, alarm: Alarm, note: str, now: datetime) -> bool:
        """Lay an alarm to rest and say so; False where somebody has done so already."""
        still = (alarms.c.alarm_id == alarm.id) & alarms.c.recovered_at.is_(None)
        with self._engine.begin() as connection:
            if not connection.execute(update(alarms).where(still).values(recovered_at=now)).rowcount:
                return False
            known = ("", None) if alarm.kind in OF_OTHERS else _last_success(connection, alarm.source)
            card = replace(_card(alarm, *known), note=note)
            add_notification(connection, told(card, "source_recovered", self._channel, now))
        return True


def raise_alarm(connection: Connection, state: SourceState, fault: Fault, channel: str | None, now: datetime) -> bool:
    """Open an alarm, with its notification, in the caller's transaction; False where the source has an open one."""
    has_one = select(alarms.c.number).where(alarms.c.source == state.source, alarms.c.recovered_at.is_(None))
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has done it already
        connection.execute(select(func.pg_advisory_xact_lock(ALARM_LOCK)))
    if connection.execute(has_one).first() is not None:
        return False
    card = _card(_insert(connection, state, fault, now), state.platform, state.last_success_at)
    add_notification(connection, told(card, "source_alarm", channel, now))
    return True


def source_states(engine: Engine, sources: Sequence[str], today: date) -> list[SourceState]:
    """How each of these sources stands by its runs; one that was never run has nothing to say."""
    register = {row["source"]: row for row in read(engine, "source_register").to_dict("records")}
    with engine.connect() as connection:
        found = [_state(connection, source, register.get(source, {}), today) for source in sources]
    return [state for state in found if state is not None]


def _state(connection: Connection, source: str, known: Any, today: date) -> SourceState | None:
    of_source = select(runs).where(runs.c.source == source)
    first = connection.execute(of_source.order_by(runs.c.started_at).limit(1)).one_or_none()
    if first is None:
        return None
    ended = of_source.where(runs.c.outcome != RUNNING).order_by(runs.c.started_at.desc(), runs.c.run_id.desc())
    last = connection.execute(ended.limit(1)).one_or_none()
    platform, success = _last_success(connection, source)
    whole_day = known.get("volume_on")
    # The day of a source's first run brings all that it finds of the past, which says nothing of its days.
    recent = isinstance(whole_day, date) and (today - whole_day).days == 1 and whole_day > first.started_at.date()
    return SourceState(
        source=source,
        platform=platform,
        first_run_at=first.started_at,
        last_success_at=success,
        outcome=last.outcome if last else None,
        error=last.error if last else None,
        collected=last.collected if last else 0,
        quarantined=last.quarantined if last else 0,
        seen=int(known["seen"]) if recent else None,
        volume=str(known["volume"]) if recent else None,
        on_demand=platform == ON_DEMAND,
    )


def _last_success(connection: Connection, source: str) -> tuple[str, datetime | None]:
    query = select(func.min(runs.c.platform)).where(runs.c.source == source)
    latest = select(runs.c.finished_at).where(runs.c.source == source, runs.c.outcome == "completed")
    platform = connection.execute(query).scalar_one() or source
    return platform, connection.execute(latest.order_by(runs.c.finished_at.desc()).limit(1)).scalar_one_or_none()


def _insert(connection: Connection, state: SourceState, fault: Fault, now: datetime) -> Alarm:
    number = connection.execute(select(func.coalesce(func.max(alarms.c.number), 0))).scalar_one() + 1
    row = {
        "number": number,
        "alarm_id": f"SRC-{number}",
        "source": state.source,
        "kind": fault.kind,
        "problem": storable(fault.problem),
        "raised_at": now,
    }
    connection.execute(insert(alarms).values(row))
    return Alarm(row["alarm_id"], state.source, fault.kind, row["problem"], now)


def _card(alarm: Alarm, platform: str, success: datetime | None) -> SourceCard:
    return SourceCard(
        alarm_id=alarm.id,
        source=alarm.source,
        platform=platform,
        kind=alarm.kind,
        problem=alarm.problem,
        since=alarm.raised_at,
        last_success_at=success,
        next_step=NEXT_STEPS[alarm.kind],
    )


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(row.alarm_id, row.source, row.kind, row.problem, row.raised_at)
