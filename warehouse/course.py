"""The earlier posts of a behaviour over time, taken into custody with the incident that they show.

One that is a finding is an exhibit already. The others are kept beside the exhibits: what made each count, and its
original, both hashed into the custody log, so that the whole course is proved though the posts vanish.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select

from incidents.dossier import HeldStep
from incidents.incident import Exhibit
from warehouse.behaviour_schema import timeline
from warehouse.case_schema import evidence
from warehouse.course_schema import course_posts
from warehouse.originals import originals_of, sha256
from warehouse.rows import chunks
from warehouse.schema import authors, findings, mentions

_STEPS = (  # of findings' behaviours, in order, with whose account each was
    select(timeline.c.finding_id, timeline.c.mention_id, timeline.c.kind, timeline.c.counted_as, timeline.c.posted_at)
    .add_columns(*(mentions.c[name] for name in ("author", "platform", "text", "url")), authors.c.handle)
    .join(findings, findings.c.finding_id == timeline.c.finding_id)
    .join(mentions, mentions.c.mention_id == timeline.c.mention_id)
    .outerjoin(authors, authors.c.author == mentions.c.author)
    .order_by(timeline.c.posted_at, timeline.c.mention_id, timeline.c.kind, timeline.c.finding_id)
)


def take_course(
    connection: Connection, incident_id: str, finding_ids: Sequence[str], now: datetime
) -> list[dict[str, Any]]:
    """Take in what an incident's findings, and these, rest on and is not in custody; what the log is to say of it."""
    steps = _steps(connection, incident_id, finding_ids)
    return _taken(connection, {incident_id: steps}, now)[incident_id]


def take_courses(
    connection: Connection, resting: Mapping[str, Sequence[Exhibit]], now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """The same for many incidents, by id, that are new: they rest on these exhibits, and nothing is in custody yet."""
    owner = {each.finding_id: incident_id for incident_id, exhibits in resting.items() for each in exhibits}
    known = {(incident_id, each.mention_id) for incident_id, exhibits in resting.items() for each in exhibits}
    steps: dict[str, list[Row[Any]]] = defaultdict(list)
    for some in chunks(sorted(owner)):
        for row in connection.execute(_STEPS.where(findings.c.finding_id.in_(some))):
            if (owner[row.finding_id], row.mention_id) not in known:
                steps[owner[row.finding_id]].append(row)
    return _taken(connection, steps, now) if steps else {}


def course_of(connection: Connection, incident_id: str) -> list[HeldStep]:
    """What is held of an incident's course, oldest post first."""
    query = select(course_posts).where(course_posts.c.incident_id == incident_id)
    held = [
        HeldStep(row.evidence_id, row.mention_id, row.step, row.sha256, row.original, row.original_sha256)
        for row in connection.execute(query)
    ]
    return sorted(held, key=lambda each: (each.read["posted_at"], each.mention_id))


def drop_course(connection: Connection, incident_id: str) -> None:
    """Delete it."""
    connection.execute(delete(course_posts).where(course_posts.c.incident_id == incident_id))


def step_id_of(incident_id: str, mention_id: str) -> str:
    """The one id that a post has as part of an incident's course."""
    return hashlib.sha256(f"{incident_id}\ncourse\n{mention_id}".encode()).hexdigest()


def _steps(connection: Connection, incident_id: str, finding_ids: Sequence[str]) -> list[Row[Any]]:
    exhibits = select(evidence.c.mention_id).where(evidence.c.incident_id == incident_id)
    known = select(course_posts.c.mention_id).where(course_posts.c.incident_id == incident_id)
    query = _STEPS.where(timeline.c.mention_id.not_in(exhibits), timeline.c.mention_id.not_in(known))
    rows: list[Row[Any]] = []
    for some in chunks(sorted(finding_ids)) or [[]]:
        ours = or_(findings.c.incident_id == incident_id, findings.c.finding_id.in_(some))
        rows += connection.execute(query.where(ours)).all()
    return rows


def _taken(
    connection: Connection, steps: Mapping[str, Sequence[Row[Any]]], now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Take these posts in, by incident; what each log is to say of them."""
    texts = originals_of(connection, [row.mention_id for rows in steps.values() for row in rows])
    kept: list[dict[str, Any]] = []
    said: dict[str, list[dict[str, Any]]] = {}
    for incident_id, rows in steps.items():
        posts = {row.mention_id: row for row in rows}
        counted: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows:
            counted[row.mention_id][row.kind] = row.counted_as
        held = sorted(posts.keys() & texts.keys())
        mine = [_kept(incident_id, posts[name], counted[name], texts[name], now) for name in held]
        said[incident_id] = [_said(row, counted[row["mention_id"]]) for row in mine]
        kept += mine
    if kept:
        connection.execute(insert(course_posts), kept)
    return said


def _said(row: Mapping[str, Any], counted: Mapping[str, str]) -> dict[str, Any]:
    return {
        "evidence_id": row["evidence_id"],
        "exhibit": row["sha256"],
        "original": row["original_sha256"],
        "part_of": sorted(counted),
    }


def _kept(incident_id: str, post: Row[Any], counted: Mapping[str, str], original: str, now: datetime) -> dict[str, Any]:
    step = {
        "mention_id": post.mention_id,
        "platform": post.platform,
        "url": post.url,
        "author": post.author,
        "author_handle": post.handle,
        "text": post.text,
        "posted_at": post.posted_at.astimezone(UTC).isoformat(),
        "counted_as": dict(counted),
    }
    text = json.dumps(step, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return {
        "evidence_id": step_id_of(incident_id, post.mention_id),
        "incident_id": incident_id,
        "mention_id": post.mention_id,
        "step": text,
        "sha256": sha256(text),
        "original": original,
        "original_sha256": sha256(original),
        "captured_at": now,
    }
