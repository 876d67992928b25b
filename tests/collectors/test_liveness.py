"""Stored posts asked about again, by each platform's own means: what is gone, what was edited. All posts are invented.

Where answers were recorded, they are replayed through the real client, and counted from the raw bodies alone.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from collectors.collector import CollectError
from collectors.flickr import Flickr
from collectors.hackernews import HackerNews
from collectors.manners import Manners
from collectors.mastodon import Mastodon
from collectors.recheck import Rechecked, Rechecking
from collectors.reddit import App, Reddit
from collectors.x import X
from collectors.yammer import Yammer
from policies.policy import Policy, Vocabulary
from tests.collectors.conformance import FAULTS, run
from tests.collectors.replay import exchanges
from tests.collectors.server import Answer, Asked, Reply, Server
from tests.collectors.test_mastodon import by_tag, status
from tests.collectors.test_reddit import COMMENT, SUBMISSION, TOKEN, listing

Make = Callable[[str, Policy, Manners], Rechecking]


def reddit(url: str, policy: Policy, manners: Manners) -> Reddit:
    return Reddit(App("an-id", "a-secret", base_url=url, oauth_url=f"{url}/oauth"), [policy], manners=manners)


def x(url: str, policy: Policy, manners: Manners) -> X:
    return X("token", [policy], base_url=url, manners=manners)


def mastodon(url: str, policy: Policy, manners: Manners) -> Mastodon:
    return Mastodon(url, [by_tag(policy)], manners=manners)


def hackernews(url: str, policy: Policy, manners: Manners) -> HackerNews:
    words = policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",)), "accounts": ()})
    return HackerNews("http://search.invalid.test", [words], items_url=url, manners=manners)


def yammer(url: str, policy: Policy, manners: Manners) -> Yammer:
    return Yammer("token", [policy], base_url=url, pause_s=0.0, manners=manners)


def flickr(url: str, policy: Policy, manners: Manners) -> Flickr:
    return Flickr("key", [policy], base_url=url, manners=manners)


ASKED: dict[str, tuple[Make, tuple[str, ...]]] = {
    "reddit": (reddit, ("t3_zz9", "t1_cc2")),
    "x": (x, ("1990000000000000004", "1990000000000000003")),
    "mastodon": (mastodon, ("115000000000000001", "115000000000000002")),
    "hackernews": (hackernews, ("40", "41")),
    "yammer": (yammer, ("700000001", "700000002")),
    "flickr": (flickr, ("40", "5-40-1")),
}


def texts(told: Rechecked) -> dict[str, str]:
    return {mention.id: mention.text for mention in told.present}


@pytest.fixture
def ask(serve: Callable[[Answer], Server], policy: Policy, brisk: Manners) -> Any:
    """Rechecks a platform's posts at a server that answers so; gives what was told, and the calls."""

    def ask(make: Make, answer: Answer, ids: Any) -> tuple[Rechecked, list[Asked]]:
        server = serve(answer)
        told = make(server.url, policy, brisk).recheck(ids)
        assert told.requests >= len(server.asked)
        assert not set(told.gone) & texts(told).keys()
        return told, server.asked

    return ask


@pytest.mark.parametrize("platform", ASKED)
@pytest.mark.parametrize("name", [*FAULTS, "404 as HTML"])
def test_a_fault_is_raised_and_nothing_is_called_gone(
    platform: str, name: str, serve: Any, policy: Policy, request: Any
) -> None:
    no_such_page = {"status": 404, "body": b"<html>no such page</html>", "headers": {"Content-Type": "text/html"}}
    if (platform, name) == ("mastodon", "404"):
        pytest.skip("that is how this platform says that a post is gone")
    fault = FAULTS[name].reply if name in FAULTS else no_such_page
    manners = request.getfixturevalue("hasty" if name == "stall" else "brisk")
    make, ids = ASKED[platform]

    def answer(asked: Asked) -> Reply:
        return Reply.of(TOKEN) if asked.path == "/api/v1/access_token" else Reply(**fault)

    server = serve(answer)
    with pytest.raises(CollectError) as caught:
        make(server.url, policy, manners).recheck(ids)
    assert caught.value.requests >= 1
    assert len(server.asked) < 10


def redditing(*children: Any) -> Answer:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v1/access_token":
            return Reply.of(TOKEN)
        assert asked.path.rstrip("/") == "/oauth/api/info"
        wanted = asked.params["id"].split(",")
        assert len(wanted) <= 100
        return Reply.of(listing(*(child for child in children if child["data"]["name"] in wanted)))

    return answer


def submission(name: str, **others: Any) -> dict[str, Any]:
    return {"kind": "t3", "data": {**SUBMISSION["data"], "name": name, **others}}


def comment(name: str, **others: Any) -> dict[str, Any]:
    return {"kind": "t1", "data": {**COMMENT["data"], "name": name, **others}}


def test_reddit_tells_the_deleted_and_the_removed_from_the_others(ask: Any) -> None:
    gone = [
        submission("t3_a1", author="[deleted]", selftext="[deleted]"),
        submission("t3_a2", selftext="[removed]"),
        submission("t3_a3", selftext="", removed_by_category="moderator"),
        submission("t3_a4", selftext="still there for its author", removed_by_category="automod_filtered"),
        submission("t3_a5", title="[deleted by user]", selftext=""),
        submission("t3_a6", selftext="[ Removed by Reddit on account of violating the content policy. ]"),
        comment("t1_b1", author="[deleted]", body="[deleted]"),
        comment("t1_b2", author="[deleted]", body="[removed]"),
        comment("t1_b3", body="[ Removed by Reddit ]"),
    ]
    there = [
        submission("t3_c1", selftext="Quillmere Water mended it"),
        submission("t3_c2", removed_by_category=None),
        submission("t3_c3", author="[deleted]", author_fullname=None),
        comment("t1_d1", body="[deleted] is what mine said last week"),
        comment("t1_d2", body="[removed] [deleted]"),
    ]
    names = [child["data"]["name"] for child in (*gone, *there)]
    told, _ = ask(reddit, redditing(*gone, *there), [*names, "t1_never", "t5_sub", "nonsense, t3_c1"])
    assert told.gone == (*(child["data"]["name"] for child in gone), "t1_never")
    assert set(texts(told)) == {child["data"]["name"] for child in there}
    assert texts(told)["t3_c1"] == "Quillmere Water again\n\nQuillmere Water mended it"
    assert {mention.id for mention in told.present if mention.author.handle is None} == {"t3_c3"}


def test_reddit_is_asked_about_a_hundred_at_once(ask: Any) -> None:
    there = [comment(f"t1_{number}") for number in range(250)]
    told, asked = ask(reddit, redditing(*there), [f"t1_{number}" for number in range(250)])
    assert (told.gone, len(told.present), len(asked)) == ((), 250, 4)


def test_reddit_recorded(recordings: Path, ask: Any) -> None:
    """Every recorded answer of /api/info: each id that it was asked for is gone or there, as the body has it."""
    counted = {"gone": 0, "there": 0, "missing": 0}
    for exchange in exchanges(recordings / "reddit"):
        wanted = Asked("GET", "", {}, {}, target=exchange.uri)
        if "api/info" not in exchange.uri or "id=" not in wanted.target or exchange.json() is None:
            continue
        named = exchange.uri.partition("id=")[2].partition("&")[0].replace("%2C", ",").split(",")
        ids = [name for name in named if name[:3] in ("t1_", "t3_")]
        if not ids:
            continue
        body = exchange.body

        def answer(asked: Asked, body: bytes = body) -> Reply:
            return Reply.of(TOKEN) if asked.path == "/api/v1/access_token" else Reply(body)

        told, _ = ask(reddit, answer, ids)
        children = {child["data"]["name"]: child["data"] for child in exchange.json()["data"]["children"]}
        for name in ids:
            if name not in children:
                counted["missing"] += 1
                assert name in told.gone
            elif (children[name].get("body") or children[name].get("selftext")) in ("[deleted]", "[removed]"):
                counted["gone"] += 1
                assert name in told.gone
            else:
                counted["there"] += 1
                said = children[name].get("body") or children[name]["title"]
                assert texts(told)[name].startswith(said)
    assert counted["gone"] >= 2
    assert counted["missing"] >= 1
    assert counted["there"] >= 100


PROBLEM = "https://api.twitter.com/2/problems/"


def problem(post_id: str, kind: str, parameter: str = "ids", resource: str = "tweet") -> dict[str, Any]:
    return {
        "type": PROBLEM + kind,
        "title": "invented",
        "resource_id": post_id,
        "value": post_id,
        "parameter": parameter,
        "resource_type": resource,
    }


def test_x_tells_the_gone_the_protected_and_the_edited(ask: Any) -> None:
    post = {"id": "7", "text": "Quillmere Water", "author_id": "51", "created_at": "2026-10-01T09:15:00.000Z"}
    answer = {
        "data": [
            {**post, "id": "1", "edit_history_tweet_ids": ["1"]},
            {**post, "id": "22", "text": "Quillmere Water, at last", "edit_history_tweet_ids": ["2", "22"]},
        ],
        "includes": {"users": [{"id": "51", "username": "invented_one"}]},
        "errors": [
            problem("3", "resource-not-found"),
            problem("4", "not-authorized-for-resource"),
            problem("5", "resource-unavailable"),
            problem("6", "disallowed-resource"),
            problem("1", "resource-not-found", parameter="referenced_tweets.id"),
            problem("6", "resource-not-found", resource="user"),
            {"title": "Not Found Error", "detail": "7 of something", "type": PROBLEM + "resource-not-found"},
        ],
    }
    told, (asked,) = ask(x, lambda _: Reply.of(answer), [str(number) for number in range(1, 8)])
    assert asked.path == "/2/tweets"
    assert asked.params["ids"] == "1,2,3,4,5,6,7"
    assert told.gone == ("3", "4")
    assert texts(told) == {"1": "Quillmere Water", "2": "Quillmere Water, at last"}
    assert [mention.author.handle for mention in told.present] == ["invented_one"] * 2


def test_x_with_nothing_left_calls_nothing_else_gone(ask: Any) -> None:
    told, _ = ask(x, lambda _: Reply.of({"errors": [problem("3", "resource-not-found")]}), ["3", "4"])
    assert (told.gone, told.present) == (("3",), ())


def test_x_recorded(recordings: Path, ask: Any) -> None:
    """tweepy's cassettes of post lookup."""
    pages = [e for e in exchanges(recordings / "x/tweepy") if e.status == 200 and "/2/tweets?ids=" in e.uri]
    assert pages
    for page in pages:
        ids = page.uri.partition("ids=")[2].partition("&")[0].replace("%2C", ",").split(",")
        body = page.body
        told, _ = ask(x, lambda _, body=body: Reply(body), ids)
        assert told.gone == ()
        assert texts(told).keys() == {post["id"] for post in page.json()["data"]} == set(ids)


def archived(url: str, policy: Policy, manners: Manners) -> X:
    return X("token", [policy], base_url=url, archive_since=date(2026, 1, 31), manners=manners)


def test_x_searches_the_full_archive_from_a_day_on(serve: Any, policy: Policy, brisk: Manners) -> None:
    post = {"id": "1990000000000000004", "text": "Quillmere Water", "created_at": "2026-10-01T09:15:00.000Z"}
    server = serve(lambda asked: Reply.of({"data": [post], "meta": {"result_count": 1}}))
    waits: list[float] = []
    manners = Manners(requests=40, sleep=waits.append)
    first, error = run(archived(server.url, policy, manners))
    assert error is None
    asked = server.asked[-1]
    assert (asked.path, asked.params["start_time"]) == ("/2/tweets/search/all", "2026-01-31T00:00:00Z")
    run(archived(server.url, policy, manners), first[-1].checkpoint)
    asked = server.asked[-1]
    assert ("start_time" in asked.params, asked.params["since_id"]) == (False, post["id"])
    assert waits == [1.0, 1.0]
    week, _ = run(X("token", [policy], base_url=server.url, manners=brisk))
    run(archived(server.url, policy, manners), week[-1].checkpoint)
    assert "since_id" not in server.asked[-1].params, "what was read of seven days says nothing of before"


def mastodoning(shown: dict[str, Any], *, knows_many: bool = True, missing: int = 404) -> Answer:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/api/v1/statuses":
            if not knows_many:
                return Reply.of({"error": "Not Found"}, status=404)
            wanted = [part.partition("=")[2] for part in asked.target.partition("?")[2].split("&")]
            assert len(wanted) <= 20
            return Reply.of([shown[number] for number in wanted if number in shown])
        native_id = asked.path.rpartition("/")[2]
        if native_id in shown:
            return Reply.of(shown[native_id])
        return Reply.of({"error": "Record not found"}, status=missing)

    return answer


@pytest.mark.parametrize("knows_many", [True, False])
@pytest.mark.parametrize("missing", [404, 410])
def test_mastodon_tells_what_answers_404_or_410(ask: Any, knows_many: bool, missing: int) -> None:
    shown = {str(number): status(number) for number in range(1, 25)}
    shown["9"] = status(9, content="<p>Quillmere Water mended it</p>")
    ids = [str(number) for number in range(1, 29)]
    told, asked = ask(mastodon, mastodoning(shown, knows_many=knows_many, missing=missing), [*ids, "../admin"])
    assert told.gone == ("25", "26", "27", "28")
    assert texts(told).keys() == shown.keys()
    assert texts(told)["9"] == "Quillmere Water mended it"
    assert len(asked) == (6 if knows_many else 30)


def test_mastodon_recorded(recordings: Path, ask: Any) -> None:
    """Mastodon.py's cassettes of single posts, the missing one among them."""
    told_of = {"there": 0, "gone": 0}
    for exchange in exchanges(recordings / "mastodon"):
        path = exchange.uri.partition("?")[0]
        native_id = path.rpartition("/api/v1/statuses/")[2]
        if exchange.method != "GET" or not native_id.isdigit() or exchange.status not in (200, 404):
            continue
        body, code = exchange.body, exchange.status

        def answer(asked: Asked, body: bytes = body, code: int = code) -> Reply:
            many = asked.path == "/api/v1/statuses"
            return Reply.of([]) if many else Reply(body, code, {"Content-Type": "application/json"})

        told, _ = ask(mastodon, answer, [native_id])
        assert (told.gone == (native_id,)) is (exchange.status == 404)
        assert texts(told).keys() == ({native_id} if exchange.status == 200 else set())
        told_of["there" if exchange.status == 200 else "gone"] += 1
    assert told_of["there"] > 20
    assert told_of["gone"] == 1


def test_hackernews_tells_the_deleted_and_the_dead(ask: Any) -> None:
    comment = {"by": "invented_one", "id": 41, "parent": 40, "time": 1_790_000_041, "type": "comment"}
    story = {"by": "invented_two", "id": 40, "time": 1_790_000_000, "type": "story", "title": "Burst main"}
    items: dict[str, Any] = {
        "40": {**story, "url": "https://example.org/main", "score": 12, "descendants": 3},
        "41": {**comment, "text": "Quillmere Water &amp; co."},
        "42": {**comment, "id": 42, "deleted": True},
        "43": {**comment, "id": 43, "text": "Quillmere Water", "dead": True},
        "44": {**comment, "id": 44, "text": None},
        "45": None,
    }
    told, asked = ask(hackernews, lambda a: Reply.of(items[a.path.split("/")[-1].removesuffix(".json")]), [*items, "x"])
    assert asked[0].path == "/v0/item/40.json"
    assert told.gone == ("42", "43", "44")
    assert texts(told) == {"40": "Burst main", "41": "Quillmere Water & co."}
    story_told, comment_told = told.present
    assert (story_told.conversation_id, comment_told.conversation_id) == ("40", None), "known before, not unsaid"
    assert comment_told.in_reply_to is not None
    assert comment_told.in_reply_to.id == "40"
    assert (story_told.links, story_told.metrics.replies) == (("https://example.org/main",), 3)
    assert comment_told.raw == items["41"]
