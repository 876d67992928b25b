"""Quiet hours hold back the bell, not the record: a notification is written at once, and rings in the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.calendar import quiet_window
from incidents.notification import Card, Notification
from incidents.outbox import Undelivered
from policies.policy import Policy


def hushed(notification: Notification, policy: Policy, now: datetime) -> Notification:
    """The notification with the time until which its route's quiet hours hold it back, and words that say so.

    Raises KeyError for a route that the pack has not. A digest that would be due in quiet hours is due after them.
    """
    card, due = notification.card, notification.digest_at
    if not isinstance(card, Card):
        return notification
    night = quiet_window(policy, notification.route, card.severity, max(due or now, now))
    hours = policy.hours_of(notification.route)
    if night is None or hours is None:
        return notification
    if due is not None:
        return replace(notification, digest_at=night[1])
    zone = ZoneInfo(hours.zone)
    start, end = (f"{each.astimezone(zone):%H:%M}" for each in (now, night[1]))
    said = f"held from {start} until {end} by quiet hours ({hours.zone})"
    return replace(notification, not_before=night[1], card=replace(card, held=said))


def hushed_by(packs: Mapping[str, Policy], policy: str, notification: Notification, now: datetime) -> Notification:
    """As `hushed`, by the pack of an id; as it is where that is in force no more, or has its route no more."""
    pack = packs.get(policy)
    if pack is None or notification.route not in pack.routes:
        return notification
    return hushed(notification, pack, now)


def ringing(waiting: Sequence[Undelivered], now: datetime) -> list[Undelivered]:
    """What may go out now, in its order.

    What is held goes out before its time where something behind it in its thread rings: order is kept, and a graver
    turn of a case is not understood without what came before. What a sender had begun with is held no more.
    """
    awake: set[tuple[str, str | None]] = set()
    kept: list[Undelivered] = []
    for item in reversed(waiting):
        notification = item.notification
        thread = (notification.incident_id, notification.channel)
        held = notification.not_before is not None and notification.not_before > now
        if not held or item.in_doubt:
            awake.add(thread)
        if thread in awake:
            kept.append(replace(item, notification=_woken(notification)) if held else item)
    return kept[::-1]


def _woken(notification: Notification) -> Notification:
    """Without words of a hold that did not last."""
    if not isinstance(notification.card, Card):
        return notification
    return replace(notification, card=replace(notification.card, held=""))
