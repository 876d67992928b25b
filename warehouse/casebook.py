"""The casebook: incidents, their events and evidence, each change in one transaction with its outbox row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Connection, Engine, func, select, update

from incidents.campaign import is_campaign
from incidents.casebook import Decide, Entry, Unmerged
from incidents.evidence import Evidence
from incidents.incident import Act, Exhibit, GroupKey, Incident, Status
from incidents.lifecycle import Event
from incidents.suppression import Suppression
from warehouse.acts import acted
from warehouse.beside import Beside
from warehouse.campaigns import joining, posts_of, standing_key
from warehouse.case_entries import link, portions, write_entry
from warehouse.case_rows import (
    exhibit,
    held_findings,
    of_key,
    one_incident,
    read_events,
    read_evidence,
    read_incidents,
    waiting_findings,
)
from warehouse.case_schema import incidents
from warehouse.custody import take_rest_of_course
from warehouse.deadlocks import retry_deadlocks
from warehouse.encoding import storable
from warehouse.inhibitions import Packs, announce
from warehouse.merging import Around, around, merge, unmerge, where_it_goes_on
from warehouse.openings import alone, open_all
from warehouse.schema import findings

BEFORE_THE_FIRST = 1000  # incident number 1 is TOC-1001
SETTLEMENT_LOCK = 0x70C52  # the advisory lock of the one settlement that runs at a time on PostgreSQL


class WarehouseCasebook:
    """`incidents.casebook.Casebook` on SQLite and PostgreSQL. The clock times the acts of people."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC), packs: Packs = dict
    ) -> None:
        """`packs`: whose quiet hours hold back what rings because somebody acted."""
        self._engine = engine
        self._clock = clock
        self._packs = packs

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
            held = held_findings(connection, waiting)
            for finding_id, incident_id in held.items():  # judged again since: it is evidence, and rings no bell
                link(connection, [finding_id], incident_id)
                take_rest_of_course(connection, incident_id, [finding_id], now)
            new = tuple(each for each in exhibits if each.finding_id in waiting - held.keys())
            if not new:
                return None
            key = standing_key(connection, key, new) if is_campaign(key) else key
            newest = _newest(connection, key)
            standing = where_it_goes_on(connection, newest)
            number = _next_number(connection)
            entry = decide(key, standing, new, f"TOC-{BEFORE_THE_FIRST + number}")
            elsewhere = newest is not None and newest is not standing and entry.change.act != "opened"
            write_entry(connection, entry, number, now, newest.id if newest is not None and elsewhere else None)
            announce(connection, entry, now)
            return entry

    @retry_deadlocks
    def open_alone(
        self, groups: Mapping[GroupKey, Sequence[Exhibit]], decide: Decide, now: datetime
    ) -> dict[GroupKey, Entry]:
        """Open, in one transaction, an incident for each key that is new; the rest is to be settled."""
        with self._engine.begin() as connection:
            _take_turn(connection)
            waiting = _still_waiting(connection, [each.finding_id for some in groups.values() for each in some])
            beside = Beside(connection, groups)
            chosen = {key: groups[key] for key in alone(connection, groups, waiting, beside)}
            numbers = count(_next_number(connection))
            ids = ((number, f"TOC-{BEFORE_THE_FIRST + number}") for number in numbers)
            return dict(zip(chosen, open_all(connection, chosen, decide, ids, now, beside), strict=True))

    def campaign_posts(self, finding_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Of those that are part of a pile-on or of coordinated copies, by id: the posts that they rest on."""
        with self._engine.connect() as connection:
            return joining(connection, finding_ids) | posts_of(connection, finding_ids)

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
            event = Event(incident_id, act, actor, now, reason, origin, _detail(assignee))
            return acted(connection, event, self._packs)

    @retry_deadlocks
    def merge(
        self, incident_id: str, into: str, actor: str, reason: str, origin: str = "cli"
    ) -> tuple[Incident, Incident]:
        """Let an incident go on in another; both, as they stand then. Raises ActRefused, IncidentUnknown."""
        with self._engine.begin() as connection:
            return merge(connection, incident_id, into, actor, reason, origin, self._clock())

    @retry_deadlocks
    def unmerge(self, incident_id: str, actor: str, reason: str | None = None, origin: str = "cli") -> Unmerged:
        """Let it stand for itself again, as before. Raises ActRefused, IncidentUnknown."""
        with self._engine.begin() as connection:
            return unmerge(connection, incident_id, actor, reason, origin, self._clock(), self._packs)

    def around(self, incident_id: str) -> Around:
        """What was merged into one incident, and what it explains. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            one_incident(connection, incident_id)
            return around(connection, incident_id)

    def incidents(self, status: Status | None = None) -> list[Incident]:
        """All incidents, or those of one status, newest first."""
        query = select(incidents).order_by(incidents.c.number.desc())
        with self._engine.connect() as connection:
            return read_incidents(connection, query if status is None else query.where(incidents.c.status == status))

    def incident(self, incident_id: str) -> Incident:
        """One incident. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            return one_incident(connection, incident_id)

    def events(self, incident_id: str) -> list[Event]:
        """What was done to one incident, oldest first. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            one_incident(connection, incident_id)
            return read_events(connection, incident_id)

    def evidence(self, incident_id: str) -> list[Evidence]:
        """What one incident rests on, oldest post first. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            one_incident(connection, incident_id)
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
