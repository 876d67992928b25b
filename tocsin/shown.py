"""Text from the world, made safe to show on a terminal."""

import unicodedata
from datetime import date
from typing import Any

from rich.markup import escape
from rich.table import Column, Table

SHOWN = 500  # characters of one text
OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, direction marks, half pairs, line and paragraph separators


def plain(text: str) -> str:
    """`text` without any character that a terminal obeys instead of showing; line feeds stay."""
    return "".join(each if each == "\n" or unicodedata.category(each) not in OBEYED else " " for each in text)


def line(text: str) -> str:
    """`plain`, on one line."""
    return plain(text).replace("\n", " ")


def safe(text: str) -> str:
    """For rich: `line` without markup of ours, cut to `SHOWN` characters."""
    return escape(_cut(line(text)))


def block(text: str, margin: str = "  | ") -> str:
    """For rich: as `safe`, but its lines are kept, each behind `margin`, so that none can pass for one of ours."""
    return escape("\n".join(margin + each for each in _cut(plain(text)).split("\n")))


def columns(*names: str) -> Table:
    """A table without lines. What is too wide is folded, never cut short: a name in it is there to be typed again."""
    first, *others = names
    told = (Column(first, no_wrap=True), *(Column(each, overflow="fold") for each in others))
    return Table(*told, box=None, pad_edge=False)


def iso(value: Any) -> str:
    """For `json.dumps` as `default`: a moment or a day as ISO 8601 writes it, anything else by its own words."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _cut(text: str) -> str:
    return text[:SHOWN] + ("…" if len(text) > SHOWN else "")
