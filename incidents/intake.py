"""Between Slack's three seconds and the work: each interaction is taken once, and done in a thread of its own."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

from incidents.desk import OURS, Desk
from incidents.interaction import Interaction, Press, mark_of, subject_of

WORKERS = 8
LATE = timedelta(minutes=5)
STRANGERS_A_MINUTE = 30  # lines of the audit trail that requests of unproven origin may fill

log = logging.getLogger(__name__)


class Ledger(Protocol):
    """What was seen and what was refused, kept for all processes together."""

    def first(self, marks: tuple[str, ...], at: datetime) -> bool:
        """Note the marks of a request; whether nobody had noted any of them before. One transaction."""
        ...

    def refused(self, at: datetime, actor: str, subject: str, reason: str, count: int = 1) -> None:
        """One line of the audit trail, for `count` requests."""
        ...


class Intake:
    """Takes interactions from any door. `receive` returns at once; the work follows in a pool."""

    def __init__(self, desk: Desk, ledger: Ledger, clock: Callable[[], datetime], workers: int = WORKERS) -> None:
        self._desk = desk
        self._ledger = ledger
        self._clock = clock
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="slack")
        self._strangers = _Strangers()

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
        self._pool.shutdown(wait=True)

    def _take(self, asked: Interaction, marks: tuple[str, ...], first: Future[bool]) -> None:
        try:
            is_first = self._ledger.first(marks, self._clock())
        except Exception as error:
            log.exception("an interaction of %s could not be noted: not done", asked.user)
            first.set_exception(error)
            self._desk.turn_away(asked, OURS)  # Slack may have its acknowledgement already
            return
        first.set_result(is_first)
        if not is_first:
            self._record(asked.user, subject_of(asked), "replayed", 1)
            return
        try:
            self._desk.handle(asked)
        except Exception:  # a refusal, say, that the warehouse did not record; of a pool's thread nobody reads it
            log.exception("%s by %s came to no end", subject_of(asked), asked.user)

    def _record(self, actor: str, subject: str, reason: str, count: int) -> None:
        try:
            self._ledger.refused(self._clock(), actor, subject, reason, count)
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
