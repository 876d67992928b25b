"""What Slack does not take goes by another way: which notifications, since when, by which channel, in which words.

Nothing here is instead of Slack: the original waits on, and when it arrives it says that it went another way before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from incidents.notification import Card, DigestCard, Notification, Receipt, SilenceCard
from incidents.outbox import Channel, Head
from incidents.wording import moment
from policies.policy import Route

OPERATORS = "operators"  # the channel of those who keep Tocsin alive, and of routes that name no other fallback

Why = Literal["named", "fallback", "withheld"]
About = Literal["incident", "alarm", "bulletin"]


@dataclass(frozen=True)
class Waiting:
    """One notification that Slack has not taken, in the order of writing."""

    notification_id: str
    subject: str  # the incident's or the alarm's id
    about: About
    category: str  # of an incident's notification
    routes: tuple[tuple[str, str], ...]  # whom it is for, each by pack's id and name; several of a bulletin alone
    address: str  # the channel that it waits for
    set_aside: bool  # refused so often that it is not tried again by itself
    waits_since: datetime
    failed_at: datetime | None  # its own first failed attempt


@dataclass(frozen=True)
class Trouble:
    """Since when a medium has taken nothing, each by the earliest failure since its last success."""

    everywhere: datetime | None
    at: Mapping[str, datetime]  # by address
    error: str = ""  # the newest failure, in the medium's words
    last_success_at: datetime | None = None

    def since(self, address: str) -> datetime | None:
        """Since when an address has taken nothing; None: as far as is known it does."""
        found = [each for each in (self.everywhere, self.at.get(address)) if each is not None]
        return min(found, default=None)


@dataclass(frozen=True)
class Relay:
    """One notification that is to go by a further channel."""

    notification_id: str
    channel: str
    why: Why


def due(waiting: Sequence[Waiting], trouble: Trouble, now: datetime, after: timedelta) -> list[Waiting]:
    """Those that are to go by another way now: refused for good, or held up by a fault for longer than `after`.

    What merely waits its turn in a flood is not due. An alarm waits for nothing once the fault is that old.
    """
    since, held, found = now - after, set[str](), []
    for each in waiting:
        fault = [moment for moment in (each.failed_at, trouble.since(each.address)) if moment is not None]
        lasting = bool(fault) and min(fault) <= since
        old = each.waits_since <= since or each.about == "alarm"
        if each.set_aside or (old and (lasting or each.subject in held)):
            found.append(each)
            if not each.set_aside:
                held.add(each.subject)
    return found


def chosen(each: Waiting, routes: Mapping[tuple[str, str], Route]) -> Relay:
    """By which channel it goes: the one that all its routes name, else the operators'.

    What may be seen by its own route alone reaches the operators without its content, and so does every bulletin: what
    is told in a digest may have changed by the time it goes out.
    """
    of = [routes.get(name) for name in each.routes]
    named = {route.fallback if route else None for route in of}
    if len(named) == 1 and (only := named.pop()):
        return Relay(each.notification_id, only, "fallback")
    open_to_all = all(route and not route.restricted for route in of) and each.category != "safeguarding"
    hidden = each.about == "bulletin" or (each.about == "incident" and not open_to_all)
    return Relay(each.notification_id, OPERATORS, "withheld" if hidden else "fallback")


def reworded(notification: Notification, why: Why) -> Notification:
    """The notification as the further channel tells it."""
    if why == "named":
        return notification
    if why == "withheld" and isinstance(notification.card, Card):
        notification = replace(notification, card=_withheld(notification.card), route="restricted", channel=None)
    if why == "withheld" and isinstance(notification.card, DigestCard):
        counted = replace(notification.card, categories=(), target_kinds=(), gravest=())
        return replace(notification, card=counted)
    if why == "withheld" and isinstance(notification.card, SilenceCard):
        silent = replace(notification.card, covers=(), reason="Not shown.", still_open=(), note="")
        notification = replace(notification, card=silent)
    return _noted(notification, "Slack has not taken this, so it comes this way; it will still be posted there")


def _withheld(card: Card) -> Card:
    """Enough to look it up, for those who may. Made anew, so that nothing else of the card can come with it."""
    return Card(
        incident_id=card.incident_id,
        category="restricted",
        severity=card.severity,
        status=card.status,
        organisation=card.organisation,
        clauses=(),
        target_kind="",
        target_handle=None,
        platforms=(),
        excerpt="",
        excerpt_url=None,
        why="Not shown.",
        posts=card.posts,
        first_seen_at=card.first_seen_at,
        last_seen_at=card.last_seen_at,
        reach=None,
        next_step=f"Tell the people of its route that {card.incident_id} waits, and mend what Slack refuses.",
        told="the people of its route",
        withheld="the route of this incident names no fallback that may see it",
    )


def _noted(notification: Notification, words: str) -> Notification:
    """The words come before the card's own note, which may be long."""
    card = notification.card
    if isinstance(card, DigestCard):  # it is of many incidents, and no news of one
        return notification
    return replace(notification, card=replace(card, note=f"{words}. {card.note}" if card.note.strip() else words))


class SayingSo:
    """A channel that says of what it delivers late that it went another way before; else it is as the inner one."""

    def __init__(self, inner: Channel, went: Callable[[str], tuple[str, datetime] | None]) -> None:
        """`went`: by which channel a notification went in this one's place, and when; None: by none."""
        self._inner = inner
        self._went = went

    def address(self, notification: Notification) -> str:
        """As the inner channel."""
        return self._inner.address(notification)

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """As the inner channel."""
        return self._inner.find(notification, head)

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Send it, and say where it went meanwhile."""
        before = self._went(notification.id)
        if before is not None:
            channel, at = before
            words = f"late, for it was not taken at first: it went by {channel} on {moment(at)}"
            notification = _noted(notification, words)
        return self._inner.send(notification, head)
