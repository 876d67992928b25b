"""The book of custody: holds, looks, logs, and whole dossiers, for the commands."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from incidents.custody import CustodyEntry, Handling
from incidents.dossier import Dossier, EvidenceBroken, HeldExhibit
from incidents.incident import Exhibit, Incident
from incidents.lifecycle import IncidentUnknown
from warehouse.case_rows import read_events, read_incidents
from warehouse.case_schema import evidence, incidents
from warehouse.course import course_of
from warehouse.custody import append, read_log
from warehouse.custody_schema import originals
from warehouse.deadlocks import retry_deadlocks
from warehouse.engine import snapshot
from warehouse.holds import lift_hold, set_hold
from warehouse.proof import problems_of
from warehouse.schema import policy_versions
from warehouse.stamps import read_stamps


class CustodyBook:
    """Evidence in custody, on SQLite and PostgreSQL. The clock times what people do."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._engine = engine
        self._clock = clock

    @retry_deadlocks
    def note(self, incident_id: str, handling: Handling) -> CustodyEntry:
        """Write down what was done. Raises IncidentUnknown."""
        with self._engine.begin() as connection:
            return append(connection, incident_id, handling, self._clock())

    @retry_deadlocks
    def hold(self, incident_id: str, actor: str, why: str) -> None:
        """Put an incident on legal hold. Raises IncidentUnknown, ActIncomplete, ActNotPossible."""
        with self._engine.begin() as connection:
            set_hold(connection, incident_id, actor, why, self._clock())

    @retry_deadlocks
    def release(self, incident_id: str, actor: str, why: str) -> None:
        """Lift the legal hold. Raises IncidentUnknown, ActIncomplete, ActNotPossible."""
        with self._engine.begin() as connection:
            lift_hold(connection, incident_id, actor, why, self._clock())

    def log(self, incident_id: str) -> list[CustodyEntry]:
        """An incident's log, oldest entry first. Raises IncidentUnknown."""
        with self._engine.connect() as connection:
            _incident(connection, incident_id)
            return read_log(connection, incident_id)

    def problems(self, authority: bytes | None = None) -> Iterator[str]:
        """What is wrong with any incident's evidence, as the warehouse holds it; nothing where all is whole."""
        with snapshot(self._engine) as connection:
            for incident_id in connection.scalars(select(incidents.c.incident_id).order_by(incidents.c.number)).all():
                yield from problems_of(connection, incident_id, authority)

    def dossier(self, incident_id: str, authority: bytes | None = None) -> Dossier:
        """All of one incident, proved first. Raises IncidentUnknown; EvidenceBroken, naming what is not as it was."""
        with snapshot(self._engine) as connection:
            incident = _incident(connection, incident_id)
            if broken := list(problems_of(connection, incident_id, authority)):
                raise EvidenceBroken("\n".join(broken))
            exhibits = sorted(_exhibits(connection, incident_id), key=_by_post)
            organisation, clauses = _policy(connection, incident, [each.read for each in exhibits])
            return Dossier(
                incident=incident,
                organisation=organisation,
                clauses=clauses,
                events=read_events(connection, incident_id),
                exhibits=exhibits,
                course=course_of(connection, incident_id),
                custody=read_log(connection, incident_id),
                stamps=read_stamps(connection, incident_id),
            )


def _incident(connection: Connection, incident_id: str) -> Incident:
    found = read_incidents(connection, select(incidents).where(incidents.c.incident_id == incident_id))
    if not found:
        raise IncidentUnknown(f"there is no incident {incident_id}")
    return found[0]


def _exhibits(connection: Connection, incident_id: str) -> list[HeldExhibit]:
    beside = evidence.outerjoin(originals, originals.c.evidence_id == evidence.c.evidence_id)
    kept = select(evidence, originals.c.original, originals.c.sha256.label("original_sha256")).select_from(beside)
    return [_held(row) for row in connection.execute(kept.where(evidence.c.incident_id == incident_id))]


def _held(row: Row[Any]) -> HeldExhibit:
    exhibit = json.dumps(row.exhibit, sort_keys=True, separators=(",", ":"))
    return HeldExhibit(row.evidence_id, exhibit, row.sha256, row.original, row.original_sha256)


def _by_post(held: HeldExhibit) -> tuple[datetime, str]:
    return held.read.posted_at, held.read.finding_id


def _policy(connection: Connection, incident: Incident, exhibits: list[Exhibit]) -> tuple[str, list[tuple[str, str]]]:
    """The organisation's name and the clauses broken, in the words of the pack that the newest exhibit was found by."""
    version = exhibits[-1].policy_version if exhibits else ""
    query = select(policy_versions.c.content).where(
        policy_versions.c.policy == incident.key.policy, policy_versions.c.policy_version == version
    )
    content = connection.execute(query).scalar_one_or_none() or {}
    quoted = {clause["id"]: clause["text"] for clause in content.get("clauses", ())}
    name = content.get("organisation", {}).get("name", incident.key.policy)
    return name, [(clause, quoted.get(clause, "")) for clause in incident.clauses]
