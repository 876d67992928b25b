"""What one further channel is told, and what became of each attempt: its own outbox beside the outbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update

from incidents.fallback import reworded
from incidents.notification import Notification, Receipt
from incidents.outbox import DeliveryError, Head, Refused, Unanswered, Undelivered
from incidents.quiet import ringing
from warehouse.case_rows import notification
from warehouse.case_schema import outbox
from warehouse.encoding import storable
from warehouse.relay_schema import relay_attempts, relays
from warehouse.sole import sole

MAX_ERROR = 500


class ChannelRelays:
    """`incidents.outbox.Outbox` of one further channel, so that none waits for another."""

    def __init__(self, engine: Engine, channel: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`clock`: by which quiet hours hold back here what they hold back in Slack."""
        self._engine = engine
        self._channel = channel
        self._clock = clock

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the only one who delivers to this channel. Raises AlreadyDelivering."""
        return sole(self._engine, self._channel)

    def fold(self, address: Callable[[Notification], str], now: datetime) -> None:
        """Nothing: what is told together is so before it comes here."""

    def undelivered(self) -> list[Undelivered]:
        """What waits for this channel and may ring now, in the order of writing, in the words for this channel."""
        query = (
            select(outbox, relays.c.state.label("here"), relays.c.why)
            .join(relays, relays.c.notification_id == outbox.c.notification_id)
            .where(relays.c.channel == self._channel, waits())
            .order_by(outbox.c.sequence)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        waiting = [Undelivered(reworded(notification(row), row.why), row.here == "sending") for row in rows]
        return ringing(waiting, self._clock())

    def head(self, incident_id: str, channel: str) -> Head | None:
        """The first message about an incident or alarm that this channel took."""
        query = (
            select(relay_attempts.c.remote_id, outbox.c.notification_id, outbox.c.reason)
            .join(outbox, outbox.c.notification_id == relay_attempts.c.notification_id)
            .where((outbox.c.incident_id == incident_id) | (outbox.c.alarm_id == incident_id))
            .where(relay_attempts.c.channel == self._channel, relay_attempts.c.remote_id.is_not(None))
            .order_by(relay_attempts.c.attempt_id)
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Head(row.remote_id, row.notification_id, row.reason)

    def sending(self, notification_id: str) -> None:
        """Say that from now on the channel may have the notification."""
        with self._engine.begin() as connection:
            self._set_state(connection, notification_id, "sending")

    def not_sent(self, notification_id: str) -> None:
        """Take that back: the channel has said itself that it has nothing of it."""
        with self._engine.begin() as connection:
            self._set_state(connection, notification_id, "pending")

    def delivered(self, receipt: Receipt, *, found: bool, at: datetime) -> None:
        """The channel has it."""
        outcome = "found" if found else "delivered"
        with self._engine.begin() as connection:
            self._set_state(connection, receipt.notification_id, "delivered", delivered_at=at)
            self._record(connection, receipt.notification_id, outcome, at, remote_id=receipt.remote_id)

    def not_delivered(self, notification_id: str, channel: str, error: DeliveryError, at: datetime) -> int:
        """Record a failed attempt; returns how often the channel has refused this notification."""
        outcome = "refused" if isinstance(error, Refused) else "failed"
        table = relay_attempts.c
        refused = (table.notification_id == notification_id) & (table.channel == self._channel)
        with self._engine.begin() as connection:
            if not isinstance(error, Unanswered):  # the channel said so: it has nothing of it
                self._set_state(connection, notification_id, "pending")
            self._record(connection, notification_id, outcome, at, error=storable(str(error))[:MAX_ERROR])
            query = select(func.count()).where(refused, table.outcome == "refused")
            return int(connection.execute(query).scalar_one())

    def give_up(self, notification_id: str) -> None:
        """Set a notification aside as failed."""
        with self._engine.begin() as connection:
            self._set_state(connection, notification_id, "failed")

    def retry_failed(self) -> int:
        """Let everything that was set aside wait again; returns how many."""
        mine = (relays.c.channel == self._channel) & (relays.c.state == "failed")
        with self._engine.begin() as connection:
            return connection.execute(update(relays).where(mine).values(state="sending")).rowcount

    def _set_state(self, connection: Connection, notification_id: str, state: str, **more: Any) -> None:
        mine = (relays.c.notification_id == notification_id) & (relays.c.channel == self._channel)
        connection.execute(update(relays).where(mine).values(state=state, **more))

    def _record(self, connection: Connection, notification_id: str, outcome: str, at: datetime, **more: str) -> None:
        row = {"notification_id": notification_id, "channel": self._channel, "outcome": outcome, "attempted_at": at}
        connection.execute(insert(relay_attempts).values({**row, **more}))


def waits() -> ColumnElement[bool]:
    """What goes in Slack's place goes only while Slack has not taken it; what is silenced, or in a digest, goes not."""
    named = (relays.c.why == "named") & outbox.c.state.not_in(("silenced", "digested"))
    needed = named | outbox.c.state.in_(("pending", "sending", "failed"))
    return relays.c.state.in_(("pending", "sending")) & needed
