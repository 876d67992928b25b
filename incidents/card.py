"""What people are told: cards and notifications made of changes and acts, and their form in the outbox.

A notification's id is a uuid5 of incident, reason and cause, so that making it twice is making it once.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from collectors.register import NOBODY, StaffRegister
from incidents.briefing import Briefing
from incidents.digest import digest_at
from incidents.evidence import digest
from incidents.grouping import Change
from incidents.incident import Exhibit, Status
from incidents.lifecycle import TELLS, Event
from incidents.notification import AnyCard, Card, DigestCard, Notification, Reason, SilenceCard, SourceCard
from policies.policy import Policy

WITHHELD_WHY = "Someone may need help. The reason stands with the incident."
NAMESPACE = uuid.UUID("8f1b7f0e-3c0a-5c3e-9a54-70c51a000001")

_CARDS: dict[str, TypeAdapter[AnyCard]] = {  # by the name of the subject that each kind has
    "incident_id": TypeAdapter(Card),
    "alarm_id": TypeAdapter(SourceCard),
    "digest_id": TypeAdapter(DigestCard),
    "silence_id": TypeAdapter(SilenceCard),
}


def notification_id(incident_id: str, reason: Reason, cause: str) -> str:
    """The one id of the notification that this cause gives this incident for this reason."""
    return str(uuid.uuid5(NAMESPACE, "\n".join((incident_id, reason, cause))))


def announced(change: Change, policy: Policy, now: datetime, register: StaffRegister = NOBODY) -> Notification:
    """The notification of a change: new, more evidence, graver than before, or back again.

    `register` tells the role of whom a post is aimed at, and which names in it are those of staff.
    """
    category = policy.categories[change.incident.key.category]
    reason = _reason(change)
    route, card = policy.routes[category.route], _card(change, policy, register)
    return Notification(
        id=notification_id(change.incident.id, reason, _cause(change.exhibits)),
        incident_id=change.incident.id,
        reason=reason,
        route=category.route,
        channel=route.slack_channel,
        card=card,
        created_at=now,
        digest_at=digest_at(route, card, reason, now),
    )


def follow_up(before: Notification, event: Event, number: int, status: Status) -> Notification:
    """The notification of an act by a person, event `number` of the casebook: the card as last told, brought up.

    Raises TypeError for a notification that is not about an incident.
    """
    if not isinstance(before.card, Card):
        raise TypeError(f"{before.incident_id} is no incident")
    reason = TELLS[event.act]
    assignee = event.detail.get("assignee")
    held_by = assignee or before.card.assignee
    card = replace(before.card, status=status, note=_done(event), assignee=held_by, held="", on_call=None)
    return replace(
        before,
        id=notification_id(before.incident_id, reason, f"event {number}"),
        reason=reason,
        card=card,
        created_at=event.at,
        digest_at=None,
    )


def card_record(card: AnyCard) -> dict[str, Any]:
    """The card as plain JSON values."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in vars(card).items()}


def card_of(plain: dict[str, Any]) -> AnyCard:
    """Read back what `card_record` made. Raises pydantic.ValidationError."""
    subject = next((name for name in _CARDS if name in plain), "incident_id")
    return _CARDS[subject].validate_python(plain)


def _reason(change: Change) -> Reason:
    if change.act == "opened":
        return "new_incident"
    if change.act == "reopened":
        return "reopened"
    return "escalated" if change.severity_rises else "new_evidence"


def _cause(exhibits: Iterable[Exhibit]) -> str:
    ids = "\n".join(sorted(exhibit.finding_id for exhibit in exhibits))
    return hashlib.sha256(ids.encode("utf-8")).hexdigest()


def _card(change: Change, policy: Policy, register: StaffRegister) -> Card:
    incident, newest = change.incident, change.exhibits[-1]
    briefing = Briefing.of(policy, incident.key.category, change.exhibits, register)
    written = newest.posted_at.date()
    quoted = {clause.id: clause.text for clause in policy.clauses}
    reaches = [exhibit.reach for exhibit in change.exhibits if exhibit.reach is not None]
    return Card(
        incident_id=incident.id,
        category=incident.key.category,
        severity=incident.severity,
        status=incident.status,
        organisation=policy.organisation.name,
        clauses=tuple((clause, quoted.get(clause, "")) for clause in incident.clauses),
        target_kind=incident.target_kind,
        target_handle=None,
        platforms=incident.platforms,
        excerpt=briefing.excerpt(newest.text, newest.spans, written),
        excerpt_url=None if briefing.withheld else newest.url,
        why=WITHHELD_WHY if briefing.withheld else briefing.words(incident.why, written),
        posts=len(incident.mention_ids),
        first_seen_at=incident.first_seen_at,
        last_seen_at=incident.last_seen_at,
        reach=max(reaches, default=None),
        next_step=policy.categories[incident.key.category].next_step,
        note=_note(change),
        told=policy.routes[policy.categories[incident.key.category].route].name,
        assignee=incident.assignee,
        target_role=briefing.aim.role,
        named=briefing.named,
        authors=len(incident.authors) or 1,
        evidence=digest(newest),
        excerpt_of=newest.mention_id,
        withheld=briefing.withheld,
    )


def _done(event: Event) -> str:
    """`to Alex by Sam: knows the case`."""
    to = f"to {event.detail['assignee']} " if event.act == "assigned" else ""
    why = (event.reason or "").strip()
    return f"{to}by {event.actor}" + (f": {why}" if why else "")


def _note(change: Change) -> str:
    added = len(change.exhibits)
    posts = "one more finding" if added == 1 else f"{added} more findings"
    if change.act == "opened":
        return ""
    rise = f"severity raised from {change.severity_before} to {change.incident.severity}; "
    told = f"{posts} after it was resolved" if change.act == "reopened" else posts
    return rise + told if change.severity_rises else told
