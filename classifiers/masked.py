"""Letters hidden inside a word by a star, an emoji, a hyphen or a keycap, or written as a digit at its end.

A letter is given back where that makes one of the words that people do hide, and under an emoji or a keycap also where
one common word alone fits. All else stays as it was written: a guess would make a clean word of an abusive one, or a
foul one of a name.
"""

import re
from collections.abc import Iterable
from functools import cache
from string import ascii_lowercase

from classifiers.dictionary import is_common, words
from classifiers.disguise import READ_AS, readings

_EMOJI = "[\u2600-\u2793\u2b50\u2b55\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?"
_LETTERS = "[A-Za-z]{1,20}"
STARRED = re.compile(rf"(?<![\w*@#/\\]){_LETTERS}(?:\*{{1,3}}{_LETTERS}){{1,3}}(?![\w*@])")
STRUCK = re.compile(rf"(?<![\w*'’@#/.-]){_LETTERS}[#-]{_LETTERS}(?![\w*'’@/#-]|\.\w)")
PICTURED = re.compile(rf"(?<![\w'’@#/.]){_LETTERS}(?:{_EMOJI}{_LETTERS}){{1,3}}(?![\w'’@/])")
KEYED = re.compile(rf"(?<![\w'’@#/.]){_LETTERS}(?:[0-9]\ufe0f?\u20e3{_LETTERS}){{1,3}}(?![\w'’@/])")
NUMBERED = re.compile(r"(?<![\w@#$.+/-])(?:[0134578$][A-Za-z]{3,20}|[A-Za-z]{3,20}[0134578$])(?![\w@$/-]|\.\w)")

_SHORTEST = 4
_VOWELS = "aeiou"  # what is struck from a word that shall still be read
_FOUL = re.compile(  # narrower than `insult_words.TERMS`: nobody hides “witch” or “thick”
    r"(?:mother)?fuck(?:s|ed|ing|in|ers?|wits?|heads?)?|(?:bull)?shit(?:s|ty|ting|ter|heads?)?|shite|cunts?|bitch(?:es)?|"
    r"bastards?|wank(?:s|ed|ing|ers?)?|twats?|pricks?|dick(?:s|heads?)?|(?:arse|ass)holes?|arses?|sluts?|whores?|"
    r"bollocks|piss(?:ed|ing)?|crap|damn(?:ed)?|bloody|retard(?:s|ed)?|idiots?|morons?|scum|tossers?|bellends?"
)
_DREADED = re.compile(  # hidden by a vowel
    r"kill(?:s|ed|ers?|ing)?|murder(?:s|ed|ers?)?|rap(?:e|ed|es|ists?|ing)|hat(?:e|ed|es|ing)|porn|nazis?|jews?|gays?|"
    r"muslims?|trans|wom[ae]n"
)
_NAMED = re.compile(
    r"\b(?:m(?:r|rs|s|x|iss)|dr|sir|lady|cllr|pc|sgt|nurse|judge|claimant|called)[.:]? ?$", re.IGNORECASE
)
_SIGN = re.compile(rf"[*#-]|{_EMOJI}")


def unstarred(match: re.Match[str]) -> str:
    """The word that a match of `STARRED` hides, or the match where that is unsure or may be a name: "Mr C**k"."""
    written = match.group()
    shape = _SIGN.sub(".", written.casefold())
    capital = not written.islower() and not written.isupper()
    before = match.string[max(0, match.start() - 12) : match.start()]
    if _NAMED.search(before) or (capital and shape.count(".") > 1):
        return written
    return _first(_foul(shape) or _without_vowel(shape, _DREADED), written)


def unstruck(match: re.Match[str]) -> str:
    """The foul word that a match of `STRUCK` hides the vowel of, or the match: "sh-t", but not "pi-s" or "d-ick"."""
    written = match.group()
    shape = _SIGN.sub(".", written.casefold())
    if any(is_common(piece) for piece in (*shape.split("."), shape.replace(".", ""))):
        return written
    return _first(_without_vowel(shape, _FOUL), written)


def unpictured(match: re.Match[str]) -> str:
    """The word that a match of `PICTURED` hides, or the match: "c🌟ol", but not "in❤️red", "ho🔥t" or "b🏀ll"."""
    written = match.group()
    shape = _SIGN.sub(".", written.casefold())
    if is_common(shape.replace(".", "")) or all(map(is_common, shape.split("."))):
        return written
    return _first(_foul(shape) or _without_vowel(shape, _DREADED) or _sure(shape), written)


def unkeyed(match: re.Match[str]) -> str:
    """The word that a match of `KEYED` is with letters for its keycaps, or the match: "l0️⃣ve", but not "step1️⃣call"."""
    written = re.sub("\ufe0f?\u20e3", "", match.group())
    known = [word for word in readings(written.casefold()) if word in words()]
    return _first(known, written) if known else match.group()


def unnumbered(match: re.Match[str]) -> str:
    """The foul word that a match of `NUMBERED` is with a letter for its digit, or the match: "5hits", "SHI7"."""
    written = match.group()
    if (written[0] in READ_AS and written[1:].casefold() in words()) or (written.isupper() and len(written) < 5):
        return written
    return _first([word for word in readings(written.casefold()) if _FOUL.fullmatch(word)], written)


def _foul(shape: str) -> list[str]:
    """The foul words of the shape, which has a full stop for each hidden letter, the commonest first."""
    if len(shape) < _SHORTEST or 2 * shape.count(".") > len(shape):
        return []
    return [word for word in _foul_words() if len(word) == len(shape) and _fits(word, shape)]


def _fits(word: str, shape: str) -> bool:
    return all(letter in (".", own) for letter, own in zip(shape, word, strict=True))


def _fitting(shape: str, letters: str) -> list[str]:
    """Words with one of the letters for the one full stop of the shape; none where it has more."""
    if len(shape) < _SHORTEST or shape.count(".") > 1:
        return []
    return [word for letter in letters if (word := shape.replace(".", letter)) in words()]


def _without_vowel(shape: str, hidden: re.Pattern[str]) -> list[str]:
    return [word for word in _fitting(shape, _VOWELS) if hidden.fullmatch(word)]


def _sure(shape: str) -> list[str]:
    """The only word that fits, if it is a common one and a vowel is hidden."""
    fitting = _fitting(shape, ascii_lowercase)
    hidden = fitting[0][shape.index(".")] if len(fitting) == 1 else ""
    return fitting if hidden and hidden in _VOWELS and is_common(fitting[0]) else []


def _first(words: Iterable[str], written: str) -> str:
    word = next(iter(words), None)
    if word is None:
        return written
    if written.isupper():
        return word.upper()
    return word.capitalize() if written[0].isupper() else word


@cache
def _foul_words() -> tuple[str, ...]:
    known = words()
    return tuple(sorted(filter(_FOUL.fullmatch, known), key=known.__getitem__, reverse=True))
