"""Labels: what people say of findings by closing an incident, written in the transaction of the act that says it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, ScalarSelect, func, insert, or_, select, update

from incidents.evidence import exhibit_of
from incidents.incident import Exhibit
from incidents.lifecycle import Event
from incidents.recalibration import Judged
from incidents.verdict import CATEGORY, Label, label_of
from warehouse.audit import record
from warehouse.case_schema import evidence, incidents
from warehouse.encoding import storable
from warehouse.label_schema import labels


@dataclass(frozen=True)
class Labelled:
    """A label in force with the exhibit that it is of; None where the evidence has gone."""

    incident_id: str
    finding_id: str
    category: str
    clauses: tuple[str, ...]
    verdict: Label
    why: str | None
    decided_by: str
    decided_at: str
    model: str
    exhibit: Exhibit | None


def label(connection: Connection, event: Event, number: int) -> None:
    """Write what an act, event `number` of the casebook, says of every finding of its incident.

    Closing says something; reopening by a person takes it back. New evidence that reopens takes nothing back.
    """
    if event.act == "reopened" and event.origin != "pipeline":
        standing = labels.c.incident_id == event.incident_id, labels.c.withdrawn_at.is_(None)
        connection.execute(update(labels).where(*standing).values(withdrawn_at=event.at))
    verdict = label_of(event.act, event.reason)
    if verdict is not None:
        rows = [row for exhibit in _exhibits(connection, event.incident_id) for row in _rows(event, exhibit, verdict)]
        if rows:
            connection.execute(insert(labels), [row | {"event_id": number} for row in rows])


def judged(engine: Engine, policy: str) -> list[Judged]:
    """The incidents of one policy on whose category a label in force says something, each with its surest finding."""
    columns = (labels.c.incident_id, labels.c.category, labels.c.verdict, labels.c.model)
    surest = select(*columns, func.max(labels.c.confidence).label("confidence")).where(
        labels.c.policy == policy, labels.c.verdict.in_(list(CATEGORY)), _in_force()
    )
    with engine.connect() as connection:
        rows = connection.execute(surest.group_by(*columns).order_by(*columns)).all()
    return [Judged(row.incident_id, row.category, row.confidence, CATEGORY[row.verdict], row.model) for row in rows]


def in_force(engine: Engine, policy: str | None = None) -> Iterator[Labelled]:
    """Every label in force, oldest first, a finding once with all its clauses."""
    query = (
        select(labels, evidence.c.exhibit)
        # not by the incident: evidence stays with its own, where the label is of the one that it was merged into
        .outerjoin(evidence, evidence.c.finding_id == labels.c.finding_id)
        .where(_in_force(), *([labels.c.policy == policy] if policy else []))
        .order_by(labels.c.event_id, labels.c.finding_id, labels.c.clause)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    findings: dict[str, list[Any]] = {}
    for row in rows:
        findings.setdefault(row.finding_id, []).append(row)
    for same in findings.values():
        yield _labelled(same)


def ruling() -> ScalarSelect[str]:
    """The verdict of the labels in force of an incident of `incidents`, or of the one that it was merged into.

    Null where people never closed it, or closed it before there were labels.
    """
    standing = (
        labels.c.withdrawn_at.is_(None),
        labels.c.incident_id == func.coalesce(incidents.c.merged_into, incidents.c.incident_id),
    )
    newest = select(labels.c.verdict).where(*standing).order_by(labels.c.event_id.desc()).limit(1)
    return newest.correlate(incidents).scalar_subquery()


def note_export(engine: Engine, actor: str, subject: str, why: str, posts: int, now: datetime) -> None:
    """Put on record that labelled posts were given out."""
    with engine.begin() as connection:
        record(connection, now, actor, "export_labels", subject, why, posts)


def _labelled(rows: list[Any]) -> Labelled:
    first = rows[0]
    return Labelled(
        incident_id=first.incident_id,
        finding_id=first.finding_id,
        category=first.category,
        clauses=tuple(row.clause for row in rows),
        verdict=first.verdict,
        why=first.why,
        decided_by=first.decided_by,
        decided_at=first.decided_at.isoformat(),
        model=first.model,
        exhibit=exhibit_of(first.exhibit) if first.exhibit else None,
    )


def _in_force() -> ColumnElement[bool]:
    """The condition that a label stands, and that none was given to the same finding after it."""
    other = labels.alias("other")
    newest = select(func.max(other.c.event_id)).where(
        other.c.finding_id == labels.c.finding_id, other.c.withdrawn_at.is_(None)
    )
    return labels.c.withdrawn_at.is_(None) & (labels.c.event_id == newest.correlate(labels).scalar_subquery())


def _exhibits(connection: Connection, incident_id: str) -> list[Exhibit]:
    """What an incident rests on, and what those rest on that were merged into it: all of that is decided at once."""
    merged = select(incidents.c.incident_id).where(incidents.c.merged_into == incident_id)
    theirs = or_(evidence.c.incident_id == incident_id, evidence.c.incident_id.in_(merged))
    found = connection.scalars(select(evidence.c.exhibit).where(theirs).order_by(evidence.c.evidence_id))
    return [exhibit_of(each) for each in found]


def _rows(event: Event, exhibit: Exhibit, verdict: Label) -> Iterator[dict[str, Any]]:
    for clause in dict.fromkeys(exhibit.clauses):
        yield {
            "incident_id": event.incident_id,
            "finding_id": exhibit.finding_id,
            "policy": exhibit.policy,
            "policy_version": exhibit.policy_version,
            "model": exhibit.model,
            "category": exhibit.category,
            "clause": clause,
            "confidence": exhibit.confidence,
            "verdict": verdict,
            "why": storable(event.reason) if event.reason else None,
            "decided_by": storable(event.actor),
            "origin": event.origin,
            "decided_at": event.at,
            "decided_on": event.at.date(),
        }
