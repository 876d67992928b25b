"""Why something in an archive could not be read, in words that the person who made the file understands."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from collectors.collector import CollectError, Quarantined

REASONS_SHOWN = 3  # a record that is wrong in more ways than this is simply not a mention

_WITHOUT_VALUE = {
    "missing": "is missing",
    "value_error": "{error}",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "string_too_long": "is longer than {max_length:,} characters",
    "too_long": "is longer than {max_length:,} characters",
}
_WITH_VALUE = {
    "id_type": "should be text or a whole number (a decimal number loses an id's last digits)",
    "string_type": "should be text",
    "string_pattern_mismatch": "should be a short lower-case name such as x, reddit or trustpilot",
    "literal_error": "should be {expected}",
    "model_type": "should be an object",
}


class ArchiveError(CollectError, ValueError):
    """The user's words are wrong: no such path, a mapping that does not fit. The message names the fix."""


class Refusal(Exception):
    """One record, or one file, cannot be read. It becomes a `Quarantined`; what follows it is read on."""


def quarantined(where: str, reason: str, payload: bytes | str | Mapping[str, Any]) -> Quarantined:
    """A quarantine record whose payload any database can store, cut to the limit."""
    if isinstance(payload, bytes):
        payload = payload[: Quarantined.PAYLOAD_LIMIT * 4].decode("utf-8", "backslashreplace")
    elif not isinstance(payload, str):
        payload = json.dumps(payload, ensure_ascii=False, default=str)
    cut = payload.strip("\r\n")[: Quarantined.PAYLOAD_LIMIT]
    storable = cut.encode("utf-8", "backslashreplace").decode().replace("\x00", "\u2400")
    return Quarantined(where, reason, storable[: Quarantined.PAYLOAD_LIMIT])


def explained(error: Exception) -> str:
    """What is wrong, as a sentence: "text is missing; created_at is not a plausible time: 2999-01-01…"."""
    if isinstance(error, ValidationError):
        details = error.errors(include_url=False)
        said = [_sentence(detail) for detail in details[:REASONS_SHOWN]]
        more = [f"and {len(details) - REASONS_SHOWN} more faults"] if len(details) > REASONS_SHOWN else []
        return "; ".join(said + more)
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    if isinstance(error, Refusal):
        return str(error)
    return f"the record is not as its platform documents it ({type(error).__name__}: {error})"


def _sentence(detail: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in detail["loc"]) or "the record"
    kind = detail["type"]
    if kind in _WITHOUT_VALUE:
        return f"{field} {_WITHOUT_VALUE[kind].format(**detail.get('ctx', {}))}"
    if kind == "string_type" and field.endswith("id"):
        kind = "id_type"
    plain: str = detail["msg"].removeprefix("Input ")
    said = _WITH_VALUE.get(kind, f"{plain[0].lower()}{plain[1:]}").format(**detail.get("ctx", {}))
    return f"{field} {said}, not {_shown(detail.get('input'))}"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"'{text[:60]}{'…' if len(text) > 60 else ''}'"
