"""Sentiment is towards the organisation where it is named, and the text's own where it is not."""

from collections.abc import Callable

import numpy as np
import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.sentiment import sentiment, settled
from collectors.mention import Mention
from policies.policy import Policy
from tests.classifiers.conftest import TableScorer

GLAD = np.array([0.05, 0.1, 0.85], np.float32)
CROSS = np.array([0.9, 0.08, 0.02], np.float32)


def test_score_is_positive_less_negative() -> None:
    feeling = sentiment([], CROSS)
    assert feeling.label == "negative"
    assert feeling.score == pytest.approx(-0.88, abs=1e-3)


def test_what_is_felt_towards_the_organisation_comes_first() -> None:
    assert sentiment([CROSS], GLAD).label == "negative"
    assert sentiment([GLAD, CROSS, CROSS], GLAD).label == "negative"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Love my new job, no thanks to DWP", "negative"),
        ("Thanks for nothing DWP", "negative"),
        ("DWP, thanks for nothing", "negative"),
        ("Love my new job, thanks to DWP", "positive"),
    ],
)
def test_some_turns_of_phrase_need_no_model(text: str, label: str) -> None:
    start = text.index("DWP")
    undecided = np.array([0.3, 0.4, 0.3], np.float32)
    assert sentiment([settled(undecided, text, [(start, start + 3)])], GLAD).label == label


class Divided(TableScorer):
    """Reads every text as glad alone, and as cross towards the organisation."""

    def __init__(self) -> None:
        super().__init__({}, {"day": (0.05, 0.1, 0.85)})

    def score_in_context(self, texts):  # type: ignore[no-untyped-def]
        """As its parent, but cross."""
        found = super().score_in_context(texts)
        found.towards[:] = CROSS
        return found


def test_the_judge_asks_for_it_only_where_the_text_names_us(dwp: Policy, post: Callable[..., Mention]) -> None:
    answered = {"id": "5", "author": {"handle": "DWPgovuk"}, "text": "Offices close at noon."}
    mentions = [
        post("A day out, no thanks to the jobcentre", 1),
        post("A day out, thanks @DWPgovuk", 2),
        post("A day out", 3, in_reply_to=answered),
        post("A day out", 4),
    ]
    found = [one.assessment for one in Judge(dwp, Divided(), MentionHistory()).judge(mentions)]
    assert [one.sentiment.label for one in found] == ["negative", "negative", "positive", "positive"]
    assert [one.relevant for one in found] == [True, True, True, False]
