"""Deleting the words shown is compared with deleting others: on a model whose reason is known."""

from collections.abc import Sequence

import numpy as np
import pytest

from classifiers.evaluation.faithfulness import faithfulness
from classifiers.evaluation.labelled import Labelled
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import ContextScores, InContext, Scores
from collectors.mention import Mention
from policies.policy import CATEGORY_NAMES, Policy

TROLLING = CATEGORY_NAMES.index("trolling")


class OneWord:
    """Trolling at 0.9 where its word stands, else at 0.1; in all other things undecided."""

    name = "one-word-1"

    def score(self, texts: Sequence[str]) -> Scores:
        """Calm and neutral."""
        return Scores(np.full((len(texts), 7), 0.1, np.float32), np.tile(np.float32([[0, 1, 0]]), (len(texts), 1)))

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Trolling alone."""
        categories = np.full((len(texts), len(CATEGORY_NAMES)), 0.1, np.float32)
        categories[:, TROLLING] = [0.9 if "wastrel" in one.text else 0.1 for one in texts]
        return ContextScores(
            np.ones(len(texts), np.float32), np.tile(np.float32([[0, 1, 0]]), (len(texts), 1)), categories
        )


def posts(text: str) -> list[Labelled]:
    return [
        Labelled(
            Mention.from_record(
                {"platform": "x", "id": str(n), "text": f"{text} {n}", "created_at": "2026-10-01T09:15:00Z"}
            )
        )
        for n in range(40)
    ]


def measured(dwp: Policy, text: str) -> dict[tuple[str, str], float]:
    found = faithfulness(Judge(dwp, OneWord(), MentionHistory()), posts(text))
    return {(one.part, one.name): one.value for one in found}


def test_the_deciding_word_makes_the_score_fall_and_others_do_not(dwp: Policy) -> None:
    text = "👎🏽 well the DWP is for us s.o.m.e wаstrel again today"  # a disguise and an emoji before it
    found = measured(dwp, text)
    words = 13  # "thumbs down medium skin tone" are five, the number at the end one
    assert found["all", "fall without the words shown"] == pytest.approx(0.8)
    assert found["all", "flips without the words shown"] == 1.0
    assert found["all", "share of words shown"] == pytest.approx(1 / words, abs=0.02)
    assert found["all", "flips without random words"] == pytest.approx(1 / words, abs=0.06)
    assert found["trolling", "fall without random words"] == pytest.approx(0.8 / words, abs=0.05)


def test_without_findings_there_is_nothing_to_measure(dwp: Policy) -> None:
    assert measured(dwp, "well the DWP has sent us something") == {}
    assert list(faithfulness(Judge(dwp, OneWord(), MentionHistory()), [])) == []
