"""The days that stood out before: which are chosen, what explains them, and that a calm window has none."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from reports.daily import build
from reports.measures import deviations
from reports.page import render
from reports.report import Section
from reports.words import loudness
from tests.reports.sample import DAY, NOW, OUTAGE, fill
from tests.reports.sample_posts import policy
from warehouse.schema import topics


def _day_after(engine: Engine) -> Section:
    return build(engine, [policy()], DAY + timedelta(days=1), now=NOW).sections[0]


def test_the_day_after_an_outage_still_tells_of_it(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    section = _day_after(sqlite_engine)
    (outage,) = section.standouts
    assert outage.point.day == DAY
    assert outage.point.spike
    assert outage.point.feeling.mentions > OUTAGE
    assert [line.platform for line in outage.platforms] == ["x", "reddit"]
    assert {line.topic for line in outage.topics} == {"Online journal", "Website and login"}
    assert outage.topics[0].share > 0.5 > outage.topics[0].other_share
    assert "error 503" in {term.words for term in outage.terms}
    assert "30 October (" in section.sentences[-1]
    assert "times the usual" in loudness(outage)


def test_the_post_shown_is_the_most_read_and_no_abuse(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    post = _day_after(sqlite_engine).standouts[0].post
    assert post is not None
    assert post.reach == 148_000
    assert not post.sensitive


def test_without_a_spike_the_days_clearly_more_negative_are_told(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, first_day=DAY - timedelta(days=5))
    (sour,) = _day_after(sqlite_engine).standouts
    assert (sour.point.day, sour.point.spike) == (DAY, False)
    assert "times the" in loudness(sour)
    assert loudness(sour).endswith("of the other days")
    assert sour.point.feeling.negative_share > sour.others.negative_share


def test_the_day_itself_is_not_told_twice_and_a_calm_window_has_none(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    report = build(sqlite_engine, [policy()], DAY, now=NOW)
    assert report.sections[0].standouts == ()
    assert "stood out before" not in render(report)


def test_the_page_shows_them(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    page = render(build(sqlite_engine, [policy()], DAY + timedelta(days=1), now=NOW))
    assert "The day that stood out before" in page
    assert "The rise is on X (" in page


def test_a_topic_of_two_groups_counts_a_post_once_in_each(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        twins = connection.execute(select(topics).where(topics.c.topic == "Online journal")).mappings().all()
        connection.execute(insert(topics), [{**row, "topic_group": "Matter"} for row in twins])
    (outage,) = _day_after(sqlite_engine).standouts
    journal = [line.share for line in outage.topics if line.topic == "Online journal"]
    assert len(journal) == 2
    assert 0.5 < journal[0] == journal[1] < 1
    posts = build(sqlite_engine, [policy()], DAY, now=NOW).sections[0].posts
    told = [reason for post in posts for reason in post.reasons if "which rose" in reason]
    assert told
    assert not [reason for reason in told if "Online journal and Online journal" in reason]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_deviations_are_of_opposite_signs_from_the_two_sides(one: int, more: int, other: int, rest: int) -> None:
    there = deviations(one, one + more, other, other + rest)
    assert there == pytest.approx(-deviations(other, other + rest, one, one + more))
