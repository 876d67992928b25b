"""One reading of a text for models and for deduplication, with the way back to the writer's own characters.

People disguise abuse by look-alike letters, spacing, digits for letters, elongation and invisible characters; they
also simply write with emoji, links and handles. `normalise` undoes the first and gives words for the second. What a
model or rule then finds in the normalised text is shown to a person in the original: `Normalised.to_original`.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import emoji

from classifiers import disguise, masked
from classifiers.handles import HANDLE

_MAX_ROUNDS = 8  # a step may lay bare work for an earlier one; two rounds are usual, a nested disguise takes more
_MAX_MARKS = 8  # marks piled on one letter beyond this are dropped; no script needs them

_EMOJI_SIGN = re.compile("[©®\u203c-\u3299\U0001f000-\U0001faff]|[#*0-9]\ufe0f")
# No emoji has so many joints, and the emoji package takes time that grows with the square of how many it sees joined.
_MANY_JOINED = re.compile("(?:[^\u200d]{1,3}\u200d){10}")
_ENTITY = re.compile(r"&(?:amp;)*(amp|lt|gt|quot|apos|#39|nbsp);", re.IGNORECASE)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "nbsp": " "}
_MARKS = re.compile("(?<=[A-Za-z])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_URL = re.compile(r"(?:\bhttps?://|\bwww\.(?=\w))[^\s<>]*[^\s<>.,;:!?\"')\]]", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])[’ʼ´`](?=[^\W\d_])")  # don’t, as telephones write it; rules know don't
_LONG_SIGN = re.compile(r"([^\w\s])\1{3,}")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Normalised:
    """A normalised text. Character i stands for original characters [offsets[i], ends[i]); both never decrease."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def to_original(self, span: tuple[int, int]) -> tuple[int, int]:
        """The [start, end) in the original text that `span` of the normalised text stands for.

        Raises ValueError where the span is empty or reaches outside the normalised text.
        """
        start, end = span
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"Span {span} is not within a normalised text of {len(self.text)} characters")
        return self.offsets[start], self.ends[end - 1]


def straight(text: str) -> str:
    """The text, as long as before, with the one apostrophe in its words that `normalise` gives them."""
    return _APOSTROPHE.sub("'", text)


def normalise(text: str) -> Normalised:
    """The text in composed compatibility form (NFKC), disguises undone, on one line; its case is kept.

    Emoji become their English names, links "url", handles "@user". Normalising twice changes nothing more.
    """
    now = Normalised(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    for _ in range(_MAX_ROUNDS):
        before = now.text
        for step in _ASCII_STEPS if before.isascii() else _STEPS:
            now = step(now)
        if now.text == before:
            break
    return now


def fingerprint(text: str) -> str:
    """Equal for texts that read the same once normalised, whatever their case: 32 hexadecimal digits."""
    same = normalise(text).text.casefold()
    return hashlib.blake2b(same.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _replace(now: Normalised, matches: list[tuple[int, int, str]]) -> Normalised:
    """Put each (start, end, new) in place; equal lengths map character to character, others whole to whole."""
    text: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, new in matches:
        text += [now.text[done:start], new]
        offsets += now.offsets[done:start]
        ends += now.ends[done:start]
        if len(new) == end - start:
            offsets += now.offsets[start:end]
            ends += now.ends[start:end]
        else:
            offsets += [now.offsets[start]] * len(new)
            ends += [now.ends[end - 1]] * len(new)
        done = end
    text.append(now.text[done:])
    return Normalised("".join(text), (*offsets, *now.offsets[done:]), (*ends, *now.ends[done:]))


def _by_pattern(pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], now: Normalised) -> Normalised:
    found = [(m.start(), m.end(), word) for m in pattern.finditer(now.text) if (word := new(m)) != m.group()]
    return _replace(now, found) if found else now


def _by_table(table: dict[int, int] | dict[int, str], now: Normalised) -> Normalised:
    new = now.text.translate(table)
    return now if new == now.text else Normalised(new, now.offsets, now.ends)


def _emoji_words(now: Normalised) -> Normalised:
    if not _EMOJI_SIGN.search(now.text):
        return now
    cuts = [0, *(match.end() for match in _MANY_JOINED.finditer(now.text)), len(now.text)]
    found = [
        (start + e["match_start"], start + e["match_end"], _emoji_name(e["emoji"]))
        for start, end in pairwise(cuts)
        for e in emoji.emoji_list(now.text[start:end])
    ]
    return _replace(now, found)


def _emoji_name(sign: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", emoji.demojize(sign, delimiters=(" ", " ")).casefold())


def _compose(now: Normalised) -> Normalised:
    if unicodedata.is_normalized("NFKC", now.text):
        return now
    found, start, cluster, composed = [], 0, "", ""
    for i, char in enumerate(now.text):
        alone = unicodedata.normalize("NFKC", char)
        joined = unicodedata.normalize("NFKC", cluster + char)
        if joined != composed + alone:  # this character composes or reorders with what is before it
            cluster, composed = cluster + char, joined
            continue
        if i > start:
            found.append((start, i, composed))
        start, cluster, composed = i, char, alone
    found.append((start, len(now.text), composed))
    return _replace(now, [f for f in found if now.text[f[0] : f[1]] != f[2]])


def _visible(now: Normalised) -> Normalised:
    if now.text.isascii() and now.text.isprintable():
        return now
    hidden, piled = [], 0
    for i, char in enumerate(now.text):
        piled = piled + 1 if unicodedata.combining(char) else 0
        if piled > _MAX_MARKS or _is_hidden(char):
            hidden.append((i, i + 1, ""))
    return _replace(now, hidden) if hidden else now


def _is_hidden(char: str) -> bool:
    invisible = unicodedata.category(char) in {"Cf", "Cs", "Co", "Cc"} and not char.isspace()
    return invisible or "\ufe00" <= char <= "\ufe0f" or char in "\u034f\u115f\u1160\u3164\uffa0"


def _unmask_whole(now: Normalised) -> Normalised:
    if now.text.isascii() or disguise.is_of_another_alphabet(now.text):
        return now
    return _by_pattern(disguise.WORD, disguise.unmasked_whole, now)


def _trim(now: Normalised) -> Normalised:
    now = _by_pattern(_SPACE, lambda m: " ", now)
    first = 1 if now.text.startswith(" ") else 0
    last = len(now.text) - (1 if now.text.endswith(" ") and len(now.text) > first else 0)
    if (first, last) == (0, len(now.text)):
        return now
    return Normalised(now.text[first:last], now.offsets[first:last], now.ends[first:last])


_PARTED = partial(_by_pattern, disguise.PARTED, disguise.joined)
_ASCII_STEPS: tuple[Callable[[Normalised], Normalised], ...] = (
    _visible,
    partial(_by_pattern, _ENTITY, lambda m: _ENTITIES[m[1].lower()]),
    partial(_by_pattern, _URL, lambda m: "url"),
    partial(_by_pattern, HANDLE, lambda m: "@user"),
    partial(_by_pattern, disguise.LEET_TOKEN, disguise.unleeted),
    partial(_by_pattern, disguise.SPACED, disguise.joined),
    _PARTED,
    partial(_by_pattern, masked.STARRED, masked.unstarred),
    partial(_by_pattern, masked.STRUCK, masked.unstruck),
    partial(_by_pattern, masked.NUMBERED, masked.unnumbered),
    partial(_by_pattern, disguise.LONG_LETTER, disguise.shortened),
    partial(_by_pattern, _LONG_SIGN, lambda m: m[1] * 3),
    _trim,
)
_STEPS: tuple[Callable[[Normalised], Normalised], ...] = (
    partial(_by_table, disguise.ENCLOSED),
    _PARTED,
    partial(_by_pattern, masked.KEYED, masked.unkeyed),
    partial(_by_pattern, masked.PICTURED, masked.unpictured),
    _emoji_words,
    partial(_by_table, disguise.HALF_FLAGS),
    _visible,
    _compose,
    partial(_by_pattern, _APOSTROPHE, lambda m: "'"),
    partial(_by_table, disguise.SMALL_CAPITALS),
    partial(_by_pattern, _MARKS, lambda m: ""),
    partial(_by_pattern, disguise.WORD, disguise.unmasked),
    _unmask_whole,
    *_ASCII_STEPS,
)
