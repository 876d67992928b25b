"""What the casebook writes: incident, event, evidence, outbox row and the findings' link, inside one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from incidents.card import card_record
from incidents.casebook import Entry
from incidents.grouping import Change
from incidents.incident import CLOSED, Act
from incidents.lifecycle import BECOMES, TAKEN_IN_HAND, Event
from incidents.notification import Card, Notification, SourceCard
from warehouse.case_schema import incident_events, incidents, outbox
from warehouse.custody import take_into_custody
from warehouse.custody_heads import marked
from warehouse.encoding import storable
from warehouse.places import copies
from warehouse.schema import findings

PIPELINE = "tocsin"
PORTION = 500  # ids in one IN list


def write_entry(connection: Connection, entry: Entry, number: int, now: datetime, came_for: str | None = None) -> None:
    """Write all of one change but what is told of it. `number` counts incidents, and is used where it opens one.

    `came_for`: the incident, merged into this one, that the exhibits would have belonged to.
    """
    change = entry.change
    if change.act == "opened":
        connection.execute(insert(incidents).values(opening_row(entry, number, now)))
    else:
        row = _state(change) | (_reopening() if change.act == "reopened" else {})
        connection.execute(update(incidents).where(incidents.c.incident_id == change.incident.id).values(row))
    add_event(connection, by_pipeline(change, now, came_for))
    take_into_custody(connection, change.incident.id, change.exhibits, now, came_for)
    link(connection, [each.finding_id for each in change.exhibits], change.incident.id)


def add_event(connection: Connection, event: Event) -> int:
    """Write one event; returns its number in the whole casebook."""
    written = connection.execute(insert(incident_events).values(event_row(event)))
    return int(written.inserted_primary_key.event_id)  # type: ignore[union-attr]


def add_notification(connection: Connection, notification: Notification) -> None:
    """Put a notification into the outbox, for every route that the incident was escalated to."""
    put_notification(connection, notification)
    for copy in copies(connection, notification):
        put_notification(connection, copy)


def put_notification(connection: Connection, notification: Notification) -> None:
    """Put one notification into the outbox, for its own route alone."""
    connection.execute(insert(outbox).values(outbox_row(marked(connection, notification))))


def outbox_row(notification: Notification) -> dict[str, Any]:
    """A notification as a row of the outbox."""
    subject = {Card: "incident_id", SourceCard: "alarm_id"}.get(type(notification.card), "bulletin_id")
    return {
        subject: notification.incident_id,
        "notification_id": notification.id,
        "reason": notification.reason,
        "route": notification.route,
        "channel": notification.channel,
        "card": card_record(notification.card),
        "state": "gathering" if notification.digest_at else "pending",
        "created_at": notification.created_at,
        "digest_at": notification.digest_at,
        "not_before": notification.not_before,
    }


def link(connection: Connection, finding_ids: list[str], incident_id: str) -> None:
    """Say in the findings which incident they belong to."""
    for some in portions(finding_ids):
        connection.execute(update(findings).where(findings.c.finding_id.in_(some)).values(incident_id=incident_id))


def by_pipeline(change: Change, now: datetime, came_for: str | None = None) -> Event:
    """The event of a change by the pipeline. `came_for` as for `write_entry`."""
    detail = _detail(change) | ({"came_for": came_for} if came_for else {})
    return Event(change.incident.id, change.act, PIPELINE, now, detail=detail)


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row."""
    return {
        "incident_id": event.incident_id,
        "act": event.act,
        "actor": storable(event.actor),
        "reason": None if event.reason is None else storable(event.reason),
        "origin": event.origin,
        "detail": dict(event.detail),
        "at": event.at,
    }


def times(row: Row[Any], act: Act, now: datetime) -> dict[str, Any]:
    """The columns of an incident's clock that an act by a person sets."""
    passed = max(0, round((now - row.opened_at).total_seconds()))
    changed: dict[str, Any] = {}
    if act in TAKEN_IN_HAND and row.acknowledged_at is None:
        changed |= {"acknowledged_at": now, "seconds_to_acknowledge": passed}
    if BECOMES.get(act) in CLOSED:
        changed |= {"closed_at": now, "seconds_to_close": passed}
    return changed | (_reopening() if act == "reopened" else {})


def portions(names: list[str]) -> Iterable[list[str]]:
    """The names in portions that fit into an IN list on both databases."""
    return (names[start : start + PORTION] for start in range(0, len(names), PORTION))


def opening_row(entry: Entry, number: int, now: datetime) -> dict[str, Any]:
    """A new incident as a row."""
    incident = entry.change.incident
    return _state(entry.change) | {
        "number": number,
        "incident_id": incident.id,
        "policy": incident.key.policy,
        "author": incident.key.author,
        "target": incident.key.target,
        "category": incident.key.category,
        "target_kind": incident.target_kind,
        "route": entry.notification.route,
        "opened_at": now,
        "opened_on": now.date(),
    }


def _state(change: Change) -> dict[str, Any]:
    incident = change.incident
    return {
        "policy_version": change.exhibits[-1].policy_version,
        "severity": incident.severity,
        "status": incident.status,
        "clauses": list(incident.clauses),
        "why": incident.why,
        "first_seen_at": incident.first_seen_at,
        "last_seen_at": incident.last_seen_at,
        "mention_count": len(incident.mention_ids),
        "author_count": len(incident.authors),
    }


def _reopening() -> dict[str, Any]:
    return {"closed_at": None, "seconds_to_close": None}


def _detail(change: Change) -> dict[str, Any]:
    detail: dict[str, Any] = {"findings": len(change.exhibits), "severity": change.incident.severity}
    return detail | ({"severity_before": change.severity_before} if change.severity_rises else {})
