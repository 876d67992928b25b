"""How text and JSON from the world are written so that SQLite and PostgreSQL both take and give back the same.

PostgreSQL holds neither a null byte nor a lone surrogate in text, refuses to read them out of JSON, and has no NaN in
JSON. Each is stored as something that a reader sees and recognises, and nothing else is touched.
"""

import json
import math
from typing import Any

NULL_SHOWN = "\u2400"  # ␀, the symbol for a null byte


def storable(text: str) -> str:
    """The same text, with null bytes shown as U+2400 and lone surrogates as the six characters `\\udXXX`."""
    if "\x00" in text:
        text = text.replace("\x00", NULL_SHOWN)
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def to_json(value: Any) -> str:
    """JSON text that both databases hold; what JSON has no form for (NaN, a date, a set) is written as its text."""
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode("utf-8")
    except (ValueError, TypeError):
        return json.dumps(_plain(value), ensure_ascii=False)
    if "\\u0000" in written:  # perhaps an escaped null byte, perhaps those six characters: the slow way knows
        return json.dumps(_plain(value), ensure_ascii=False)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {storable(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return storable(str(value))
