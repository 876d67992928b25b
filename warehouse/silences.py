"""Silences: begun, ended, and what is told of them, each in one transaction with its line in the audit trail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, or_, select, update

from incidents.card import notification_id
from incidents.notification import Notification, Reason
from incidents.silence import (
    Asked,
    Matcher,
    Silence,
    SilenceRefused,
    Where,
    length_of,
    matcher_of,
    places_of,
    policy_of,
    said_why,
)
from policies.policy import Policy
from warehouse.audit import record
from warehouse.case_entries import PIPELINE, add_notification, portions
from warehouse.case_schema import outbox
from warehouse.deadlocks import retry_deadlocks
from warehouse.digests import Address, Places
from warehouse.encoding import storable
from warehouse.hushed import keep_quiet, silence_card, tell_what_was_kept
from warehouse.pseudonyms import plain_handle
from warehouse.quiet_schema import silences
from warehouse.schema import authors

SILENCE_LOCK = 0x70C55  # on PostgreSQL: one silence is begun at a time


class WarehouseSilences:
    """`incidents.silence.SilenceBook` on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    @retry_deadlocks
    def add(self, asked: Asked, policies: Mapping[str, Policy]) -> Silence:
        """Begin a silence now, and tell the channels that it quiets. Raises SilenceRefused."""
        said_why(asked)
        policy, length, now = policy_of(asked, policies), length_of(asked.length), self._clock()
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has done it already
                connection.execute(select(func.pg_advisory_xact_lock(SILENCE_LOCK)))
            matcher = matcher_of(asked, policy, _behind(connection, asked.author))
            before = _begun(connection, asked, matcher, length)
            if before is not None:
                return before
            row = _row(_next_number(connection), asked, matcher, places_of(matcher, policy), now, now + length)
            connection.execute(insert(silences).values(row))
            record(connection, now, asked.owner, "silence_begun", row["silence_id"], asked.reason, 1)
            begun = _one(connection, row["silence_id"])
            _tell(connection, begun, "silence_started", now)
            return silence_of(begun)

    @retry_deadlocks
    def end(self, silence_id: str, actor: str, reason: str) -> Silence:
        """End one before its time. Raises SilenceRefused."""
        now = self._clock()
        with self._engine.begin() as connection:
            before = silence_of(_one(connection, silence_id, lock=True))
            if not actor.strip() or not reason.strip():
                raise SilenceRefused(f"to end {before.id}, say who does it and why")
            if not before.active(now):
                raise SilenceRefused(f"{before.id} is over already; `tocsin silence list` shows those that act")
            ended = {"ended_at": now, "ended_by": storable(actor.strip()), "end_reason": storable(reason.strip())}
            connection.execute(update(silences).where(silences.c.silence_id == before.id).values(ended))
            record(connection, now, actor, "silence_ended", before.id, reason, 1)
            return silence_of(_one(connection, before.id))

    def silence(self, silence_id: str) -> Silence:
        """One silence. Raises SilenceRefused where there is none."""
        with self._engine.connect() as connection:
            return silence_of(_one(connection, silence_id))

    def silences(self, *, over: bool = False) -> list[Silence]:
        """Those that act, newest first; with `over`, those that are over too."""
        now = self._clock()
        with self._engine.connect() as connection:
            found = [silence_of(row) for row in connection.execute(_all().order_by(silences.c.number.desc()))]
        return [each for each in found if over or each.active(now)]

    def covering(self, incident_ids: Sequence[str]) -> dict[str, str]:
        """By incident, the silence that keeps it quiet now."""
        acting, covered = [each.id for each in self.silences()], dict[str, str]()
        with self._engine.connect() as connection:
            for some in portions(list(incident_ids) if acting else []):
                query = select(outbox.c.incident_id, outbox.c.silenced_by).where(
                    outbox.c.incident_id.in_(some), outbox.c.silenced_by.in_(acting)
                )
                rows = connection.execute(query.order_by(outbox.c.sequence))
                covered |= {row.incident_id: row.silenced_by for row in rows}
        return covered


def hush(connection: Connection, address: Address, now: datetime) -> None:
    """Keep quiet what silences cover, tell of ends that are near, and of those that have come. The caller commits."""
    query = _all().where(silences.c.closed_at.is_(None), silences.c.starts_at <= now)
    rows = connection.execute(query.order_by(silences.c.number)).all()
    acting = [each for each in map(silence_of, rows) if each.active(now)]
    if acting:
        keep_quiet(connection, acting, Places(connection, address), now)
    for row in rows:
        each = silence_of(row)
        mine = update(silences).where(silences.c.silence_id == each.id)
        if not each.active(now):
            tell_what_was_kept(connection, each, _tell(connection, row, "silence_ended", now))
            connection.execute(mine.values(closed_at=now))
            if each.ended_at is None:
                record(connection, now, PIPELINE, "silence_expired", each.id, None, each.kept_quiet)
        elif now >= each.notice_at and not each.announced:
            _tell(connection, row, "silence_expiring", now)
            connection.execute(mine.values(announced_at=now))


def silence_of(row: Row[Any]) -> Silence:
    """One row of the query for silences."""
    matcher = Matcher(row.policy, tuple(row.authors), row.target, row.category, row.phrase)
    return Silence(
        id=row.silence_id,
        matcher=matcher,
        owner=row.owner,
        reason=row.reason,
        origin=row.origin,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
        announced=row.announced_at is not None,
        closed=row.closed_at is not None,
        kept_quiet=row.kept_quiet,
        places=tuple(Where(**each | {"routes": tuple(each["routes"])}) for each in row.places),
    )


def _all() -> Select[Any]:
    kept = select(func.count(outbox.c.incident_id.distinct())).where(outbox.c.silenced_by == silences.c.silence_id)
    return select(silences, kept.scalar_subquery().label("kept_quiet"))


def _one(connection: Connection, silence_id: str, *, lock: bool = False) -> Row[Any]:
    query = _all().where(silences.c.silence_id == storable(silence_id.strip().upper()))
    row = connection.execute(query.with_for_update(of=silences) if lock else query).one_or_none()
    if row is None:
        raise SilenceRefused(
            f"there is no silence {silence_id.strip()[:40]}; `tocsin silence list` shows those there are"
        )
    return row


def _begun(connection: Connection, asked: Asked, matcher: Matcher, length: timedelta) -> Silence | None:
    """The very silence that is asked for, where it was begun already."""
    if asked.since is None:
        return None
    said = (storable(asked.owner.strip()), storable(asked.reason.strip()), asked.origin)
    query = _all().where(silences.c.starts_at >= asked.since, silences.c.owner == said[0])
    for each in map(silence_of, connection.execute(query.order_by(silences.c.number))):
        alike = (each.owner, each.reason, each.origin) == said and each.ends_at - each.starts_at == length
        if alike and each.matcher == matcher:
            return each
    return None


def _tell(connection: Connection, row: Row[Any], reason: Reason, now: datetime) -> list[tuple[Where, str]]:
    """One message for each channel that it quiets; where, and by which notification."""
    silence, told = silence_of(row), list[tuple[Where, str]]()
    for number, where in enumerate(silence.places):
        name = notification_id(silence.id, reason, str(number))
        card = silence_card(connection, silence, where)
        told.append((where, name))
        add_notification(connection, Notification(name, silence.id, reason, where.routes[0], where.channel, card, now))
    return told


def _behind(connection: Connection, author: str | None) -> list[str]:
    """The pseudonyms behind a handle, on every platform; a pseudonym stands for itself."""
    wanted = storable(plain_handle(author) or "")
    if not wanted:
        return []
    named = or_(func.lower(authors.c.handle) == func.lower(wanted), authors.c.author == wanted)
    found = connection.execute(select(authors.c.author).where(named).order_by(authors.c.author)).scalars().all()
    if not found:
        raise SilenceRefused(f"nobody is known as {wanted[:80]!r}: check the handle, or give the pseudonym")
    return list(found)


def _next_number(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(silences.c.number), 0))).scalar_one()) + 1


def _row(
    number: int, asked: Asked, matcher: Matcher, places: Sequence[Where], starts_at: datetime, ends_at: datetime
) -> dict[str, Any]:
    return {
        "number": number,
        "silence_id": f"SIL-{number}",
        "policy": matcher.policy,
        "authors": list(matcher.authors),
        "target": None if matcher.target is None else storable(matcher.target),
        "category": matcher.category,
        "phrase": None if matcher.phrase is None else storable(matcher.phrase),
        "owner": storable(asked.owner.strip()),
        "reason": storable(asked.reason.strip()),
        "origin": asked.origin,
        "places": [asdict(each) for each in places],
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
