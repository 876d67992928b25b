"""The list of sources: what is configured, what is missing, what cannot be had."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.archive.archive import ArchiveSettings
from collectors.budget import Budget, Spent, allowance
from collectors.catalogue import MODULES, PLATFORMS, configured, home_servers, sources
from collectors.closed import CLOSED
from collectors.feeds import FeedsSettings
from collectors.hackernews import HackerNewsSettings
from collectors.mastodon import MastodonSettings
from collectors.platform import AnyPlatform, S
from collectors.query import queries, quoted
from collectors.reddit import RedditSettings
from collectors.section import NEEDED, HttpSection, Section, beside
from collectors.vocabulary import Matcher, Terms
from collectors.x import XSettings
from policies.policy import Policy, Vocabulary


class Given:
    """Settings as a test gives them; nothing is configured by default."""

    def __init__(self, *sections: Section) -> None:
        self._sections = {type(section): section for section in sections}

    def of(self, kind: type[S]) -> S:
        section = self._sections.get(kind) or kind()
        assert isinstance(section, kind)
        return section


FULL = Given(
    XSettings(bearer_token="token"),
    RedditSettings(client_id="id", client_secret="secret"),
    FeedsSettings(urls="https://a.example.org/rss,https://b.example.org/rss,https://a.example.org/rss"),
    ArchiveSettings(archives="posts.jsonl"),
)


class Kept:
    """A ledger with one entry."""

    def __init__(self, calls: int, mentions: int) -> None:
        self.entry = Spent(calls, mentions)

    def spent(self, platform: str, since: datetime) -> Spent:
        assert since.day == 1
        return self.entry

    def claim(self, platform: str, since: datetime, affordable: Callable[[Spent], bool]) -> bool:
        return affordable(self.spent(platform, since))


def test_nothing_is_configured_and_each_source_says_what_it_needs(policy: Policy) -> None:
    assert configured(Given(), [policy]) == []
    notes = {status.name: status.note for status in sources(Given(), [policy])}
    for platform in PLATFORMS:
        needs = [name for name, field in platform.settings.model_fields.items() if field.json_schema_extra == NEEDED]
        assert needs, f"{platform.name} would be read though nobody asked for it"
        assert all(f"TOCSIN_{platform.settings.key(name).upper()} (" in notes[platform.name] for name in needs)


def test_every_source_that_has_its_settings_is_collected_under_a_name_of_its_own(policy: Policy) -> None:
    collectors = configured(FULL, [policy])
    names = [collector.source for collector in collectors]
    assert names[1:] == ["x", "reddit", "feeds:a.example.org/rss", "feeds:b.example.org/rss"]
    assert len(set(names)) == len(names)
    assert [status.name for status in sources(FULL, [policy]) if status.configured] == names


def test_a_setting_that_cannot_be_used_is_an_error_to_collect_and_a_note_to_read(policy: Policy) -> None:
    wrong = Given(FeedsSettings(urls="example.org/rss"))
    with pytest.raises(ValueError, match="TOCSIN_FEEDS_URLS"):
        configured(wrong, [policy])
    (feeds,) = (status for status in sources(wrong, [policy]) if status.name == "feeds")
    assert (feeds.configured, "example.org/rss" in feeds.note) == (False, True)


def test_platforms_without_lawful_access_are_named_with_reason_and_date(policy: Policy) -> None:
    closed = {status.platform: status for status in sources(FULL, [policy]) if not status.configured}
    assert "no lawful API" in closed["snapchat"].note
    for each in CLOSED:
        assert str(each.checked) in closed[each.name].note
        assert each.documents.startswith("https://")
    assert not {each.name for each in CLOSED} & {platform.name for platform in PLATFORMS}


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_every_platform_says_how_far_it_reaches(platform: AnyPlatform) -> None:
    reach = platform.reach
    assert all((reach.endpoint, reach.auth, reach.cannot_see, reach.terms, platform.access))
    assert reach.documents.startswith("https://")
    assert date(2026, 1, 1) <= reach.checked <= datetime.now(UTC).date()
    assert 0 <= reach.volume[0] < reach.volume[1]
    assert all(quota.calls > 0 and quota.window_s > 0 for quota in reach.quotas)
    assert issubclass(platform.settings, HttpSection) or platform.name == "archive"


@pytest.mark.parametrize(
    ("module", "platform"), [each for each in zip(MODULES, PLATFORMS, strict=True) if each[1].name != "archive"]
)
def test_every_file_opens_with_what_stands_in_its_entry(module: str, platform: AnyPlatform) -> None:
    said = import_module(f"collectors.{module}").__doc__ or ""
    for word in ("Endpoint", "Auth: ", "Quota: ", "Cannot see: ", "Terms: "):
        assert f"\n{word}" in said, word
    assert f"\nSource, read on {platform.reach.checked}: {platform.reach.documents}\n" in said + "\n"


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_every_platform_says_what_a_conversation_is_there_or_why_none_can_be_had(platform: AnyPlatform) -> None:
    collector = getattr(platform.make, "__self__", None)
    assert platform.reach.conversation.startswith("none: ") is not hasattr(collector, "conversations")


def test_what_must_be_shown_anew_and_within_what_time() -> None:
    limits = {each.name: each.reach.refresh_within for each in PLATFORMS if each.reach.refresh_within}
    assert limits == {"linkedin": timedelta(hours=48), "youtube": timedelta(days=30), "tiktok": timedelta(days=15)}


def test_a_budget_of_money_becomes_calls_at_their_dearest(policy: Policy) -> None:
    (x,) = (platform for platform in PLATFORMS if platform.name == "x")
    budget = Budget.parse("$50")
    assert budget is not None
    assert budget.calls_left(x.reach.price, Spent(calls=40, mentions=4000)) == 60  # 30 dollars, half a dollar a page
    assert budget.calls_left(x.reach.price, Spent(calls=40, mentions=4000, under_way=59)) == 1
    assert budget.calls_left(x.reach.price, Spent(calls=40, mentions=4000, under_way=99)) == 0
    hundred = Budget.parse("100 calls")
    assert hundred is not None
    assert hundred.calls_left(x.reach.price, Spent(calls=40, mentions=0, under_way=7)) == 53
    assert allowance(hundred, x.reach.price, "x", Kept(99, 0))()
    assert not allowance(hundred, x.reach.price, "x", Kept(100, 0))()
    assert allowance(None, x.reach.price, "x", Kept(100, 0))()
    with pytest.raises(ValueError, match="TOCSIN_REDDIT_BUDGET"):
        configured(Given(RedditSettings(client_id="id", client_secret="secret", budget="$5")), [policy])


@pytest.mark.parametrize("value", ["lots", "-1", "$", "5 pounds", "1e9", "nan"])
def test_what_is_no_budget_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="budget"):
        XSettings(bearer_token="token", budget=value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("api.example.org", "no http"),
        ("ftp://api.example.org", "no http"),
        ("http://api.example.org", "in the clear"),
        ("https://me:secret@api.example.org", "without a login"),
        ("https://api.example.org/?q=1", "without a login"),
    ],
)
def test_an_address_that_would_betray_or_mislead_is_refused(value: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        XSettings(bearer_token="token", base_url=value)


@pytest.mark.parametrize(
    "value", ["http://127.0.0.1:8008", "http://synapse:8008/", "http://10.0.0.7", "https://a.example"]
)
def test_an_address_of_a_server_of_ones_own_is_taken(value: str) -> None:
    assert XSettings(bearer_token="token", base_url=value).base_url == value.rstrip("/")


def test_a_server_of_ones_own_is_spoken_to_alone_and_the_platform_keeps_its_second_address(policy: Policy) -> None:
    def made(*sections: Section) -> list[Any]:
        return configured(Given(*sections), [policy])

    mine = "http://127.0.0.1:8008"
    (reddit,) = made(RedditSettings(client_id="id", client_secret="secret", base_url=mine))
    assert set(reddit.addresses) == {mine}
    (reddit,) = made(RedditSettings(client_id="id", client_secret="secret"))
    assert set(reddit.addresses) == {"https://www.reddit.com", "https://oauth.reddit.com"}
    (x,) = made(XSettings(bearer_token="token", base_url=mine))
    assert x.compliance._storage_url == mine
    (x,) = made(XSettings(bearer_token="token"))
    assert x.compliance._storage_url == "https://storage.googleapis.com"
    (items,) = made(HackerNewsSettings(base_url=mine))
    assert items._items_url == mine
    (items,) = made(HackerNewsSettings(base_url="https://hn.algolia.com"))
    assert items._items_url == "https://hacker-news.firebaseio.com"


@pytest.mark.parametrize(
    ("base_url", "found"),
    [
        ("https://reddit.com", "own"),
        ("https://old.reddit.com", "own"),
        ("https://notreddit.com", "https://notreddit.com"),
        ("https://reddit.com.example", "https://reddit.com.example"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_which_servers_are_the_platforms_own(base_url: str, found: str) -> None:
    assert beside(base_url, "own", "reddit.com") == found


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


def test_an_ambiguous_term_that_is_asked_for_alone_counts_only_beside_its_context(policy: Policy) -> None:
    words = Vocabulary(names=("Quillmere Water",), ambiguous=("QW",), context=("bill", "leak"))
    terms = Terms.of([policy.model_copy(update={"vocabulary": words, "accounts": ()})], "quill")
    assert terms.spoken() == ("Quillmere Water", "QW")
    wanted = terms.wanted()
    assert wanted("my QW bill is late")
    assert wanted("QW, that is Quillmere Water")
    assert wanted("a post that the platform found for reasons of its own")
    assert not wanted("QW is a chord on this keyboard")


@pytest.mark.parametrize("url", ["https://Example.SOCIAL", "https://example.social:443/"])
def test_a_home_server_is_told_as_handles_end_with_it(url: str) -> None:
    assert home_servers(Given(MastodonSettings(base_url=url))) == {"mastodon": "example.social"}
    assert home_servers(Given()) == {}
