"""Slips and disguises as people make them, so that a misspelt or hidden word is not a blind spot."""

import re

import numpy as np

from classifiers.evaluation.disguised import disguised
from classifiers.evaluation.disguises import DISGUISES
from classifiers.normalise import normalise

_SHARE = 0.12  # of the examples shown
_DISGUISED = 0.04  # of the examples, where disguises are asked for; of some of these `normalise` leaves nothing
_LEFT = tuple(disguise for disguise in DISGUISES if not disguise.undone)  # the others never reach the model
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def noisy(text: str, rng: np.random.Generator, disguises: bool = False) -> str:
    """The text, now and then with one slip in it: letters swapped, one lost or doubled.

    With `disguises`, now and then also with words hidden in a way that `normalise` does not undo, as it leaves them.
    """
    if disguises and rng.random() < _DISGUISED:
        return normalise(disguised(text, _LEFT[rng.integers(len(_LEFT))], rng)).text
    if rng.random() >= _SHARE:
        return text
    if words := list(_LONG_WORD.finditer(text)):
        word = words[rng.integers(len(words))]
        return text[: word.start()] + _slip(word.group(), rng) + text[word.end() :]
    return text


def _slip(word: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(1, len(word) - 1))
    kinds = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
    )
    return kinds[rng.integers(len(kinds))]
