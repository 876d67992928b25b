"""A text with a few of its words disguised, as somebody would who means to be read by people and not by filters."""

import re
from collections.abc import Iterable

from classifiers.evaluation.disguises import Disguise, Rng
from classifiers.insult_words import TERMS

Span = tuple[int, int]

_MOST_WORDS = 3
_TOKEN = re.compile(r"\S+")
_UNTOUCHED = re.compile(r"[@#]|://|www\.|^\W?/?u/|\.\w\w|&#?\w+;")  # handles, links, hashtags, addresses, entities
_WORD = re.compile(r"(?<![\w'’$.+/*-])(?<!§ )[A-Za-z]{4,}(?![\w'’$/*-])")  # § marks a name, `classifiers.context`


def disguised(text: str, disguise: Disguise, rng: Rng, spared: Iterable[Span] = ()) -> str:
    """The text with one to three of its longer words disguised, abusive ones first; without longer words, unchanged.

    Handles, links, hashtags and what lies in `spared` stay as they are.
    """
    words = _words(text, list(spared))
    abusive = [match.span() for match in TERMS.finditer(text)]
    order = rng.permutation(len(words)).tolist()
    order.sort(key=lambda i: not _meets(words[i], abusive))
    many = int(rng.integers(1, _MOST_WORDS + 1))
    new: dict[Span, str] = {}
    for start, end in (words[i] for i in order):
        word = disguise.word(text[start:end], rng)
        if word != text[start:end] and len(new) < many:
            new[start, end] = word
    return _with(text, sorted(new.items()))


def _words(text: str, spared: list[Span]) -> list[Span]:
    tokens = (match.span() for match in _TOKEN.finditer(text) if not _UNTOUCHED.search(match.group()))
    words = (match.span() for token in tokens for match in _WORD.finditer(text, *token))
    return [word for word in words if not _meets(word, spared)]


def _meets(word: Span, others: Iterable[Span]) -> bool:
    return any(start < word[1] and word[0] < end for start, end in others)


def _with(text: str, new: list[tuple[Span, str]]) -> str:
    parts, done = [], 0
    for (start, end), word in new:
        before, after = text[done:start], text[end : end + 1]
        opened = word if before.endswith(" ") else word.lstrip()  # a wider gap only where there is one
        parts += [before, opened if after == " " else opened.rstrip()]
        done = end
    return "".join([*parts, text[done:]])
