"""What further channels are told: rows beside the outbox, one a notification and channel, each delivered by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from incidents.fallback import Relay
from warehouse.case_schema import incidents, outbox
from warehouse.channel_relays import ChannelRelays, waits
from warehouse.relay_schema import relay_channels, relays

LOOKS_BACK = timedelta(hours=24)  # what a channel that is newly named still hears
BEGUN = ("sending", "delivered", "failed")  # to be told by itself: neither in a digest nor silenced

Named = Mapping[tuple[str, str], Iterable[str]]  # (pack's id, route) -> channels


class RelayBook:
    """Which notifications go by which further channels."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, channel: str) -> ChannelRelays:
        """What waits for one channel, and what became of it."""
        return ChannelRelays(self._engine, channel)

    def channels(self) -> list[str]:
        """The channels for which anything waits."""
        waiting = select(relays.c.channel).join(outbox, outbox.c.notification_id == relays.c.notification_id)
        waiting = waiting.where(waits()).distinct()
        with self._engine.connect() as connection:
            return sorted(connection.scalars(waiting))

    def set_aside(self) -> list[str]:
        """The channels for which something was set aside as failed."""
        with self._engine.connect() as connection:
            return sorted(connection.scalars(select(relays.c.channel).where(relays.c.state == "failed").distinct()))

    def spread(self, named: Named, now: datetime, *, folded: bool = True) -> int:
        """Let what was written for a route wait for each channel that the route names; returns how many rows that is.

        `named` has every route of the packs in force. A channel that is new to a route hears of the last day; one that
        is named no more, and then again, is new.

        `folded`: the outbox has just been folded. Else what waits there may still be silenced, or told in a digest, and
        is left until it was; not so what is critical or about a person at risk.
        """
        packs = {policy for policy, _ in named}
        wanted = {(policy, route, channel) for (policy, route), names in named.items() for channel in names}
        with self._engine.begin() as connection:
            marks = connection.execute(select(relay_channels)).all()
            known = {(mark.policy, mark.route, mark.channel): mark.since for mark in marks}
            for gone in sorted(each for each in known.keys() - wanted if each[0] in packs):
                mark = tuple_(relay_channels.c.policy, relay_channels.c.route, relay_channels.c.channel)
                connection.execute(delete(relay_channels).where(mark == gone))
            for policy, route, channel in sorted(wanted - known.keys()):
                row = {"policy": policy, "route": route, "channel": channel, "since": now - LOOKS_BACK}
                connection.execute(_new(connection, relay_channels).values(row).on_conflict_do_nothing())
            reaches = {each: known.get(each, now - LOOKS_BACK) for each in sorted(wanted)}
            singly = _told_singly(folded)
            spread = sum(_spread(connection, *each, since, now, singly) for each, since in reaches.items())
            return spread + _spread_digests(connection, reaches, now)

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

    def follow_alarms(self, now: datetime) -> int:
        """Let the end of an alarm be told where the alarm itself was told in Slack's place; how many."""
        ends = outbox.alias("ends")
        query = (
            select(ends.c.notification_id, relays.c.channel)
            .join(outbox, outbox.c.alarm_id == ends.c.alarm_id)
            .join(relays, relays.c.notification_id == outbox.c.notification_id)
            .where(ends.c.reason == "source_recovered", outbox.c.reason == "source_alarm")
            .where(relays.c.why != "named", relays.c.state == "delivered")
        )
        with self._engine.connect() as connection:
            found = [Relay(row.notification_id, row.channel, "named") for row in connection.execute(query)]
        return self.add(found, now)

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


def _told_singly(folded: bool) -> ColumnElement[bool]:
    """The condition on `outbox` and `incidents` that a notification is told by itself."""
    never_silenced = (incidents.c.severity == "critical") | (incidents.c.category == "safeguarding")
    pending = outbox.c.state == "pending"
    return outbox.c.state.in_(BEGUN) | (pending if folded else pending & never_silenced)


def _spread(
    connection: Connection,
    policy: str,
    route: str,
    channel: str,
    since: datetime,
    now: datetime,
    singly: ColumnElement[bool],
) -> int:
    missing = (
        _not_told(channel, since)
        .join(incidents, incidents.c.incident_id == outbox.c.incident_id)
        .where(incidents.c.policy == policy, outbox.c.route == route, singly)
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
