"""The words that decided: found by deletion, minimal, and on the right characters."""

import itertools
import re
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifiers.explain import deciding_words
from classifiers.scorer import ContextScores, InContext, Scores
from policies.policy import CATEGORY_NAMES

THREAT = CATEGORY_NAMES.index("threat")


class WordScorer:
    """Knows one dangerous pair of words; either alone is not enough for it, as with a real model."""

    name = "words-1"

    def score(self, texts: Sequence[str]) -> Scores:
        """Not asked here."""
        raise AssertionError("deletion is done in context")

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """A threat where both words stand, half of one where one does."""
        categories = np.zeros((len(texts), len(CATEGORY_NAMES)), np.float32)
        for row, one in enumerate(texts):
            words = set(re.findall(r"\w+", one.text.casefold()))
            categories[row, THREAT] = 0.05 + 0.45 * len(words & {"burn", "house"})
        return ContextScores(np.ones(len(texts), np.float32), np.zeros((len(texts), 3), np.float32), categories)


def words(text: str, threshold: float = 0.5) -> list[str]:
    spans = deciding_words(WordScorer(), text, [], "Example Office", "threat", threshold)
    return [text[start:end] for start, end in spans]


def test_one_word_less_is_enough_to_undo_a_threat() -> None:
    found = words("I know the road and I will burn it all down, house and garden", threshold=0.6)
    assert found == ["burn"]


def test_more_words_go_until_the_score_falls() -> None:
    assert words("burn the house") == ["burn", "house"]


def test_neighbours_are_one_span() -> None:
    assert words("please burn house now") == ["burn house"]


def test_a_text_without_words_has_none() -> None:
    assert words("") == []


@given(st.text(max_size=300))
def test_spans_lie_in_order_within_the_text(text: str) -> None:
    spans = deciding_words(WordScorer(), text, [(0, 1)], "Example Office", "threat")
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
