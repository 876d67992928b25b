"""Which language a post is written in.

Lingua's n-gram models do the reading; a post is often three words long, so what is known beside its letters is used
too: the platform's own tag, how short the text is, and the small words that give Welsh, Polish or English away.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from lingua import Language, LanguageDetectorBuilder

LANGUAGES = (
    *("ENGLISH", "WELSH", "IRISH", "POLISH", "ROMANIAN", "FRENCH", "GERMAN", "SPANISH", "PORTUGUESE", "ITALIAN"),
    *("DUTCH", "LITHUANIAN", "TURKISH", "SOMALI", "UKRAINIAN", "RUSSIAN", "ARABIC", "URDU", "BENGALI", "PUNJABI"),
    "CHINESE",
)
UNDETERMINED = "und"

# Words that one of our languages uses all the time and the others hardly ever.
MARKERS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "cy": """
            yn y yr mae mae'r wedi dw dwi dwi'n ydy ydw oedd am ar gyfer diolch bore da nos noswaith prynhawn fawr
            iawn gan gyda heb dim ddim nid ac neu hefyd fy dy ein eich nhw chi ni fi pam sut beth pryd ble helpu
            gwaith cymraeg cymru shwmae croeso llongyfarchiadau hwyl cael gwych ofnadwy ateb ffoniwch gwybodaeth
            faint hir mor gwarthus warthus
        """,
        "pl": """
            nie się jest jak na czy że dzięki dziękuję dziekuje proszę prosze bardzo ale już dla tak mam tylko co tego
            dobry dzień cześć może pomoc pomoże praca pracy urząd zasiłek
        """,
        "es": "qué que por porque gracias está muy pero para usted ustedes mañana hola cómo no",
        "en": """
            the a an and is are was were i i'm you your my me we they he she it it's this that these of to in on for
            with at from not no don't can't won't have has had be been do did what why how when who please thanks
            thank so just get got all out up now if but hello hi hey lol omg wtf good morning night great help love
            yes ok okay still u thnx ur im lmao lmfao never ever more worst best job day today bad any anyone sorry
            new
        """,
    }.items()
}
SHARED = frozenset(
    ("a", "am", "ac", "y", "no", "do", "in", "on", "so", "me", "he", "to", "i", "da", "na", "co", "ni", "an")
)

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\S+|&\w+;|\d+")
_ACRONYM = re.compile(r"\b[A-Z]{2,5}\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TAG = re.compile(r"^([a-z]{2})(?:[-_].*)?$")

_MARKER_WEIGHT = 6.0
_SHARED_WEIGHT = 2.0
_TAG_WEIGHT = 8.0
_SHORT_WORDS = 4
_LONG_WORDS = 12
_FEW_LETTERS = 4
_ENOUGH = 0.3  # the share of the evidence that a short text's language needs


@cache
def _detector() -> Any:
    chosen = [getattr(Language, name) for name in LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*chosen).build()


def detect_language(text: str, platform_tag: str | None = None) -> str:
    """The ISO 639-1 code of the language of one text; "und" where nothing can be told."""
    return detect_languages([(text, platform_tag)])[0]


def detect_languages(texts: Iterable[tuple[str, str | None]]) -> list[str]:
    """The language of each (text, platform's own language tag), in their order."""
    known = [(_words(text), _tag_code(tag)) for text, tag in texts]
    told = _detector().compute_language_confidence_values_in_parallel([" ".join(words) for words, _ in known])
    return [_decide(words, tag, values) for (words, tag), values in zip(known, told, strict=True)]


def _words(text: str) -> list[str]:
    prose = _NOT_WORDS.sub(" ", text[:2000]).replace("’", "'")  # a longer text says no more about its language
    shouted = prose.upper() == prose
    return [word.casefold() for word in _WORD.findall(prose if shouted else _ACRONYM.sub(" ", prose))]


def _tag_code(tag: str | None) -> str | None:
    matched = _TAG.match((tag or "").strip().casefold())
    return matched[1] if matched else None


def _decide(words: list[str], tag: str | None, values: Iterable[Any]) -> str:
    if sum(map(len, words)) < _FEW_LETTERS and not any(
        word in markers for word in words for markers in MARKERS.values()
    ):
        return tag or UNDETERMINED
    evidence = {_code(value.language): value.value for value in values if value.value > 0}
    for code, weight in _priors(words, tag).items():
        if code in evidence:
            evidence[code] *= weight
    if not evidence:
        return tag or UNDETERMINED
    best = max(evidence, key=evidence.__getitem__)
    sure = evidence[best] / sum(evidence.values())
    return best if sure >= _ENOUGH or len(words) >= _LONG_WORDS else tag or UNDETERMINED


@cache
def _code(language: Any) -> str:
    return str(language.iso_code_639_1.name).casefold()


def _priors(words: list[str], tag: str | None) -> dict[str, float]:
    """What is known beside the letters, as a factor a language; languages not named keep theirs."""
    first = set(words[:_LONG_WORDS])
    weights = dict.fromkeys((*MARKERS, *((tag,) if tag else ())), 1.0)
    # Nearly everything that is collected is English; letters decide once there are enough of them.
    weights["en"] *= 6.0 if len(words) <= _SHORT_WORDS else 3.0 if len(words) < _LONG_WORDS else 1.5
    if tag:
        weights[tag] *= _TAG_WEIGHT
    for code, markers in MARKERS.items():
        for word in markers & first:
            weights[code] *= _SHARED_WEIGHT if word in SHARED else _MARKER_WEIGHT
    return weights
