"""Many incidents opened in one transaction: those that are new, which in a flood are nearly all.

What is written is what one settlement after the other would write. What goes on in an incident that stands, and what
may be explained by such a one before it has gone on, is left to be settled alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from incidents.campaign import is_campaign
from incidents.casebook import Decide, Entry, Groups
from incidents.incident import GroupKey, Incident
from incidents.notification import Notification
from warehouse.bells import hold
from warehouse.beside import Beside, Place, place_of
from warehouse.case_entries import by_pipeline, event_row, opening_row, outbox_row
from warehouse.case_rows import held_findings
from warehouse.case_schema import incident_events, incidents, outbox
from warehouse.custody import take_all_into_custody
from warehouse.custody_heads import with_end
from warehouse.inhibitions import inhibit
from warehouse.schema import findings


def alone(connection: Connection, groups: Groups, waiting: set[str], beside: Beside) -> list[GroupKey]:
    """The keys of which nothing is known yet; `waiting` are the findings that nobody has settled.

    `groups` has the gravest first: none is explained by a later one.
    """
    held = held_findings(connection, [each.finding_id for exhibits in groups.values() for each in exhibits])
    found: list[GroupKey] = []
    left: set[Place] = set()
    for key, exhibits in groups.items():
        new = all(each.finding_id in waiting and each.finding_id not in held for each in exhibits)
        place = place_of(key)
        if new and not beside.takes(key) and (is_campaign(key) or left.isdisjoint({place, (*place[:2], "")})):
            found.append(key)
        else:
            left.add(place)
    return found


def open_all(
    connection: Connection,
    groups: Groups,
    decide: Decide,
    ids: Iterable[tuple[int, str]],
    now: datetime,
    beside: Beside,
) -> list[Entry]:
    """Open one incident for each key; `ids` are the numbers and ids that they get."""
    entries: list[tuple[int, Entry]] = []
    for (key, exhibits), (number, incident_id) in zip(groups.items(), ids, strict=False):
        entries.append((number, decide(key, None, tuple(exhibits), incident_id)))
    if not entries:
        return []
    connection.execute(insert(incidents), [opening_row(entry, number, now) for number, entry in entries])
    changes = [entry.change for _, entry in entries]
    connection.execute(insert(incident_events), [event_row(by_pipeline(change, now)) for change in changes])
    begun = take_all_into_custody(connection, {change.incident.id: change.exhibits for change in changes}, now)
    mine = update(findings).where(findings.c.finding_id == bindparam("finding"))
    links = [(each.finding_id, change.incident.id) for change in changes for each in change.exhibits]
    rows = [{"finding": finding_id, "incident": incident_id} for finding_id, incident_id in links]
    connection.execute(mine.values(incident_id=bindparam("incident")), rows)
    _announce(connection, [entry for _, entry in entries], {each: begun[each].sha256 for each in begun}, now, beside)
    return [entry for _, entry in entries]


def _announce(
    connection: Connection, entries: Iterable[Entry], ends: Mapping[str, str], now: datetime, beside: Beside
) -> None:
    """Tell of each that nothing explains, and hold the others back. `ends`: the hash with which each log ends."""
    ringing: list[Notification] = []
    explained: list[tuple[Incident, Incident, Notification]] = []
    for each in entries:
        told = each.notification
        incident = replace(each.change.incident, route=told.route)
        graver = beside.explains(incident)
        if graver is None:
            ringing.append(with_end(told, 1, ends[incident.id]))
        else:
            explained.append((incident, graver, told))
    if ringing:
        connection.execute(insert(outbox), [outbox_row(told) for told in ringing])
    for incident, graver, told in explained:
        hold(connection, told)
        inhibit(connection, incident, graver, now)
