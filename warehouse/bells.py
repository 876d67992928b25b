"""Bells that are held back: what an incident would be announced with, were it not explained by a graver one."""

from sqlalchemy import Connection, delete, insert, select, update

from incidents.card import card_of, card_record
from incidents.notification import Notification
from warehouse.case_schema import held_bells

AS_THEY_ARE = ("incident_id", "reason", "route", "channel", "created_at", "digest_at", "not_before")


def hold(connection: Connection, told: Notification) -> None:
    """Keep a bell back."""
    kept = {name: getattr(told, name) for name in AS_THEY_ARE}
    row = insert(held_bells).values(kept | {"notification_id": told.id, "card": card_record(told.card)})
    connection.execute(row)


def renew(connection: Connection, told: Notification) -> bool:
    """Keep it in its newest words; whether a bell of this incident is held back at all."""
    row = update(held_bells).where(held_bells.c.incident_id == told.incident_id)
    return bool(connection.execute(row.values(card=card_record(told.card))).rowcount)


def let_go(connection: Connection, incident_id: str) -> Notification | None:
    """The bell that was held back, and is no more; None where the incident has rung already."""
    row = connection.execute(select(held_bells).where(held_bells.c.incident_id == incident_id)).one_or_none()
    if row is None:
        return None
    connection.execute(delete(held_bells).where(held_bells.c.incident_id == incident_id))
    kept = {name: getattr(row, name) for name in AS_THEY_ARE}
    return Notification(id=row.notification_id, card=card_of(row.card), **kept)
