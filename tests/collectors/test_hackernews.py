"""Hacker News through our client, against a server on the loopback that answers as its search does. Invented posts."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from collectors.hackernews import HackerNews
from collectors.hackernews_item import to_mention
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import Conformance, run
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

COMMENT: dict[str, Any] = {
    "objectID": "41",
    "author": "invented_one",
    "comment_text": 'Quillmere Water &amp; co.<p>See <a href="https:&#x2F;&#x2F;example.org/bill">this</a>',
    "created_at_i": 1_790_000_041,
    "parent_id": 40,
    "story_id": 40,
    "story_title": "Burst main",
}


class TestHackerNews(Conformance):
    """Nine stories, of which some share their second; three to a page."""

    times = {str(number): 1_790_000_000 + number // 2 for number in range(9, 0, -1)}  # noqa: RUF012
    posts = frozenset(times)
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> HackerNews:
        return HackerNews(url, [words_only(policy)], settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        assert asked.path == "/api/v1/search_by_date"
        assert asked.params["query"] == '"Quillmere Water"'
        bounds = [bound for bound in asked.params.get("numericFilters", "").split(",") if bound]
        until = min((int(b.partition("<=")[2]) for b in bounds if "<=" in b), default=2**40)
        since = max((int(b.partition(">=")[2]) for b in bounds if ">=" in b), default=0)
        left = [post for post, moment in self.times.items() if since <= moment <= until]
        hits = [
            {"objectID": post, "title": "Quillmere Water", "author": "invented_one", "created_at_i": self.times[post]}
            for post in left[:3]
        ]
        return Reply.of({"hits": hits, "nbPages": -(-len(left) // 3), "page": 0})

    def loop(self, asked: Asked) -> Reply:
        return Reply.of({"hits": [], "nbPages": 2, "page": 0}) if asked.path == "/never" else self._same()

    @staticmethod
    def _same() -> Reply:
        hit = {"objectID": "5", "title": "Quillmere Water", "author": "invented_one", "created_at_i": 1_790_000_005}
        return Reply.of({"hits": [hit], "nbPages": 2, "page": 0})

    def test_a_cursor_that_goes_in_circles_ends_by_name(self, read: Any) -> None:
        _, error, asked = read(self.loop)
        assert error is not None
        assert (error.outcome, len(asked)) == ("unexpected_response", 2)


def test_a_comment_becomes_a_mention() -> None:
    mention = to_mention(COMMENT)
    assert mention.text == "Quillmere Water & co.\nSee this"
    assert mention.links == ("https://example.org/bill",)
    assert (mention.kind, mention.conversation_id) == ("comment", "40")
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == ("40", "Burst main")
    assert mention.url == "https://news.ycombinator.com/item?id=41"


def test_a_story_has_its_title_its_text_and_its_link() -> None:
    story = {
        "objectID": "40",
        "title": "Burst main",
        "url": "https://example.org/main",
        "story_text": "<p>Quillmere Water",
        "author": "invented_one",
        "created_at_i": 1_790_000_000,
        "points": 12,
        "num_comments": 3,
    }
    mention = to_mention(story)
    assert (mention.text, mention.links) == ("Burst main\n\nQuillmere Water", ("https://example.org/main",))
    assert (mention.metrics.likes, mention.metrics.replies, mention.kind) == (12, 3, "post")


def test_a_broken_hit_is_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    hits = [COMMENT, {"objectID": "39"}, "no hit", {**COMMENT, "objectID": "38", "created_at_i": "soon"}]
    server = serve(lambda asked: Reply.of({"hits": [*hits, {**COMMENT, "objectID": "37"}], "nbPages": 1}))
    (batch,), error = run(HackerNews(server.url, [words_only(policy)], manners=brisk))
    assert error is None
    assert [mention.id for mention in batch.mentions] == ["41", "37"]
    assert [item.where for item in batch.quarantined] == ["hackernews 39", "hackernews without id", "hackernews 38"]


def test_without_an_address_it_is_not_read(policy: Policy) -> None:
    from collectors.hackernews import HackerNewsSettings

    with pytest.raises(ValueError, match="TOCSIN_HACKERNEWS_BASE_URL"):
        HackerNews.from_settings(HackerNewsSettings(), [policy], Manners())


def test_every_recorded_story_is_found_once(recordings: Path, serve: Any, policy: Policy, brisk: Manners) -> None:
    """They were written down from the site's own pages, and are served here as the search answers with them."""
    found = 0
    for path in sorted((recordings / "hackernews/history").glob("*.json")):
        stories = {story["id"]: story for story in json.loads(path.read_bytes())}
        hits = [
            {
                "objectID": native_id,
                "author": story["submitter"],
                "created_at_i": int(datetime.fromisoformat(story["dt"]).replace(tzinfo=UTC).timestamp()),
                "num_comments": story["numComments"],
                **{name: story.get(name) for name in ("title", "url", "points")},
            }
            for native_id, story in sorted(stories.items(), key=lambda each: each[1]["dt"], reverse=True)
        ]
        server = serve(lambda asked, hits=hits: Reply.of({"hits": hits, "nbPages": 1, "page": 0}))
        batches, error = run(HackerNews(server.url, [words_only(policy)], manners=brisk))
        mentions = [mention for batch in batches for mention in batch.mentions]
        assert error is None
        assert sorted(mention.id for mention in mentions) == sorted(stories), path.name
        for mention in mentions:
            story = stories[mention.id]
            assert (mention.text, mention.author.handle) == (story["title"], story["submitter"])
            assert mention.created_at.isoformat() == story["dt"] + "+00:00"
            assert (mention.url, mention.links) == (story["commentsUrl"], (story["url"],))
            assert (mention.metrics.likes, mention.metrics.replies) == (story.get("points"), story["numComments"])
        found += len(mentions)
    assert found > 500


def test_every_item_of_the_official_documents_is_shown(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    written = (recordings / "hackernews/api-docs/README.md").read_text()
    blocks = [json.loads(block) for block in re.findall(r"```javascript\n(\{.*?\})\n```", written, re.DOTALL)]
    items = {str(block["id"]): block for block in blocks if "type" in block}
    server = serve(lambda asked: Reply.of(items[asked.path.removeprefix("/v0/item/").removesuffix(".json")]))
    source = HackerNews(server.url, [words_only(policy)], items_url=server.url, manners=brisk)
    told = source.recheck([*items])
    assert (told.gone, len(server.asked)) == ((), len(items))
    shown = {mention.id: mention for mention in told.present}
    assert set(shown) == set(items)
    assert {item["type"] for item in items.values()} == {"story", "comment", "job", "poll", "pollopt"}
    for native_id, item in items.items():
        mention = shown[native_id]
        assert (mention.author.handle, mention.created_at.timestamp()) == (item["by"], item["time"])
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", item.get("text") or item["title"])).split())
        assert words.split()[:5] == mention.text.split()[:5] or words.split()[0] in mention.text
