"""The severity matrix: nothing in it ever makes a finding less grave, and its defaults change no pack."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.severity import (
    SEVERITIES,
    Circumstances,
    HarmSteps,
    ReachLevel,
    RepetitionLevel,
    SeverityMatrix,
    TargetSteps,
    Towards,
    raised,
    raises,
    table,
)

STEPS = st.integers(0, 3)
LEAST = st.none() | st.integers(1, 5000)
COUNTS = st.none() | st.integers(0, 6000)
MATRICES = st.builds(
    SeverityMatrix,
    harm=st.builds(HarmSteps, grave=STEPS),
    target=st.builds(TargetSteps, **dict.fromkeys(get_args(Towards), STEPS)),
    reach=st.lists(st.builds(ReachLevel, adds=STEPS, followers=LEAST, views=LEAST, reposts=LEAST), max_size=4).map(
        tuple
    ),
    repetition=st.lists(st.builds(RepetitionLevel, adds=STEPS, days=LEAST, posts=LEAST), max_size=4).map(tuple),
)
FOUND = st.builds(
    Circumstances,
    harm=st.integers(0, 3),
    towards=st.none() | st.sampled_from(get_args(Towards)),
    followers=COUNTS,
    views=COUNTS,
    reposts=COUNTS,
    days=st.integers(1, 60),
    posts=st.integers(1, 500),
)
BASES = st.sampled_from(SEVERITIES)


def _rank(base, matrix, found):
    return SEVERITIES.index(raised(base, raises(matrix, found)))


@settings(max_examples=60, deadline=None)
@given(BASES, MATRICES, FOUND, st.integers(1, 6000))
def test_more_of_anything_is_never_less_grave(base, matrix, found, more):
    before = _rank(base, matrix, found)
    assert before >= SEVERITIES.index(base)
    for name in ("harm", "followers", "views", "reposts", "days", "posts"):
        assert _rank(base, matrix, replace(found, **{name: (getattr(found, name) or 0) + more})) >= before
    if found.towards is None:
        assert all(_rank(base, matrix, replace(found, towards=who)) >= before for who in get_args(Towards))
    if base != "critical":
        assert _rank(SEVERITIES[SEVERITIES.index(base) + 1], matrix, found) >= before


@settings(max_examples=60, deadline=None)
@given(MATRICES, FOUND)
def test_what_is_not_known_gives_nothing(matrix, found):
    unknown = replace(found, followers=None, views=None, reposts=None, towards=None)
    without = SeverityMatrix(harm=matrix.harm, repetition=matrix.repetition)
    assert raises(matrix, unknown) == raises(without, unknown)


@settings(max_examples=60, deadline=None)
@given(BASES, FOUND)
def test_a_pack_that_says_nothing_keeps_what_it_had(base, found):
    steps = found.harm + (1 if found.days >= 3 else 0)
    wanted = SEVERITIES[min(SEVERITIES.index(base) + steps, 3)]
    assert raised(base, raises(SeverityMatrix(), found)) == wanted


@pytest.mark.parametrize(
    ("found", "because"),
    [
        (Circumstances(harm=1), ["the harm is grave"]),
        (Circumstances(towards="child_or_learner"), ["it concerns a child or learner"]),
        (Circumstances(followers=90_000, views=9_999), []),
        (Circumstances(followers=2_000_000), ["its author has 2,000,000 followers"]),
        (Circumstances(views=12_345, followers=2_000_000), ["it was seen 12,345 times"]),
        (Circumstances(days=4, posts=9), ["it went on over 4 days"]),
    ],
)
def test_each_step_is_told(found, because):
    matrix = SeverityMatrix(
        target=TargetSteps(child_or_learner=1), reach=(ReachLevel(adds=1, views=10_000, followers=100_000),)
    )
    assert [one.because for one in raises(matrix, found)] == because


def test_the_table_shows_what_adds_and_nothing_else():
    matrix = SeverityMatrix(
        target=TargetSteps(employee=1),
        reach=(ReachLevel(adds=2, views=10_000, reposts=500), ReachLevel(adds=0, views=1)),
    )
    assert table(matrix) == [
        ("harm", "grave, for each degree", 1),
        ("target", "one of our people", 1),
        ("reach", "10,000 views or 500 reposts", 2),
        ("repetition", "3 days", 1),
    ]
