"""Other people and other towns in the same post: what was done is to be learnt, not to whom or where.

A post is shown many times. With its names left alone a small model learns by heart that a post with "Denise" and
"Grimsby" in it is a threat, and nothing about threats.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from classifiers.training.example import Example

_SHARE = 0.7  # of the examples shown
_NAMES = Path(__file__).with_name("names.yaml")


def renamed(example: Example, rng: np.random.Generator) -> Example:
    """The example, more often than not with every first name and town replaced by another of its kind.

    One name becomes the same other name wherever it stands, in the text and in its context; how it is written
    (CAPITALS, small letters) stays.
    """
    if rng.random() >= _SHARE:
        return example
    names, kinds = _known()
    others: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        name = match.group()
        key = name.casefold()
        if key not in others:
            others[key] = kinds[key][rng.integers(len(kinds[key]))]
        return _written_as(name, others[key])

    context = None if example.context is None else names.sub(other, example.context)
    return replace(example, text=names.sub(other, example.text), context=context)


@cache
def _known() -> tuple[re.Pattern[str], Mapping[str, list[str]]]:
    """What finds a name, and the names of its kind by each name in small letters."""
    lists: dict[str, list[str]] = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
    kinds = {name.casefold(): names for names in lists.values() for name in names}
    return re.compile(rf"\b(?:{'|'.join(kinds)})\b", re.IGNORECASE), kinds


def _written_as(name: str, other: str) -> str:
    if name.isupper():
        return other.upper()
    return other.lower() if name.islower() else other
