"""Evidence in custody: taken in, looked at, given out and erased, each act an entry of the incident's chained log.

Every entry is written in the transaction of the act that it tells of. Writers of one incident's log wait for each
other at the incident's row, so that the chain has one end only.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, insert, select

from incidents.custody import CustodyEntry, Handling, following
from incidents.evidence import digest, record
from incidents.incident import Exhibit
from incidents.lifecycle import IncidentUnknown
from warehouse.case_schema import evidence, incidents
from warehouse.course import drop_course, take_course, take_courses
from warehouse.course_schema import in_custody
from warehouse.custody_heads import begin, move_on
from warehouse.custody_schema import custody, originals
from warehouse.encoding import storable, to_json
from warehouse.originals import originals_of, sha256
from warehouse.post_changes import forget_changes
from warehouse.rows import chunks

PIPELINE = "tocsin"


def take_into_custody(
    connection: Connection, incident_id: str, exhibits: Sequence[Exhibit], now: datetime, came_for: str | None = None
) -> None:
    """Write what an incident rests on from now on: each exhibit, its original, and one entry with their hashes.

    With them go the posts of the behaviours that they show, findings or not.
    `came_for`: the incident, merged into this one, that they would have belonged to.
    """
    taken = _captured(connection, {incident_id: exhibits}, now, came_for)[incident_id]
    taken += take_course(connection, incident_id, [each.finding_id for each in exhibits], now)
    append(connection, incident_id, Handling("captured", PIPELINE, detail={"exhibits": taken}), now)


def take_all_into_custody(
    connection: Connection, resting: Mapping[str, Sequence[Exhibit]], now: datetime
) -> dict[str, CustodyEntry]:
    """The same for many incidents, by id, that this transaction has opened: their logs begin here.

    The first entry of each, by incident.
    """
    captured = _captured(connection, resting, now)
    for incident_id, steps in take_courses(connection, resting, now).items():
        captured[incident_id] += steps
    handled = ((each, Handling("captured", PIPELINE, detail={"exhibits": captured[each]})) for each in resting)
    entries = [following(None, incident_id, handling, now) for incident_id, handling in handled]
    connection.execute(insert(custody), [_entry_row(entry) for entry in entries])
    begin(connection, entries)
    return {entry.incident_id: entry for entry in entries}


def take_rest_of_course(connection: Connection, incident_id: str, finding_ids: Sequence[str], now: datetime) -> None:
    """Where findings that are exhibits were judged again and show more of a course: take that in too."""
    if taken := take_course(connection, incident_id, finding_ids, now):
        append(connection, incident_id, Handling("captured", PIPELINE, detail={"exhibits": taken}), now)


def append(connection: Connection, incident_id: str, handling: Handling, at: datetime) -> CustodyEntry:
    """Write the next entry of an incident's log. Raises IncidentUnknown, and ValueError for an act that nobody did."""
    if not handling.actor.strip():
        raise ValueError("an entry of the custody log needs an actor: say who does it")
    row = select(incidents.c.incident_id).where(incidents.c.incident_id == incident_id).with_for_update()
    if connection.execute(row).one_or_none() is None:
        raise IncidentUnknown(f"there is no incident {incident_id}")
    last = connection.execute(log_of(incident_id).order_by(None).order_by(custody.c.sequence.desc()).limit(1)).first()
    told = replace(
        handling,
        actor=storable(handling.actor.strip()),
        reason=storable(handling.reason.strip()) if handling.reason else None,
        detail=json.loads(to_json(dict(handling.detail))),  # what is hashed is what will be read back
    )
    entry = following(None if last is None else entry_of(last), incident_id, told, at)
    connection.execute(insert(custody).values(_entry_row(entry)))
    move_on(connection, entry)
    return entry


def dispose(connection: Connection, spent: Select[Any], now: datetime, why: str) -> int:
    """Erase what the `incidents` whose ids a query gives have in custody, with an entry for each; how many exhibits.

    Asked anew once nobody else can touch them: of one put on hold or reopened in that moment nothing goes. With the
    exhibits go the course around them and what was noted of their posts; the log alone keeps the posts' ids.
    """
    resting = spent.where(exists().where(in_custody.c.incident_id == incidents.c.incident_id))
    locked = connection.scalars(resting.order_by(incidents.c.incident_id).with_for_update(of=incidents)).all()
    gone: dict[str, list[str]] = defaultdict(list)
    posts: set[str] = set()
    exhibits = 0
    for some in chunks(locked):
        still = spent.where(incidents.c.incident_id.in_(some))
        for row in connection.execute(select(in_custody).where(in_custody.c.incident_id.in_(still))):
            gone[row.incident_id].append(row.evidence_id)
            posts.add(row.mention_id)
    for incident_id, every in sorted(gone.items()):
        append(connection, incident_id, Handling("erased", PIPELINE, why, detail={"exhibits": sorted(every)}), now)
        drop_course(connection, incident_id)
        exhibits += connection.execute(delete(evidence).where(evidence.c.incident_id == incident_id)).rowcount
    forget_changes(connection, posts)
    return exhibits


def log_of(incident_id: str) -> Select[Any]:
    """The query for an incident's log, oldest entry first."""
    return select(custody).where(custody.c.incident_id == incident_id).order_by(custody.c.sequence)


def read_log(connection: Connection, incident_id: str) -> list[CustodyEntry]:
    """An incident's log, oldest entry first."""
    return [entry_of(row) for row in connection.execute(log_of(incident_id))]


def entry_of(row: Any) -> CustodyEntry:
    """One row of `custody`."""
    return CustodyEntry(**row._mapping)


def evidence_id_of(incident_id: str, finding_id: str) -> str:
    """The one id that a finding has as evidence of an incident."""
    return hashlib.sha256(f"{incident_id}\n{finding_id}".encode()).hexdigest()


def _captured(
    connection: Connection, resting: Mapping[str, Sequence[Exhibit]], now: datetime, came_for: str | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Write the exhibits of each incident with their originals; what each log is to say of them."""
    texts = originals_of(connection, [each.mention_id for exhibits in resting.values() for each in exhibits])
    rows = [
        _exhibit_row(incident_id, each, now) | {"came_for": came_for}
        for incident_id, exhibits in resting.items()
        for each in exhibits
    ]
    kept = [_original_row(row, texts[row["mention_id"]]) for row in rows if row["mention_id"] in texts]
    connection.execute(insert(evidence), rows)
    if kept:
        connection.execute(insert(originals), kept)
    hashes = {row["evidence_id"]: row["sha256"] for row in kept}
    taken: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        name = row["evidence_id"]
        taken[row["incident_id"]].append({"evidence_id": name, "exhibit": row["sha256"], "original": hashes.get(name)})
    return taken


def _entry_row(entry: CustodyEntry) -> dict[str, Any]:
    return {column.name: getattr(entry, column.name) for column in custody.c}


def _exhibit_row(incident_id: str, exhibit: Exhibit, now: datetime) -> dict[str, Any]:
    return {
        "evidence_id": evidence_id_of(incident_id, exhibit.finding_id),
        "incident_id": incident_id,
        "finding_id": exhibit.finding_id,
        "mention_id": exhibit.mention_id,
        "exhibit": record(exhibit),
        "sha256": digest(exhibit),
        "captured_at": now,
    }


def _original_row(row: Mapping[str, Any], original: str) -> dict[str, Any]:
    named = {name: row[name] for name in ("evidence_id", "mention_id")}
    return {**named, "original": original, "sha256": sha256(original)}
