"""One act of a person: its event, the status that all events come to, its times, and word to those who must hear."""

from dataclasses import replace

from sqlalchemy import Connection, select, update

from incidents.card import follow_up
from incidents.incident import Incident
from incidents.lifecycle import PAST, TELLS, ActNotPossible, Event, IncidentUnknown, State, check, state, turns
from incidents.notification import Card
from warehouse.case_entries import add_event, add_notification, times
from warehouse.case_rows import last_told, one_incident, read_events
from warehouse.case_schema import incidents
from warehouse.inhibitions import Packs, reconsider, ring_what_was_inhibited, still_inhibited
from warehouse.labels import label


def acted(connection: Connection, event: Event, packs: Packs = dict) -> Incident:
    """Do it, if it can be done now. Raises ActRefused, saying who was first, and IncidentUnknown.

    `packs`: whose quiet hours hold back what rings because of it.
    """
    event = replace(event, actor=event.actor.strip())
    query = select(incidents).where(incidents.c.incident_id == event.incident_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise IncidentUnknown(f"there is no incident {event.incident_id}")
    try:
        check(event.incident_id, row.status, event.act, event.actor, event.reason, event.detail.get("assignee"))
    except ActNotPossible as error:
        raise ActNotPossible(f"{error}{_who_was_first(connection, event.incident_id)}") from None
    number = add_event(connection, event)
    label(connection, event, number)
    come = state(read_events(connection, event.incident_id))
    changed = times(row, event.act, event.at) | {"status": come.status, "assignee": come.assignee}
    connection.execute(update(incidents).where(incidents.c.incident_id == event.incident_id).values(changed))
    if event.act == "reopened":
        reconsider(connection, event.incident_id, event.at, packs)
    _tell(connection, event, number, come)
    if event.act == "dismissed":
        ring_what_was_inhibited(connection, event.incident_id, event.at, f"{event.incident_id} was dismissed", packs)
    return one_incident(connection, event.incident_id)


def _tell(connection: Connection, event: Event, number: int, come: State) -> None:
    """Say it in the incident's thread, where it has one."""
    before = last_told(connection, event.incident_id) if event.act in TELLS else None
    if before is None:
        return
    told = follow_up(before, event, number, come.status)
    left = still_inhibited(connection, event.incident_id) if event.act == "resolved" else []
    if left and isinstance(told.card, Card):
        told = replace(told, card=replace(told.card, note=f"{told.card.note}; still open: {', '.join(left)}"))
    add_notification(connection, told)


def _who_was_first(connection: Connection, incident_id: str) -> str:
    """`; it was acknowledged by Sam (slack) at 2026-10-12 12:00 UTC: mine`; nothing where no person has acted."""
    told = [each for each in turns(read_events(connection, incident_id)) if each.origin != "pipeline"]
    if not told:
        return ""
    last = told[-1]
    into = f" into {last.detail['into']}" if last.act == "merged" else ""
    why = f": {last.reason}" if last.reason else ""
    done = PAST.get(last.act, last.act)
    return f"; it was {done}{into} by {last.actor} ({last.origin}) at {last.at:%Y-%m-%d %H:%M} UTC{why}"
