"""When a route's people work, when they are not to be woken, and how soon they must take what they are told.

Times of day and days are of the clock on the wall in the calendar's time zone, whatever the season does to it.
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from policies.part import Day, Part, Words, complaint

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)  # as date.weekday() counts them

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
SPAN = r"^([1-9]\d{0,3})(m|h|d| working (?:hour|day)s?)$"
DEADLINE = rf"{SPAN}|^never$"
HOLIDAYS = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"


def _a_clock_time(value: Any) -> Any:
    """YAML reads 18:00 without quotes as the number 1080, and the author must learn why."""
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value < 24 * 60:
        read = f"{value // 60:02}:{value % 60:02}"
        raise complaint(f'is read by YAML as the number {value}: put quotes around it, "{read}"')
    if not isinstance(value, str) or not re.fullmatch(CLOCK, value):
        raise complaint(f'cannot be {str(value)[:40]!r}: write a time of day as "09:00", in quotes')
    return value


def _a_deadline(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(DEADLINE, value):
        example = "15m, 4h, 2d, 3 working hours, 1 working day, or never"
        raise complaint(f"cannot be {str(value)[:40]!r}: write a length of time as one of these: {example}")
    return value


def _a_region(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(HOLIDAYS, value):
        raise complaint(f"cannot be {str(value)[:40]!r}: write a country, and a part of it, as GB-ENG")
    return value


ClockTime = Annotated[str, BeforeValidator(_a_clock_time), Field(pattern=CLOCK)]
Deadline = Annotated[str, BeforeValidator(_a_deadline), Field(pattern=DEADLINE)]
Region = Annotated[str, BeforeValidator(_a_region), Field(pattern=HOLIDAYS)]


class Hours(Part):
    """A working calendar. Hours that end before they start go past midnight, and count for the day they start on."""

    zone: Words  # of the IANA: Europe/London
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    start: ClockTime = "09:00"
    end: ClockTime = "17:00"
    holidays: Region | None = None  # whose bank holidays are no working days: GB-ENG
    closed: tuple[Day, ...] = ()  # further days off


class QuietHours(Part):
    """When people are not to be woken, each night; in the zone of the route's hours."""

    start: ClockTime
    end: ClockTime


class Deadlines(Part):
    """How soon an incident must be acknowledged, by its severity. `never`: nobody is reminded of it."""

    critical: Deadline = "30m"
    high: Deadline = "4h"
    medium: Deadline = "1 working day"
    low: Deadline = "5 working days"


class Intervals(Part):
    """How long between one reminder and what follows it, by severity; none: as long as to the first."""

    critical: Deadline | None = None
    high: Deadline | None = None
    medium: Deadline | None = None
    low: Deadline | None = None


@dataclass(frozen=True)
class Span:
    """A length of time: of the clock, or of working time in hours or in days of the calendar."""

    count: int
    unit: Literal["m", "h", "d"]
    working: bool

    def length(self, day: timedelta) -> timedelta:
        """How much time it is, where a day has this length."""
        return self.count * {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": day}[self.unit]


def span_of(words: str) -> Span | None:
    """What a deadline's words mean; None for `never`. Raises ValueError for other words."""
    if words == "never":
        return None
    found = re.fullmatch(SPAN, words)
    if found is None:
        raise ValueError(f"{words!r} is no length of time")
    count, unit = int(found[1]), found[2].strip()
    working = unit.startswith("working")
    plain = unit.removeprefix("working ")[0]
    return Span(count, "h" if plain == "h" else "d" if plain == "d" else "m", working)


def clock(words: str) -> time:
    """`09:00` as a time of day."""
    return time.fromisoformat(words)
