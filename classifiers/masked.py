"""Letters hidden inside a word by stars, an emoji, a hyphen or a keycap, or written as a digit at its end.

A hidden letter is given back where that makes a rude or a dreaded word, as most that are hidden are, or the only word
that fits; what fits several is left as it was written, since a guess would make a clean word of an abusive one. Words
and how often English books have them are those of symspellpy's dictionary (from the Google Books n-grams and SCOWL).
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import ascii_lowercase

from classifiers.insult_words import TERMS

_EMOJI = "[\u2600-\u2793\u2b50\u2b55\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
_LETTERS = "[A-Za-z]{1,20}"
STARRED = re.compile(rf"(?<![\w*@#/\\]){_LETTERS}(?:\*{{1,3}}{_LETTERS}){{1,3}}(?![\w*@])")
STRUCK = re.compile(rf"(?<![\w*'’@#/.-]){_LETTERS}[#-]{_LETTERS}(?![\w*'’@/#-]|\.\w)")
PICTURED = re.compile(rf"(?<![\w'’@#/.]){_LETTERS}(?:{_EMOJI}{_LETTERS}){{1,3}}(?![\w'’@/])")
KEYCAP = re.compile("(?<=[A-Za-z])([0-9])\ufe0f?\u20e3(?=[a-z])")  # but not Step1️⃣Call, Room1️⃣0️⃣1️⃣
NUMBERED = re.compile(r"(?<![\w@#$.+/-])(?:[0134578$][A-Za-z]{3,20}|[A-Za-z]{3,20}[0134578$])(?![\w@$/-]|\.\w)")

_SHORTEST = 4
_KNOWN = 10_000  # of a dictionary that has "the" 23 billion times; what it has less often is no word that people know
_COMMON = 5_000_000
_AS_LIKELY = 20  # a rude word so many times rarer than the commonest is still the one that a picture hides
_CLEARLY = 3  # a common word is meant by a picture if the next is so many times rarer
_SWEARING = re.compile(
    r"(?:mother)?fuck(?:s|ed|ing|in|ers?)?|(?:bull|horse)?shit(?:s|ty|ting)?|shite|piss(?:ed|es|ing)?|crap(?:s|py)?|"
    r"damn(?:ed)?|bloody|bollocks|cock(?:s|suckers?)?|pussy|wank(?:s|ed|ing)?|bugger(?:s|ed)?|retard(?:s|ed)?"
)
_DREADED = re.compile(  # what people hide that is no swearing
    r"hell|dead|dies?|dying|kill(?:s|ed|ers?|ing)?|murder(?:s|ed|ers?)?|rap(?:e|ed|es|ists?|ing)|suicide|stab(?:bed)?|"
    r"bomb(?:s|ed)?|sex(?:ual)?|porn|nudes?|penis|drugs?|cocaine|weed|nazis?|jews?|gays?|hate(?:s|d)?|racist"
)
_LACKING = ("shite", "asshole", "assholes", "fuckwit", "bellend", "knobhead")  # in the dictionary
_NUMBERS = (str.maketrans("0134578$", "oieastbs"), str.maketrans("0134578$", "oleastbs"))
_SIGN = re.compile(rf"[*#-]|{_EMOJI}")


def unstarred(match: re.Match[str]) -> str:
    """The word that a match of `STARRED` hides, or the match. Names stay hidden: "Mr C**k", "J*hn"."""
    written = match.group()
    shape = _SIGN.sub(".", written)
    fitting, rude = _fitting(shape)
    if not written.islower() and not written.isupper():
        return written if shape.count(".") > 1 else _first(rude, written)
    return _first(rude or (fitting if len(fitting) == 1 else ()), written)


def unstruck(match: re.Match[str]) -> str:
    """The rude word that a match of `STRUCK` hides, or the match: "sh-t", but not "c-own", "d-ad" or "in-red"."""
    written = match.group()
    pieces = _SIGN.split(written.casefold())
    ordinary = any(_words().get(piece, 0) > _COMMON for piece in (*pieces, "".join(pieces)) if len(piece) > 1)
    return written if ordinary else _first(_fitting(_SIGN.sub(".", written))[1], written)


def unpictured(match: re.Match[str]) -> str:
    """The word that a match of `PICTURED` hides, or the match: "c🌟ol", but not "dressed in❤️red"."""
    written = match.group()
    pieces = _SIGN.split(written.casefold())
    if all(_words().get(piece, 0) > _COMMON and (len(piece) > 1 or piece in "aio") for piece in pieces):
        return written
    fitting, rude = _fitting(_SIGN.sub(".", written))
    counts = [*sorted((_words().get(word, 0) for word in fitting), reverse=True), 0, 0]
    rude = [word for word in rude if _words().get(word, 0) * _AS_LIKELY > counts[0]]
    clear = counts[0] > max(_COMMON, _CLEARLY * counts[1])
    return _first(rude or (fitting if clear else ()), written)


def unnumbered(match: re.Match[str]) -> str:
    """The insult or oath that a match of `NUMBERED` is with a letter for its digit, or the match: "5hits", "SHI7"."""
    written = match.group()
    letters = written.strip("0134578$").casefold()
    if (written.isupper() and len(written) <= _SHORTEST) or (written[0] not in letters and letters in _words()):
        return written
    readings = [word for signs in _NUMBERS if _is_rude(word := written.casefold().translate(signs), _SWEARING)]
    return _first(readings, written)


def _fitting(shape: str) -> tuple[list[str], list[str]]:
    """Words with any letter for the full stop in `shape`, the commonest first, and the rude and dreaded ones of them.

    With more than one full stop only the latter are looked for.
    """
    shape = shape.casefold()
    before, *after = shape.split(".")
    if len(shape) < _SHORTEST or 2 * len(after) > len(shape):
        return [], []
    if len(after) > 1:
        return [], [word for word in _rude_words() if len(word) == len(shape) and _fits(word, shape)]
    words = _words()
    fitting = [word for letter in ascii_lowercase if (word := before + letter + after[0]) in words]
    fitting.sort(key=words.__getitem__, reverse=True)
    return fitting, [word for word in fitting if word in _rude_words()]


def _fits(word: str, shape: str) -> bool:
    return all(letter in (".", own) for letter, own in zip(shape, word, strict=True))


def _first(words: Iterable[str], written: str) -> str:
    word = next(iter(words), None)
    if word is None:
        return written
    if written.isupper():
        return word.upper()
    return word.capitalize() if written[0].isupper() else word


def _is_rude(word: str, oaths: re.Pattern[str]) -> bool:
    return bool(TERMS.fullmatch(word) or oaths.fullmatch(word))


@cache
def _words() -> dict[str, int]:
    """How often books have each word, with a few rude words that the dictionary lacks."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    counted = ((word, int(count)) for word, count in map(str.split, lines))
    return dict.fromkeys(_LACKING, _KNOWN) | {word: count for word, count in counted if count >= _KNOWN}


@cache
def _rude_words() -> tuple[str, ...]:
    """The rude and dreaded words, the commonest first."""
    words = _words()
    hidden = (word for word in words if _is_rude(word, _SWEARING) or _DREADED.fullmatch(word))
    return tuple(sorted(hidden, key=words.__getitem__, reverse=True))
