"""Approved exceptions: each covers what it says, for as long as it says, and nothing else. All of them are invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.exceptions import ApprovedException, holds
from policies.part import CATEGORY_NAMES

START = date(2026, 10, 1)
DAYS = st.integers(-40, 80).map(lambda days: START + timedelta(days=days))
HANDLES = st.sampled_from(["sample_campaign", "@Sample_Campaign", "sample_campaign2", "someone_else", "", None])
PLATFORMS = st.sampled_from(["x", "reddit", "bluesky"])
PHRASES = ("#BigSampleDay", "bring a plum")
TEXTS = st.sampled_from(
    ["Come to #BIGsampleday!", "bring\n a  Plum", "bring a plumber", "big sample day", "", "#BigSampleDays are over"]
)
HOLDING = {"Come to #BIGsampleday!", "bring\n a  Plum"}


def _exception(**changes):
    plain = {"id": "EX 1", "approver": "Advice Centre", "reason": "Invented.", "clause": "EX 9"}
    plain |= {"account": "@sample_campaign", "start": START, "end": START + timedelta(days=30)}
    return ApprovedException.model_validate({**plain, **changes})


EXCEPTIONS = st.builds(
    _exception,
    account=st.sampled_from([None, "@sample_campaign", "Sample_Campaign"]),
    platform=st.none() | PLATFORMS,
    categories=st.none() | st.lists(st.sampled_from(CATEGORY_NAMES), min_size=1, max_size=3).map(tuple),
    phrases=st.sampled_from([(), PHRASES, PHRASES[:1]]),
    end=st.integers(0, 60).map(lambda days: START + timedelta(days=days)),
)


@settings(max_examples=60, deadline=None)
@given(EXCEPTIONS, PLATFORMS, HANDLES, st.sampled_from(CATEGORY_NAMES), TEXTS, DAYS)
def test_an_exception_covers_nothing_beyond_what_it_says(one, platform, handle, category, text, day):
    if not one.covers(platform, handle, category, text, day):
        return
    assert one.start <= day <= one.end
    assert one.platform in (None, platform)
    assert one.account is None or (handle or "").lstrip("@").lower() == "sample_campaign"
    assert category in one.categories if one.categories else category != "safeguarding"
    assert not one.phrases or text in HOLDING


@settings(max_examples=60, deadline=None)
@given(EXCEPTIONS, HANDLES, TEXTS, st.sampled_from(CATEGORY_NAMES))
def test_before_its_start_and_after_its_end_it_does_nothing(one, handle, text, category):
    for day in (one.start - timedelta(days=1), one.end + timedelta(days=1)):
        assert not one.covers("x", handle, category, text, day)


@pytest.mark.parametrize("day", [START, START + timedelta(days=30)])
def test_it_covers_on_its_first_and_on_its_last_day(day):
    assert _exception().covers("x", "sample_campaign", "trolling", "", day)


def test_help_is_withheld_only_where_that_is_named():
    assert not _exception().covers("x", "sample_campaign", "safeguarding", "", START)
    assert _exception(categories=["safeguarding"]).covers("x", "sample_campaign", "safeguarding", "", START)


@pytest.mark.parametrize(("day", "soon"), [(15, False), (16, True), (30, True), (31, False)])
def test_its_end_is_announced_two_weeks_before(day, soon):
    assert _exception().ends_soon(START + timedelta(days=day)) == soon


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.text(min_size=1, max_size=12).filter(str.strip))
def test_a_phrase_is_found_in_any_text_as_whole_words(before, after, phrase):
    assert holds(f"{before} {phrase} {after}", phrase)
    assert holds(phrase, phrase)


def test_what_it_covers_is_told_in_words():
    told = _exception(platform="x", categories=["own_content"], phrases=["#BigSampleDay"]).subject
    assert told == "posts by @sample_campaign on x that say “#BigSampleDay”: own content"
    assert _exception().subject == "posts by @sample_campaign: any category but safeguarding"
