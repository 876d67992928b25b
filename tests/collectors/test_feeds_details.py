"""What a feed must not give away, and what must not hide its other entries. All entries here are invented."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors import json_feed
from collectors.feeds import Feed
from collectors.manners import Manners
from tests.collectors.test_feeds import run

RELATIVE = b"""<rss version="2.0"><channel><title>Invented News</title>
<item><title>Burst main</title><guid isPermaLink="false">17</guid><link>/17</link>
 <description>&lt;a href="/map"&gt;the map&lt;/a&gt;&lt;img src="/tap.png"&gt;</description></item></channel></rss>"""


def test_the_login_of_a_feed_is_stored_nowhere(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RELATIVE, headers={"Content-Type": "application/rss+xml"}))
    (batch,), error = run(Feed(server.url.replace("http://", "http://user:invented@") + "/rss", manners=brisk))
    assert error is None
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    (mention,) = batch.mentions
    assert (mention.url, mention.links) == (f"{server.url}/17", (f"{server.url}/map",))
    assert [item.url for item in mention.media] == [f"{server.url}/tap.png"]
    assert "invented@" not in json.dumps([mention.model_dump(mode="json"), mention.raw, batch.checkpoint.state])


@pytest.mark.parametrize(
    "address",
    ["user:invented@example.org/rss", "https://user:inv/ented@example.org/rss", "ftp://user:invented@example.org/rss"],
)
def test_an_address_that_is_none_is_named_without_its_login(address: str) -> None:
    with pytest.raises(ValueError, match=r"TOCSIN_FEEDS_URLS: '…@example\.org/rss' is no") as refusal:
        Feed(address)
    assert "inv" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize(
    "date", ["0000-00-00T00:00:00Z", "Sun, 30 Nov -0001 00:00:00 +0000", "9999-12-31T23:59:59-05:00"]
)
@pytest.mark.parametrize("of", ["the feed", "an entry"])
def test_a_date_that_is_none_hides_nothing(date: str, of: str, serve: Any, reply: Any, brisk: Manners) -> None:
    bad, good = f"<pubDate>{date}</pubDate>", "<pubDate>Thu, 01 Oct 2026 09:00:00 GMT</pubDate>"
    about, of_one = (bad, "") if of == "the feed" else ("", bad)
    one, other = (f"<item><title>{dated} one</title>{dated}</item>" for dated in (of_one, good))
    built = "<lastBuildDate>Thu, 01 Oct 2026 10:00:00 GMT</lastBuildDate>"
    body = f"<rss version='2.0'><channel><title>t</title>{about}{built}{one}{other}</channel></rss>".encode()
    server = serve(lambda asked: reply(body))
    (batch,), error = run(Feed(f"{server.url}/rss", manners=brisk))
    assert error is None
    assert [mention.created_at.hour for mention in batch.mentions] == [10, 9]
    assert batch.mentions[0].raw["dated_by"].startswith("the feed's date")


ODD = {
    "authors": {"name": "Invented"},
    "author": ["Invented"],
    "attachments": 7,
    "date_published": "0001-01-01T00:00:00+01:00",
    "date_modified": 1_790_000_000,
    "title": {"en": "a title"},
    "content_html": ["<p>lines</p>"],
}


@pytest.mark.parametrize("name", ODD)
def test_one_odd_item_does_not_hide_the_others(name: str, serve: Any, reply: Any, brisk: Manners) -> None:
    said = {"content_text": "Burst main", "date_published": "2026-10-01T09:00:00Z"}
    items = [{**said, "id": "1", name: ODD[name]}, {**said, "id": "2", "author": {"name": "Invented"}}]
    server = serve(lambda asked: reply.of({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    (batch,), error = run(Feed(f"{server.url}/feed.json", manners=brisk))
    assert error is None
    assert len(batch.mentions) + len(batch.quarantined) == 2
    last = batch.mentions[-1]
    assert (last.author.name, last.created_at) == ("Invented", datetime(2026, 10, 1, 9, tzinfo=UTC))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "url"]), inner, max_size=2),
    max_leaves=4,
)
names = ["id", "url", *ODD]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(names), values, max_size=4), max_size=2))
def test_whatever_the_items_are_the_feed_is_read(items: list[Any]) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    assert len(json_feed.parse(body)[1]) == len(items)
