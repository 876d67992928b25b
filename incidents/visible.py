"""Text from the world as it may be printed in evidence: every character is seen, and none acts.

What a message leaves out (`incidents.escape`) a piece of evidence names: controls, bidi controls and whatever the font
cannot draw become `[U+202E]`, a flood of marks `[+37 marks]`, an emoji its English name.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import groupby

import emoji

MARKS = 3  # combining marks drawn on one letter
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\u0085\u2028\u2029]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")  # with which a spreadsheet takes a cell for a formula


class _Everything:
    def __contains__(self, _code: object) -> bool:
        return True


def visible(text: str, drawn: Container[int] | None = None, limit: int | None = None) -> str:
    """The text with nothing hidden in it, at most about `limit` characters of it. `drawn`: what the font can draw."""
    font = _Everything() if drawn is None else drawn
    cut = text if limit is None else text[:limit]
    made = "".join(part for run in _runs(_BREAKS.sub("\n", cut), font) for part in run)
    whole = len(cut) == len(text) and (limit is None or len(made) <= limit)
    return made if whole else made[:limit] + "…"


def one_line(text: str, drawn: Container[int] | None = None, limit: int = 300) -> str:
    """The same without breaks."""
    return " ".join(visible(text, drawn, limit).split())


def cell(text: str) -> str:
    """The text as a cell of CSV that no spreadsheet takes for a formula, on one line."""
    shown = one_line(text, limit=32_000)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _runs(text: str, drawn: Container[int]) -> Iterator[Iterator[str]]:
    """The text in runs of one emoji, or of one kind of character."""
    end = 0
    for found in emoji.emoji_list(text):
        if all(ord(character) in drawn for character in found["emoji"]):
            continue
        yield _plain(text[end : found["match_start"]], drawn)
        yield iter([f"[{_name(found['emoji'])}]"])
        end = found["match_end"]
    yield _plain(text[end:], drawn)


def _name(sign: str) -> str:
    return f"emoji: {emoji.demojize(sign)}".replace(": :", ": ").rstrip(":").replace("_", " ")


def _plain(text: str, drawn: Container[int]) -> Iterator[str]:
    """Marks beyond a few, and characters that cannot be drawn, counted; all others as they are."""
    for is_mark, some in groupby(text, _is_mark):
        for character, same in groupby(list(some)[:MARKS] if is_mark else some):
            yield _drawn(character, len(list(same)), drawn)
    # The marks that were not drawn are told at the end, so that the line before them stays readable.
    dropped = sum(max(0, len(list(some)) - MARKS) for is_mark, some in groupby(text, _is_mark) if is_mark)
    if dropped:
        yield f"[+{dropped} marks]"


def _drawn(character: str, times: int, drawn: Container[int]) -> str:
    if character == "\n":
        return character * times
    if character == "\t":
        return "    " * times
    category = unicodedata.category(character)
    if category == "Zs":
        return " " * times
    if category[0] != "C" and ord(character) in drawn:
        return character * times
    return f"[U+{ord(character):04X}{f' ×{times}' if times > 1 else ''}]"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")
