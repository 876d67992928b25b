"""The outbox and the channels, in this room's own words: what delivery needs of each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incidents.notification import Notification, Reason, Receipt


class AlreadyDelivering(Exception):
    """Another process holds the outbox and is delivering; what waits is in its hands."""


class DeliveryError(Exception):
    """A channel did not take a notification."""


class Refused(DeliveryError):
    """The channel will not take this message, whatever we do: its content is at fault."""


class Denied(DeliveryError):
    """We may not use the channel, or it is not there. The message names the setting to mend."""


class Withdrawn(Denied):
    """Our credential itself is not taken, or not any more: nobody vouches for anything that we ask or are asked."""


class Unavailable(DeliveryError):
    """No answer, or a fault of the channel's own. The message may have arrived all the same."""


class NotTaken(Unavailable):
    """A fault of the channel's own, and it is certain that the call did nothing: it was turned away, or never left."""


class Unanswered(Unavailable):
    """A message was sent and no answer came: the call may still be on its way, or have arrived."""


class NotWritten(DeliveryError):
    """A fault of ours with one message, and no channel's. It may have arrived all the same."""


@dataclass(frozen=True)
class Undelivered:
    """A notification that waits. `in_doubt`: a sender had begun with it and nobody knows how far it came."""

    notification: Notification
    in_doubt: bool


@dataclass(frozen=True)
class Head:
    """The head message of an incident in one channel, and the notification that it was posted for."""

    remote_id: str
    notification_id: str
    reason: Reason


class Outbox(Protocol):
    """Notifications in the order in which they were written. Each method is one transaction."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the outbox as its only sender; let go when the process dies. Raises AlreadyDelivering."""
        ...

    def fold(self, address: Callable[[Notification], str], now: datetime) -> None:
        """Before a delivery: what a silence covers is kept quiet, and what is too much, or can wait, is told together.

        `address` is the channel's own. Asked while the outbox is held, and one transaction.
        """
        ...

    def undelivered(self) -> list[Undelivered]:
        """What waits: digests, then the rest in the order in which it was written.

        Failed notifications are not in it, nor what quiet hours hold back.
        """
        ...

    def head(self, incident_id: str, channel: str) -> Head | None:
        """Where an incident's thread hangs in a channel, if it has one."""
        ...

    def sending(self, notification_id: str) -> None:
        """Say, before the channel is called, that from now on it may have the notification."""
        ...

    def not_sent(self, notification_id: str) -> None:
        """Take that back: the channel has said itself that it has nothing of it."""
        ...

    def delivered(self, receipt: Receipt, *, found: bool, at: datetime) -> None:
        """The channel has it. `receipt.detail["thread"]` is the head under which it hangs."""
        ...

    def not_delivered(self, notification_id: str, channel: str, error: DeliveryError, at: datetime) -> int:
        """Record a failed attempt; returns how often the channel has refused this notification. It waits on."""
        ...

    def give_up(self, notification_id: str) -> None:
        """Set a notification aside as failed, so that it holds up nothing."""
        ...

    def retry_failed(self) -> int:
        """Let everything that was set aside wait again; returns how many."""
        ...


class Channel(Protocol):
    """A place where people read: Slack, the console. Raises Refused, Denied or Unavailable."""

    def address(self, notification: Notification) -> str:
        """The channel's own name of the place to which this notification goes. Raises Denied."""
        ...

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Look whether the notification is there already."""
        ...

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Post it: as a head message, or under `head`."""
        ...
