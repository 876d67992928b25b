"""The casebook: incidents, their events and evidence, each change in one transaction with its outbox row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select, update

from incidents.card import follow_up
from incidents.casebook import Decide, Entry
from incidents.evidence import Evidence
from incidents.incident import Act, Exhibit, GroupKey, Incident, Status
from incidents.lifecycle import TELLS, Event, IncidentUnknown, check, fold
from incidents.suppression import Suppression
from warehouse.case_entries import add_event, add_notification, link, portions, times, write_entry
from warehouse.case_rows import (
    exhibit,
    held_findings,
    last_told,
    of_key,
    read_events,
    read_evidence,
    read_incidents,
    waiting_findings,
)
from warehouse.case_schema import incidents
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.schema import findings

BEFORE_THE_FIRST = 1000  # incident number 1 is TOC-1001
SETTLEMENT_LOCK = 0x70C52  # the advisory lock of the one settlement that runs at a time on PostgreSQL


class WarehouseCasebook:
    """`incidents.casebook.Casebook` on SQLite and PostgreSQL. The clock times the acts of people."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    def ungrouped(self, policy: str, limit: int = 5000) -> list[Exhibit]:
        """Findings of one policy that belong to no incident and are not suppressed, by author; `limit` at most."""
        with self._engine.connect() as connection:
            return [exhibit(row) for row in connection.execute(waiting_findings(policy).limit(limit))]

    def suppress(self, covered: Mapping[str, Suppression]) -> int:
        """Record what keeps findings from opening an incident; returns how many were still ungrouped."""
        waiting = findings.c.incident_id.is_(None) & findings.c.suppressed_why.is_(None)
        alike: dict[Suppression, list[str]] = {}
        for finding_id, by in covered.items():
            alike.setdefault(by, []).append(finding_id)
        count = 0
        with self._engine.begin() as connection:
            for by, finding_ids in alike.items():
                values = {
                    "suppressed_why": storable(by.why),
                    "suppressed_by": by.by,
                    "exception_id": storable(by.exception) if by.exception else None,
                }
                for some in portions(sorted(finding_ids)):
                    query = update(findings).where(findings.c.finding_id.in_(some), waiting)
                    count += connection.execute(query.values(values)).rowcount
        return count

    @retry_deadlocks
    def settle(self, key: GroupKey, exhibits: Sequence[Exhibit], decide: Decide, now: datetime) -> Entry | None:
        """Write what `decide` makes of the exhibits of one key that still wait; one settlement runs at a time."""
        with self._engine.begin() as connection:
            _take_turn(connection)
            waiting = _still_waiting(connection, [each.finding_id for each in exhibits])
            held = held_findings(connection, key)
            for finding_id in waiting & held.keys():  # judged again since: it is evidence already, and rings no bell
                link(connection, [finding_id], held[finding_id])
            new = tuple(each for each in exhibits if each.finding_id in waiting - held.keys())
            if not new:
                return None
            number = _next_number(connection)
            entry = decide(_newest(connection, key), new, f"TOC-{BEFORE_THE_FIRST + number}")
            write_entry(connection, entry, number, now)
            return entry

    @retry_deadlocks
    def act(
        self,
        incident_id: str,
        act: Act,
        actor: str,
        reason: str | None = None,
        origin: str = "cli",
        assignee: str | None = None,
    ) -> Incident:
        """Let a person act: event, status and notification in one transaction. Raises ActRefused, IncidentUnknown."""
        now = self._clock()
        with self._engine.begin() as connection:
            query = select(incidents).where(incidents.c.incident_id == incident_id).with_for_update()
            row = connection.execute(query).one_or_none()
            if row is None:
                raise IncidentUnknown(f"there is no incident {incident_id}")
            check(incident_id, row.status, act, actor, reason, assignee)
            event = Event(incident_id, act, actor.strip(), now, reason, origin, _detail(assignee))
            number = add_event(connection, event)
            status = fold(read_events(connection, incident_id))
            changed = times(row, act, now) | {"status": status} | _detail(assignee)
            connection.execute(update(incidents).where(incidents.c.incident_id == incident_id).values(changed))
            if act in TELLS:
                told = last_told(connection, incident_id)
                add_notification(connection, follow_up(told, event, number, status))
            return _one(connection, incident_id)

    def incidents(self, status: Status | None = None) -> list[Incident]:
        """All incidents, or those of one status, newest first."""
        query = select(incidents).order_by(incidents.c.number.desc())
        with self._engine.connect() as connection:
            return read_incidents(connection, query if status is None else query.where(incidents.c.status == status))

    def incident(self, incident_id: str) -> Incident:
        """One incident. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            return _one(connection, incident_id)

    def events(self, incident_id: str) -> list[Event]:
        """What was done to one incident, oldest first. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            _one(connection, incident_id)
            return read_events(connection, incident_id)

    def evidence(self, incident_id: str) -> list[Evidence]:
        """What one incident rests on, oldest post first. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            _one(connection, incident_id)
            return read_evidence(connection, incident_id)


def _detail(assignee: str | None) -> dict[str, str]:
    return {"assignee": storable(assignee.strip())} if assignee else {}


def _take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has done it already
        connection.execute(select(func.pg_advisory_xact_lock(SETTLEMENT_LOCK)))


def _still_waiting(connection: Connection, finding_ids: list[str]) -> set[str]:
    waiting: set[str] = set()
    for some in portions(sorted(finding_ids)):
        query = select(findings.c.finding_id).where(
            findings.c.finding_id.in_(some), findings.c.incident_id.is_(None), findings.c.suppressed_why.is_(None)
        )
        waiting.update(connection.execute(query.with_for_update()).scalars())
    return waiting


def _newest(connection: Connection, key: GroupKey) -> Incident | None:
    query = select(incidents).where(of_key(key)).order_by(incidents.c.number.desc()).limit(1)
    return next(iter(read_incidents(connection, query.with_for_update())), None)


def _next_number(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(incidents.c.number), 0))).scalar_one()) + 1


def _one(connection: Connection, incident_id: str) -> Incident:
    found = read_incidents(connection, select(incidents).where(incidents.c.incident_id == incident_id))
    if not found:
        raise IncidentUnknown(f"there is no incident {incident_id}")
    return found[0]
