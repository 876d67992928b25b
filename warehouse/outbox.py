"""The outbox: what waits to be told, what became of each attempt, and where the threads hang."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.digest import FLOOD_AT
from incidents.notification import Notification, Receipt
from incidents.outbox import DeliveryError, Head, Refused, Undelivered
from incidents.quiet import ringing
from warehouse.case_rows import notification
from warehouse.case_schema import deliveries, outbox, threads
from warehouse.deadlocks import retry_deadlocks
from warehouse.digests import fold
from warehouse.encoding import storable
from warehouse.silences import hush
from warehouse.sole import sole

MAX_ERROR = 500


class WarehouseOutbox:
    """`incidents.outbox.Outbox` on SQLite and PostgreSQL."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        flood_at: int = FLOOD_AT,
        *,
        floods_alone: bool = False,
    ) -> None:
        """`flood_at`: how many new incidents a channel is told of singly in an hour.

        `floods_alone`: nothing waits but digests and what goes out singly beside them, in order within each thread.
        """
        self._engine = engine
        self._clock = clock
        self._flood_at = flood_at
        self._floods_alone = floods_alone

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the outbox as its only sender; a process that dies lets go. Raises AlreadyDelivering."""
        with sole(self._engine):
            yield

    @retry_deadlocks
    def fold(self, address: Callable[[Notification], str], now: datetime) -> None:
        """Before a delivery: keep quiet what is silenced, tell together what is too much, or can wait."""
        with self._engine.begin() as connection:
            hush(connection, address, now)
            fold(connection, address, now, self._flood_at)

    def undelivered(self) -> list[Undelivered]:
        """What waits and may ring now: digests, then the rest in the order in which it was written."""
        query = select(outbox).where(outbox.c.state.in_(("pending", "sending")))
        query = query.order_by(outbox.c.reason != "digest", outbox.c.sequence)
        with self._engine.connect() as connection:
            rows: Iterable[Row[Any]] = connection.execute(query)
            rows = _of_floods(rows) if self._floods_alone else rows
            waiting = [Undelivered(notification(row), row.state == "sending") for row in rows]
        return ringing(waiting, self._clock())

    def head(self, incident_id: str, channel: str) -> Head | None:
        """Where the thread of an incident or of an alarm hangs in a channel, or a digest, if it is there."""
        with self._engine.connect() as connection:
            row = connection.execute(_head_of_incident(incident_id, channel)).one_or_none()
            row = row or connection.execute(_head_of_alarm(incident_id, channel)).one_or_none()
            row = row or connection.execute(_digest_in(incident_id, channel)).one_or_none()
        return None if row is None else Head(row.remote_id, row.notification_id, row.reason)

    def sending(self, notification_id: str) -> None:
        """Say that from now on the channel may have the notification."""
        with self._engine.begin() as connection:
            _set_state(connection, notification_id, "sending")

    def not_sent(self, notification_id: str) -> None:
        """Take that back: the channel has said itself that it has nothing of it."""
        with self._engine.begin() as connection:
            _set_state(connection, notification_id, "pending")

    def delivered(self, receipt: Receipt, *, found: bool, at: datetime) -> None:
        """The channel has it; its thread hangs where the receipt's detail says."""
        with self._engine.begin() as connection:
            incident_id = connection.execute(
                select(outbox.c.incident_id).where(outbox.c.notification_id == receipt.notification_id)
            ).scalar_one()
            if _is_there(connection, receipt):  # what is edited in place
                _set_state(connection, receipt.notification_id, "delivered")
                _record(connection, receipt.notification_id, receipt.channel, "edited", at)
                return
            _set_state(connection, receipt.notification_id, "delivered", delivered_at=at)
            outcome = "found" if found else "delivered"
            told = {"remote_id": receipt.remote_id, "delayed_s": receipt.detail.get("delayed_s")}
            _record(connection, receipt.notification_id, receipt.channel, outcome, at, **told)
            if incident_id is not None:  # an alarm's thread is found by its first notification
                _hang(connection, incident_id, receipt.channel, str(receipt.detail["thread"]))

    def not_delivered(self, notification_id: str, channel: str, error: DeliveryError, at: datetime) -> int:
        """Record a failed attempt; returns how often the channel has refused this notification."""
        outcome = "refused" if isinstance(error, Refused) else "failed"
        refused = (deliveries.c.notification_id == notification_id) & (deliveries.c.outcome == "refused")
        with self._engine.begin() as connection:
            _record(connection, notification_id, channel, outcome, at, error=storable(str(error))[:MAX_ERROR])
            return int(connection.execute(select(func.count()).where(refused)).scalar_one())

    def give_up(self, notification_id: str) -> None:
        """Set a notification aside as failed."""
        with self._engine.begin() as connection:
            _set_state(connection, notification_id, "failed")

    def retry_failed(self) -> int:
        """Let everything that was set aside wait again, in doubt; returns how many."""
        with self._engine.begin() as connection:
            return connection.execute(update(outbox).where(outbox.c.state == "failed").values(state="sending")).rowcount


def _of_floods(rows: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """Those of a flood; nothing of an incident behind what is left of it to wait: a thread is told in order."""
    left: set[str | None] = set()
    for row in rows:
        if row.reason == "digest" or (row.told_in is not None and row.incident_id not in left):
            yield row
        else:
            left.add(row.incident_id)


def _head_of_incident(incident_id: str, channel: str) -> Select[Any]:
    return (
        select(threads.c.remote_id, outbox.c.notification_id, outbox.c.reason)
        .join(
            deliveries,
            (deliveries.c.channel == threads.c.channel) & (deliveries.c.remote_id == threads.c.remote_id),
        )
        .join(outbox, outbox.c.notification_id == deliveries.c.notification_id)
        .where(threads.c.incident_id == incident_id, outbox.c.incident_id == incident_id)
        .where(threads.c.channel == channel)
        .order_by(deliveries.c.delivery_id)
        .limit(1)
    )


def _head_of_alarm(alarm_id: str, channel: str) -> Select[Any]:
    """An alarm has no thread of its own in `threads`: it hangs below the first message about it."""
    return (
        select(deliveries.c.remote_id, outbox.c.notification_id, outbox.c.reason)
        .join(outbox, outbox.c.notification_id == deliveries.c.notification_id)
        .where(outbox.c.alarm_id == alarm_id, deliveries.c.channel == channel, deliveries.c.remote_id.is_not(None))
        .order_by(deliveries.c.delivery_id)
        .limit(1)
    )


def _digest_in(digest_id: str, channel: str) -> Select[Any]:
    """A digest's one message: the newest, where one that was deleted was posted anew."""
    return (
        select(deliveries.c.remote_id, outbox.c.notification_id, outbox.c.reason)
        .join(outbox, outbox.c.notification_id == deliveries.c.notification_id)
        .where(outbox.c.bulletin_id == digest_id, outbox.c.reason == "digest")
        .where(deliveries.c.channel == channel, deliveries.c.remote_id.is_not(None))
        .order_by(deliveries.c.delivery_id.desc())
        .limit(1)
    )


def _is_there(connection: Connection, receipt: Receipt) -> bool:
    same = (deliveries.c.notification_id == receipt.notification_id) & (deliveries.c.remote_id == receipt.remote_id)
    return connection.execute(select(deliveries.c.delivery_id).where(same).limit(1)).first() is not None


def _set_state(connection: Connection, notification_id: str, state: str, **more: Any) -> None:
    query = update(outbox).where(outbox.c.notification_id == notification_id)
    connection.execute(query.values(state=state, **more))


def _record(
    connection: Connection, notification_id: str, channel: str, outcome: str, at: datetime, **more: Any
) -> None:
    row = {"notification_id": notification_id, "channel": channel, "outcome": outcome, "attempted_at": at, **more}
    connection.execute(insert(deliveries).values(row))


def _hang(connection: Connection, incident_id: str, channel: str, remote_id: str) -> None:
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    query = upsert(threads).values(incident_id=incident_id, channel=channel, remote_id=remote_id)
    connection.execute(query.on_conflict_do_update(index_elements=["incident_id", "channel"], set_=query.excluded))
