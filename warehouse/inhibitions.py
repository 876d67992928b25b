"""What rings and what does not: bells that are held back while a graver incident explains an incident, and let go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from incidents.campaign import NAME, is_campaign
from incidents.card import follow_up
from incidents.casebook import Entry
from incidents.grouping import rank
from incidents.incident import OPEN, Incident
from incidents.inhibition import because, explains, inhibitor, line_of
from incidents.lifecycle import Event
from incidents.notification import Card, Notification
from incidents.quiet import hushed_by
from policies.policy import Policy
from warehouse.bells import hold, let_go, renew
from warehouse.campaigns import contents
from warehouse.case_entries import PIPELINE, add_event, add_notification, portions
from warehouse.case_rows import last_told, one_incident, read_incidents
from warehouse.case_schema import evidence, incidents

Packs = Callable[[], Mapping[str, Policy]]  # those in force, by id; asked for when a bell is let go, and not before


def announce(connection: Connection, entry: Entry, now: datetime) -> None:
    """Tell what a change did; or hold it back, where a graver incident explains the one that it is about."""
    incident = one_incident(connection, entry.change.incident.id)
    told = entry.notification
    if is_campaign(incident.key) and (drawn := _draw_in(connection, incident, now)):
        told = _noted(told, f"{', '.join(drawn)} open already, part of it")
    if incident.inhibited_by is not None:
        _told_quietly(connection, incident, entry, told, now)
        return
    graver = _graver(connection, incident) if entry.change.act == "opened" else None
    if graver is None:
        add_notification(connection, told)
        return
    hold(connection, told)
    inhibit(connection, incident, graver, now)


def _told_quietly(connection: Connection, incident: Incident, entry: Entry, told: Notification, now: datetime) -> None:
    """More of an incident that is explained: kept for the day when it rings; a rise is told where it has rung."""
    if not _explained_still(connection, incident):
        release(connection, incident, now, told)
        return
    if not renew(connection, told) and entry.change.severity_rises:
        add_notification(connection, told)


def inhibit(connection: Connection, lighter: Incident, graver: Incident, now: datetime) -> None:
    """Mark the lighter one, and say so in the graver one's thread."""
    detail = {"by": graver.id, "because": because(graver)}
    number = _mark(connection, lighter.id, graver.id, Event(lighter.id, "inhibited", PIPELINE, now, detail=detail))
    words = f"{line_of(lighter)}, explained by this one: {because(graver)}"
    _line(connection, graver, Event(graver.id, "inhibited", PIPELINE, now), number, words)


def release(
    connection: Connection,
    lighter: Incident,
    now: datetime,
    told: Notification | None = None,
    why: str = "",
    packs: Packs = dict,
) -> None:
    """Let an incident ring that nothing explains any more, after quiet hours. `told`: what there is to say besides.

    `packs` are needed where nothing is told, which would know of quiet hours itself.
    """
    graver = lighter.inhibited_by or ""
    detail = {"by": graver, "because": why or f"{graver} explains it no longer"}
    event = Event(lighter.id, "uninhibited", PIPELINE, now, detail=detail)
    number = _mark(connection, lighter.id, None, event)
    held = let_go(connection, lighter.id)
    if held is not None:
        latest = _as_it_stands(told or held, lighter, detail["because"], now)  # what was held back knows no later act
        rings = replace(latest, id=held.id, reason=held.reason)
        add_notification(connection, hushed_by(packs(), lighter.key.policy, rings, now))
    elif told is not None:
        add_notification(connection, told)
    else:
        _line(connection, lighter, event, number, detail["because"], packs)


def ring_what_was_inhibited(
    connection: Connection, incident_id: str, now: datetime, why: str, packs: Packs = dict
) -> None:
    """Where an incident explains nothing any more: what it explained rings, unless another explains it."""
    family = select(incidents.c.incident_id).where(incidents.c.merged_into == incident_id)
    by = or_(incidents.c.inhibited_by == incident_id, incidents.c.inhibited_by.in_(family))
    for lighter in sorted(locked(connection, by), key=lambda each: rank(each.severity), reverse=True):
        graver = _graver(connection, lighter)
        if graver is None:
            release(connection, lighter, now, why=why, packs=packs)
        else:
            inhibit(connection, lighter, graver, now)


def still_inhibited(connection: Connection, incident_id: str) -> list[str]:
    """The ids of the open incidents that an incident explains."""
    return [each.id for each in locked(connection, incidents.c.inhibited_by == incident_id)]


def reconsider(connection: Connection, incident_id: str, now: datetime, packs: Packs = dict) -> None:
    """An incident is open again: it rings where what explained it is open no more."""
    incident = one_incident(connection, incident_id)
    if incident.inhibited_by is not None and not _explained_still(connection, incident):
        release(connection, incident, now, packs=packs)


def _explained_still(connection: Connection, lighter: Incident) -> bool:
    """One that is merged explains as long as it goes on; its author and target are the same as when it began to."""
    graver = one_incident(connection, lighter.inhibited_by or "", lock=True)
    goes_on = one_incident(connection, graver.merged_into, lock=True) if graver.merged_into else graver
    as_it_was = replace(graver, status=goes_on.status, inhibited_by=None)
    return explains(as_it_was, lighter, contents(connection, [graver.id]))


def _graver(connection: Connection, lighter: Incident) -> Incident | None:
    key = lighter.key
    near = or_(incidents.c.author == key.author, incidents.c.author.startswith(NAME))
    same = (incidents.c.policy == key.policy) & (incidents.c.target == key.target)
    others = locked(connection, same & near & incidents.c.inhibited_by.is_(None))
    return inhibitor(lighter, others, contents(connection, [each.id for each in others if is_campaign(each.key)]))


def _draw_in(connection: Connection, campaign: Incident, now: datetime) -> list[str]:
    """Incidents of single authors that are open already, and rest on nothing but the campaign: they go on there."""
    same = (incidents.c.policy == campaign.key.policy) & (incidents.c.target == campaign.key.target)
    posts = contents(connection, [campaign.id])
    resting: set[str] = set()
    for some in portions(sorted(posts.get(campaign.id, ()))):
        resting.update(connection.scalars(select(evidence.c.incident_id).where(evidence.c.mention_id.in_(some))))
    alone = incidents.c.incident_id.in_(sorted(resting - {campaign.id}))
    others = locked(connection, same & alone & incidents.c.inhibited_by.is_(None))
    drawn = [each for each in others if explains(campaign, each, posts)]
    for each in drawn:
        detail = {"by": campaign.id, "because": because(campaign)}
        event = Event(each.id, "inhibited", PIPELINE, now, detail=detail)
        number = _mark(connection, each.id, campaign.id, event)
        _line(connection, each, event, number, f"{campaign.id} explains it: {because(campaign)}, and it goes on there")
    return [each.id for each in drawn]


def locked(connection: Connection, condition: object) -> Sequence[Incident]:
    """The open incidents of a condition; what is decided of them is decided before anybody closes one."""
    query = select(incidents).where(condition, incidents.c.status.in_(OPEN))  # type: ignore[arg-type]
    return read_incidents(connection, query.order_by(incidents.c.number).with_for_update())


def _mark(connection: Connection, incident_id: str, by: str | None, event: Event) -> int:
    row = update(incidents).where(incidents.c.incident_id == incident_id)
    connection.execute(row.values(inhibited_by=by))
    return add_event(connection, event)


def _line(
    connection: Connection, incident: Incident, event: Event, number: int, words: str, packs: Packs = dict
) -> None:
    """One line in an incident's thread, where it has one."""
    before = last_told(connection, incident.id)
    if before is not None:
        told = replace(follow_up(before, event, number, incident.status), digest_at=before.digest_at)
        told = hushed_by(packs(), incident.key.policy, _noted(told, words, alone=True), event.at)
        add_notification(connection, told)


def _noted(told: Notification, words: str, *, alone: bool = False) -> Notification:
    if not isinstance(told.card, Card):
        raise TypeError(f"{told.incident_id} is no incident")
    note = words if alone or not told.card.note else f"{told.card.note}; {words}"
    return replace(told, card=replace(told.card, note=note))


def _as_it_stands(told: Notification, incident: Incident, why: str, now: datetime) -> Notification:
    if not isinstance(told.card, Card):
        raise TypeError(f"{told.incident_id} is no incident")
    note = f"{why}; {told.card.note}" if told.card.note else why
    night = told.not_before is not None and told.not_before > now
    held = told.card.held if night else ""
    card = replace(told.card, status=incident.status, assignee=incident.assignee, note=note, held=held)
    return replace(told, card=card, created_at=now, not_before=told.not_before if night else None)
