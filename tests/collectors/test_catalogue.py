"""The list of sources: what is configured, what is missing, what cannot be had."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collectors.catalogue import CLOSED, configured, sources
from collectors.query import queries, quoted
from collectors.vocabulary import Matcher
from policies.policy import Policy


@dataclass(frozen=True)
class Given:
    """Settings as a test gives them; nothing is configured by default."""

    x_bearer_token: SecretStr | None = None
    x_base_url: str = "https://api.x.com"
    x_pages: int = 10
    reddit_client_id: str = ""
    reddit_client_secret: SecretStr | None = None
    reddit_user_agent: str = "tocsin (brand monitoring)"
    reddit_base_url: str = "https://www.reddit.com"
    reddit_oauth_url: str = "https://oauth.reddit.com"
    feed_urls: tuple[str, ...] = ()
    feeds_base_url: str = ""
    archive_paths: tuple[Path, ...] = ()
    archive_map: str = ""


FULL = Given(
    x_bearer_token=SecretStr("token"),
    reddit_client_id="id",
    reddit_client_secret=SecretStr("secret"),
    feed_urls=("https://a.example.org/rss", "https://b.example.org/rss", "https://a.example.org/rss"),
    archive_paths=(Path("posts.jsonl"),),
)


def test_nothing_is_configured_and_each_source_says_what_it_needs(policy: Policy) -> None:
    assert configured(Given(), [policy]) == []
    notes = {status.name: status.note for status in sources(Given(), [policy]) if status.name not in CLOSED}
    assert set(notes) == {"archive", "x", "reddit", "feeds"}
    assert "TOCSIN_ARCHIVES" in notes["archive"]
    assert "TOCSIN_X_BEARER_TOKEN" in notes["x"]
    assert "TOCSIN_REDDIT_CLIENT_ID and TOCSIN_REDDIT_CLIENT_SECRET" in notes["reddit"]
    assert "TOCSIN_FEEDS_URLS" in notes["feeds"]


def test_every_source_that_has_its_settings_is_collected_under_a_name_of_its_own(policy: Policy) -> None:
    collectors = configured(FULL, [policy])
    names = [collector.source for collector in collectors]
    assert names[1:] == ["x", "reddit", "feeds:a.example.org/rss", "feeds:b.example.org/rss"]
    assert len(set(names)) == len(names)
    assert [status.name for status in sources(FULL, [policy]) if status.configured] == names


def test_a_setting_that_cannot_be_used_is_an_error_to_collect_and_a_note_to_read(policy: Policy) -> None:
    wrong = Given(feed_urls=("example.org/rss",))
    with pytest.raises(ValueError, match="TOCSIN_FEEDS_URLS"):
        configured(wrong, [policy])
    (feeds,) = (status for status in sources(wrong, [policy]) if status.name == "feeds")
    assert (feeds.configured, "example.org/rss" in feeds.note) == (False, True)


def test_platforms_without_lawful_access_are_named(policy: Policy) -> None:
    closed = {status.platform: status for status in sources(FULL, [policy]) if not status.configured}
    assert "no lawful API" in closed["snapchat"].note


terms = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=30), max_size=60)


@given(terms, terms, terms)
def test_queries_hold_every_term_and_keep_within_the_length(
    alone: list[str], some: list[str], beside: list[str]
) -> None:
    found = queries(map(quoted, alone), [(tuple(some), tuple(beside))] if some else [], 200)
    assert all(len(query) <= 200 for query in found)
    assert all(any(quoted(term) in query for query in found) for term in [*alone, *some])
    pairs = [query for query in found if ") (" in query]
    for term in some if beside else []:
        together = [query.partition(") (")[2] for query in pairs if quoted(term) in query.partition(") (")[0]]
        assert all(any(quoted(word) in half for half in together) for word in beside)


def test_a_term_that_no_query_can_hold_is_named() -> None:
    with pytest.raises(ValueError, match="longer than the 20 characters"):
        queries([quoted("x" * 30)], [], 20)


def test_terms_are_found_as_whole_words_without_regard_to_case() -> None:
    matcher = Matcher(("Quillmere Water", "QW", "#quillmere", "@QuillmereWater"))
    assert matcher("QUILLMERE WATER and qw, @quillmerewater #Quillmere!") == (
        "Quillmere Water",
        "QW",
        "@QuillmereWater",
        "#quillmere",
    )
    assert matcher("QWERTY, quillmere waters, a@quillmerewater") == ()
