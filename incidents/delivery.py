"""Delivery: the outbox emptied into a channel, in order, each notification exactly once.

Before a channel is called the outbox says, committed, that it may now have the notification. Whoever finds such a row
later, after a crash, a timeout or a cut connection, looks into the channel first and posts only what is not there.
A call whose answer was lost may still be on its way: what is not there yet is looked for again when it has had time to
arrive, and meanwhile the other incidents go on.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from incidents.notification import Notification, Receipt
from incidents.outbox import (
    Channel,
    DeliveryError,
    Denied,
    Head,
    NotTaken,
    NotWritten,
    Outbox,
    Refused,
    Unanswered,
    Unavailable,
    Undelivered,
)

log = logging.getLogger(__name__)

TRIES = 3  # in one run, when the channel does not answer
REFUSALS = 5  # over all runs, before a notification is set aside
BACKOFF_S = 1.0  # after an answer that says that the channel is at fault
NAMED = 3  # notifications, of those that met with one fault
SETTLE_S = 10.0  # after a call without an answer, or of a sender that died: it may still be on its way

Progress = Callable[[int, int], None]  # done, of all
Thread = tuple[str, str]  # an incident, and the address where it is told: one that was escalated is told in several


@dataclass(frozen=True)
class DeliveryCounts:
    """What became of what waited: posted, found to be there already, not taken, held back behind one of those.

    `problems` names each fault once, in words for the operator, with what it was of. `delayed_s` is how long
    notifications were kept back by the pace of their channel and by its rate limits, all together.
    """

    delivered: int
    found: int
    failed: int
    waiting: int = 0
    problems: tuple[str, ...] = ()
    delayed_s: float = 0.0


@dataclass
class _Run:
    outbox: Outbox
    channel: Channel
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    progress: Progress | None
    counts: Counter[str] = field(default_factory=Counter)
    delayed_s: float = 0.0
    problems: dict[str, list[str]] = field(default_factory=dict)  # by fault: what it was of
    held: set[Thread] = field(default_factory=set)  # threads whose earlier notification has not gone out
    closed: set[str] = field(default_factory=set)  # addresses that have denied us in this run
    down: bool = False
    over: set[str] = field(default_factory=set)  # notifications that this run has done with
    settled: set[str] = field(default_factory=set)  # those whose last call, if there was one, has had time to arrive
    settling: dict[str, tuple[Thread, float]] = field(default_factory=dict)  # those that have not: thread, until when
    lost: Counter[str] = field(default_factory=Counter)  # answers lost, by notification
    silent: int = 0  # answers lost in a row
    faults: int = 0  # notifications that met with a fault of the channel's own, in a row
    until: float = 0.0  # up to when, by the monotonic clock, the next to settle have settled
    total: int = 0

    def once_over(self, items: Sequence[Undelivered]) -> bool:
        """Go through what waits; whether something of it must settle before it is tried again."""
        self.counts["waiting"] = 0
        todo = [item for item in items if item.notification.id not in self.over]
        self.total = len(self.over) + len(todo)
        for item in todo:
            self._take(item)
            if any(due <= time.monotonic() for _, due in self.settling.values()):
                self.until = time.monotonic()
                return not self.down  # nobody waits for the end of a long queue
        self.until = max((due for _, due in self.settling.values()), default=0.0)
        return bool(self.settling) and not self.down

    def settle(self) -> None:
        """Give the calls whose answers were lost time to arrive."""
        self.sleep(min(SETTLE_S, max(0.0, self.until - time.monotonic())))
        due = [name for name, (_, at) in self.settling.items() if at <= self.until]
        self.settled.update(due)
        for name in due:
            del self.settling[name]

    def _take(self, item: Undelivered) -> None:
        """Deliver one notification, or hold it back behind what went wrong before it."""
        address = ""
        try:
            address = self.channel.address(item.notification)
            if not self._is_held(item.notification, address):
                self._count(item, address, self._attempt(item, address))
        except DeliveryError as error:
            self._failed(item, address, error)
        except Exception as error:  # ours, and so never set aside; but it must not keep other threads waiting
            log.exception("%s of %s could not be written", item.notification.reason, item.notification.incident_id)
            self._failed(item, address, NotWritten(f"it could not be written ({type(error).__name__}; see the log)"))

    def _is_held(self, notification: Notification, address: str) -> bool:
        """Whether something that was to go out before it has not, or nothing goes out any more."""
        thread = (notification.incident_id, address)
        if any(thread == resting for resting, _ in self.settling.values()):
            self.counts["waiting"] += 1
            return True
        if self.down or thread in self.held or address in self.closed:
            self.counts["waiting"] += 1
            self.held.add(thread)
            return True
        return False

    def _count(self, item: Undelivered, address: str, outcome: str) -> None:
        if not outcome:
            thread = (item.notification.incident_id, address)
            self.settling[item.notification.id] = (thread, time.monotonic() + SETTLE_S)
            self.counts["waiting"] += 1
            return
        self.silent = self.faults = 0
        self.counts[outcome] += 1
        self._over(item)

    def _over(self, item: Undelivered) -> None:
        self.over.add(item.notification.id)
        if self.progress is not None:
            self.progress(len(self.over), self.total)

    def _attempt(self, item: Undelivered, address: str) -> str:
        """What came of it; nothing where an answer was lost and the message is not there, or not yet."""
        name = item.notification.id
        in_doubt, settled = item.in_doubt, not item.in_doubt or name in self.settled
        if in_doubt and not settled and name not in self.lost:
            return ""  # another has died over it, just now for all we know: to look is of no use yet
        for tries_left in reversed(range(TRIES)):
            try:
                return self._settle(item, address, in_doubt, settled)
            except Unavailable as error:
                if isinstance(error, Unanswered):
                    settled, in_doubt = False, True
                    self._lost(name)
                if not tries_left or self.lost[name] >= TRIES or self.silent >= TRIES:
                    raise
                self.outbox.not_delivered(name, address, error, self.clock())
                if not isinstance(error, Unanswered):
                    self.sleep(BACKOFF_S)
                    in_doubt = in_doubt or not isinstance(error, NotTaken)
        raise AssertionError("unreachable: the last try returns or raises")

    def _lost(self, name: str) -> None:
        self.settled.discard(name)
        self.lost[name] += 1
        self.silent += 1

    def _settle(self, item: Undelivered, address: str, in_doubt: bool, settled: bool) -> str:
        notification = item.notification
        head = self.outbox.head(notification.incident_id, address)
        if in_doubt:
            found = self.channel.find(notification, head)
            if found is not None and notification.edited:  # it may show how things stood before
                head = Head(found.remote_id, notification.id, notification.reason)
            elif found is not None:
                self._delivered(found, "found")
                return "found"
            elif not settled:
                return ""
        self.outbox.sending(notification.id)
        try:
            receipt = self.channel.send(notification, head)
        except (Refused, Denied, NotTaken):  # what it says it has not taken is in no doubt
            self.outbox.not_sent(notification.id)
            raise
        self._delivered(receipt, "delivered")
        return "delivered"

    def _delivered(self, receipt: Receipt, outcome: str) -> None:
        self.outbox.delivered(receipt, found=outcome == "found", at=self.clock())
        self.delayed_s += float(receipt.detail.get("delayed_s", 0.0))

    def _failed(self, item: Undelivered, address: str, error: DeliveryError) -> None:
        refusals = self.outbox.not_delivered(item.notification.id, address, error, self.clock())
        self.counts["failed"] += 1
        of = f"{item.notification.incident_id} {item.notification.reason}"
        self.problems.setdefault(f"{type(error).__name__}: {error}", []).append(of)
        self._over(item)
        if isinstance(error, Refused) and refusals >= REFUSALS:
            self.outbox.give_up(item.notification.id)
            return
        self.held.add((item.notification.incident_id, address))
        self.down = self.down or self._is_down(error)
        if isinstance(error, Denied):
            self.closed.add(address)

    def _is_down(self, error: DeliveryError) -> bool:
        """Whether the channel is at fault for all: it turns calls away, or several notifications met with a fault."""
        if isinstance(error, Refused):  # which is an answer
            self.silent = self.faults = 0
        self.faults += isinstance(error, Unavailable)
        return isinstance(error, NotTaken) or max(self.silent, self.faults) >= TRIES


def deliver(
    outbox: Outbox,
    channel: Channel,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress | None = None,
) -> DeliveryCounts:
    """Empty the outbox. Raises AlreadyDelivering where another sender is at it.

    A thread's notifications go in order: behind one that has not gone out, the later ones wait. A notification that
    the channel refuses `REFUSALS` times is set aside; one whose channel is closed to us, or silent, waits for ever.
    A fault of the channel's own, or of ours, holds up the thread that met with it; where several notifications in a
    row meet with one of the channel's, or it turns calls away, the rest of the run is left waiting.
    """
    run = _Run(outbox, channel, clock, sleep, progress)
    with outbox.exclusive():
        outbox.fold(channel.address, clock())
        while run.once_over(outbox.undelivered()):
            run.settle()
            outbox.fold(channel.address, clock())  # what was written meanwhile is silenced and told together, too
    counts = run.counts
    problems = tuple(f"{fault} ({_named(of)})" for fault, of in run.problems.items())
    return DeliveryCounts(
        counts["delivered"], counts["found"], counts["failed"], counts["waiting"], problems, run.delayed_s
    )


def _named(of: Sequence[str]) -> str:
    """`TOC-1001 new_incident, TOC-1004 resolved and 7 more`."""
    more = f" and {len(of) - NAMED} more" if len(of) > NAMED else ""
    return ", ".join(of[:NAMED]) + more
