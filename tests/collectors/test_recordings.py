"""Recorded answers of the real platforms, replayed to the real clients: each post is found once, and found right."""

import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.collector import Batch
from collectors.feeds import Feed
from collectors.manners import Manners
from collectors.reddit import Reddit
from collectors.reddit_client import App
from collectors.x import X
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import run

SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def x_pages(folder: Path) -> Iterator[dict[str, Any]]:
    """The v2 answers of tweepy's cassettes that hold a page of posts."""
    for path in sorted((folder / "x/tweepy").glob("test_client_*.yaml")):
        cassette = yaml.load(path.read_bytes(), Loader=SAFE)  # noqa: S506 - it is a safe loader
        for exchange in cassette["interactions"]:
            body = exchange["response"]["body"].get("string") or b""
            body = body.encode() if isinstance(body, str) else body
            body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            page = json.loads(body) if body[:1] == b"{" else {}
            if isinstance(page.get("data"), list) and page["data"] and "text" in page["data"][0]:
                yield page


def reddit_listings(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """The submissions and comments of each listing in praw's cassettes."""
    for path in sorted((folder / "reddit/praw").glob("*.json")):
        cassette = json.loads(path.read_bytes())
        for exchange in cassette.get("interactions") or cassette.get("http_interactions") or ():
            body = exchange["response"]["body"].get("string") or ""
            answer = json.loads(body) if body.startswith("{") and body.endswith("}") else {}
            if answer.get("kind") != "Listing":
                continue
            posts = [child for child in answer["data"]["children"] if child.get("kind") in ("t1", "t3")]
            if posts:
                yield posts


@pytest.fixture
def replay(serve: Any, reply: Any, policy: Policy, brisk: Manners) -> Any:
    """Replays one body as the whole of a listing, and gives what the platform's collector makes of it."""
    words = policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",)), "accounts": ()})
    bodies: list[Any] = []

    def answer(asked: Any) -> Any:
        if asked.path == "/api/v1/access_token":
            return reply.of({"access_token": "a", "token_type": "bearer", "expires_in": 3600, "scope": "*"})
        return reply(bodies[-1])

    url = serve(answer).url

    def play(platform: str, body: bytes) -> list[Batch]:
        bodies.append(body)
        if platform == "x":
            return list(X("token", [words], base_url=url, manners=brisk).collect(None))
        app = App("id", "secret", base_url=url, oauth_url=url)
        return list(Reddit(app, [words], settle=timedelta(0), manners=brisk).collect(None))

    return play


def test_every_recorded_post_of_x_is_found_once(recordings: Path, replay: Any) -> None:
    count = 0
    for page in x_pages(recordings):
        page["meta"] = {"result_count": len(page["data"])}
        mentions = [mention for batch in replay("x", json.dumps(page).encode()) for mention in batch.mentions]
        assert Counter(mention.id for mention in mentions) == Counter(post["id"] for post in page["data"])
        for mention, post in zip(mentions, page["data"], strict=True):
            count += 1
            assert mention.text == html.unescape(post["text"])
            assert mention.url == f"https://x.com/i/web/status/{post['id']}"
            # None of these answers was asked for a date; the id itself holds it.
            assert mention.created_at.timestamp() == pytest.approx(
                (int(post["id"]) / 2**22 + 1288834974657) / 1000, abs=1
            )
    assert count > 200


def test_every_recorded_post_of_reddit_is_found_once(recordings: Path, replay: Any) -> None:
    count = 0
    for posts in reddit_listings(recordings):
        body = json.dumps({"kind": "Listing", "data": {"children": posts, "after": None}}).encode()
        found = {item.id: item for batch in replay("reddit", body) for item in batch.mentions}
        expected = {post["data"]["name"]: post["data"] for post in posts}
        assert set(found) == set(expected)
        for name, data in expected.items():
            count += 1
            mention = found[name]
            author = None if data["author"] in (None, "[deleted]") else data["author"]
            assert (mention.author.handle, mention.created_at.timestamp()) == (author, data["created_utc"])
            if name.startswith("t1_"):
                assert mention.text == data["body"]
                assert mention.in_reply_to is not None
                assert mention.in_reply_to.id == data["parent_id"]
                assert data["id"] in (mention.url or "")
                continue
            assert mention.text.startswith(data["title"])
            assert data["selftext"] in mention.text
            assert all(option["text"] in mention.text for option in (data.get("poll_data") or {}).get("options") or ())
            assert mention.url == "https://www.reddit.com" + data["permalink"]
            media = {item.url for item in mention.media}
            assert data["is_self"] or data["url"] in {*mention.links, *media} or media
    assert count > 1000


ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def entries(body: bytes) -> int:
    """The entries of a feed, counted in the bytes."""
    if body[:1] == b"{":
        return len(json.loads(body)["items"])
    return len(ENTRY.findall(re.sub(rb"<!--.*?-->", b"", body, flags=re.DOTALL)))


def test_every_entry_of_every_recorded_feed_is_found_once(
    recordings: Path, serve: Any, reply: Any, brisk: Manners
) -> None:
    paths = sorted(path for path in (recordings / "feeds").rglob("*") if path.suffix in (".xml", ".json"))
    bodies = {f"/{number}{path.suffix}": path.read_bytes() for number, path in enumerate(paths)}
    server = serve(lambda asked: reply(bodies[asked.path]))
    found = 0
    for (name, body), path in zip(bodies.items(), paths, strict=True):
        batches, error = run(Feed(f"https://feeds.example.org{name}", base_url=server.url, manners=brisk))
        mentions = [mention for batch in batches for mention in batch.mentions]
        refused = [item for batch in batches for item in batch.quarantined]
        assert len(mentions) + len(refused) == entries(body), path.name
        # What these files leave out, to test one element alone, is named; nothing else is refused.
        assert all("neither title nor text" in item.reason for item in refused), (path.name, refused)
        # What is no feed at all says so.
        assert error is None or error.outcome == "unexpected_response", (path.name, error)
        found += len(mentions)
    assert found > 500
