"""Which entries of the custody logs an authority has stamped, which wait, and why. See `incidents.stamping`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, func, select

from incidents.custody import CustodyEntry
from incidents.stamping import Stamp
from warehouse.bulk import load, replace_all
from warehouse.custody import entry_of
from warehouse.custody_schema import custody, stamps
from warehouse.encoding import storable


@dataclass(frozen=True)
class StampState:
    """How things stand: logs without a timestamp of their newest entry, since when, and what the last failure said."""

    stamped: int
    waiting: int
    since: datetime | None
    error: str | None


class WarehouseStamps:
    """`incidents.stamping.StampBook` on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def waiting(self, limit: int) -> list[CustodyEntry]:
        """The newest entry of each log that has no timestamp, the least often tried first. A look needs none."""
        tried = func.coalesce(stamps.c.attempts, 0)
        query = _unstamped(custody).order_by(tried, custody.c.at, custody.c.incident_id).limit(limit)
        with self._engine.connect() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def keep(self, stamp: Stamp) -> None:
        """Keep a timestamp, in a transaction of its own; of two for one entry the later."""
        told = {"error": None, "stamped_at": stamp.stamped_at, "query": stamp.query, "reply": stamp.reply}
        self._note(stamp.incident_id, stamp.sequence, stamp.tsa, told)

    def note_failure(self, entry: CustodyEntry, tsa: str, error: str) -> None:
        """Note that there was none, and why; it waits on."""
        told = {"error": storable(error), "stamped_at": None, "query": None, "reply": None}
        self._note(entry.incident_id, entry.sequence, tsa, told)

    def state(self) -> StampState:
        """How things stand, for the operator."""
        with self._engine.connect() as connection:
            waiting = connection.execute(_unstamped(custody.c.at, stamps.c.error, stamps.c.asked_at)).all()
            done = select(func.count()).select_from(stamps).where(stamps.c.reply.is_not(None))
            stamped = connection.execute(done).scalar_one()
        failed = [row for row in waiting if row.error]
        error = max(failed, key=lambda row: row.asked_at).error if failed else None
        return StampState(stamped, len(waiting), min((row.at for row in waiting), default=None), error)

    def _note(self, incident_id: str, sequence: int, tsa: str, told: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            before = select(stamps.c.attempts, stamps.c.reply).where(
                stamps.c.incident_id == incident_id, stamps.c.sequence == sequence
            )
            former = connection.execute(before.with_for_update()).one_or_none()
            if former is not None and former.reply is not None:
                return  # another run had it stamped meanwhile
            key = {"incident_id": incident_id, "sequence": sequence}
            tried = {"tsa": tsa, "attempts": 1 + (former.attempts if former else 0), "asked_at": self._clock()}
            load(connection, stamps, [key | tried | told], replace_all(stamps))


def read_stamps(connection: Connection, incident_id: str) -> list[Stamp]:
    """The timestamps of one incident's log, in its order."""
    query = select(stamps).where(stamps.c.incident_id == incident_id, stamps.c.reply.is_not(None))
    return [
        Stamp(row.incident_id, row.sequence, row.tsa, bytes(row.query), bytes(row.reply), row.stamped_at)
        for row in connection.execute(query.order_by(stamps.c.sequence))
    ]


def _unstamped(*columns: Any) -> Select[Any]:
    newest = select(custody.c.incident_id, func.max(custody.c.sequence).label("sequence"))
    heads = newest.where(custody.c.act != "viewed").group_by(custody.c.incident_id).subquery()
    of_it = and_(stamps.c.incident_id == custody.c.incident_id, stamps.c.sequence == custody.c.sequence)
    of_head = and_(heads.c.incident_id == custody.c.incident_id, heads.c.sequence == custody.c.sequence)
    joined = custody.join(heads, of_head).outerjoin(stamps, of_it)
    return select(*columns).select_from(joined).where(stamps.c.reply.is_(None))
