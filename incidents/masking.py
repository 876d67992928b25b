"""Words of a post, shown without the people in them: for pages that many read and that need no names.

Handles, addresses, links, numbers and the names that are known go. A name that nobody has told us is a word like any
other and stays: masked text is for the eyes of those who decide about a policy, and is no anonymous text.
"""

import re
from collections.abc import Iterable

from incidents.escape import READ, clipped, harmless

EXCERPT = 200  # characters

_MASKS = (
    (re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"(?<!\w)@\u2060?\w[\w.-]*(?:@\w[\w.-]*)?"), "[handle]"),  # @name, and @name@server
    (re.compile(r"[\w.+-]+@\w[\w.-]*"), "[e-mail]"),
    (re.compile(r"\bu/[\w-]+"), "[handle]"),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE), "[postcode]"),
    (re.compile(r"\b[A-Z]{2} ?(?:\d\d ?){3}[A-D]\b", re.IGNORECASE), "[number]"),  # National Insurance
    (re.compile(r"\+?\d(?:[\s().-]?\d){5,}"), "[number]"),  # telephones, accounts, references
)


def masked(text: str, names: Iterable[str | None] = (), limit: int = EXCERPT, around: str = "") -> str:
    """The text on one line, harmless to show, without the people in it that can be told.

    `names`: known to us. `around`: a part of the text that is to be seen where the whole is longer than `limit`.
    """
    known = {plain for name in names if name and len(plain := _on_one_line(name).lstrip("@")) > 1}
    shown, part = _without(text, known), _without(around, known)
    at = shown.find(part) if part else -1
    if at + len(part) >= limit:
        start = shown.rfind(" ", 0, max(0, at - limit // 3)) + 1
        shown = f"… {shown[start:]}" if start else shown
    return clipped(shown, limit)


def _without(text: str, names: Iterable[str]) -> str:
    shown = _on_one_line(text[:READ])
    for pattern, mask in _MASKS:
        shown = pattern.sub(mask, shown)
    for name in sorted(names, key=len, reverse=True):
        shown = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", shown, flags=re.IGNORECASE)
    return shown


def _on_one_line(text: str) -> str:
    return " ".join(harmless(text).split())
