"""Which language a post is written in, and whether the model reads it.

Lingua's n-gram models do the reading, in their small form: they take 40 MB, the full ones 490. A post is often
three words long, so what is known beside its letters is used too: the platform's own tag, how short the text is, and
the words that give a language away. Codes are of ISO 639-1, and of ISO 639-2 where there is no language to name.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from lingua import Language, LanguageDetectorBuilder

from classifiers.language_words import MARKERS, SHARED

ENGLISH = "en"
NO_WORDS = "zxx"  # emoji, links, handles, numbers: nothing that could be misread
UNDETERMINED = "und"  # words, but of no language that could be told
READ = frozenset({ENGLISH})  # what the model was trained on
LANGUAGES = (
    *("ENGLISH", "WELSH", "IRISH", "POLISH", "ROMANIAN", "FRENCH", "GERMAN", "SPANISH", "PORTUGUESE", "ITALIAN"),
    *("DUTCH", "LITHUANIAN", "TURKISH", "SOMALI", "ALBANIAN", "HUNGARIAN", "UKRAINIAN", "RUSSIAN", "BULGARIAN"),
    *("ARABIC", "URDU", "PERSIAN", "BENGALI", "PUNJABI", "HINDI", "GUJARATI", "TAMIL", "TELUGU", "GREEK", "HEBREW"),
    *("CHINESE", "JAPANESE", "KOREAN", "THAI"),
)

# Of what is no prose only the part in Latin letters: scripts without spaces go straight on from a handle or a number.
_LATIN = "[!-\u036f]"
_NOT_WORDS = re.compile(
    rf"https?://{_LATIN}+|www\.{_LATIN}+|{_LATIN}+@{_LATIN}+|[@#]{_LATIN}+|&\w+;|[A-Za-z\u00c0-\u024f_\d]*\d[A-Za-z\u00c0-\u024f_\d]*"
)
_ACRONYM = re.compile(r"\b[A-Z]{2,5}\b")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TAG = re.compile(r"^([a-z]{2})(?:[-_].*)?$")

_MARKER_WEIGHT = 6.0
_SHARED_WEIGHT = 2.0
_TAG_WEIGHT = 8.0
_MET = 0.2  # the least that a language is worth by its letters, one of whose own words was met
# How much likelier English is than any other language, by the number of words up to which it is: nearly everything
# that is collected is English, and letters decide once there are enough of them.
_ENGLISH_WEIGHTS = ((4, 30.0), (11, 6.0))
_LONG_WORDS = 12
_FEW_LETTERS = 4
_FEW_WORDS = 2
_ENOUGH = 0.3  # the share of the evidence that a short text's language needs


@cache
def _detector() -> Any:
    chosen = [getattr(Language, name) for name in LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*chosen).with_low_accuracy_mode().build()


def is_read(language: str) -> bool:
    """Whether the model can judge a text that `detect_language` gave this code; if not, people must look at it."""
    return language in READ or language == NO_WORDS


def detect_language(text: str, platform_tag: str | None = None) -> str:
    """The ISO 639-1 code of the language of one text; "zxx" where it has no words, "und" where none can be told."""
    return detect_languages([(text, platform_tag)])[0]


def detect_languages(texts: Iterable[tuple[str, str | None]]) -> list[str]:
    """The language of each (text, platform's own language tag), in their order."""
    known = [(_words(text), _tag_code(tag)) for text, tag in texts]
    letters = [" ".join(word for word in words if len(word) > 1) for words, _ in known]
    told = _detector().compute_language_confidence_values_in_parallel(letters)
    return [_decide(words, tag, values) for (words, tag), values in zip(known, told, strict=True)]


def _words(text: str) -> list[str]:
    prose = _NOT_WORDS.sub(" ", text[:2000]).replace("’", "'")  # a longer text says no more about its language
    prose = _DRAWN_OUT.sub(r"\1", prose)
    shouted = prose.upper() == prose
    return [word.casefold() for word in _WORD.findall(prose if shouted else _ACRONYM.sub(" ", prose))]


def _tag_code(tag: str | None) -> str | None:
    matched = _TAG.match((tag or "").strip().casefold())
    return matched[1] if matched else None


def _decide(words: list[str], tag: str | None, values: Iterable[Any]) -> str:
    if not words:
        return NO_WORDS
    met = {code: markers.intersection(words[:_LONG_WORDS]) for code, markers in MARKERS.items()}
    latin = any("a" <= letter <= "z" for word in words for letter in word)
    if latin and sum(map(len, words)) < _FEW_LETTERS and not _tells_other(met):
        return ENGLISH
    evidence = _weighed({_code(value.language): value.value for value in values if value.value > 0}, words, tag, met)
    if not evidence:
        return tag or UNDETERMINED
    best = max(evidence, key=evidence.__getitem__)
    if evidence[best] >= _ENOUGH * sum(evidence.values()) or len(words) >= _LONG_WORDS:
        return best
    return tag or (ENGLISH if latin and len(words) <= _FEW_WORDS else UNDETERMINED)


@cache
def _code(language: Any) -> str:
    return str(language.iso_code_639_1.name).casefold()


def _tells_other(met: Mapping[str, frozenset[str]]) -> bool:
    return any(words - SHARED for code, words in met.items() if code != ENGLISH)


def _weighed(
    evidence: dict[str, float], words: list[str], tag: str | None, met: Mapping[str, frozenset[str]]
) -> dict[str, float]:
    """The evidence of the letters, a factor for each thing that is known beside them."""
    weights = {code: _worth(found) for code, found in met.items()}
    weights[ENGLISH] *= next((weight for most, weight in _ENGLISH_WEIGHTS if len(words) <= most), 1.5)
    if tag:
        weights[tag] = weights.get(tag, 1.0) * _TAG_WEIGHT
    own = {code: _MET for code, found in met.items() if found - SHARED}
    letters = {code: max(evidence.get(code, 0.0), own.get(code, 0.0)) for code in evidence.keys() | own.keys()}
    return {code: value * weights.get(code, 1.0) for code, value in sorted(letters.items())}


def _worth(markers: frozenset[str]) -> float:
    shared = len(markers & SHARED)
    return float(_SHARED_WEIGHT**shared * _MARKER_WEIGHT ** (len(markers) - shared))
