"""What Slack shows of our messages, kept beside the outbox: the mart `delivery_discrepancies` lays one on the other."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Engine, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from incidents.console import ADDRESS as CONSOLE
from incidents.reconciliation import Known, Seen
from warehouse.case_schema import deliveries, outbox, threads
from warehouse.encoding import storable
from warehouse.slack_schema import slack_messages, slack_readings

PROOF = ("delivered", "found")
MAX_ERROR = 500
AT_ONCE = 500  # rows in one statement
OUTBOX = ""  # the reading of no channel: that of the outbox itself


class ReconciliationBook:
    """`incidents.reconciliation.Book` on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def look_through(self, at: datetime, overdue_before: datetime) -> None:
        """Note until when what waits in the outbox should have been told, though no channel may ever have been read."""
        with self._engine.begin() as connection:
            _note(connection, OUTBOX, {"oldest": "", "read_at": None, "error": None}, at, overdue_before)

    def channels(self, since: datetime) -> list[str]:
        """Slack's channels in which anything was told since then."""
        query = select(deliveries.c.channel).where(deliveries.c.attempted_at >= since, deliveries.c.outcome.in_(PROOF))
        query = query.where(deliveries.c.channel != CONSOLE).distinct().order_by(deliveries.c.channel)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def forget_others(self, channels: Sequence[str], oldest: str) -> None:
        """Forget what was read of every other channel, and is no newer than a ts."""
        old = slack_messages.c.channel.not_in(channels) & (slack_messages.c.remote_id <= oldest)
        with self._engine.begin() as connection:
            connection.execute(delete(slack_messages).where(old))
            connection.execute(delete(slack_readings).where(slack_readings.c.channel.not_in((OUTBOX, *channels))))

    def known(self, channel: str, oldest: str) -> Known:
        """What we believe of a channel since a ts."""
        ours = select(deliveries.c.remote_id).where(deliveries.c.channel == channel, deliveries.c.remote_id > oldest)
        with self._engine.connect() as connection:
            messages = frozenset(connection.execute(ours).scalars())
            heads = frozenset(connection.execute(_heads_of_replies(channel, oldest)).scalars())
        return Known(messages, heads)

    def keep(self, channel: str, oldest: str, began: datetime, overdue_before: datetime, seen: list[Seen]) -> None:
        """Keep one whole reading."""
        of_channel = slack_messages.c.channel == channel
        with self._engine.begin() as connection:
            connection.execute(delete(slack_messages).where(of_channel, slack_messages.c.remote_id <= oldest))
            _upsert(connection, [_row(channel, each, began) for each in seen])
            missed = of_channel & (slack_messages.c.seen_at < began) & slack_messages.c.gone_at.is_(None)
            connection.execute(update(slack_messages).where(missed).values(gone_at=began))
            _note(connection, channel, {"oldest": oldest, "read_at": began, "error": None}, began, overdue_before)

    def note_failure(self, channel: str, oldest: str, at: datetime, overdue_before: datetime, error: str) -> None:
        """Note that a channel could not be read; how far it was read before stands."""
        with self._engine.begin() as connection:
            there = connection.execute(select(slack_readings).where(slack_readings.c.channel == channel)).first()
            values: dict[str, Any] = {"error": storable(error)[:MAX_ERROR]}
            if there is None:
                values |= {"oldest": oldest, "read_at": None}
            _note(connection, channel, values, at, overdue_before)


def _heads_of_replies(channel: str, oldest: str) -> CompoundSelect[Any]:
    """The heads below which something was told since a ts: an incident's thread, an alarm's first message."""
    later = deliveries.alias("later")
    of_incidents = (
        select(threads.c.remote_id)
        .join(outbox, outbox.c.incident_id == threads.c.incident_id)
        .join(later, later.c.notification_id == outbox.c.notification_id)
        .where(threads.c.channel == channel, later.c.channel == channel)
        .where(later.c.remote_id > oldest, later.c.remote_id != threads.c.remote_id)
    )
    of_alarms = (
        select(func.min(deliveries.c.remote_id))
        .join(outbox, outbox.c.notification_id == deliveries.c.notification_id)
        .where(outbox.c.alarm_id.is_not(None), deliveries.c.channel == channel, deliveries.c.remote_id.is_not(None))
        .group_by(outbox.c.alarm_id)
        .having(func.count() > 1, func.max(deliveries.c.remote_id) > oldest)
    )
    return of_incidents.union(of_alarms)


def _only(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((condition, value))


def _row(channel: str, each: Seen, at: datetime) -> dict[str, Any]:
    return {
        "channel": channel,
        "remote_id": each.remote_id,
        "notification_id": storable(each.notification_id) if each.notification_id else None,
        "thread": each.thread,
        "edited": each.edited,
        "gone_at": at if each.deleted else None,
        "seen_at": at,
    }


def _upsert(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """What is only a place any more keeps the id that it had, and the moment since when it is gone."""
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    each_once = list({row["remote_id"]: row for row in rows}.values())
    for start in range(0, len(each_once), AT_ONCE):
        query = upsert(slack_messages).values(each_once[start : start + AT_ONCE])
        new, old = query.excluded, slack_messages.c
        gone = new.gone_at.is_not(None)
        changes = {
            "notification_id": func.coalesce(new.notification_id, _only(gone, old.notification_id)),
            "thread": new.thread,
            "edited": new.edited,
            "gone_at": _only(gone, func.coalesce(old.gone_at, new.gone_at)),
            "seen_at": new.seen_at,
        }
        connection.execute(query.on_conflict_do_update(index_elements=["channel", "remote_id"], set_=changes))


def _note(connection: Connection, channel: str, values: dict[str, Any], at: datetime, overdue_before: datetime) -> None:
    values = {**values, "overdue_before": overdue_before, "tried_at": at}
    mine = slack_readings.c.channel == channel
    if not connection.execute(update(slack_readings).where(mine).values(values)).rowcount:
        connection.execute(insert(slack_readings).values(channel=channel, **values))
