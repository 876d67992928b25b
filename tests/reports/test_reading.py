"""Posts to read: what counts as the same post, what a post is said to say, and what is no longer there to be read."""

from sqlalchemy import Engine, update

from reports.daily import build
from reports.reading import _distinct, _terms_in, telling_post
from reports.report import Section
from reports.terms import Term
from tests.reports.sample import DAY, NOW, fill
from tests.reports.sample_posts import policy
from warehouse.schema import findings, mentions


def _section(engine: Engine) -> Section:
    return build(engine, [policy()], DAY, now=NOW).sections[0]


def test_posts_without_a_word_are_the_same_only_where_they_are() -> None:
    rows = [
        {"text": text}
        for text in ("😡😡 @DWP", "❤️", "https://example.org/a", "❤️ ", "no money again", "No money again!")
    ]
    kept = _distinct(rows, 9)
    assert [(row["text"], copies) for row, copies in kept] == [
        ("😡😡 @DWP", 0),
        ("❤️", 1),
        ("https://example.org/a", 0),
        ("no money again", 1),
    ]


def test_a_term_with_an_apostrophe_is_found() -> None:
    terms = [Term("minister's", 5, 1.0, 4.0), Term("can't log", 4, 1.0, 3.0)]
    assert _terms_in("The minister’s statement says nothing", terms) == ["minister's"]
    assert _terms_in("I CAN'T LOG in", terms) == ["can't log"]


def test_a_finding_that_is_not_grouped_yet_names_no_incident(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(update(findings).where(findings.c.category == "doxxing").values(incident_id=None))
    assert _section(sqlite_engine).posts[0].reasons[0] == "critical finding: doxxing"


def test_a_post_whose_words_were_taken_out_is_not_offered(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    with sqlite_engine.begin() as connection:
        blanked = mentions.c.platform.in_(["x", "mastodon"]) & (mentions.c.posted_on == DAY)
        assert connection.execute(update(mentions).where(blanked).values(text="")).rowcount > 20
    section = _section(sqlite_engine)
    assert section.today.feeling.mentions > 74, "they count all the same"
    assert {post.platform for post in section.posts} <= {"reddit", "facebook", "blogs"}
    assert all(post.excerpt for post in section.posts)
    assert section.unread.languages == ()
    assert section.unread.posts == ()
    telling = telling_post(sqlite_engine, "hbo", DAY, (), ())
    assert telling is not None
    assert telling.excerpt
    with sqlite_engine.begin() as connection:
        connection.execute(update(mentions).values(text=""))
    assert _section(sqlite_engine).posts == ()
    assert telling_post(sqlite_engine, "hbo", DAY, (), ()) is None
