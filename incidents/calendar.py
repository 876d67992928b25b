"""Working time and quiet hours: a pack's calendar, turned into instants.

Working time between two instants is additive and never falls. A time of day that the clocks skip stands for the moment
after the gap; one that they show twice stands for its first showing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policies.hours import WEEKDAYS, Hours, Span, clock
from policies.policy import Policy, Severity

if TYPE_CHECKING:
    from holidays import HolidayBase

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When some people work. Without hours: round the clock, and a working day is 24 hours."""

    hours: Hours | None

    @property
    def day_length(self) -> timedelta:
        """The length of a working day, as its hours are written."""
        if self.hours is None:
            return DAY
        start, end = _since_midnight(self.hours.start), _since_midnight(self.hours.end)
        return end - start if end > start else end - start + DAY

    def works(self, day: date) -> bool:
        """Whether work begins on that day: a weekday of theirs, no bank holiday, not closed."""
        if self.hours is None:
            return True
        holiday = self.hours.holidays is not None and day in _bank_holidays(self.hours.holidays)
        return WEEKDAYS[day.weekday()] in self.hours.days and day not in self.hours.closed and not holiday

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two instants; none where the end is not after the start."""
        if self.hours is None:
            return max(end - start, timedelta(0))
        total = timedelta(0)
        for opens, closes in self._windows(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def after(self, start: datetime, span: Span) -> datetime:
        """The first instant at which a length of time has passed since `start`."""
        if self.hours is None or not span.working:
            return start + span.length(DAY)
        left = span.length(self.day_length)
        for opens, closes in self._windows(start):
            begin = max(opens, start)
            if closes - begin >= left:
                return begin + left
            left -= max(closes - begin, timedelta(0))
        raise OverflowError("the calendar has no working day left")

    def _windows(self, start: datetime) -> Iterator[Window]:
        """What is worked, from the window that `start` may stand in onwards."""
        if self.hours is None:
            return
        zone = ZoneInfo(self.hours.zone)
        day = start.astimezone(zone).date() - DAY
        while day < date.max - DAY:
            if self.works(day):
                yield window(zone, day, clock(self.hours.start), clock(self.hours.end))
            day += DAY


def quiet_until(policy: Policy, route: str, severity: Severity, at: datetime) -> datetime | None:
    """When the bell may ring again, where it may not now; None: it may ring. Raises KeyError for an unknown route."""
    held = quiet_window(policy, route, severity, at)
    return held[1] if held else None


def quiet_window(policy: Policy, route: str, severity: Severity, at: datetime) -> Window | None:
    """The quiet hours in which an instant stands, for a severity that does not ring in them."""
    rules, hours = policy.routes[route], policy.hours_of(route)
    quiet = rules.quiet_hours
    if quiet is None or hours is None or severity in rules.rings_in_quiet_hours:
        return None
    zone = ZoneInfo(hours.zone)
    today = at.astimezone(zone).date()
    nights = (window(zone, day, clock(quiet.start), clock(quiet.end)) for day in (today - DAY, today))
    return next((night for night in nights if night[0] <= at < night[1]), None)


def window(zone: ZoneInfo, day: date, start: time, end: time) -> Window:
    """From one time of day to another, which is the next day's where it is not later; in UTC."""
    last = day if end > start else day + DAY
    return instant(zone, datetime.combine(day, start)), instant(zone, datetime.combine(last, end))


def instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """The moment at which clocks on the wall show this, in UTC."""
    while (moment := wall.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != wall:
        wall += MINUTE
    return moment


def _since_midnight(words: str) -> timedelta:
    at = clock(words)
    return timedelta(hours=at.hour, minutes=at.minute)


@lru_cache(maxsize=32)
def _bank_holidays(region: str) -> "HolidayBase":
    from holidays import country_holidays  # noqa: PLC0415 - a fifth of a second that most commands need not pay

    country, _, part = region.partition("-")
    return country_holidays(country, subdiv=part or None)
