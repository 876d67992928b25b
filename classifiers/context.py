"""A mention as the model reads it for one organisation: its text with the organisation marked, and what stands beside.

A reply, a handle or a bio can turn the meaning of words about. The network reads the text, then in words of its own
whom it is judged for, who wrote it, what it answers and what its picture says; only the text itself is averaged.
Training (`classifiers/training/corpus.py`) and judging build the same strings here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

from classifiers.normalise import Normalised, normalise
from classifiers.scorer import InContext
from collectors.mention import Author, Media, Mention

Span = tuple[int, int]
Role = Literal["the organisation", "its staff", "a union", "someone"]

_MARK = "§"  # a single character is always in the vocabulary, and nobody writes this one of an organisation
_NAME, _BIO, _PARENT, _ALT, _ORGANISATION = 40, 120, 160, 80, 60  # characters of each that the model is told
_WORDS_OF_HANDLE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_.\-]+|(?<=[a-zA-Z])(?=\d)")


def in_context(
    normalised: Normalised, names: Sequence[Span], organisation: str, mention: Mention, author: Role, answered: Role
) -> InContext:
    """`names` are the spans of the normalised text that name the organisation, `answered` who wrote the parent."""
    beside = [organisation[:_ORGANISATION], _by(mention.author, author), _answering(mention, answered)]
    beside += [_shown(media) for media in mention.media[:2]]
    return InContext(marked(normalised.text, names), " . ".join(part for part in beside if part))


def marked(text: str, names: Sequence[Span]) -> str:
    """The text with a mark before each name; overlapping names are one."""
    parts, done = [], 0
    for start, end in sorted(names):
        if start >= done:
            parts += [text[done:start], _MARK, " ", text[start:end]]
            done = end
    return "".join([*parts, text[done:]])


def unmarked(text: str) -> str:
    """A text as `marked` found it."""
    return text.replace(f"{_MARK} ", "")


def handle_spans(original: str, normalised: Normalised, handles: re.Pattern[str]) -> list[Span]:
    """Where a normalised text, in which every handle reads "@user", has the handles that the pattern finds."""
    return [
        (bisect_right(normalised.ends, match.start()), bisect_left(normalised.offsets, match.end()))
        for match in handles.finditer(original)
    ]


def _by(author: Author, role: Role) -> str:
    handle = _WORDS_OF_HANDLE.sub(" ", (author.handle or "").lstrip("@"))
    who = " ".join(part for part in (_plain(author.name, _NAME), handle[:_NAME].strip()) if part)
    known = role if role != "someone" else ""
    parts = [part for part in (known, who, _plain(author.bio, _BIO)) if part]
    return "by " + " : ".join(parts) if parts else ""


def _answering(mention: Mention, role: Role) -> str:
    parent = mention.in_reply_to
    return f"to {role} : {_plain(parent.text, _PARENT)}" if parent is not None else ""


def _shown(media: Media) -> str:
    return f"{media.type} : {_plain(media.alt_text, _ALT) or 'no description'}"


def _plain(text: str | None, longest: int) -> str:
    return normalise(text[: 4 * longest]).text[:longest].strip() if text else ""
