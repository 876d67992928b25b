"""Where else an incident is told: an incident that was escalated hangs in the thread of each route that it went to."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from incidents.card import NAMESPACE
from incidents.notification import Card, Notification
from incidents.watching import TAKEN_BACK
from warehouse.case_schema import incidents, outbox
from warehouse.escalation_schema import escalations


def copies(connection: Connection, notification: Notification) -> Iterator[Notification]:
    """The same news for the other routes' threads, so that what each of them shows is how the incident stands."""
    card = notification.card
    if not isinstance(card, Card):
        return
    told = {notification.channel}
    for route in _routes(connection, notification.incident_id):
        last = _last(connection, notification.incident_id, route)
        if last is None or last.channel in told:
            continue
        told.add(last.channel)
        yield replace(
            notification,
            id=str(uuid.uuid5(NAMESPACE, f"{notification.id}\n{route}")),
            route=route,
            channel=last.channel,
            card=_as_shown_there(card, last.card),
            not_before=max(filter(None, (notification.not_before, last.not_before)), default=None),
        )


def _as_shown_there(card: Card, there: Mapping[str, Any]) -> Card:
    """What is new, with no more of a post's words and of names than that place has been shown."""
    card = replace(card, told=there["told"], named=card.named if there.get("named") else "")
    withheld = there.get("withheld", "")
    if withheld in ("", TAKEN_BACK):
        return card
    return replace(card, withheld=withheld, excerpt="", excerpt_url=None, why=there["why"])


def _routes(connection: Connection, incident_id: str) -> list[str]:
    """The routes of an incident that was escalated, in the order in which they were told; else none."""
    query = select(escalations.c.route).where(
        escalations.c.incident_id == incident_id, escalations.c.kind == "escalated"
    )
    further = list(connection.execute(query.order_by(escalations.c.life, escalations.c.step)).scalars())
    if not further:
        return []
    first = connection.execute(select(incidents.c.route).where(incidents.c.incident_id == incident_id)).scalar_one()
    return list(dict.fromkeys((first, *further)))


def _last(connection: Connection, incident_id: str, route: str) -> Any:
    """The row of its newest notification there, or None."""
    query = select(outbox.c.channel, outbox.c.card, outbox.c.not_before).where(
        outbox.c.incident_id == incident_id, outbox.c.route == route
    )
    return connection.execute(query.order_by(outbox.c.sequence.desc()).limit(1)).one_or_none()
