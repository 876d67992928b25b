"""Stored posts asked about again, by each platform's own means: what is gone, what was edited. All posts are invented.

Where answers were recorded, they are replayed through the real client, and counted from the raw bodies alone.
"""

from pathlib import Path
from typing import Any

import pytest

from collectors.collector import CollectError
from policies.policy import Policy
from tests.collectors.conformance import FAULTS
from tests.collectors.liveness import Make, flickr, hackernews, mastodon, reddit, texts, x, yammer
from tests.collectors.replay import exchanges
from tests.collectors.server import Answer, Asked, Reply
from tests.collectors.test_reddit import COMMENT, SUBMISSION, TOKEN, listing

ASKED: dict[str, tuple[Make, tuple[str, ...]]] = {
    "reddit": (reddit, ("t3_zz9", "t1_cc2")),
    "x": (x, ("1990000000000000004", "1990000000000000003")),
    "mastodon": (mastodon, ("115000000000000001", "115000000000000002")),
    "hackernews": (hackernews, ("40", "41")),
    "yammer": (yammer, ("700000001", "700000002")),
    "flickr": (flickr, ("40", "5-40-1")),
}


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
