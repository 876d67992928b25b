"""A pace for calls of which a platform allows so many a day, and fewer than a run every 15 minutes would make.

Each call puts the next run's off by its part of the day. So a quota lasts the day however many calls a run makes, and
what a backlog has cost is made up for afterwards. From when on there may be calls again stands in the checkpoint.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DAY_S = timedelta(days=1).total_seconds()


class Pace:
    """One kind of call: whether this run may make it, and from when on the next may."""

    def __init__(
        self, a_day: float, kept: float | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`kept` is `state` as the checkpoint has it."""
        self._each_s = DAY_S / a_day
        self._began = now().timestamp()
        self._next = kept or 0.0
        self.due = self._began >= self._next

    def spend(self) -> None:
        """Note a call."""
        self._next = max(self._next, self._began) + self._each_s

    @property
    def state(self) -> float:
        """What the checkpoint keeps, as JSON: a Unix time."""
        return self._next
