"""How people hide words from filters: each way as one small seeded change of one word.

Those that `normalise` always undoes say so; of the others it undoes what it is sure of (`classifiers/masked.py`), and
against the rest a model has only what it has learnt.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator

_VOWEL = re.compile(r"(?<=\w)[aeiou](?=\w)", re.IGNORECASE)
_INNER_LEET = re.compile(r"(?<=[a-z])[oieas](?=[a-z])", re.IGNORECASE)
_LEET = dict(zip("oieas", ("0", "1", "3", "4@", "5$"), strict=True))
_OUTER_LEET = {"a": "@4", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1|", "o": "0", "s": "$5", "t": "7+"}
_HOMOGLYPHS = str.maketrans("aceiopsxyjhABCEHIKMOPTX", "асеіорѕхујһАВСЕНІКМОРТХ")
_PICTURES = {
    "o": "⭕",
    "i": "❗",
    "a": "🔺",
    "s": "⚡",
    "t": "✝",
    "c": "🌙",
    "e": "📧",
    "u": "⛎",
    "l": "🕒",
    "r": "🌈",
}
_EMOJI = "🔥👏✨⭐💯🌀🍀📣"  # none that insults by itself
_GAPS = " .-_*"
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff"
_MARKS = "!?.…"


@dataclass(frozen=True)
class Disguise:
    """`word` writes a word of four Latin letters or more otherwise; `undone`: `normalise` gives the word back.

    But for case, which the model does not read, and for a drawn-out letter, which may stay double.
    """

    name: str
    word: Callable[[str, Rng], str]
    undone: bool = False


def _pick(choices: str, rng: Rng) -> str:
    return choices[int(rng.integers(len(choices)))]


def _spaced(word: str, rng: Rng) -> str:
    gap = _pick(_GAPS, rng)
    return f" {gap.join(word)} " if gap == " " else gap.join(word)  # a wider gap tells where the word ends


def _leet(word: str, rng: Rng) -> str:
    """One letter within; in capitals it could be a code, and the normaliser would rightly leave it."""
    places = [match.start() for match in _INNER_LEET.finditer(word)]
    return word if word.isupper() else _replaced(word, places, _LEET, rng)


def _outer_leet(word: str, rng: Rng) -> str:
    """First or last letter: nothing tells this from "4days" and "mp3", unless it hides an insult."""
    return _replaced(word, [at for at in (0, len(word) - 1) if word[at].lower() in _OUTER_LEET], _OUTER_LEET, rng)


def _picture(word: str, rng: Rng) -> str:
    return _replaced(word, [at for at, letter in enumerate(word) if letter.lower() in _PICTURES], _PICTURES, rng)


def _replaced(word: str, places: list[int], signs: dict[str, str], rng: Rng) -> str:
    if not places:
        return word
    at = places[int(rng.integers(len(places)))]
    return word[:at] + _pick(signs[word[at].lower()], rng) + word[at + 1 :]


def _homoglyphs(word: str, rng: Rng) -> str:
    masked = [letter.translate(_HOMOGLYPHS) if rng.random() < 0.7 else letter for letter in word]
    at = int(rng.integers(len(word)))
    masked[at] = word[at].translate(_HOMOGLYPHS)
    return "".join(masked)


def _zero_width(word: str, rng: Rng) -> str:
    at = int(rng.integers(1, len(word)))
    return word[:at] + _pick(_HIDDEN, rng) + word[at:]


def _elongated(word: str, rng: Rng) -> str:
    at = int(rng.integers(1, len(word)))
    return word[:at] + word[at] * int(rng.integers(3, 7)) + word[at + 1 :]


def _full_width(word: str, rng: Rng) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in word)


def _parted_by_emoji(word: str, rng: Rng) -> str:
    return _pick(_EMOJI, rng).join(word)


def _framed_by_emoji(word: str, rng: Rng) -> str:
    sign = _pick(_EMOJI, rng)
    return f"{sign}{word}{sign}"


def _mixed_case(word: str, rng: Rng) -> str:
    first = int(rng.integers(2))
    return "".join(letter.upper() if (i + first) % 2 else letter.lower() for i, letter in enumerate(word))


def _starred(word: str, rng: Rng) -> str:
    return _VOWEL.sub(_pick("*#-", rng), word, count=int(rng.integers(1, 3)))


def _misspelt(word: str, rng: Rng) -> str:
    """Two letters swapped, one lost, or one doubled."""
    at = int(rng.integers(1, len(word) - 1))
    before, letter, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
    kinds = [before + after + letter + rest, before + after + rest, before + letter * 2 + after + rest]
    kinds = [kind for kind in kinds if kind != word]
    return kinds[int(rng.integers(len(kinds)))]


def _punctuated(word: str, rng: Rng) -> str:
    return word + _pick(_MARKS, rng) * int(rng.integers(4, 9))


DISGUISES: tuple[Disguise, ...] = (
    Disguise("spacing", _spaced, undone=True),
    Disguise("leetspeak", _leet, undone=True),
    Disguise("leetspeak at an end", _outer_leet),
    Disguise("homoglyphs", _homoglyphs, undone=True),
    Disguise("zero-width", _zero_width, undone=True),
    Disguise("elongation", _elongated, undone=True),
    Disguise("full width", _full_width, undone=True),
    Disguise("mixed case", _mixed_case, undone=True),
    Disguise("emoji between letters", _parted_by_emoji, undone=True),
    Disguise("emoji for a letter", _picture),
    Disguise("emoji around words", _framed_by_emoji),
    Disguise("stars", _starred),
    Disguise("typos", _misspelt),
    Disguise("repeated punctuation", _punctuated),
)
