"""Merging and unmerging in the warehouse: two events, two threads told, and not one exhibit moved."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from incidents.card import follow_up
from incidents.casebook import Unmerged
from incidents.incident import Incident
from incidents.inhibition import line_of
from incidents.lifecycle import Event, fold
from incidents.merging import check_merge, check_unmerge
from incidents.notification import Card
from policies.counted import counted
from warehouse.case_entries import add_event, add_notification
from warehouse.case_rows import last_told, one_incident, read_events
from warehouse.case_schema import incidents
from warehouse.inhibitions import Packs, reconsider


def merge(
    connection: Connection, incident_id: str, into: str, actor: str, reason: str, origin: str, now: datetime
) -> tuple[Incident, Incident]:
    """Let one go on in another; both, as they stand then. Raises ActRefused, IncidentUnknown."""
    one, other = _both(connection, incident_id, into)
    check_merge(one, other, merged_with(connection, one.id), actor, reason)
    by = f"by {actor.strip()}: {reason.strip()}"
    went = Event(one.id, "merged", actor.strip(), now, reason, origin, {"into": other.id})
    _note(connection, went, f"it goes on in {other.id}, {by}", merged_into=other.id)
    came = Event(other.id, "absorbed", actor.strip(), now, reason, origin, {"from": one.id})
    _note(connection, came, f"{line_of(one)} goes on here, {by}")
    return one_incident(connection, one.id), one_incident(connection, other.id)


def unmerge(
    connection: Connection,
    incident_id: str,
    actor: str,
    reason: str | None,
    origin: str,
    now: datetime,
    packs: Packs = dict,
) -> Unmerged:
    """Let one stand for itself again, as it was before. Raises ActRefused, IncidentUnknown."""
    one = one_incident(connection, incident_id)
    check_unmerge(one, actor)
    one, other = _both(connection, incident_id, one.merged_into or incident_id)
    check_unmerge(one, actor)
    meanwhile = _came_meanwhile(connection, one.id, other.id)
    by = f"by {actor.strip()}" + (f": {reason.strip()}" if reason and reason.strip() else "")
    stay = f"; {counted(meanwhile, 'finding')} of it came meanwhile and stay with {other.id}" if meanwhile else ""
    detail = {"from": other.id, "meanwhile": meanwhile}
    went = Event(one.id, "unmerged", actor.strip(), now, reason, origin, detail)
    _note(connection, went, f"it stands for itself again, {by}{stay}", merged_into=None)
    left = Event(other.id, "parted", actor.strip(), now, reason, origin, {"from": one.id, "meanwhile": meanwhile})
    _note(connection, left, f"{one.id} stands for itself again, {by}{stay}")
    reconsider(connection, one.id, now, packs)
    return Unmerged(one_incident(connection, one.id), other.id, meanwhile)


@dataclass(frozen=True)
class Around:
    """What stands beside an incident: ids of those that were merged into it, and of those that it explains."""

    merged: tuple[str, ...]
    inhibited: tuple[str, ...]


def around(connection: Connection, incident_id: str) -> Around:
    """What stands beside one incident."""
    explained = select(incidents.c.incident_id).where(incidents.c.inhibited_by == incident_id)
    inhibited = connection.scalars(explained.order_by(incidents.c.number))
    return Around(tuple(merged_with(connection, incident_id)), tuple(inhibited))


def merged_with(connection: Connection, incident_id: str) -> list[str]:
    """The ids of the incidents that go on in one."""
    query = select(incidents.c.incident_id).where(incidents.c.merged_into == incident_id)
    return list(connection.scalars(query.order_by(incidents.c.number)))


def where_it_goes_on(connection: Connection, newest: Incident | None) -> Incident | None:
    """The survivor of one that is merged; itself, where it is not."""
    if newest is None or newest.merged_into is None:
        return newest
    return one_incident(connection, newest.merged_into, lock=True)


def _both(connection: Connection, one: str, other: str) -> tuple[Incident, Incident]:
    """Two incidents, locked in one order by everybody."""
    found = {each: one_incident(connection, each, lock=True) for each in sorted({one, other})}
    return found[one], found[other]


def _note(connection: Connection, event: Event, words: str, **changed: str | None) -> None:
    """Write the event, what it comes to, and the line in the incident's thread, where it has one."""
    number = add_event(connection, event)
    status = fold(read_events(connection, event.incident_id))
    row = update(incidents).where(incidents.c.incident_id == event.incident_id)
    connection.execute(row.values({"status": status, **changed}))
    before = last_told(connection, event.incident_id)
    if before is None:
        return
    told = follow_up(before, event, number, status)
    if not isinstance(told.card, Card):
        raise TypeError(f"{event.incident_id} is no incident")
    add_notification(connection, replace(told, card=replace(told.card, note=words)))


def _came_meanwhile(connection: Connection, incident_id: str, survivor: str) -> int:
    """Told by the survivor's history, whose order is certain; clocks of several machines are not."""
    came = 0
    for event in read_events(connection, survivor):
        if event.act == "absorbed" and event.detail["from"] == incident_id:
            came = 0
        elif event.detail.get("came_for") == incident_id:
            came += event.detail["findings"]
    return came
