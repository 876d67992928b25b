"""What the model does not read is put to people: counted by language, listed with links, escaped, never judged."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from reports.daily import build
from reports.page import render
from reports.report import DailyReport, Section
from reports.unread import LISTED
from tests.reports.sample import DAY, NOW, fill
from tests.reports.sample_posts import OTHER_LANGUAGES, policy
from warehouse.schema import assessments, mentions


@pytest.fixture
def filled(sqlite_engine: Engine) -> Engine:
    fill(sqlite_engine)
    return sqlite_engine


def _built(engine: Engine) -> DailyReport:
    return build(engine, [policy()], DAY, now=NOW)


def _part(report: DailyReport) -> str:
    found = re.search(r'<section id="hbo-unread">.*?</section>', render(report), re.DOTALL)
    return found[0] if found else ""


def _in_language(engine: Engine, language: str) -> int:
    """All posts of the day are now in this language; how many there are."""
    of_day = mentions.c.posted_on == DAY
    with engine.begin() as connection:
        ids = [row.mention_id for row in connection.execute(mentions.select().where(of_day))]
        connection.execute(update(assessments).where(assessments.c.mention_id.in_(ids)).values(language=language))
    return len(ids)


def test_the_days_posts_in_other_languages_are_listed_newest_first_with_their_links(filled: Engine) -> None:
    unread = _built(filled).sections[0].unread
    assert unread.languages == (("pl", 1), ("cy", 1))
    assert {post.excerpt for post in unread.posts} == {text for _, text, _ in OTHER_LANGUAGES}
    assert [post.posted_at for post in unread.posts] == sorted((post.posted_at for post in unread.posts), reverse=True)
    part = _part(_built(filled))
    assert part.count('class="open" href="https://social.example/mastodon/') == 2
    assert "<b>Welsh</b> <span>1 post</span>" in part
    assert 'lang="cy"' in part


def test_it_is_a_thing_to_do(filled: Engine) -> None:
    section = _built(filled).sections[0]
    (action,) = [action for action in section.actions if action.anchor == "unread"]
    assert action.text == "Have 2 posts in other languages looked at"
    assert action.detail.startswith("Polish 1, Welsh 1.")


def test_such_a_post_is_never_said_to_be_judged(filled: Engine) -> None:
    _in_language(filled, "cy")
    section = _built(filled).sections[0]
    assert section.posts
    assert not [post for post in section.posts if any("strongly" in reason for reason in post.reasons)]
    assert render(_built(filled)).count("not judged · Welsh") == len(section.posts)


def test_a_day_of_many_lists_the_newest_and_says_how_many_more(filled: Engine) -> None:
    posts = _in_language(filled, "und")
    unread = _built(filled).sections[0].unread
    assert unread.languages == (("und", posts),)
    assert len(unread.posts) == LISTED
    assert f"{posts - LISTED} more stand in the mart" in _part(_built(filled))


@pytest.mark.parametrize("language", ["en", "zxx"])
def test_where_everything_is_read_nothing_is_put_to_people(filled: Engine, language: str) -> None:
    _in_language(filled, language)
    report = _built(filled)
    assert report.sections[0].unread.languages == ()
    assert _part(report) == ""
    assert "not judged" not in render(report)
    assert not [action for action in report.sections[0].actions if action.anchor == "unread"]


def test_another_day_does_not_count(filled: Engine) -> None:
    report = build(filled, [policy()], DAY - timedelta(days=1), now=NOW)
    assert report.sections[0].unread.posts == ()


def test_its_words_and_links_are_escaped(filled: Engine) -> None:
    report = _built(filled)
    section: Section = report.sections[0]
    hostile = replace(
        section.unread.posts[0],
        excerpt="<script>alert(1)</script>",
        url="javascript:alert(1)",
        language='"><img src=x>',
    )
    unread = replace(section.unread, posts=(hostile,), languages=(("<b>", 1),))
    part = _part(replace(report, sections=(replace(section, unread=unread),)))
    assert "&lt;script&gt;" in part
    assert not re.findall(r"<script|<img|href=\"javascript|<b><b>", part)
