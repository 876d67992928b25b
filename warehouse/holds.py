"""Legal hold: of an incident on hold nothing goes, whatever the schedule, a platform's terms or an author say.

Who set it and why stands in the custody log; `legal_holds` tells what is on hold now.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select

from incidents.custody import Handling
from incidents.lifecycle import ActIncomplete, ActNotPossible
from warehouse.case_schema import evidence, incidents
from warehouse.course_schema import in_custody
from warehouse.custody import append
from warehouse.custody_schema import legal_holds
from warehouse.encoding import storable
from warehouse.rows import chunks
from warehouse.schema import authors, mentions
from warehouse.standing import family, takes_part


def set_hold(connection: Connection, incident_id: str, actor: str, why: str, now: datetime) -> None:
    """Put an incident on hold. Raises IncidentUnknown, ActIncomplete, ActNotPossible."""
    _explained(incident_id, actor, why, "put it on legal hold")
    append(connection, incident_id, Handling("hold_set", actor, why, "cli"), now)
    if connection.execute(select(legal_holds).where(legal_holds.c.incident_id == incident_id)).first() is not None:
        raise ActNotPossible(f"{incident_id} is on legal hold already: release it first to give another reason")
    if connection.execute(select(evidence).where(evidence.c.incident_id == incident_id).limit(1)).first() is None:
        raise ActNotPossible(f"{incident_id} cannot be held: its evidence has been erased; the custody log says when")
    told = {"set_by": storable(actor.strip()), "why": storable(why.strip()), "set_at": now}
    connection.execute(insert(legal_holds).values(incident_id=incident_id, **told))


def lift_hold(connection: Connection, incident_id: str, actor: str, why: str, now: datetime) -> None:
    """Let the schedule have an incident again. Raises IncidentUnknown, ActIncomplete, ActNotPossible."""
    _explained(incident_id, actor, why, "release it")
    append(connection, incident_id, Handling("hold_lifted", actor, why, "cli"), now)
    if not connection.execute(delete(legal_holds).where(legal_holds.c.incident_id == incident_id)).rowcount:
        raise ActNotPossible(f"{incident_id} is not on legal hold")


def incident_on_hold() -> ColumnElement[bool]:
    """The condition on `incidents` that one is on legal hold: itself, or with what it was merged with, as one case."""
    return family(select(legal_holds.c.incident_id))


def mention_on_hold() -> ColumnElement[bool]:
    """The condition on `mentions` that an incident on legal hold rests on one."""
    here = in_custody.c.mention_id == mentions.c.mention_id
    resting = select(in_custody.c.evidence_id).join(incidents, incidents.c.incident_id == in_custody.c.incident_id)
    return exists(resting.where(here, incident_on_hold()).correlate(mentions))


def author_on_hold() -> ColumnElement[bool]:
    """The condition on `authors` that an incident on legal hold is about one, alone or among others."""
    return exists(select(incidents.c.incident_id).where(takes_part(), incident_on_hold()).correlate(authors))


def refuse_erasure(
    connection: Connection, mention_ids: Sequence[str], actor: str, reason: str, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Record in each incident that rests on these mentions that their erasure was asked for, and refused.

    The ids of those incidents, and of them those on legal hold.
    """
    resting: dict[str, list[str]] = {}
    for some in chunks(mention_ids):
        query = select(in_custody.c.incident_id, in_custody.c.evidence_id).where(in_custody.c.mention_id.in_(some))
        for row in connection.execute(query.order_by(in_custody.c.evidence_id)):
            resting.setdefault(row.incident_id, []).append(row.evidence_id)
    held = set(connection.scalars(select(incidents.c.incident_id).where(incident_on_hold())))
    for incident_id, evidence_ids in sorted(resting.items()):
        detail = {"exhibits": evidence_ids, "legal_hold": incident_id in held}
        append(connection, incident_id, Handling("erasure_refused", actor, reason, "cli", detail), now)
    return tuple(sorted(resting)), tuple(sorted(held.intersection(resting)))


def _explained(incident_id: str, actor: str, why: str, what: str) -> None:
    if not actor.strip():
        raise ActIncomplete(f"{incident_id}: to {what}, say who does it (--by)")
    if not why.strip():
        raise ActIncomplete(f"{incident_id}: to {what}, say why (--why): the custody log keeps it")
