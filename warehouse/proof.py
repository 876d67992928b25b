"""Whether what is in custody is what was taken into it: each row against its hash, each hash against the log."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from incidents.custody import CustodyEntry, breaks, captured, on_hold
from incidents.stamping import StampRefused, check
from warehouse.case_schema import evidence
from warehouse.course import step_id_of
from warehouse.course_schema import course_posts
from warehouse.custody import evidence_id_of, read_log
from warehouse.custody_heads import cut_off
from warehouse.custody_schema import legal_holds, originals
from warehouse.stamps import read_stamps


def problems_of(connection: Connection, incident_id: str, authority: bytes | None = None) -> Iterator[str]:
    """What is wrong with one incident's evidence, log, hold and timestamps, one sentence each.

    `authority`: certificates (PEM) by which the timestamps' signatures are checked, too.
    """
    log = read_log(connection, incident_id)
    for problem in _problems(connection, incident_id, log, authority):
        yield f"{incident_id}: {problem}"


def _problems(
    connection: Connection, incident_id: str, log: list[CustodyEntry], authority: bytes | None
) -> Iterator[str]:
    if not log:
        yield "it has no custody log, and every incident has one: it was removed"
    yield from breaks(log)
    yield from cut_off(connection, incident_id, log)
    try:
        held = captured(log)
    except (KeyError, TypeError) as error:
        yield f"the custody log does not name the exhibits ({error!r}): it was changed"
        return
    yield from _exhibits(connection, incident_id, held)
    query = select(legal_holds.c.incident_id).where(legal_holds.c.incident_id == incident_id)
    marked = connection.execute(query).one_or_none() is not None
    if marked != on_hold(log):
        told, is_ = ("", "not ") if on_hold(log) else ("not ", "")
        yield f"by the custody log it is {told}on legal hold, by the table legal_holds it is {is_}on hold"
    yield from _stamps(connection, incident_id, log, authority)


def _exhibits(connection: Connection, incident_id: str, held: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    beside = evidence.outerjoin(originals, originals.c.evidence_id == evidence.c.evidence_id)
    query = select(evidence, originals.c.original, originals.c.sha256.label("original_sha256")).select_from(beside)
    rows = connection.execute(query.where(evidence.c.incident_id == incident_id).order_by(evidence.c.evidence_id)).all()
    for row in rows:
        name = f"exhibit {row.evidence_id[:12]}"
        taken = held.get(row.evidence_id)
        if taken is None:
            yield f"{name} is in no entry of the custody log: it was put in, or should have been erased"
            continue
        yield from (f"{name} {problem}" for problem in _exhibit(row, taken))
    course = connection.execute(select(course_posts).where(course_posts.c.incident_id == incident_id)).all()
    for row in course:
        yield from (f"course post {row.evidence_id[:12]} {problem}" for problem in _step(row, held))
    for evidence_id in sorted(held.keys() - {row.evidence_id for row in (*rows, *course)}):
        yield f"exhibit {evidence_id[:12]} was captured and is gone, and no entry of the log says that it was erased"


def _exhibit(row: Row[Any], taken: Mapping[str, Any]) -> Iterator[str]:
    now = hashlib.sha256(json.dumps(row.exhibit, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    if now != taken["exhibit"]:
        yield "was changed since it was captured"
    if row.sha256 != taken["exhibit"]:
        yield "has another hash in its row than in the custody log"
    told = row.exhibit if isinstance(row.exhibit, dict) else {}
    if (told.get("finding_id"), told.get("mention_id")) != (row.finding_id, row.mention_id):
        yield "has a row that names another finding or post than it does"
    if taken["at"] not in (None, row.captured_at):
        yield "has another time of capture in its row than in the custody log"
    if row.evidence_id != evidence_id_of(row.incident_id, row.finding_id):
        yield "has an id that is not made of its incident and finding"
    if taken["original"] is None:
        return
    if row.original is None:
        yield "has lost its original"
    elif hashlib.sha256(row.original.encode("utf-8")).hexdigest() != taken["original"]:
        yield "has an original that was changed since it was captured"
    elif row.original_sha256 != taken["original"]:
        yield "has another hash of its original in its row than in the custody log"


def _step(row: Row[Any], held: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    taken = held.get(row.evidence_id)
    if taken is None:
        yield "is in no entry of the custody log: it was put in, or should have been erased"
        return
    for name, text, own in (("step", row.step, row.sha256), ("original", row.original, row.original_sha256)):
        told = taken["exhibit" if name == "step" else "original"]
        if hashlib.sha256(text.encode("utf-8")).hexdigest() != told or own != told:
            yield f"has another {name} than was captured"
    if taken["at"] not in (None, row.captured_at):
        yield "has another time of capture in its row than in the custody log"
    if row.evidence_id != step_id_of(row.incident_id, row.mention_id):
        yield "has an id that is not made of its incident and post"


def _stamps(
    connection: Connection, incident_id: str, log: list[CustodyEntry], authority: bytes | None
) -> Iterator[str]:
    entries = {entry.sequence: entry for entry in log}
    for stamp in read_stamps(connection, incident_id):
        entry = entries.get(stamp.sequence)
        if entry is None:
            yield f"custody entry {stamp.sequence} has a timestamp and is gone"
            continue
        try:
            check(entry, stamp.reply, authority)
        except StampRefused as error:
            yield str(error)
