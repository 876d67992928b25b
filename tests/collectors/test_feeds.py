"""Feeds through httpx and feedparser, against a server on the loopback. All entries here are invented."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.collector import Batch, Checkpoint, CollectError
from collectors.feed_entry import Markup
from collectors.feeds import BATCH, Feed
from collectors.manners import Manners

NOW = datetime(2026, 10, 3, 12, 0, tzinfo=UTC)

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:im="http://itunes.apple.com/rss">
<channel><title>Invented News</title><language>en-gb</language><link>https://news.example.org/</link>
<lastBuildDate>Thu, 01 Oct 2026 10:00:00 GMT</lastBuildDate>
<item><title>Burst main &amp; no water</title><guid isPermaLink="false">17</guid>
 <link>https://news.example.org/17</link><pubDate>Thu, 01 Oct 2026 09:00:00 +0100</pubDate>
 <author>desk@example.org (Invented Desk)</author><slash:comments>4</slash:comments>
 <description>short</description>
 <content:encoded><![CDATA[<p>Quillmere Water said <b>nothing</b>.</p><script>alert(1)</script>
  <p>See <a href="https://example.org/map">the map</a> <img src="https://i.example.org/1.png" alt="a dry tap"/></p>
  ]]></content:encoded>
 <media:content url="https://v.example.org/1.mp4" medium="video" type="video/mp4"/></item>
<item><title>Undated</title><link>https://news.example.org/18</link></item>
<item><title>A review</title><guid>https://news.example.org/r/1</guid><im:rating>2</im:rating>
 <pubDate>Thu, 01 Oct 2026 09:30:00 GMT</pubDate><description>They came late.</description></item>
<item><title>Re: Burst main</title><guid>tag:news.example.org,2026:c1</guid>
 <thr:in-reply-to ref="tag:news.example.org,2026:17"/><pubDate>Thu, 01 Oct 2026 09:40:00 GMT</pubDate>
 <description>Same here</description></item>
</channel></rss>"""

JSON_FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Invented",
    "language": "en",
    "items": [
        {
            "id": 2,
            "title": "Second",
            "content_html": "<p>Hello &amp; goodbye</p>",
            "url": "https://json.example.org/2",
            "date_published": "2026-10-01T09:00:00+01:00",
            "authors": [{"name": "Invented", "url": "https://json.example.org/~i"}],
            "attachments": [{"url": "https://json.example.org/2.mp3", "mime_type": "audio/mpeg"}],
        },
        "not an object",
        {"id": "https://json.example.org/1", "content_text": "First < last", "date_published": "yesterday"},
    ],
}


def run(feed: Feed, checkpoint: Checkpoint | None = None) -> tuple[list[Batch], CollectError | None]:
    batches: list[Batch] = []
    try:
        batches.extend(feed.collect(checkpoint))  # what came before an error is kept
    except CollectError as error:
        return batches, error
    return batches, None


def feed_at(url: str, manners: Manners) -> Feed:
    return Feed("https://news.example.org/rss", base_url=url, manners=manners, now=lambda: NOW)


def test_entries_become_mentions(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RSS, headers={"Content-Type": "application/rss+xml"}))
    (batch,), error = run(feed_at(server.url, brisk))
    article, undated, review, comment = batch.mentions
    assert error is None
    assert article.mention_id == "feeds:news.example.org/rss#17"
    assert article.text == "Burst main & no water\n\nQuillmere Water said nothing.\n\nSee the map"
    assert article.created_at.isoformat() == "2026-10-01T08:00:00+00:00"
    assert (article.url, article.kind, article.lang) == ("https://news.example.org/17", "article", "en-gb")
    assert article.author.name == "Invented Desk"
    assert [(item.type, item.url, item.alt_text) for item in article.media] == [
        ("video", "https://v.example.org/1.mp4", None),
        ("image", "https://i.example.org/1.png", "a dry tap"),
    ]
    assert article.links == ("https://example.org/map",)
    assert (article.metrics.replies, article.raw["slash_comments"]) == (4, "4")
    assert undated.id == "https://news.example.org/18"
    assert undated.created_at.isoformat() == "2026-10-01T10:00:00+00:00"
    assert undated.raw["dated_by"].startswith("the feed's date")
    assert (review.kind, review.metrics.rating, review.text) == ("review", 2.0, "A review\n\nThey came late.")
    assert comment.kind == "comment"
    assert comment.in_reply_to is not None
    assert comment.in_reply_to.id == "tag:news.example.org,2026:17"
    json.dumps([mention.raw for mention in batch.mentions])


def test_json_feed(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply.of(JSON_FEED))
    (batch,), error = run(feed_at(server.url, brisk))
    second, first = batch.mentions
    assert error is None
    assert (second.id, second.text) == ("news.example.org/rss#2", "Second\n\nHello & goodbye")
    assert second.created_at.isoformat() == "2026-10-01T08:00:00+00:00"
    assert (second.author.name, second.media[0].type) == ("Invented", "audio")
    assert (first.id, first.text, first.created_at) == ("https://json.example.org/1", "First < last", NOW)
    assert first.raw["dated_by"].startswith("the moment of collection")
    assert [item.where for item in batch.quarantined] == ["feeds:news.example.org/rss without id"]


def test_an_unchanged_feed_is_left_alone_and_a_changed_one_is_read_for_its_news(
    serve: Any, reply: Any, brisk: Manners
) -> None:
    body = [RSS]

    def answer(asked: Any) -> Any:
        tag = str(hash(body[0]))
        if asked.headers.get("if-none-match") == tag:
            return reply(status=304)
        return reply(body[0], headers={"ETag": tag, "Last-Modified": "Thu, 01 Oct 2026 10:00:00 GMT"})

    server = serve(answer)
    feed = feed_at(server.url, brisk)
    first, _ = run(feed)
    second, _ = run(feed, first[-1].checkpoint)
    assert [(batch.mentions, batch.requests) for batch in second] == [((), 1)]
    assert second[-1].checkpoint == first[-1].checkpoint
    assert server.asked[-1].headers["if-modified-since"] == "Thu, 01 Oct 2026 10:00:00 GMT"
    body[0] = RSS.replace(b"They came late", b"They came, late").replace(
        b"</channel>", b"<item><title>New</title></item></channel>"
    )
    third, _ = run(feed, second[-1].checkpoint)
    assert [mention.text for batch in third for mention in batch.mentions] == ["A review\n\nThey came, late.", "New"]


def test_what_the_feed_is_asked(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RSS))
    feed = Feed(
        "https://user:pass@news.example.org:8443/rss?q=a&b=c#top", base_url=f"{server.url}/proxy/", manners=brisk
    )
    run(feed)
    assert feed.source == "feeds:news.example.org:8443/rss?q=a&b=c"
    (asked,) = server.asked
    assert (asked.path, asked.params) == ("/proxy/rss", {"q": "a", "b": "c"})
    assert asked.headers["user-agent"].startswith("tocsin")


def test_a_login_in_the_address_is_used_and_not_shown(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(status=401))
    feed = Feed(server.url.replace("http://", "http://user:pass@") + "/rss", manners=brisk)
    _, error = run(feed)
    assert server.asked[0].headers["authorization"].startswith("Basic ")
    assert "pass@" not in feed.source
    assert "user:pass@" not in str(error).replace("https://user:password@", "")


def test_one_bad_entry_among_good_is_quarantined(serve: Any, reply: Any, brisk: Manners) -> None:
    bad = b"<item><guid>tag:empty</guid></item><item><guid>tag:old</guid><title>t</title>"
    bad += b"<pubDate>Mon, 01 Jan 1601 00:00:00 GMT</pubDate></item>"
    server = serve(lambda asked: reply(RSS.replace(b"</channel>", bad + b"</channel>")))
    (batch,), error = run(feed_at(server.url, brisk))
    assert error is None
    assert len(batch.mentions) == 4
    reasons = {item.where.split()[-1]: item.reason for item in batch.quarantined}
    assert "neither title nor text" in reasons["tag:empty"]
    assert "1601" in reasons["tag:old"]


def test_a_large_feed_comes_in_portions_that_can_be_resumed(serve: Any, reply: Any, brisk: Manners) -> None:
    count = 2 * BATCH + 10
    items = b"".join(b"<item><title>number %d</title><guid>tag:%d</guid></item>" % (n, n) for n in range(count))
    body = b"<rss version='2.0'><channel>" + items + b"</channel></rss>"
    server = serve(
        lambda asked: reply(body, headers={"ETag": "e"}, status=304 if "if-none-match" in asked.headers else 200)
    )
    feed = feed_at(server.url, brisk)
    batches, _ = run(feed)
    assert [len(batch.mentions) for batch in batches] == [BATCH, BATCH, 10]
    assert [batch.more for batch in batches] == [True, True, False]
    rest, _ = run(feed, batches[0].checkpoint)
    assert len({mention.id for batch in [batches[0], *rest] for mention in batch.mentions}) == count
    assert run(feed, batches[-1].checkpoint)[0][0].mentions == ()


def test_a_damaged_feed_gives_what_it_can_and_is_asked_for_again(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RSS[: RSS.index(b"<item><title>A review")], headers={"ETag": "e"}))
    (batch,), error = run(feed_at(server.url, brisk))
    assert error is None
    assert batch.mentions[0].id == "news.example.org/rss#17"
    assert "etag" not in batch.checkpoint.state


HTML = b"<!DOCTYPE html><html><head><title>Hello</title></head><body>No feed here</body></html>"
BOMB = b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a0 "boom">%s]>'
BOMB += b'<rss version="2.0"><channel><item><title>&a29;</title></item></channel></rss>'
BOMB %= b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 30))
FAULTS: list[tuple[str, dict[str, Any], str, int]] = [
    ("400", {"status": 400}, "unexpected_response", 1),
    ("401", {"status": 401}, "access_denied", 1),
    ("403", {"status": 403, "body": HTML}, "access_denied", 1),
    ("404", {"status": 404, "body": HTML}, "unexpected_response", 1),
    ("410", {"status": 410}, "unexpected_response", 1),
    ("429", {"status": 429}, "rate_limited", 3),
    ("429 later", {"status": 429, "headers": {"Retry-After": "3600"}}, "rate_limited", 1),
    ("500", {"status": 500}, "unavailable", 3),
    ("502 as HTML", {"status": 502, "body": HTML}, "unavailable", 3),
    ("200 as HTML", {"body": HTML}, "unexpected_response", 1),
    ("200 with nothing", {"body": b""}, "unexpected_response", 1),
    ("200 as JSON", {"body": b'{"error": true}'}, "unexpected_response", 1),
    ("truncated JSON", {"body": json.dumps(JSON_FEED).encode()[:300]}, "unexpected_response", 1),
    ("deep JSON", {"body": b'{"a":' * 50_000}, "unexpected_response", 1),
    ("items no list", {"body": b'{"version": "https://jsonfeed.org/version/1", "items": 1}'}, "unexpected_response", 1),
    ("redirects for ever", {"status": 302, "headers": {"Location": "/again"}}, "unexpected_response", 6),
    ("redirect to a file", {"status": 302, "headers": {"Location": "file:///etc/hosts"}}, "unexpected_response", 1),
    ("not gzip", {"body": b"plain", "headers": {"Content-Encoding": "gzip"}}, "unavailable", 3),
    ("cut", {"body": RSS, "cut": True}, "unavailable", 3),
    ("stall", {"body": RSS, "stall": 5.0}, "unavailable", 3),
    ("50 MB", {"body": b" " * 50_000_000}, "unexpected_response", 1),
]


@pytest.mark.parametrize("case", FAULTS, ids=[fault[0] for fault in FAULTS])
def test_every_fault_ends_by_name_in_bounded_time(
    case: tuple[str, dict[str, Any], str, int], serve: Any, reply: Any, request: Any
) -> None:
    _, fault, outcome, calls = case
    manners = request.getfixturevalue("hasty" if "stall" in fault else "brisk")
    server = serve(lambda asked: reply(**fault))
    started = time.monotonic()
    batches, error = run(feed_at(server.url, manners))
    assert time.monotonic() - started < 15
    assert error is not None
    assert (error.outcome, batches, len(server.asked)) == (outcome, [], calls)


def test_an_entity_bomb_does_not_go_off(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(BOMB))
    started = time.process_time()
    batches, _ = run(feed_at(server.url, brisk))
    assert time.process_time() - started < 10
    assert sum(len(mention.text) for batch in batches for mention in batch.mentions) < 1_000_000


def test_one_bad_feed_does_not_touch_another(serve: Any, reply: Any, brisk: Manners) -> None:
    server = serve(lambda asked: reply(RSS) if asked.path == "/good" else reply(status=500))
    good, bad = (
        Feed(f"https://news.example.org/{name}", base_url=server.url, manners=brisk) for name in ("good", "bad")
    )
    assert run(bad)[1] is not None
    assert len(run(good)[0][0].mentions) == 4
    assert good.source != bad.source


@pytest.mark.parametrize(
    "address", ["", "news.example.org/rss", "file:///etc/passwd", "ftp://example.org/x", "http://[::1"]
)
def test_what_is_no_web_address_is_named(address: str) -> None:
    with pytest.raises(ValueError, match="TOCSIN_FEEDS_URLS"):
        Feed(address)


@settings(max_examples=150, deadline=None)
@given(st.text() | st.from_regex(r"(<[a-z/!?]{0,9}[ =\"'a-z]{0,9}>?|&[#a-z0-9]{0,6};?|x){0,30}"))
def test_no_markup_breaks_the_reader(value: str) -> None:
    assert isinstance(Markup.read({"type": "text/html", "value": value}).text, str)
    assert Markup.read({"type": "text/plain", "value": value}).text.split() == value.split()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(start=30, end=30, noise=b"\x00")
@example(start=30, end=30, noise=b"\x80")
@given(start=st.integers(0, len(RSS)), end=st.integers(0, len(RSS)), noise=st.binary(max_size=20))
def test_no_damage_to_a_feed_escapes_the_named_outcomes(
    start: int, end: int, noise: bytes, serve: Any, reply: Any, brisk: Manners
) -> None:
    server = serve(lambda asked: reply(RSS[: min(start, end)] + noise + RSS[max(start, end) :]))
    batches, error = run(feed_at(server.url, brisk))
    assert error is None or error.outcome == "unexpected_response"
    assert bool(batches) == (error is None)
    server.close()
