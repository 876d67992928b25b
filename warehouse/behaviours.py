"""The behaviours that findings rest on, written with them and read back as the timeline of an incident."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select

from classifiers.behaviour.timeline import Behaviour, BehaviourKind, Step, ordered
from warehouse.behaviour_schema import behaviours, timeline
from warehouse.bulk import load
from warehouse.encoding import storable
from warehouse.rows import Row, chunks
from warehouse.schema import authors, findings, mentions


def write_behaviours(connection: Connection, found: Mapping[str, Sequence[Behaviour]], now: datetime) -> None:
    """What findings (by id) rest on now, in place of what they did. A post that is held no more is no step."""
    for some in chunks(sorted(found)):
        connection.execute(delete(behaviours).where(behaviours.c.finding_id.in_(some)))
    each = [(finding_id, one) for finding_id, several in found.items() for one in several]
    load(connection, behaviours, [_row(finding_id, one, now) for finding_id, one in each])
    held = _held(connection, {step.mention_id for _, one in each for step in one.steps})
    load(connection, timeline, [row for finding_id, one in each for row in _steps(finding_id, one, held)])


def timeline_of(engine: Engine, incident_id: str) -> list[Behaviour]:
    """The behaviours that an incident rests on, one a kind: all posts of its findings' timelines, and the last why."""
    with engine.connect() as connection:
        whole = (
            select(behaviours.c.kind, behaviours.c.why)
            .join(findings, findings.c.finding_id == behaviours.c.finding_id)
            .join(mentions, mentions.c.mention_id == findings.c.mention_id)
            .where(findings.c.incident_id == incident_id)
            .order_by(mentions.c.posted_at, behaviours.c.finding_id)
        )
        why: dict[BehaviourKind, str] = {row.kind: row.why for row in connection.execute(whole)}
        step = (
            select(timeline, authors.c.handle, authors.c.author)
            .join(findings, findings.c.finding_id == timeline.c.finding_id)
            .join(mentions, mentions.c.mention_id == timeline.c.mention_id)
            .outerjoin(authors, authors.c.author == mentions.c.author)
            .where(findings.c.incident_id == incident_id)
            .order_by(timeline.c.posted_at, timeline.c.mention_id, timeline.c.finding_id)
        )
        steps: dict[BehaviourKind, dict[str, Step]] = {}
        for row in connection.execute(step):
            account = row.handle or row.author
            seen = Step(row.posted_at, row.mention_id, row.platform, account, row.counted_as)
            steps.setdefault(row.kind, {}).setdefault(row.mention_id, seen)
    return [Behaviour(kind, why[kind], ordered(steps.get(kind, {}).values())) for kind in sorted(why)]


def _row(finding_id: str, one: Behaviour, now: datetime) -> Row:
    return {"finding_id": finding_id, "kind": one.kind, "why": storable(one.why), "found_at": now}


def _steps(finding_id: str, one: Behaviour, held: set[str]) -> list[Row]:
    return [
        {
            "finding_id": finding_id,
            "kind": one.kind,
            "position": position,
            "mention_id": step.mention_id,
            "platform": step.platform,
            "posted_at": step.posted_at,
            "counted_as": step.counted_as,
        }
        for position, step in enumerate((step for step in one.steps if step.mention_id in held), start=1)
    ]


def _held(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the mentions that are stored; kept from being deleted until they are written of."""
    held: set[str] = set()
    for some in chunks(sorted(ids)):
        query = select(mentions.c.mention_id).where(mentions.c.mention_id.in_(some)).order_by(mentions.c.mention_id)
        held.update(connection.scalars(query.with_for_update(key_share=True, read=True)))
    return held
