"""What further channels are told: rows beside the outbox, one a notification and channel, each delivered by itself."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.fallback import Relay, reworded
from incidents.notification import Receipt
from incidents.outbox import DeliveryError, Head, Refused, Undelivered
from warehouse.case_rows import notification
from warehouse.case_schema import incidents, outbox
from warehouse.encoding import storable
from warehouse.relay_schema import relay_attempts, relay_channels, relays
from warehouse.sole import sole

LOOKS_BACK = timedelta(hours=24)  # what a channel that is newly named still hears
TOLD = ("pending", "sending", "delivered", "failed")  # by itself: neither in a digest nor silenced
MAX_ERROR = 500

Named = Mapping[tuple[str, str], Iterable[str]]  # (pack's id, route) -> channels


class ChannelRelays:
    """`incidents.outbox.Outbox` of one further channel, so that none waits for another."""

    def __init__(self, engine: Engine, channel: str) -> None:
        self._engine = engine
        self._channel = channel

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the only one who delivers to this channel. Raises AlreadyDelivering."""
        return sole(self._engine, self._channel)

    def undelivered(self) -> list[Undelivered]:
        """What waits for this channel, in the order in which it was written, in the words for this channel."""
        query = (
            select(outbox, relays.c.state.label("here"), relays.c.why)
            .join(relays, relays.c.notification_id == outbox.c.notification_id)
            .where(relays.c.channel == self._channel, relays.c.state.in_(("pending", "sending")))
            .order_by(outbox.c.sequence)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [Undelivered(reworded(notification(row), row.why), row.here == "sending") for row in rows]

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


class RelayBook:
    """Which notifications go by which further channels."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, channel: str) -> ChannelRelays:
        """What waits for one channel, and what became of it."""
        return ChannelRelays(self._engine, channel)

    def channels(self) -> list[str]:
        """The channels for which anything waits."""
        waiting = select(relays.c.channel).where(relays.c.state.in_(("pending", "sending"))).distinct()
        with self._engine.connect() as connection:
            return sorted(connection.scalars(waiting))

    def spread(self, named: Named, now: datetime) -> int:
        """Let what was written for a route wait for each channel that the route names; returns how many rows that is.

        A channel that is new to a route hears of the last day; one that is named no more, and then again, is new.
        """
        wanted = {(policy, route, channel) for (policy, route), names in named.items() for channel in names}
        with self._engine.begin() as connection:
            marks = connection.execute(select(relay_channels)).all()
            known = {(mark.policy, mark.route, mark.channel): mark.since for mark in marks}
            for gone in sorted(known.keys() - wanted):
                mark = tuple_(relay_channels.c.policy, relay_channels.c.route, relay_channels.c.channel)
                connection.execute(delete(relay_channels).where(mark == gone))
            for policy, route, channel in sorted(wanted - known.keys()):
                row = {"policy": policy, "route": route, "channel": channel, "since": now - LOOKS_BACK}
                connection.execute(_new(connection, relay_channels).values(row).on_conflict_do_nothing())
            reaches = {each: known.get(each, now - LOOKS_BACK) for each in sorted(wanted)}
            return sum(_spread(connection, *each, since, now) for each, since in reaches.items()) + _spread_digests(
                connection, reaches, now
            )

    def add(self, chosen: Iterable[Relay], now: datetime) -> int:
        """Let notifications wait for a channel each; returns how many did not wait for it, or have it, already."""
        added = 0
        with self._engine.begin() as connection:
            for each in chosen:
                row = {"notification_id": each.notification_id, "channel": each.channel, "why": each.why}
                query = _new(connection, relays).values({**row, "state": "pending", "created_at": now})
                done = query.on_conflict_do_nothing().returning(relays.c.channel)
                added += len(connection.execute(done).all())
        return added

    def went(self, notification_id: str) -> tuple[str, datetime] | None:
        """By which channel a notification went in Slack's place, and when; None: by none."""
        query = (
            select(relays.c.channel, relays.c.delivered_at)
            .where(relays.c.notification_id == notification_id, relays.c.why != "named")
            .where(relays.c.delivered_at.is_not(None))
            .order_by(relays.c.delivered_at)
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.channel, row.delivered_at)


def _spread(connection: Connection, policy: str, route: str, channel: str, since: datetime, now: datetime) -> int:
    missing = (
        _not_told(channel, since)
        .join(incidents, incidents.c.incident_id == outbox.c.incident_id)
        .where(incidents.c.policy == policy, outbox.c.route == route, outbox.c.state.in_(TOLD))
    )
    return _let_wait(connection, connection.scalars(missing).all(), channel, now)


def _spread_digests(connection: Connection, reaches: Mapping[tuple[str, str, str], datetime], now: datetime) -> int:
    """A digest is of many routes: a channel has it that all of them name."""
    spread = 0
    for channel in sorted({name for _, _, name in reaches}):
        since = min(moment for (_, _, name), moment in reaches.items() if name == channel)
        digests = _not_told(channel, since).where(outbox.c.reason == "digest")
        whole = [
            each
            for each in connection.scalars(digests).all()
            if (of := _routes_of(connection, each)) and all((*route, channel) in reaches for route in of)
        ]
        spread += _let_wait(connection, whole, channel, now)
    return spread


def _routes_of(connection: Connection, digest: str) -> set[tuple[str, str]]:
    """The packs and routes of what is told in a digest."""
    query = select(incidents.c.policy, outbox.c.route).join(outbox, outbox.c.incident_id == incidents.c.incident_id)
    return {(row.policy, row.route) for row in connection.execute(query.where(outbox.c.told_in == digest))}


def _let_wait(connection: Connection, notification_ids: Sequence[str], channel: str, now: datetime) -> int:
    rows = [
        {"notification_id": each, "channel": channel, "why": "named", "state": "pending", "created_at": now}
        for each in notification_ids
    ]
    if rows:
        connection.execute(_new(connection, relays).on_conflict_do_nothing(), rows)
    return len(rows)


def _not_told(channel: str, since: datetime) -> Select[Any]:
    told = select(relays.c.notification_id).where(
        relays.c.notification_id == outbox.c.notification_id, relays.c.channel == channel
    )
    return (
        select(outbox.c.notification_id).where(outbox.c.created_at >= since, ~told.exists()).order_by(outbox.c.sequence)
    )


def _new(connection: Connection, table: Any) -> Any:
    """An INSERT that may say what happens on a conflict."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
