"""Traces: what a mention leaves to be found by later ones, made before anything that waits is judged.

A mention may arrive after ones that were posted later: what it touches of these is queued to be judged again, so that
in the end the same is found whatever the order of arrival.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, select

from classifiers.behaviour import copies
from classifiers.behaviour.cues import is_pressing
from classifiers.behaviour.fingerprint import bands
from classifiers.behaviour.linking import states_new_account, stem
from classifiers.behaviour.past import people_of
from classifiers.conduct import WINDOW
from warehouse.behaviour_schema import contacts, fingerprints, traces
from warehouse.bulk import load
from warehouse.deadlocks import retry_deadlocks
from warehouse.history import MOVED, PERSON, STEM, post_from, posts
from warehouse.mentions import queue
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import Row, chunks
from warehouse.runs import Clock, utc_now
from warehouse.schema import mentions, unassessed
from warehouse.shelves import shelf, shelves

log = logging.getLogger(__name__)

AT_ONCE = 1000
_AS_IT_STANDS = and_(traces.c.mention_id == mentions.c.mention_id, traces.c.revision == mentions.c.revision)


@dataclass(frozen=True)
class _Left:
    """The rows of some mentions' traces."""

    traces: list[Row]
    contacts: list[Row]
    fingerprints: list[Row]
    bands: list[tuple[int, datetime]]


class TraceStore:
    """Traces what waits to be judged."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._pseudonyms = pseudonyms
        self._clock = clock

    def trace(self, at_once: int = AT_ONCE) -> int:
        """Trace all that waits and is not traced as it stands; returns how many. May be killed and run again.

        One that cannot be traced is passed over: whoever judges it tries again (`trace_missed`), and says so.
        """
        done, after, limit = 0, 0, at_once
        while True:
            try:
                count, last = self._trace_some(after, limit)
            except Exception:
                if limit > 1:
                    limit //= 2
                    continue
                count, last = 0, self._next(after)
                log.exception("The mention at position %s of the queue could not be traced", last)
            if last == after:
                return done
            done, after, limit = done + count, last, min(at_once, 2 * limit)

    def _next(self, after: int) -> int:
        with self._engine.connect() as connection:
            row = connection.execute(_untraced().where(unassessed.c.position > after).limit(1)).one_or_none()
            return row.position if row else after

    @retry_deadlocks
    def _trace_some(self, after: int, limit: int) -> tuple[int, int]:
        with self._engine.begin() as connection:
            rows = connection.execute(_untraced().where(unassessed.c.position > after).limit(limit)).all()
            _trace(connection, self._pseudonyms, rows, self._clock())
            return len(rows), rows[-1].position if rows else after


def trace_again(connection: Connection, pseudonyms: Pseudonyms, ids: Iterable[str], now: datetime) -> None:
    """Trace mentions of which more is known now; those that never were traced wait for it as they did."""
    for some in chunks(sorted(ids)):
        query = posts(mentions.c.revision).join(traces, traces.c.mention_id == mentions.c.mention_id)
        rows = connection.execute(query.where(mentions.c.mention_id.in_(some))).all()
        _trace(connection, pseudonyms, rows, now)


def trace_missed(connection: Connection, pseudonyms: Pseudonyms, ids: Iterable[str], now: datetime) -> None:
    """Trace those of some judged mentions that were stored too late to be traced before; most often none.

    A collector may commit between tracing and claiming. Judged and out of the queue, a mention would never be traced.
    Untraced they were hidden from one another too: those that one of them touches are queued anew.
    """
    for some in chunks(sorted(ids)):
        query = posts(mentions.c.revision).outerjoin(traces, _AS_IT_STANDS).where(traces.c.mention_id.is_(None))
        rows = connection.execute(query.where(mentions.c.mention_id.in_(some))).all()
        _trace(connection, pseudonyms, rows, now, judged=True)


def _trace(
    connection: Connection, pseudonyms: Pseudonyms, rows: Sequence[Any], now: datetime, *, judged: bool = False
) -> None:
    """Write the traces of mentions, in place of former ones, and queue anew what each touches.

    Unless they have been `judged` without it, they need not be queued themselves.
    """
    left, ids = _left(pseudonyms, rows), [row.mention_id for row in rows]
    for some in chunks(sorted(ids)):
        connection.execute(delete(traces).where(traces.c.mention_id.in_(some)))
    load(connection, traces, left.traces)
    load(connection, contacts, left.contacts)
    load(connection, fingerprints, left.fingerprints)
    later = _touched(connection, pseudonyms, left)
    if not judged:
        later -= set(ids)
    queue(connection, [{"mention_id": mention_id} for mention_id in sorted(later)], now)


def _left(pseudonyms: Pseudonyms, rows: Sequence[Any]) -> _Left:
    left = _Left([], [], [], [])
    for row in rows:
        post = post_from(row)
        key: Row = {"mention_id": post.mention_id, "posted_at": post.posted_at}
        hostile = is_pressing(post.text)
        common = pseudonyms.of_handle(STEM, stem(post.handle))
        whose: Row = {"revision": row.revision, "author": post.account, "stem": common, "hostile": hostile}
        left.traces.append(key | whose)
        people = {pseudonyms.of_handle(PERSON, person) for person in people_of(post)} - {None}
        if states_new_account(post.text):
            people |= {pseudonyms.of_handle(MOVED, person) for person in people}
        left.contacts.extend(key | {"person": person, "hostile": hostile} for person in people)
        left.bands.extend((band, post.posted_at) for band in bands(post.text))
        left.fingerprints.extend(
            key | {"band": each} for each in {shelf(one, post.posted_at) for one in bands(post.text)}
        )
    return left


def _untraced() -> Select[Any]:
    return (
        posts(mentions.c.revision, unassessed.c.position)
        .join(unassessed, unassessed.c.mention_id == mentions.c.mention_id)
        .outerjoin(traces, _AS_IT_STANDS)
        .where(traces.c.mention_id.is_(None))
        .order_by(unassessed.c.position)
    )


def _touched(connection: Connection, pseudonyms: Pseudonyms, left: _Left) -> set[str]:
    """Traced mentions that were posted after one of these, in whose past it now stands."""
    hostile = [row for row in left.contacts if row["hostile"]]
    moved = _moved(connection, pseudonyms, left)
    whose = [*left.traces, *_traces_of(connection, moved)]
    own = select(traces.c.mention_id, mentions.c.author, mentions.c.posted_at).join(mentions)
    alike = select(traces.c.mention_id, traces.c.stem, traces.c.posted_at)
    at_person = select(contacts.c.mention_id, contacts.c.person, contacts.c.posted_at).where(contacts.c.hostile)
    copied = select(fingerprints.c.mention_id, fingerprints.c.band, fingerprints.c.posted_at)
    return (
        moved
        | _after(connection, own, mentions.c.author, mentions.c.posted_at, _times(whose, "author"), WINDOW)
        | _after(connection, alike, traces.c.stem, traces.c.posted_at, _times(whose, "stem"), WINDOW)
        | _after(connection, at_person, contacts.c.person, contacts.c.posted_at, _times(hostile, "person"), WINDOW)
        | _after(
            connection,
            copied,
            fingerprints.c.band,
            fingerprints.c.posted_at,
            _shelf_times(left.bands),
            copies.WINDOW,
        )
    )


def _moved(connection: Connection, pseudonyms: Pseudonyms, left: _Left) -> set[str]:
    """Traced mentions after one of these, towards the same person, that speak of an account before: this may be its.

    Whatever it says: of whom they name, mild posts count too.
    """
    at_whom = [row | {"person": pseudonyms.of_handle(MOVED, row["person"])} for row in left.contacts]
    spoken = select(contacts.c.mention_id, contacts.c.person, contacts.c.posted_at)
    spoken = spoken.where(contacts.c.hostile.in_((True, False)))  # the index has it before the moment
    return _after(connection, spoken, contacts.c.person, contacts.c.posted_at, _times(at_whom, "person"), WINDOW)


def _traces_of(connection: Connection, ids: Iterable[str]) -> list[Row]:
    whose = select(traces.c.author, traces.c.stem, traces.c.posted_at)
    found = (connection.execute(whose.where(traces.c.mention_id.in_(some))) for some in chunks(sorted(ids)))
    return [row._asdict() for rows in found for row in rows]


def _times(rows: Iterable[Row], name: str) -> dict[Any, list[datetime]]:
    times: dict[Any, list[datetime]] = {}
    for row in rows:
        if row[name] is not None:
            times.setdefault(row[name], []).append(row["posted_at"])
    return times


def _shelf_times(bands_: Iterable[tuple[int, datetime]]) -> dict[int, list[datetime]]:
    """The moments of posts by the keys under which copies within the window after them stand."""
    times: dict[int, list[datetime]] = {}
    for band, when in bands_:
        for key in set(shelves(band, when, when + copies.WINDOW)):
            times.setdefault(key, []).append(when)
    return times


def _after(
    connection: Connection,
    query: Select[Any],
    column: ColumnElement[Any],
    moment: ColumnElement[datetime],
    times: Mapping[Any, Sequence[datetime]],
    window: timedelta,
) -> set[str]:
    """Of the query's rows (mention, key, time), the mentions within the window after one of the key's times."""
    found: set[str] = set()
    for some in chunks(sorted(times)):
        every = [time for key in some for time in times[key]]
        within = (moment > min(every)) & (moment <= max(every) + window)
        for mention_id, key, posted_at in connection.execute(query.where(column.in_(some), within)):
            if any(time < posted_at <= time + window for time in times[key]):
                found.add(mention_id)
    return found
