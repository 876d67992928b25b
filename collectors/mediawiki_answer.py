"""Answers of MediaWiki's API in format version 2, whatever a wiki knows: those before 1.25 know the first alone.

There the pages are an object by their numbers, a text is called `*`, and a flag is an empty string.
"""

from typing import Any

FLAGS = {"sha1hidden", "texthidden", "userhidden", "commenthidden", "suppressed", "minor", "new", "bot", "missing"}


def modern(value: Any) -> Any:
    """The same JSON value as version 2 has it; one that is of version 2 comes back as it is."""
    if isinstance(value, list):
        return [modern(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {"content" if name == "*" else name: _part(name, part) for name, part in value.items()}


def _part(name: str, part: Any) -> Any:
    if name == "pages" and isinstance(part, dict):
        return [modern(page) for page in part.values()]
    return True if name in FLAGS and part == "" else modern(part)
