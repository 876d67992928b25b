"""The staff register as it is kept: roles and rules in clear, names and handles as keyed hashes alone.

Whoever reads the tables learns that there is a work coach, not who; whoever holds a handle and the pseudonym key can
ask whether it is a member of staff's. It implements `collectors.register.StaffRegister`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select

from classifiers.handles import plain
from collectors.register import Person, Worker, plain_name, spellings
from warehouse.audit import record
from warehouse.encoding import storable
from warehouse.pseudonyms import STAFF_PREFIX, Pseudonyms, plain_handle
from warehouse.rows import chunks
from warehouse.runs import Clock, utc_now
from warehouse.staff_schema import staff, staff_keys

KEPT_AFTER_LEAVING = timedelta(days=30)  # posts are found days after they were written; retention deletes later
_FRESH_S = 1.0  # what another process imported is known here within a second
_SUBJECT = "staff register"


class PersonUnknown(LookupError):
    """The register knows nobody of this name, handle or pseudonym."""


class PersonUnclear(LookupError):
    """Several people go by this name; the message tells them apart."""


@dataclass(frozen=True)
class Imported:
    """What an import left in the register, and how that differs from what was there."""

    people: int
    handles: int
    names: int
    new: int
    gone: int


@dataclass(frozen=True)
class Listed:
    """One person of the register, as far as it tells."""

    person: str  # pseudonym
    role: str
    team: str | None
    basis: str
    monitored: bool
    leaves: date | None
    handles: int
    names: int
    platforms: tuple[str, ...]


class StaffStore:
    """Keeps the register and answers for it. Looked up from memory, which is read anew when the register changes."""

    def __init__(
        self,
        engine: Engine,
        pseudonyms: Pseudonyms,
        clock: Clock = utc_now,
        seconds: Callable[[], float] = monotonic,
        homes: Mapping[str, str] | None = None,
    ) -> None:
        """`homes`: by platform, the server whose own accounts it names without it."""
        self._homes = homes or {}
        self._engine = engine
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._seconds = seconds
        self._read_at: float | None = None
        self._state: Any = None
        self._workers: dict[str, list[Worker]] = {}

    def replace(self, people: Sequence[Person], actor: str, reason: str | None = None) -> Imported:
        """Make these people the register, in one transaction with its audit row; whoever is not among them is gone."""
        rows, keys = self._rows(people)
        with self._engine.begin() as connection:
            before = set(connection.scalars(select(staff.c.person)))
            connection.execute(delete(staff_keys))
            connection.execute(delete(staff))
            if rows:
                connection.execute(insert(staff), list(rows.values()))
            if keys:
                connection.execute(insert(staff_keys), keys)
            record(connection, self._clock(), actor, "people_import", _SUBJECT, reason, len(rows))
        self._read_at = None
        handles = sum(key["kind"] == "handle" for key in keys)
        new, gone = len(rows.keys() - before), len(before - rows.keys())
        return Imported(len(rows), handles, len(keys) - handles, new, gone)

    def listed(self) -> list[Listed]:
        """Everybody in the register, by team and role."""
        with self._engine.connect() as connection:
            return _listed(connection)

    def find(self, wanted: str, actor: str, reason: str | None = None) -> list[Listed]:
        """Whoever goes by a name, a handle (platform:handle) or a pseudonym; most often nobody or one.

        Audited by whom it found, and never by what was asked: a name that was asked for is not to be read there.
        """
        with self._engine.begin() as connection:
            found = self._found(connection, wanted)
            for subject in [each.person for each in found] or [_SUBJECT]:
                record(connection, self._clock(), actor, "people_find", subject, reason, min(1, len(found)))
            return found

    def remove(self, wanted: str, actor: str, reason: str) -> Listed:
        """Delete one person, audited. Raises PersonUnknown, PersonUnclear, and ValueError without a reason."""
        _explained(reason)
        with self._engine.connect() as connection:
            found = self._found(connection, wanted)
        if not found:
            raise PersonUnknown(f"the register knows nobody as {wanted!r}: a whole name, platform:handle or st_…")
        if len(found) > 1:
            told = "; ".join(f"{each.person} is a {each.role} of {each.team or 'no team'}" for each in found)
            raise PersonUnclear(f"several people are called so: {told}. Name one of these")
        with self._engine.begin() as connection:
            delete_people(connection, [found[0].person])
            record(connection, self._clock(), actor, "people_remove", found[0].person, reason, 1)
        self._read_at = None
        return found[0]

    def clear(self, actor: str, reason: str) -> int:
        """Delete everybody, audited; how many they were. Raises ValueError without a reason."""
        _explained(reason)
        with self._engine.begin() as connection:
            people = connection.scalars(select(staff.c.person)).all()
            delete_people(connection, people)
            record(connection, self._clock(), actor, "people_remove", _SUBJECT, reason, len(people))
        self._read_at = None
        return len(people)

    def holder(self, platform: str, handle: str | None, on: date) -> Worker | None:
        """As `StaffRegister.holder`."""
        known = self._known()
        if not known:
            return None
        return next((one for key in self.keys(platform, handle) for one in known.get(key, ()) if one.works(on)), None)

    def keys(self, platform: str, handle: str | None) -> list[str]:
        """The hashes under which the holder of a handle may be listed."""
        return [handle_key(self._pseudonyms, platform, each) for each in self.spellings(platform, handle)]

    def spellings(self, platform: str, handle: str | None) -> tuple[str, ...]:
        """Every way in which a handle may be stored, however it is written."""
        bare = plain(handle)
        return spellings(bare, self._homes.get(platform)) if bare else ()

    def is_named(self, name: str, on: date) -> bool:
        """As `StaffRegister.is_named`."""
        known = self._known()
        return bool(known) and any(one.works(on) for one in known.get(self._pseudonyms.of_staff("name", name), ()))

    def _known(self) -> dict[str, list[Worker]]:
        now = self._seconds()
        if self._read_at is None or now - self._read_at >= _FRESH_S:
            with self._engine.connect() as connection:
                state = tuple(connection.execute(select(func.count(), func.max(staff.c.imported_at))).one())
                if self._read_at is None or state != self._state:
                    self._workers = _workers(connection)
            self._state, self._read_at = state, now
        return self._workers

    def _found(self, connection: Connection, wanted: str) -> list[Listed]:
        found = set(self._persons(connection, wanted))
        return [each for each in _listed(connection) if each.person in found]

    def _persons(self, connection: Connection, wanted: str) -> Sequence[str]:
        platform, colon, handle = wanted.partition(":")
        keys = [self._pseudonyms.of_staff("name", plain_name(wanted))]
        keys += self.keys(platform.strip().casefold(), handle) if colon else []
        found = connection.scalars(select(staff_keys.c.person).where(staff_keys.c.key.in_(keys))).all()
        return [*found, wanted] if wanted.startswith(STAFF_PREFIX) else found

    def _rows(self, people: Sequence[Person]) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
        now = self._clock()
        rows: dict[str, dict[str, Any]] = {}
        keys: dict[tuple[str, str], dict[str, Any]] = {}
        for person in people:
            hashed = self._keys(person)
            pseudonym = self._pseudonyms.of_staff("person", *sorted(hashed))
            values = {**asdict(person.worker), "role": storable(person.worker.role)}
            values["team"] = storable(person.worker.team) if person.worker.team else None
            rows[pseudonym] = {"person": pseudonym, "imported_at": now, **values}
            keys |= {(key, pseudonym): {"key": key, "person": pseudonym, **parts} for key, parts in hashed.items()}
        return rows, list(keys.values())

    def _keys(self, person: Person) -> dict[str, dict[str, str | None]]:
        handles: dict[str, dict[str, str | None]] = {
            handle_key(self._pseudonyms, platform, handle): {"kind": "handle", "platform": platform}
            for platform, handle in person.handles
        }
        names = {self._pseudonyms.of_staff("name", plain_name(name)) for name in person.names}
        return handles | {name: {"kind": "name", "platform": None} for name in names}


def handle_key(pseudonyms: Pseudonyms, platform: str, handle: str) -> str:
    """The hash by which a handle is found, compared without case and leading @."""
    return pseudonyms.of_staff("handle", platform, (plain_handle(handle) or "").casefold())


def staff_behind(connection: Connection, register: StaffStore | None, platform: str, handle: str) -> Sequence[str]:
    """The people of the register who hold a handle; nobody without the register, which knows how handles are hashed."""
    keys = register.keys(platform, handle) if register else []
    return connection.scalars(select(staff_keys.c.person).where(staff_keys.c.key.in_(keys)).distinct()).all()


def delete_people(connection: Connection, people: Sequence[str]) -> None:
    """Delete these people and every key to them."""
    for some in chunks(people):
        connection.execute(delete(staff_keys).where(staff_keys.c.person.in_(some)))
        connection.execute(delete(staff).where(staff.c.person.in_(some)))


def delete_leavers(connection: Connection, now: datetime) -> int:
    """Delete whoever left more than `KEPT_AFTER_LEAVING` ago; how many."""
    left = staff.c.leaves < (now - KEPT_AFTER_LEAVING).date()
    people = connection.scalars(select(staff.c.person).where(left)).all()
    delete_people(connection, people)
    return len(people)


def _explained(reason: str) -> None:
    if not reason.strip():
        raise ValueError("to forget somebody needs a reason: say why, for the audit trail")


def _workers(connection: Connection) -> dict[str, list[Worker]]:
    columns = (staff_keys.c.key, *(staff.c[name] for name in ("role", "team", "basis", "monitored", "leaves")))
    joined = select(*columns).join(staff, staff.c.person == staff_keys.c.person)
    workers: dict[str, list[Worker]] = {}
    for row in connection.execute(joined):
        workers.setdefault(row.key, []).append(_worker(row))
    return workers


def _worker(row: Row[Any]) -> Worker:
    return Worker(row.role, row.team, row.basis, row.monitored, row.leaves)


def _listed(connection: Connection) -> list[Listed]:
    keys: dict[str, list[Any]] = {}
    for key in connection.execute(select(staff_keys.c.person, staff_keys.c.kind, staff_keys.c.platform)):
        keys.setdefault(key.person, []).append(key)
    found = []
    for row in connection.execute(select(staff).order_by(staff.c.team, staff.c.role, staff.c.person)):
        handles = [key.platform for key in keys.get(row.person, []) if key.kind == "handle"]
        names = len(keys.get(row.person, [])) - len(handles)
        facts = (row.person, row.role, row.team, row.basis, row.monitored, row.leaves)
        found.append(Listed(*facts, len(handles), names, tuple(sorted(set(handles)))))
    return found
