"""Canaries: noted before they are planted, followed to the mart, and their mentions deleted once they were seen there.

A canary is a post about nothing, so none stays among the mentions: what is seen in the mart is deleted in the
transaction that notes it, with its row in `audit`, and one that a source shows again later goes the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, text, update

from warehouse.audit import record
from warehouse.idle import delete_idle_authors
from warehouse.operations_schema import canaries
from warehouse.retention import delete_mentions, held_mentions
from warehouse.schema import assessments, mentions

FOLLOWED = timedelta(days=7)  # after which a source hardly shows it again


@dataclass(frozen=True)
class Canary:
    """One canary as it stands. Seconds count from `planted_at`; None: it has not come so far."""

    marker: str
    place: str
    planted_at: datetime
    native_id: str | None
    source: str | None
    seconds_to_store: float | None
    seconds_to_judge: float | None
    seconds_to_mart: float | None


class CanaryBook:
    """Where canaries are kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_day(self, place: str, marker: str, now: datetime) -> Canary:
        """The canary of this place and day (UTC): the one that is noted already, else a new one of this marker."""
        day = now.date()
        mine = select(canaries).where(canaries.c.place == place, canaries.c.planted_on == day)
        with self._engine.begin() as connection:
            found = connection.execute(mine).one_or_none()
            if found is None:
                row = {"marker": marker, "place": place, "planted_on": day, "planted_at": now}
                connection.execute(insert(canaries).values(row))
                found = connection.execute(mine).one()
        return _canary(found)

    def planted(self, marker: str, native_id: str, now: datetime) -> None:
        """Note that the platform has taken it: from now on it has its time to arrive, however often it was refused."""
        with self._engine.begin() as connection:
            change = update(canaries).where(canaries.c.marker == marker)
            connection.execute(change.values(native_id=native_id, planted_at=now))

    def follow(self, now: datetime) -> list[Canary]:
        """Look how far each recent canary has come; note it, and delete those that were seen in the mart."""
        recent = select(canaries).where(canaries.c.planted_at > now - FOLLOWED).order_by(canaries.c.planted_at)
        with self._engine.begin() as connection:
            for row in connection.execute(recent).all():
                _look(connection, row, now)
            return [_canary(row) for row in connection.execute(recent)]

    def latest(self, places: Sequence[str]) -> dict[str, Canary]:
        """The newest canary of each place that ever had one."""
        newest = select(canaries.c.place, func.max(canaries.c.planted_on).label("day")).group_by(canaries.c.place)
        last = newest.subquery()
        same = (canaries.c.place == last.c.place) & (canaries.c.planted_on == last.c.day)
        with self._engine.connect() as connection:
            rows = connection.execute(select(canaries).join(last, same).where(canaries.c.place.in_(places)))
            return {row.place: _canary(row) for row in rows}


def _look(connection: Connection, row: Row[Any], now: datetime) -> None:
    since = row.planted_on - timedelta(days=1)
    holds = mentions.c.text.contains(row.marker, autoescape=True)
    query = select(mentions.c.mention_id, mentions.c.source, mentions.c.loaded_at).where(holds)
    found = connection.execute(query.where(mentions.c.posted_on >= since).order_by(mentions.c.loaded_at)).all()
    if not found:
        return
    ids = [each.mention_id for each in found]
    judged = connection.execute(
        select(func.min(assessments.c.assessed_at)).where(assessments.c.mention_id.in_(ids))
    ).scalar()
    shown = text("SELECT COUNT(*) FROM relevant_mentions WHERE mention_id = :one")
    in_mart = any(connection.execute(shown, {"one": each}).scalar_one() for each in ids)
    if row.in_mart_at is None:
        first = found[0]
        told: dict[str, Any] = {"mention_id": first.mention_id, "source": first.source}
        told |= _moment("stored_at", "seconds_to_store", row, row.stored_at or first.loaded_at)
        told |= _moment("judged_at", "seconds_to_judge", row, row.judged_at or judged)
        told |= _moment("in_mart_at", "seconds_to_mart", row, now if in_mart else None)
        connection.execute(update(canaries).where(canaries.c.marker == row.marker).values(told))
    if in_mart or row.in_mart_at is not None:
        _delete(connection, row, ids, now)


def _delete(connection: Connection, row: Row[Any], ids: Sequence[str], now: datetime) -> None:
    held = set(held_mentions(connection, ids))
    if free := [each for each in ids if each not in held]:
        delete_mentions(connection, free)
        delete_idle_authors(connection)
        record(connection, now, "tocsin", "canary", row.place, f"{row.marker} was seen", len(free))


def _moment(at: str, seconds: str, row: Row[Any], moment: datetime | None) -> dict[str, Any]:
    return {at: moment, seconds: None if moment is None else max(0.0, (moment - row.planted_at).total_seconds())}


def _canary(row: Row[Any]) -> Canary:
    return Canary(
        row.marker,
        row.place,
        row.planted_at,
        row.native_id,
        row.source,
        row.seconds_to_store,
        row.seconds_to_judge,
        row.seconds_to_mart,
    )
