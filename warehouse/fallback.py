"""What Slack has not taken, since when it takes nothing, and the same of each further channel, by their attempts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select, Table, func, select

from incidents.fallback import Trouble, Waiting
from warehouse.case_schema import deliveries, incidents, outbox
from warehouse.channel_relays import waits
from warehouse.quiet_schema import silences
from warehouse.relay_schema import relay_attempts, relays

NOT_TAKEN = ("failed", "refused")
TAKEN = ("delivered", "found", "edited")


def waiting(engine: Engine, default_address: str, now: datetime) -> list[Waiting]:
    """What Slack has not taken and may ring now, in the order of writing.

    `default_address`: the channel of what names none. What quiet hours held back has waited since they let go of it.
    """
    failed = _failed().subquery()
    query = (
        select(outbox, incidents.c.policy, incidents.c.category, failed.c.at)
        .outerjoin(incidents, incidents.c.incident_id == outbox.c.incident_id)
        .outerjoin(failed, failed.c.notification_id == outbox.c.notification_id)
        .where(outbox.c.state.in_(("pending", "sending", "failed")))
        .where(outbox.c.not_before.is_(None) | (outbox.c.not_before <= now))
        .order_by(outbox.c.sequence)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        routes = {row.notification_id: _routes(connection, row) for row in rows}
    return [
        Waiting(
            notification_id=row.notification_id,
            subject=row.incident_id or row.alarm_id or row.bulletin_id,
            about="incident" if row.incident_id else "alarm" if row.alarm_id else "bulletin",
            category=row.category or "",
            routes=routes[row.notification_id],
            address=row.channel or default_address,
            set_aside=row.state == "failed",
            waits_since=max(row.created_at, row.not_before or row.created_at),
            failed_at=row.at,
        )
        for row in rows
    ]


def _failed() -> Select[tuple[str, datetime]]:
    """By notification, its first failure since it was last taken: a digest that is told anew was taken before."""
    taken = (
        select(deliveries.c.notification_id, func.max(deliveries.c.delivery_id).label("last"))
        .where(deliveries.c.outcome.in_(TAKEN))
        .group_by(deliveries.c.notification_id)
        .subquery()
    )
    return (
        select(deliveries.c.notification_id, func.min(deliveries.c.attempted_at).label("at"))
        .outerjoin(taken, taken.c.notification_id == deliveries.c.notification_id)
        .where(deliveries.c.outcome.in_(NOT_TAKEN), deliveries.c.delivery_id > func.coalesce(taken.c.last, 0))
        .group_by(deliveries.c.notification_id)
    )


def _routes(connection: Connection, row: Row[Any]) -> tuple[tuple[str, str], ...]:
    """The packs and routes that it is for: of a digest those of all that it tells, of a silence those that read it."""
    if row.incident_id is not None:
        return ((row.policy, row.route),)
    if row.reason == "digest":
        told = select(incidents.c.policy, outbox.c.route).join(outbox, outbox.c.incident_id == incidents.c.incident_id)
        told = told.where(outbox.c.told_in == row.notification_id).distinct()
        return tuple(sorted((each.policy, each.route) for each in connection.execute(told)))
    query = select(silences.c.policy, silences.c.places).where(silences.c.silence_id == row.bulletin_id)
    return tuple(
        (silence.policy, route)
        for silence in connection.execute(query)
        for place in silence.places
        for route in place["routes"]
        if row.route in place["routes"]
    )


def trouble(engine: Engine) -> Trouble:
    """Since when Slack has taken nothing, in all and by channel."""
    table = deliveries
    with engine.connect() as connection:
        latest = _latest_taken(connection, table, table.c.delivery_id)
        at = _failing(connection, table, table.c.delivery_id, latest)
        since_any = max(latest.values(), default=0)
        nowhere = select(func.min(table.c.attempted_at)).where(
            table.c.outcome == "failed", table.c.delivery_id > since_any
        )
        error = select(table.c.error).where(table.c.outcome.in_(NOT_TAKEN)).order_by(table.c.delivery_id.desc())
        success = select(func.max(table.c.attempted_at)).where(table.c.outcome.in_(TAKEN))
        return Trouble(
            everywhere=connection.execute(nowhere).scalar_one(),
            at=at,
            error=connection.execute(error.limit(1)).scalar_one_or_none() or "",
            last_success_at=connection.execute(success).scalar_one(),
        )


def troubled(engine: Engine) -> dict[str, tuple[datetime, str]]:
    """The further channels for which something waits and that take nothing: since when, and what was said last."""
    table = relay_attempts
    due = outbox.c.notification_id == relays.c.notification_id
    waiting = select(relays.c.channel).join(outbox, due).where(waits()).distinct()
    with engine.connect() as connection:
        latest = _latest_taken(connection, table, table.c.attempt_id)
        failing = _failing(connection, table, table.c.attempt_id, latest)
        wanted = set(connection.scalars(waiting))
        return {name: (since, _error(connection, name)) for name, since in failing.items() if name in wanted}


def _latest_taken(connection: Connection, table: Table, number: Column[int]) -> dict[str, int]:
    """By channel, the number of the last attempt that arrived."""
    query = select(table.c.channel, func.max(number)).where(table.c.outcome.in_(TAKEN)).group_by(table.c.channel)
    return {channel: int(last) for channel, last in connection.execute(query)}


def _failing(
    connection: Connection, table: Table, number: Column[int], latest: Mapping[str, int]
) -> dict[str, datetime]:
    """By channel, the first failure since the last attempt that arrived; channels without one are left out."""
    query = select(table.c.channel, func.max(number)).where(table.c.outcome == "failed").group_by(table.c.channel)
    failing = {channel: last for channel, last in connection.execute(query).all() if int(last) > latest.get(channel, 0)}
    found = {}
    for channel in failing:
        first = select(func.min(table.c.attempted_at)).where(
            table.c.channel == channel, table.c.outcome == "failed", number > latest.get(channel, 0)
        )
        found[channel] = connection.execute(first).scalar_one()
    return found


def _error(connection: Connection, channel: str) -> str:
    table = relay_attempts.c
    query = select(table.error).where(table.channel == channel, table.error.is_not(None))
    return connection.execute(query.order_by(table.attempt_id.desc()).limit(1)).scalar_one_or_none() or ""
