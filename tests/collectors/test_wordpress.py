"""WordPress through our client, against a server on the loopback that answers as wp/v2 does, and against recordings."""

import html
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.wordpress import WordPress, WordPressSettings
from collectors.wordpress_record import to_mention
from policies.policy import Policy
from tests.collectors.conformance import Conformance, native_ids, run
from tests.collectors.replay import found
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

NEWEST = datetime(2026, 10, 1, 9, 15, tzinfo=UTC)


def post(number: int, **others: Any) -> dict[str, Any]:
    """An invented post; of two neighbours each was published in the same second."""
    return {
        "id": number,
        "date_gmt": (NEWEST + timedelta(seconds=number // 2)).strftime("%Y-%m-%dT%H:%M:%S"),
        "link": f"https://blog.example.org/?p={number}",
        "title": {"rendered": "Dry taps &amp; Quillmere Water"},
        "content": {"rendered": '<p>See <a href="https://example.org/bill">the bill</a></p>'},
        "author": 4,
        **others,
    }


def comment(number: int, **others: Any) -> dict[str, Any]:
    return {
        "id": number,
        "post": 12,
        "parent": 0,
        "author": 0,
        "author_name": "Invented One",
        "date_gmt": "2026-10-01T10:00:00",
        "link": f"https://blog.example.org/?p=12#comment-{number}",
        "content": {"rendered": "<p>Quillmere Water again</p>"},
        **others,
    }


class TestWordPress(Conformance):
    """Seven posts, three to a page, and one comment."""

    numbers = tuple(range(7, 0, -1))
    posts = frozenset({*(f"b.example/posts/{number}" for number in range(1, 8)), "b.example/comments/1"})
    settled = False  # what shares the second of the mark is read again

    def collector(self, url: str, policy: Policy, manners: Manners) -> WordPress:
        return WordPress(url, [words_only(policy)], site="b.example", settle=timedelta(0), manners=manners)

    def answer(self, asked: Asked) -> Reply:
        before = asked.params.get("before", "9999")
        after = asked.params.get("after", "")
        rows = [post(number) for number in self.numbers]
        if asked.path == "/wp-json/wp/v2/comments":
            assert asked.params["search"] == "Quillmere Water"
            rows = [comment(1)]
        else:
            assert (asked.path, asked.params["search"]) == ("/wp-json/wp/v2/posts", '"Quillmere Water"')
        rows = [row for row in rows if after < row["date_gmt"] + "Z" < before]
        start = 3 * (int(asked.params["page"]) - 1)
        reply = Reply.of(rows[start : start + 3])
        reply.headers = {**reply.headers, "X-WP-TotalPages": str(-(-len(rows) // 3))}
        return reply


def test_a_post_becomes_a_mention() -> None:
    whole = post(
        12,
        _embedded={
            "author": [{"id": 4, "name": "Invented Two", "slug": "invented-two"}],
            "wp:featuredmedia": [{"source_url": "https://blog.example.org/tap.jpg", "alt_text": "a dry tap"}],
        },
    )
    mention = to_mention(whole, "blog.example.org")
    assert mention.id == "blog.example.org/posts/12"
    assert mention.text == "Dry taps & Quillmere Water\n\nSee the bill"
    assert mention.created_at == NEWEST + timedelta(seconds=6)
    assert (mention.kind, mention.url) == ("article", "https://blog.example.org/?p=12")
    assert (mention.author.id, mention.author.handle) == ("blog.example.org/users/4", "invented-two")
    assert mention.links == ("https://example.org/bill",)
    assert [(item.url, item.alt_text) for item in mention.media] == [("https://blog.example.org/tap.jpg", "a dry tap")]


def test_a_comment_names_what_it_answers_with_its_words() -> None:
    first = to_mention(comment(1, _embedded={"up": [{"id": 12, "title": {"rendered": "Dry taps"}}]}), "b.example")
    assert first.in_reply_to is not None
    assert (first.in_reply_to.id, first.in_reply_to.text) == ("b.example/posts/12", "Dry taps")
    assert (first.author.id, first.author.name) == (None, "Invented One")
    embedded = {"in-reply-to": [{"id": 1, "author_name": "Invented One", "content": {"rendered": "<p>Again</p>"}}]}
    second = to_mention(comment(2, parent=1, author=9, _embedded=embedded), "b.example")
    assert second.in_reply_to is not None
    assert second.in_reply_to.author is not None
    assert (second.in_reply_to.id, second.in_reply_to.text) == ("b.example/comments/1", "Again")
    assert (second.in_reply_to.author.name, second.author.id) == ("Invented One", "b.example/users/9")
    assert second.conversation_id == first.conversation_id == "b.example/posts/12"


def test_a_parent_that_may_not_be_seen_is_named_by_its_id_alone() -> None:
    refusal = {"in-reply-to": [{"code": "rest_cannot_read", "message": "no", "data": {"status": 401}}]}
    mention = to_mention(comment(2, parent=1, _embedded=refusal), "b.example")
    assert mention.in_reply_to is not None
    assert (mention.in_reply_to.id, mention.in_reply_to.text) == ("b.example/comments/1", None)


def test_several_sites_are_several_sources_with_ids_of_their_own(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of([post(1)] if asked.path.endswith("posts") else []))
    settings = WordPressSettings(base_url=f"{server.url}/one, {server.url}/two,{server.url}/one")
    collectors = WordPress.from_settings(settings, [words_only(policy)], brisk)
    host = server.url.removeprefix("http://")
    assert [each.source for each in collectors] == [f"wordpress:{host}/one", f"wordpress:{host}/two"]
    assert [native_ids(run(each)[0]) for each in collectors] == [[f"{host}/one/posts/1"], [f"{host}/two/posts/1"]]


@pytest.mark.parametrize("home", [Reply(b"<html>Home</html>"), Reply(b"<html>Not found</html>", status=404)])
def test_a_site_with_plain_addresses_is_read(home: Reply, serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path != "/" or "rest_route" not in asked.params:
            return home
        if asked.params["rest_route"] == "/wp/v2/comments":
            return Reply.of([comment(1)])
        assert asked.params["rest_route"] == "/wp/v2/posts"
        return Reply.of([post(1)])

    server = serve(answer)
    batches, error = run(WordPress(server.url, [words_only(policy)], site="b.example", manners=brisk))
    assert error is None
    assert sorted(native_ids(batches)) == ["b.example/comments/1", "b.example/posts/1"]
    assert sum(asked.path != "/" for asked in server.asked) == 1


def test_a_refusal_in_the_sites_own_words_is_final(serve: Any, policy: Policy, brisk: Manners) -> None:
    closed = Reply.of({"code": "rest_no_route", "message": "No route", "data": {"status": 404}}, status=404)
    server = serve(lambda asked: closed)
    _, error = run(WordPress(server.url, [words_only(policy)], site="b.example", manners=brisk))
    assert error is not None
    assert "rest_no_route" in str(error)
    assert all(asked.path.startswith("/wp-json/") for asked in server.asked)


def test_a_site_of_wordpress_com_is_read_under_its_own_root(serve: Any, policy: Policy, brisk: Manners) -> None:
    server = serve(lambda asked: Reply.of([]))
    run(WordPress(f"{server.url}/wp/v2/sites/blog.example.org", [words_only(policy)], manners=brisk))
    assert {asked.path for asked in server.asked} == {
        "/wp/v2/sites/blog.example.org/posts",
        "/wp/v2/sites/blog.example.org/comments",
    }


def test_a_last_page_that_is_gone_ends_the_listing(serve: Any, policy: Policy, brisk: Manners) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.params["page"] == "2":
            return Reply(b'{"code": "rest_post_invalid_page_number"}', status=400)
        reply = Reply.of([post(1)] if asked.path.endswith("posts") else [])
        reply.headers = {**reply.headers, "X-WP-TotalPages": "2" if asked.path.endswith("posts") else "0"}
        return reply

    batches, error = run(WordPress(serve(answer).url, [words_only(policy)], manners=brisk))
    assert error is None
    assert len(native_ids(batches)) == 1
    assert not batches[-1].more


def test_what_is_missing_when_asked_for_again_is_gone(serve: Any, policy: Policy, brisk: Manners) -> None:
    edited, other = post(1, title={"rendered": "Edited"}), comment(9)

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("posts"):
            return Reply.of([edited])
        return Reply.of([] if "include" in asked.params else [other])  # some comment is shown, but not that one

    server = serve(answer)
    collector = WordPress(server.url, [words_only(policy)], site="b.example", manners=brisk)
    told = collector.recheck(["b.example/posts/1", "b.example/posts/2", "b.example/comments/1"])
    assert told.gone == ("b.example/posts/2", "b.example/comments/1")
    assert [mention.text.splitlines()[0] for mention in told.present] == ["Edited"]
    assert [asked.params.get("include") for asked in server.asked] == ["1,2", "1", None]


def test_a_site_that_shows_nothing_any_more_deletes_nothing(serve: Any, policy: Policy, brisk: Manners) -> None:
    collector = WordPress(serve(lambda _: Reply.of([])).url, [words_only(policy)], site="b.example", manners=brisk)
    assert collector.recheck(["b.example/posts/1", "b.example/comments/1"]).gone == ()


def test_broken_records_are_quarantined_and_the_rest_goes_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    rows = [post(3), "no post", {"id": 2}, post(1, date_gmt="soon"), post(0)]
    server = serve(lambda asked: Reply.of(rows if asked.path.endswith("posts") else []))
    collector = WordPress(server.url, [words_only(policy)], manners=brisk)
    batches, error = run(collector)
    assert error is None
    assert native_ids(batches) == [f"{collector.site}/posts/3", f"{collector.site}/posts/0"]
    refused = [item.where.removeprefix(collector.source) for batch in batches for item in batch.quarantined]
    assert refused == [" without id", " posts/2", " posts/1"]


def test_without_an_address_it_is_not_read(policy: Policy) -> None:
    with pytest.raises(ValueError, match="TOCSIN_WORDPRESS_BASE_URL"):
        WordPress.from_settings(WordPressSettings(), [policy], Manners())


def test_every_recorded_comment_of_a_site_is_found_once(
    recordings: Path, serve: Any, policy: Policy, brisk: Manners
) -> None:
    def is_comment(value: dict[str, Any]) -> bool:
        return {"id", "post", "date_gmt", "author_name"} <= value.keys()

    for name in ("comments-v2-view-context-success.json", "comments-v2-edit-context-success.json"):
        body = json.loads((recordings / "wordpress" / "wpcom-mocks" / name).read_bytes())
        rows = sorted(found(body, is_comment), key=lambda row: str(row["date_gmt"]), reverse=True)
        server = serve(lambda asked, rows=rows: Reply.of(rows if asked.path.endswith("comments") else []))
        collector = WordPress(server.url, [words_only(policy)], settle=timedelta(0), manners=brisk)
        batches, error = run(collector)
        assert error is None
        mentions = {mention.id: mention for batch in batches for mention in batch.mentions}
        assert len(native_ids(batches)) == len(mentions) == len(rows) == 2
        for row in rows:
            mention = mentions[f"{collector.site}/comments/{row['id']}"]
            assert mention.created_at == datetime.fromisoformat(row["date_gmt"]).replace(tzinfo=UTC)
            assert (mention.url, mention.author.name) == (row["link"], row["author_name"])
            assert mention.in_reply_to is not None
            assert mention.in_reply_to.id == f"{collector.site}/comments/{row['parent']}"
            assert mention.text == html.unescape(re.sub("<[^>]+>", "", row["content"]["rendered"])).strip()
