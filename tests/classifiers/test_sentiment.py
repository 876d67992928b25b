"""Sentiment is towards the organisation, not of the text at large."""

from collections.abc import Callable

import numpy as np
import pytest

from classifiers.judge import Judge
from classifiers.sentiment import focus, towards
from collectors.mention import Mention

GLAD = np.array([0.05, 0.1, 0.85], np.float32)
CROSS = np.array([0.9, 0.08, 0.02], np.float32)


def _span(text: str, name: str = "DWP") -> list[tuple[int, int]]:
    start = text.index(name)
    return [(start, start + len(name))]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("I love my new flat. DWP is a disgrace. Off to bed.", "DWP is a disgrace."),
        ("The bus was awful but DWP was kind", "but DWP was kind"),
        ("Rain all day. DWP rang. They were kind.", "DWP rang. They were kind."),
        ("DWP is a disgrace", None),
        ("nobody is named here. nobody at all.", None),
    ],
)
def test_the_part_about_the_organisation_is_what_counts(text: str, part: str | None) -> None:
    found = focus(text, _span(text) if "DWP" in text else [])
    assert (found or "").strip() == (part or "")


def test_no_thanks_is_no_praise() -> None:
    text = "Love my new job, no thanks to DWP"
    assert towards(GLAD, text, _span(text)).label == "negative"
    text = "Thanks for nothing DWP"
    assert towards(GLAD, text, _span(text)).score < -0.5
    text = "Love my new job, thanks to DWP"
    assert towards(GLAD, text, _span(text)).label == "positive"


def test_score_is_positive_less_negative() -> None:
    feeling = towards(CROSS, "DWP", [(0, 3)])
    assert feeling.label == "negative"
    assert feeling.score == pytest.approx(-0.88, abs=1e-3)


def test_the_judge_scores_the_part_about_us(judge: Judge, post: Callable[..., Mention]) -> None:
    mixed, plain = judge.judge(
        [post("A brilliant day out. DWP is a disgrace.", 1), post("A brilliant day out, nobody to thank.", 2)]
    )
    assert mixed.assessment.sentiment.label == "negative"
    assert plain.assessment.sentiment.label == "positive"
