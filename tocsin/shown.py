"""Text from the world, made safe to show on a terminal."""

import unicodedata

from rich.markup import escape

SHOWN = 500  # characters of one text


def safe(text: str) -> str:
    """`text` without control and direction characters and without markup of ours, cut to `SHOWN` characters."""
    kept = "".join(
        each if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf", "Cs") else " " for each in text
    )
    return escape(kept[:SHOWN] + ("…" if len(kept) > SHOWN else ""))
