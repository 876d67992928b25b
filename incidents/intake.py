"""Between Slack's three seconds and the work: each interaction is kept, acknowledged, and done in a thread of its own.

It is kept in the transaction that notes it as seen, before Slack is told that we have it. Where the process dies before
it is done, another one, or this one when it is started again, takes it up.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from incidents.desk import OURS, Desk
from incidents.inbox import LEASE, STALE, Held, Inbox
from incidents.interaction import Interaction, Press, mark_of, subject_of
from incidents.wording import moment

WORKERS = 8
LATE = timedelta(minutes=5)
STRANGERS_A_MINUTE = 30  # lines of the audit trail that requests of unproven origin may fill

log = logging.getLogger(__name__)


class Intake:
    """Takes interactions from any door. `receive` returns at once; the work follows in a pool.

    `lease`: what nobody has finished for so long is taken up again; looked for from `start` on, twice in that time.
    """

    def __init__(
        self,
        desk: Desk,
        inbox: Inbox,
        clock: Callable[[], datetime],
        workers: int = WORKERS,
        lease: timedelta = LEASE,
    ) -> None:
        self._desk = desk
        self._inbox = inbox
        self._clock = clock
        self._lease = lease
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="slack")
        self._strangers = _Strangers()
        self._busy: set[int] = set()  # what this process has in hand, however long it takes
        self._closing = threading.Event()
        self._resuming = threading.Thread(target=self._resume_again_and_again, name="slack-inbox", daemon=True)

    def start(self) -> None:
        """Take up what was acknowledged and never done, now and from time to time."""
        self._resuming.start()

    def receive(self, asked: Interaction, *marks: str) -> Future[bool]:
        """Whether it is the first of its kind, told before the work begins; a replay does no work.

        `marks` name the request in its door's own way (its signature, its envelope); what it asks is a mark already.
        """
        first: Future[bool] = Future()
        self._pool.submit(self._take, asked, (*marks, mark_of(asked)), first)
        return first

    def is_late(self, asked: Interaction) -> bool:
        """Whether Slack's own time of a press lies too far from ours."""
        at = asked.at if isinstance(asked, Press) else None
        return at is not None and abs(self._clock() - at) > LATE

    def refuse_late(self, asked: Interaction) -> None:
        """Record that somebody whom Slack vouches for came too late, and tell them."""
        log.warning("refused: %s by %s: late", subject_of(asked), asked.user)
        self._pool.submit(self._record, asked.user, subject_of(asked), "late: pressed more than five minutes ago", 1)
        self._pool.submit(self._desk.turn_away, asked, "By our clock you pressed more than five minutes ago.")

    def refuse_stranger(self, subject: str, reason: str) -> None:
        """Record a refusal of a request of unproven origin; a flood of them is counted, not written line by line."""
        log.warning("refused: %s: %s", subject, reason)
        count = self._strangers.admit(self._clock())
        if count:
            self._pool.submit(self._record, "unknown", subject, reason, count)

    def close(self) -> None:
        """Finish what was taken in, and take no more."""
        self._closing.set()
        if self._resuming.is_alive():
            self._resuming.join()
        self._pool.shutdown(wait=True)

    def _take(self, asked: Interaction, marks: tuple[str, ...], first: Future[bool]) -> None:
        try:
            held = self._inbox.take(asked, marks, self._clock())
        except Exception as error:
            log.exception("an interaction of %s could not be noted: not done", asked.user)
            first.set_exception(error)
            self._desk.turn_away(asked, OURS)
            return
        if held is None:
            first.set_result(False)
            self._record(asked.user, subject_of(asked), "replayed", 1)
            return
        self._busy.add(held.number)
        first.set_result(True)
        self._do(held)

    def _do(self, held: Held) -> None:
        try:
            if not self._is_too_old(held):
                self._desk.handle(held.asked, since=held.received_at if held.attempts > 1 else None)
            self._inbox.done(held)
        except Exception:  # a refusal, say, that the warehouse did not record; of a pool's thread nobody reads it
            log.exception("%s by %s came to no end: it is taken up again", subject_of(held.asked), held.asked.user)
        finally:
            self._busy.discard(held.number)

    def _is_too_old(self, held: Held) -> bool:
        """Whether it has waited too long; then who asked is told."""
        if self._clock() - held.received_at <= STALE:
            return False
        log.warning("too old: %s by %s", subject_of(held.asked), held.asked.user)
        asked_at = f"When you asked, on {moment(held.received_at)}, something failed on our side."
        self._desk.say(held.asked, f"{asked_at} See how it stands now, and ask again where it is not done.")
        return True

    def _resume_again_and_again(self) -> None:
        while True:
            self._resume()
            if self._closing.wait(self._lease.total_seconds() / 2):
                return

    def _resume(self) -> None:
        try:
            found = self._inbox.left(self._clock(), self._lease)
        except Exception:
            log.exception("what was left undone could not be looked for")
            return
        for held in found:
            if held.number not in self._busy:
                log.warning("taken up again: %s by %s", subject_of(held.asked), held.asked.user)
                self._busy.add(held.number)
                self._pool.submit(self._do, held)

    def _record(self, actor: str, subject: str, reason: str, count: int) -> None:
        try:
            self._inbox.refused(self._clock(), actor, subject, reason, count)
        except Exception:
            log.exception("a refusal could not be recorded: %s by %s: %s", subject, actor, reason)


class _Strangers:
    """How many lines are left in this minute; those that found none are counted into the next line."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute: datetime | None = None
        self._written = self._left_out = 0

    def admit(self, now: datetime) -> int:
        """How many requests the line that may now be written stands for; 0: write none."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._written = minute, 0
            if self._written >= STRANGERS_A_MINUTE:
                self._left_out += 1
                return 0
            self._written += 1
            count, self._left_out = self._left_out + 1, 0
            return count
