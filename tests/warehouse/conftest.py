"""What the warehouse's own tests share: a clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

import pytest


class Clock:
    """Tells the time that it was set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **parts: float) -> None:
        """Move on by a timedelta's parts."""
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    """Noon of an autumn day."""
    return Clock(datetime(2026, 10, 12, 12, 0, tzinfo=UTC))
