"""Stored posts of X and Mastodon asked about again: what is gone, what was edited. All posts are invented.

Where answers were recorded, they are replayed through the real client, and counted from the raw bodies alone.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from collectors.manners import Manners
from collectors.x import X
from policies.policy import Policy
from tests.collectors.conformance import run
from tests.collectors.liveness import mastodon, texts, x
from tests.collectors.replay import exchanges
from tests.collectors.server import Answer, Asked, Reply
from tests.collectors.test_mastodon import status

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
    """Mastodon.py's cassettes of single posts, the missing one among them, and what only its account may see."""
    told_of = {"public": 0, "not public": 0, "gone": 0}
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
        public = exchange.status == 200 and exchange.json()["visibility"] in ("public", "unlisted")
        assert (told.gone == (native_id,)) is not public
        assert texts(told).keys() == ({native_id} if public else set())
        told_of["public" if public else "not public" if exchange.status == 200 else "gone"] += 1
    assert told_of["public"] >= 20
    assert told_of["not public"] > 0
    assert told_of["gone"] == 1
