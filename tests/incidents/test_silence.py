"""Silences: what they cover, and when; nothing that may not be quiet, and never after their end."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.digest import BY_ITSELF
from incidents.notification import REASONS, Reason
from incidents.silence import (
    LONGEST,
    NOTICE,
    SHORTEST,
    Asked,
    Case,
    Matcher,
    Silence,
    SilenceRefused,
    length_of,
    matcher_of,
    places_of,
    policy_of,
    said_why,
    words_of,
)
from policies.policy import CATEGORY_NAMES, SEVERITIES, Route
from tests.incidents.samples import NOON, POLICY

CASE = Case("sample", ("au_1",), "Sample_Worker", "trolling", "low", ("A Flash  mob at noon",))


def _silence(matcher: Matcher, start: datetime = NOON, length: timedelta = timedelta(hours=8), **more: Any) -> Silence:
    return Silence("SIL-1", matcher, "Sam", "we know", "cli", start, start + length, **more)


def _quiet(silence: Silence, case: Case = CASE, reason: Reason = "new_incident", **more: Any) -> bool:
    asked = {"now": NOON, "by_person": False, "in_thread": False} | more
    return silence.keeps_quiet(case, reason, **asked)


@pytest.mark.parametrize(
    ("matcher", "covers"),
    [
        (Matcher("sample", category="trolling"), True),
        (Matcher("other", category="trolling"), False),
        (Matcher("sample", category="threat"), False),
        (Matcher("sample", authors=("au_1", "au_2")), True),
        (Matcher("sample", authors=("au_2",)), False),
        (Matcher("sample", target="@sample_worker"), True),
        (Matcher("sample", target="sample"), False),
        (Matcher("sample", phrase="flash mob"), True),
        (Matcher("sample", phrase="flash dance"), False),
        (Matcher("sample", authors=("au_1",), category="threat"), False),
    ],
)
def test_all_that_is_given_must_be_so(matcher: Matcher, covers: bool) -> None:
    assert matcher.covers(CASE) is covers


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("don't queue", "Don’t queue"),
        ("don’t queue", "don't queue"),
        ('the "sale"', "the “sale” is on"),
        ("the „sale‟", 'the "sale" is on'),
        ("rock ‘n’ roll", "rock 'n' roll"),
    ],
)
def test_quotation_marks_and_apostrophes_are_alike_however_they_are_written(phrase: str, text: str) -> None:
    assert Matcher("sample", phrase=phrase).covers(replace(CASE, texts=(text,)))


def test_of_several_authors_or_posts_each_must_be_what_it_is_about() -> None:
    by_one, said = Matcher("sample", authors=("au_1",)), Matcher("sample", phrase="flash mob")
    assert not by_one.covers(replace(CASE, authors=("au_1", "au_2")))
    assert not by_one.covers(replace(CASE, authors=()))
    assert not said.covers(replace(CASE, texts=("A flash mob", "I know where she lives")))
    assert not said.covers(replace(CASE, texts=()))


def test_a_persons_act_is_told_where_there_is_a_thread_and_what_they_escalate_rings() -> None:
    silence = _silence(Matcher("sample", category="trolling"))
    assert not _quiet(silence, reason="acknowledged", by_person=True, in_thread=True)
    assert _quiet(silence, reason="acknowledged", by_person=True)
    assert not _quiet(silence, reason="escalated", by_person=True)
    assert not _quiet(silence, reason="reopened", by_person=True)
    assert _quiet(silence, reason="escalated")
    assert _quiet(silence, reason="new_evidence", in_thread=True)


cases = st.builds(
    Case,
    st.sampled_from(["sample", "other"]),
    st.lists(st.sampled_from(["au_1", "au_2"]), max_size=2).map(tuple),
    st.sampled_from(["a", "B", "organisation"]),
    st.sampled_from(CATEGORY_NAMES),
    st.sampled_from(SEVERITIES),
    st.lists(st.sampled_from(["one two three", "ONE  two", "three"]), max_size=2).map(tuple),
)
matchers = st.builds(
    Matcher,
    st.sampled_from(["sample", "other"]),
    st.lists(st.sampled_from(["au_1", "au_2"]), max_size=2, unique=True).map(tuple),
    st.none() | st.sampled_from(["@A", "b"]),
    st.none() | st.sampled_from(CATEGORY_NAMES),
    st.none() | st.sampled_from(["one two", "three"]),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds
lengths = st.timedeltas(SHORTEST, LONGEST)


silences = st.builds(_silence, matchers, moments, lengths, ended_at=st.none() | moments)


@given(silences, cases, moments, st.sampled_from(REASONS), st.booleans())
def test_never_outside_its_time_and_never_what_is_critical_or_about_a_person_at_risk(
    silence: Silence, case: Case, now: datetime, reason: Reason, in_thread: bool
) -> None:
    if not silence.keeps_quiet(case, reason, now, by_person=False, in_thread=in_thread):
        return
    assert silence.starts_at <= now < silence.ends_at
    assert silence.ended_at is None or now < silence.ended_at
    assert case.severity != "critical"
    assert case.category != "safeguarding"
    assert case.policy == silence.matcher.policy
    assert silence.matcher.category in (None, case.category)
    assert reason in BY_ITSELF or not in_thread


@given(matchers, cases)
def test_the_less_is_said_the_more_is_covered(matcher: Matcher, case: Case) -> None:
    wider = [replace(matcher, **{name: empty}) for name, empty in
             (("authors", ()), ("target", None), ("category", None), ("phrase", None))]  # fmt: skip
    assert not matcher.covers(case) or all(each.covers(case) for each in wider)


@given(moments, lengths)
def test_its_end_is_told_beforehand(start: datetime, length: timedelta) -> None:
    silence = _silence(Matcher("sample", category="trolling"), start, length)
    assert start < silence.notice_at < silence.ends_at
    assert silence.ends_at - silence.notice_at == min(NOTICE, length / 10)


@pytest.mark.parametrize(("words", "hours"), [("8h", 8), ("8 hours", 8), ("1 hour", 1), (" 3D ", 72), ("30 days", 720)])
def test_a_length_of_time(words: str, hours: int) -> None:
    assert length_of(words) == timedelta(hours=hours)


@given(st.text(max_size=12) | st.sampled_from(["0h", "31d", "721h", "-1d", "8", "h", "9999d", "٣d", "1.5d", "8h8h"]))
def test_any_other_length_is_refused(words: str) -> None:
    found = re.fullmatch(r"([0-9]{1,4}) ?(h|hours?|d|days?)", words.strip().casefold())
    hours = int(found[1]) * (1 if found[2].startswith("h") else 24) if found else 0
    if 1 <= hours <= 720:
        assert length_of(words) == timedelta(hours=hours)
        return
    with pytest.raises(SilenceRefused, match=r"8h or 3d|30 days at most"):
        length_of(words)


def _asked(**more: Any) -> Asked:
    return Asked("Sam", "we know", "8h", **{"category": "trolling"} | more)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (_asked(category="nonsense"), "is no category of sample: choose one of trolling"),
        (_asked(category="own_content"), "is no category of sample"),
        (_asked(category="safeguarding"), "never silenced"),
        (_asked(category=None), "says what it is about"),
        (_asked(category=None, phrase="..!"), "3 letters or digits"),
    ],
)
def test_what_cannot_be_silenced_is_refused_with_what_can(asked: Asked, said: str) -> None:
    with pytest.raises(SilenceRefused, match=said):
        matcher_of(asked, POLICY, ())


def test_it_needs_an_owner_a_reason_and_a_policy() -> None:
    for asked in (replace(_asked(), owner=" "), replace(_asked(), reason=" ")):
        with pytest.raises(SilenceRefused):
            said_why(asked)
    other = POLICY.model_copy(update={"id": "other"})
    with pytest.raises(SilenceRefused, match="other, sample"):
        policy_of(_asked(), {"sample": POLICY, "other": other})
    assert policy_of(_asked(), {"sample": POLICY}) is POLICY
    assert policy_of(_asked(policy="other"), {"sample": POLICY, "other": other}) is other


def test_it_is_told_in_the_channels_that_it_quiets_and_in_no_other() -> None:
    routes = {
        "security": Route(name="Security", slack_channel="C0SECURITY"),
        "press": Route(name="Press", slack_channel="C0SECURITY"),
        "help": Route(name="Help", slack_channel="C0HELP"),
    }
    of = {name: each.model_copy(update={"route": "press"}) for name, each in POLICY.categories.items()}
    of |= {
        "trolling": POLICY.categories["trolling"],
        "safeguarding": of["safeguarding"].model_copy(update={"route": "help"}),
    }
    pack = POLICY.model_copy(update={"routes": routes, "categories": of})
    (where,) = places_of(Matcher("sample", target="a"), pack)
    assert (where.channel, where.routes, where.told) == ("C0SECURITY", ("security", "press"), "Security, Press")
    (where,) = places_of(Matcher("sample", category="trolling"), pack)
    assert where.routes == ("security",)


def test_nobody_is_named_to_the_channel() -> None:
    said = words_of(Matcher("sample", ("au_1",), "sample_worker", "trolling", "flash mob"))
    assert dict(said) == {
        "Policy": "sample",
        "Category": "trolling",
        "Author": "one author",
        "Aimed at": "one target",
        "Posts with": "“flash mob”",
    }
