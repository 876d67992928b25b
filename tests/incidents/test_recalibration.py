"""Thresholds refitted on verdicts: raised where the labels show it, and nowhere else. Every incident is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from incidents.recalibration import LEAST, Judged, Precision, precision, refit, thresholds
from policies.policy import CategoryName
from tests.incidents.samples import POLICY


def said(category: CategoryName, confidence: float, right: int, wrong: int) -> list[Judged]:
    """Incidents of one confidence, so many confirmed and so many called false."""
    verdicts = [True] * right + [False] * wrong
    return [Judged(f"TOC-{place}", category, confidence, each, "m@1") for place, each in enumerate(verdicts)]


GRADED = [*said("threat", 0.55, 10, 40), *said("threat", 0.7, 30, 20), *said("threat", 0.9, 98, 2)]


def test_the_threshold_rises_to_where_the_labels_show_what_was_asked_for() -> None:
    [one] = refit(POLICY, GRADED, 0.9)
    assert (one.outcome, one.now, one.threshold) == ("raise", 0.5, 0.71)
    assert (one.before, one.after) == (Precision(138, 200), Precision(98, 100))
    assert (one.lost_right, one.lost_wrong) == (40, 60)
    assert one.after.interval[0] >= 0.9
    assert thresholds([one]) == {"threat": 0.71}


def test_a_precision_that_is_reached_already_changes_nothing() -> None:
    [one] = refit(POLICY, said("threat", 0.8, 100, 0), 0.9)
    assert (one.outcome, one.threshold) == ("holds", 0.5)


def test_few_labels_change_nothing_however_clear_they_are() -> None:
    [one] = refit(POLICY, [*said("threat", 0.55, 0, 10), *said("threat", 0.9, LEAST - 11, 0)], 0.9)
    assert one.outcome == "too few"
    [other] = refit(POLICY, [*said("threat", 0.55, 0, 60), *said("threat", 0.9, 12, 0)], 0.7)
    assert other.outcome == "out of reach", "above the cut too few are left to show anything"


def test_a_precision_that_no_threshold_shows_changes_nothing() -> None:
    [one] = refit(POLICY, said("threat", 0.8, 50, 50), 0.9)
    assert (one.outcome, one.threshold) == ("out of reach", 0.5)


def test_safeguarding_rises_only_where_somebody_says_so() -> None:
    graded = [Judged(each.incident_id, "safeguarding", each.confidence, each.right, "m@1") for each in GRADED]
    [one] = refit(POLICY, graded, 0.9)
    assert (one.outcome, one.threshold) == ("not raised", 0.5)
    [other] = refit(POLICY, graded, 0.9, raising=["safeguarding"])
    assert other.outcome == "raise"


def test_what_is_below_the_present_threshold_and_other_categories_are_left_out() -> None:
    stray = [*said("threat", 0.2, 0, 500), *said("own_content", 0.9, 0, 500)]
    assert refit(POLICY, [*GRADED, *stray], 0.9) == refit(POLICY, GRADED, 0.9)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(3, 4, 0.3006, 0.9544), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0, 1)]
)
def test_the_interval_is_wilsons(right: int, of: int, low: float, high: float) -> None:
    assert Precision(right, of).interval == pytest.approx((low, high), abs=1e-4)


verdicts = st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=150)


@settings(max_examples=150, deadline=None)
@given(verdicts, st.sampled_from((0.6, 0.75, 0.9)))
def test_a_proposal_never_lowers_and_always_shows_what_it_claims(said: list[tuple[int, bool]], asked: float) -> None:
    judged = [Judged(f"TOC-{n}", "threat", each / 100, right, "m@1") for n, (each, right) in enumerate(said)]
    for one in refit(POLICY, judged, asked):
        assert one.threshold >= one.now
        if one.outcome == "raise":
            left = precision(each for each in judged if each.confidence >= one.threshold)
            assert left == one.after
            assert left.of >= LEAST
            assert left.interval[0] >= asked
            below = precision(each for each in judged if each.confidence >= round(one.threshold - 0.01, 2))
            assert one.threshold == pytest.approx(one.now + 0.01) or below.of == 0 or below.interval[0] < asked


def test_a_monotone_fit_of_the_same_labels_agrees() -> None:
    """An isotonic regression of right on confidence passes the precision asked for where the threshold is put."""
    fit = IsotonicRegression().fit([each.confidence for each in GRADED], [each.right for each in GRADED])
    [one] = refit(POLICY, GRADED, 0.9)
    assert fit.predict([0.9])[0] >= 0.9 > fit.predict([0.7])[0]
    assert 0.7 < one.threshold <= 0.9
