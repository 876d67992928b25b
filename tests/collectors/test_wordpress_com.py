"""WordPress.com's Reader through our client, against a server on the loopback, and against recorded answers."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from collectors.collector import AccessDenied
from collectors.manners import Manners
from collectors.wordpress_com import WordPressCom, WordPressComSettings
from collectors.wordpress_record import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = datetime(2026, 10, 1, 9, 15, tzinfo=UTC)


def post(number: int, **others: Any) -> dict[str, Any]:
    """An invented post; some share their second."""
    return {
        "ID": number,
        "site_ID": 5,
        "date": (NEWEST + timedelta(seconds=number // 2)).isoformat(),
        "URL": f"https://blog.example.org/{number}/",
        "title": "Dry taps &amp; Quillmere Water",
        "content": '<p>See <a href="https://example.org/bill">the bill</a></p>',
        "author": {"ID": 7, "login": "inventedone", "name": "Invented One"},
        "like_count": 3,
        "discussion": {"comment_count": 2},
        **others,
    }


class TestWordPressCom(Conformance):
    """Seven posts under one tag, three to a page."""

    posts = frozenset(f"blog.example.org/posts/{number}" for number in range(1, 8))
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> WordPressCom:
        return WordPressCom(url, [words_only(policy)], settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        assert asked.path == "/rest/v1.1/read/tags/quillmere-water/posts"
        before = asked.params.get("before", "9999")
        rows = [row for row in map(post, range(7, 0, -1)) if row["date"] < before]
        return Reply.of({"number": 3, "posts": rows[:3]})


def test_a_post_becomes_a_mention() -> None:
    mention = to_mention(post(12, featured_image="https://blog.example.org/tap.jpg"))
    assert (mention.id, mention.kind, mention.url) == (
        "blog.example.org/posts/12",
        "article",
        "https://blog.example.org/12/",
    )
    assert mention.text == "Dry taps & Quillmere Water\n\nSee the bill"
    assert (mention.author.id, mention.author.handle, mention.author.name) == ("7", "inventedone", "Invented One")
    assert mention.links == ("https://example.org/bill",)
    assert [item.url for item in mention.media] == ["https://blog.example.org/tap.jpg"]
    assert (mention.metrics.likes, mention.metrics.replies) == (3, 2)


def test_the_order_is_that_of_the_tag(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [post(n, tagged_on=(NEWEST + timedelta(days=1, hours=-at)).isoformat()) for at, n in enumerate((3, 9, 1, 7))]

    def answer(asked: Asked) -> Reply:
        before = asked.params.get("before", "9999")
        return Reply.of({"posts": [row for row in rows if row["tagged_on"] < before][:2]})

    batches, error = run(WordPressCom(serve(answer).url, [words_only(policy)], settle=timedelta(0), manners=brisk))
    assert error is None
    assert native_ids(batches) == [f"blog.example.org/posts/{number}" for number in (3, 9, 1, 7)]


def test_what_is_withdrawn_is_gone_and_what_was_closed_is_not_known(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/rest/v1.1/read/tags/"):
            return Reply.of({"posts": []})
        number = int(asked.path.rpartition("/")[2])
        assert asked.path == f"/rest/v1.1/sites/blog.example.org/posts/{number}"
        refusals = {1: (404, "unknown_post"), 2: (403, "unauthorized")}
        if number in refusals:
            return Reply.of({"error": refusals[number][1]}, status=refusals[number][0])
        return Reply.of(post(number))

    collector = WordPressCom(serve(answer).url, [policy], manners=brisk)
    told = collector.recheck([f"blog.example.org/posts/{number}" for number in (1, 2, 3)])
    assert told.gone == ("blog.example.org/posts/1",)
    assert [mention.mention_id for mention in told.present] == ["wordpresscom:blog.example.org/posts/3"]


def test_where_the_tags_are_refused_too_that_is_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of({"error": "unauthorized"}, status=403))
    with pytest.raises(AccessDenied, match="TOCSIN_WORDPRESSCOM_BASE_URL") as refusal:
        WordPressCom(server.url, [policy], manners=brisk).recheck([f"blog.example.org/posts/{n}" for n in range(50)])
    assert refusal.value.requests == len(server.asked) == 2


def test_broken_posts_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [post(3), "no post", {"ID": 2}, post(1, date="soon"), post(4)]
    server = serve(lambda asked: Reply.of({"posts": [] if "before" in asked.params else rows}))
    batches, error = run(WordPressCom(server.url, [words_only(policy)], manners=brisk))
    assert error is None
    assert set(native_ids(batches)) == {"blog.example.org/posts/3", "blog.example.org/posts/4"}
    refused = [item.where for batch in batches for item in batch.quarantined]
    assert refused == ["wordpresscom without id", "wordpresscom posts/2", "wordpresscom posts/1"]


def test_without_an_address_it_is_not_read(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_WORDPRESSCOM_BASE_URL"):
        WordPressCom.from_settings(WordPressComSettings(), [policy], Manners())


def test_every_recorded_post_of_the_reader_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    folder, needs = recordings / "wordpress" / "wpcom-mocks", {"ID", "site_ID", "URL", "date", "title", "content"}
    bodies = [
        json.loads((folder / name).read_bytes())
        for name in ("reader-posts-success.json", "reader-post-related-posts-success.json")
    ]
    posts = {each["URL"]: each for body in bodies for each in found(body, lambda value: needs <= value.keys())}
    newest = sorted(posts.values(), key=_moment, reverse=True)

    def answer(asked: Asked) -> Reply:
        before = datetime.fromisoformat(asked.params.get("before", "2099-01-01T00:00:00+00:00"))
        return Reply.of({"posts": [each for each in newest if _moment(each) < before][:5]})

    batches, error = run(WordPressCom(serve(answer).url, [words_only(policy)], settle=timedelta(0), manners=brisk))
    assert error is None
    mentions = {mention.url: mention for batch in batches for mention in batch.mentions}
    assert len(native_ids(batches)) == len(mentions) == len(posts) >= 12
    for url, each in posts.items():
        mention = mentions[url]
        assert mention.id == f"{urlsplit(url).netloc}/posts/{each['ID']}"
        assert mention.created_at == datetime.fromisoformat(each["date"])
        assert (mention.author.id, mention.author.name) == (str(each["author"]["ID"]), each["author"]["name"])
        words = html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "", each["content"], flags=re.S)).split()
        assert "".join(words) in "".join(mention.text.split())
        assert mention.text.startswith(" ".join(html.unescape(each["title"]).split()))


def test_every_recorded_comment_of_its_sites_is_read(recordings: Path) -> None:
    folder, needs = recordings / "wordpress" / "wpcom-mocks", {"ID", "post", "author", "content", "date"}
    for name in ("site-comments-success.json", "site-comment-success.json"):
        (comment,) = found(json.loads((folder / name).read_bytes()), lambda value: needs <= value.keys())
        mention = to_mention(comment, "blog.example.org")
        assert (mention.id, mention.kind) == (f"blog.example.org/comments/{comment['ID']}", "comment")
        assert mention.created_at == datetime.fromisoformat(comment["date"])
        assert (mention.text, mention.author.name) == (comment["content"], comment["author"]["name"])
        assert mention.in_reply_to is not None
        assert mention.in_reply_to.id == f"blog.example.org/posts/{comment['post']['ID']}"


def _moment(each: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(each.get("tagged_on") or each["date"])
