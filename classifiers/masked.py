"""Letters hidden behind stars, emoji, or a digit at an end of a word: which word is meant.

Who stars a word out hides a rude or a dreaded one; who puts an emoji for a letter may mean any. Words and how often
English books have them are those of symspellpy's dictionary (from the Google Books n-grams and SCOWL).
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

from classifiers.insult_words import TERMS

_EMOJI = r"(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?)"
_LETTERS = "[A-Za-z]{1,20}"
STARRED = re.compile(rf"(?<![\w*'’@#/.]){_LETTERS}(?:[*#\-]{{1,3}}{_LETTERS}){{1,3}}(?![\w*'’@/-]|\.\w)")
PICTURED = re.compile(rf"(?<![\w'’@#/.]){_LETTERS}(?:{_EMOJI}{_LETTERS}){{1,3}}(?![\w'’@/])")
KEYCAP = re.compile(r"(?:(?<=[A-Za-z])([0-9])\ufe0f?\u20e3|([0-9])\ufe0f?\u20e3(?=[A-Za-z]))")
NUMBERED = re.compile(r"(?<![\w@#$.+/-])(?:[0134578$][A-Za-z]{3,20}|[A-Za-z]{3,20}[0134578$])(?![\w@$/-]|\.\w)")

_SHORTEST = 4
_RAREST = 100_000  # of a dictionary that has "the" 23 billion times: goral, lave and zho are no likely reading
_LACKING = ("shite", "asshole", "assholes", "fuckwit", "bellend", "knobhead")
_AS_LIKELY = 4  # a rude word this many times rarer than the commonest is still the one that a picture hides
_NUMBERS = (str.maketrans("0134578$", "oieastbs"), str.maketrans("0134578$", "oleastbs"))
_MASK = re.compile(rf"[*#\-]|{_EMOJI}")
_DREADED = re.compile(  # what people star out that insults nobody by itself
    r"fuck(?:s|ed|ing)?|shit(?:s|ty)?|shite|piss(?:ed)?|crap(?:py)?|damn(?:ed)?|bloody|hell|bollocks|cock(?:s|sucker)?|"
    r"retard(?:s|ed)?|bugger|dead|dies?|dying|"
    r"kill(?:s|ed|er|ing)?|murder(?:s|ed|er)?|rap(?:e|ed|es|ist|ists|ing)|suicide|stab(?:bed)?|bomb(?:s|ed)?|"
    r"sex(?:ual)?|porn|nudes?|penis|drugs?|cocaine|weed|nazis?|jews?|gays?|hate(?:s|d)?|racist",
    re.IGNORECASE,
)


def restored(match: re.Match[str]) -> str:
    """The word that a match of `STARRED` or `PICTURED` most likely hides; the match itself where none is likely."""
    written = match.group()
    shape = _MASK.sub(".", written)
    hidden = shape.count(".")
    if len(shape) < _SHORTEST or 2 * hidden > len(shape):
        return written
    fitting = _fitting(shape.casefold())
    rude = [word for word in fitting if _hides(word)]
    if match.re is PICTURED:
        rude = [word for word in rude if fitting[word] * _AS_LIKELY > max(fitting.values())]
    elif "*" not in written or hidden > 1:  # a hyphen is meant as one but in rude words; two letters fit too many
        fitting = {}
    likeliest = next(iter(rude or fitting), None)
    return written if likeliest is None else _in_case_of(written, likeliest)


def unnumbered(match: re.Match[str]) -> str:
    """The rude word that a match of `NUMBERED` is with a letter for its digit; the match itself otherwise."""
    written = match.group()
    readings = (written.translate(signs) for signs in _NUMBERS)
    return next((word.upper() if written.isupper() else word for word in readings if _hides(word)), written)


def _hides(word: str) -> bool:
    return bool(TERMS.fullmatch(word) or _DREADED.fullmatch(word))


def _in_case_of(written: str, word: str) -> str:
    if written.isupper():
        return word.upper()
    return word.capitalize() if written[0].isupper() else word


@lru_cache(maxsize=4096)  # shapes are what people write, so without end
def _fitting(shape: str) -> dict[str, int]:
    """Words of the shape, a full stop for each hidden letter, and how often each is written, the commonest first."""
    pattern = re.compile(shape)
    words = _words().get((len(shape), shape[0]), {})
    return {word: count for word, count in words.items() if pattern.fullmatch(word)}


@cache
def _words() -> dict[tuple[int, str], dict[str, int]]:
    """The dictionary by length and first letter, with a few rude words that it lacks."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    counts = dict.fromkeys(_LACKING, 0) | {word: int(count) for word, count in map(str.split, lines)}
    counts = {word: count for word, count in counts.items() if count >= _RAREST or _hides(word)}
    found: dict[tuple[int, str], dict[str, int]] = {}
    for word in sorted(counts, key=counts.__getitem__, reverse=True):
        found.setdefault((len(word), word[0]), {})[word] = counts[word]
    return found
