"""Times as archives write them. What could be read in two ways is refused, never guessed.

Read: ISO 8601 (also with a space before the zone), RFC 2822 ("Tue, 24 Feb 2015 11:35:52 -0800"), X v1.1
("Wed Oct 10 20:19:24 +0000 2018") and unix time in seconds or milliseconds. A time without a zone is taken as UTC.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from collectors.archive.refusal import Refusal
from collectors.mention import CLOCK_SKEW, EARLIEST

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_ISO = re.compile(r"(\d{4}-[\dW-]+)(?:[T ]\s*([\d:.,]+))?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?", re.IGNORECASE)
_RFC_2822 = re.compile(
    r"([A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}(:\d{2})?\s+([+-]\d{4}|UT|GMT|Z|[ECMP][SD]T)"
)
_X_V1 = re.compile(r"[A-Za-z]{3} ([A-Za-z]{3}) (\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})")
_NUMERIC_DATE = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}\b.*|\d{1,2}-\d{1,2}-\d{2,4}\b.*")
_MILLISECONDS = 10**11  # as seconds this is the year 5138; as milliseconds 1973, before any platform


def parse_moment(value: Any) -> datetime:
    """The time in UTC. Raises Refusal; its words follow a field's name: "is not a plausible time: 2999-01-01…"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refusal(f"is not a time: {str(value)[:60]!r}")
    text = str(value).strip()
    try:
        moment = _unix(text) if _NUMBER.fullmatch(text) else _written(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refusal(f"is not a time that exists: {text[:60]!r}") from error
    if not EARLIEST <= moment <= datetime.now(UTC) + CLOCK_SKEW:
        raise Refusal(f"is not a plausible time: {text[:60]} (read as {moment.isoformat()})")
    return moment


def _unix(text: str) -> datetime:
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds, UTC)


def _written(text: str) -> datetime:
    if found := _ISO.fullmatch(text):
        day, clock, zone = found.groups()
        offset = "+00:00" if (zone or "").upper() in ("Z", "UTC", "GMT") else zone or ""
        return datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset}")
    if found := _X_V1.fullmatch(text):
        month, day, clock, zone, year = found.groups()
        return parsedate_to_datetime(f"{day} {month} {year} {clock} {zone}")
    if _RFC_2822.fullmatch(text):
        return parsedate_to_datetime(text)
    if _NUMERIC_DATE.fullmatch(text):
        raise Refusal(f"leaves open which number is the day and which the month: {text[:60]!r}; write it as YYYY-MM-DD")
    raise Refusal(f"is not a time in a form that is known: {text[:60]!r}; write it as 2026-10-01T09:15:00Z")
