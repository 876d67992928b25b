"""Delivery: the outbox emptied into a channel, in order, each notification exactly once.

Before a channel is called the outbox says, committed, that it may now have the notification. Whoever finds such a row
later, after a crash, a timeout or a cut connection, looks into the channel first and posts only what is not there.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from incidents.notification import Receipt
from incidents.outbox import Channel, DeliveryError, Denied, Outbox, Refused, Unavailable, Undelivered

TRIES = 3  # in one run, when the channel does not answer
REFUSALS = 5  # over all runs, before a notification is set aside
SETTLE_S = 2.0  # before looking for a message whose answer was lost: it may still be on its way

Progress = Callable[[int, int], None]  # done, of all


@dataclass(frozen=True)
class DeliveryCounts:
    """What became of what waited: posted, found to be there already, not taken, held back behind one of those.

    `problems` names each fault once, in words for the operator.
    """

    delivered: int
    found: int
    failed: int
    waiting: int = 0
    problems: tuple[str, ...] = ()


@dataclass
class _Run:
    outbox: Outbox
    channel: Channel
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    counts: Counter[str] = field(default_factory=Counter)
    problems: dict[str, None] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)  # incidents whose earlier notification has not gone out
    closed: set[str] = field(default_factory=set)  # addresses that have denied us in this run
    down: bool = False

    def take(self, item: Undelivered) -> None:
        """Deliver one notification, or hold it back behind what went wrong before it."""
        notification = item.notification
        try:
            address = self.channel.address(notification)
        except Denied as error:
            self._failed(item, "", error)
            return
        if self.down or notification.incident_id in self.held or address in self.closed:
            self.counts["waiting"] += 1
            self.held.add(notification.incident_id)
            return
        try:
            outcome = self._attempt(item, address)
        except DeliveryError as error:
            self._failed(item, address, error)
        else:
            self.counts[outcome] += 1

    def _attempt(self, item: Undelivered, address: str) -> str:
        in_doubt = item.in_doubt
        for tries_left in reversed(range(TRIES)):
            self.outbox.sending(item.notification.id)
            try:
                return self._settle(item, address, in_doubt)
            except Unavailable as error:
                if not tries_left:
                    raise
                self.outbox.not_delivered(item.notification.id, address, error, self.clock())
                self.sleep(SETTLE_S)
                in_doubt = True
        raise AssertionError("unreachable: the last try returns or raises")

    def _settle(self, item: Undelivered, address: str, in_doubt: bool) -> str:
        notification = item.notification
        head = self.outbox.head(notification.incident_id, address)
        receipt: Receipt | None = self.channel.find(notification, head) if in_doubt else None
        found = receipt is not None
        if receipt is None:
            receipt = self.channel.send(notification, head)
        self.outbox.delivered(receipt, found=found, at=self.clock())
        return "found" if found else "delivered"

    def _failed(self, item: Undelivered, address: str, error: DeliveryError) -> None:
        refusals = self.outbox.not_delivered(item.notification.id, address, error, self.clock())
        self.counts["failed"] += 1
        self.problems[f"{type(error).__name__}: {error}"] = None
        if isinstance(error, Refused) and refusals >= REFUSALS:
            self.outbox.give_up(item.notification.id)
            return
        self.held.add(item.notification.incident_id)
        self.down = self.down or isinstance(error, Unavailable)
        if isinstance(error, Denied):
            self.closed.add(address)


def deliver(
    outbox: Outbox,
    channel: Channel,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress | None = None,
) -> DeliveryCounts:
    """Empty the outbox. Raises AlreadyDelivering where another sender is at it.

    An incident's notifications go in order: behind one that has not gone out, the later ones wait. A notification that
    the channel refuses `REFUSALS` times is set aside; one whose channel is closed to us, or silent, waits for ever.
    When the channel does not answer, the rest of the run is left waiting.
    """
    run = _Run(outbox, channel, clock, sleep)
    with outbox.exclusive():
        items = outbox.undelivered()
        for done, item in enumerate(items, start=1):
            run.take(item)
            if progress is not None:
                progress(done, len(items))
    counts = run.counts
    return DeliveryCounts(
        counts["delivered"], counts["found"], counts["failed"], counts["waiting"], tuple(run.problems)
    )
