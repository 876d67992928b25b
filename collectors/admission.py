"""The door of every adapter: one record of a platform in, a mention or a quarantined record out, never an exception."""

import json
from collections.abc import Callable
from pprint import pformat
from typing import Any

from pydantic import ValidationError

from collectors.collector import Gone, Quarantined
from collectors.mention import Mention

Admitted = Mention | Quarantined | Gone

# What a record of the wrong shape raises where it is taken apart: a list where an object should be, a missing key.
# AssertionError: what parsers of the standard library say of input that they did not expect.
MISSHAPEN = (
    ValidationError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    OverflowError,
    AssertionError,
    RecursionError,
)
DEEPEST = 200  # levels of a record, as in an archive: whatever stores or reads it goes down them call by call
SHOWN_LEVELS = 20  # of a record that is nested too deeply to be written as JSON


def admit(record: Any, where: str, make: Callable[[Any], Mention]) -> Admitted:
    """Make a mention of `record`; a record that cannot be one is quarantined under `where`, with the reason."""
    try:
        return make(storable(record))
    except (*MISSHAPEN, OSError) as error:  # OSError: what the C library says of a time in the year two milliards
        return refused(where, reason_of(error), record)


def refused(where: str, reason: str, record: Any) -> Quarantined:
    """A quarantined record, its payload as text within the limit."""
    payload = record if isinstance(record, str) else _written(record)
    return Quarantined(_storable(where), _storable(reason), _storable(payload)[: Quarantined.PAYLOAD_LIMIT])


def reason_of(error: Exception) -> str:
    """One line that says what was wrong, naming the field where pydantic knows it."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return f"{type(error).__name__}: {error}"


def storable(value: Any, levels: int = DEEPEST) -> Any:
    """The same JSON value, with half surrogate pairs, which no database takes, shown as U+FFFD.

    Raises ValueError where it is nested deeper than `levels`.
    """
    if isinstance(value, str):
        return value if value.isascii() else _whole(value)
    if not isinstance(value, dict | list):
        return value
    if not levels:
        raise ValueError(f"the record is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        return {key: storable(item, levels - 1) for key, item in value.items()}
    return [storable(item, levels - 1) for item in value]


def _written(record: Any) -> str:
    """A record as JSON; without its depths where it is nested deeper than JSON can be written."""
    try:
        return json.dumps(record, ensure_ascii=False, default=str)
    except RecursionError:
        return pformat(record, depth=SHOWN_LEVELS, width=Quarantined.PAYLOAD_LIMIT, sort_dicts=False)


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _storable(text: str) -> str:
    return _whole(text).replace("\x00", "␀")
