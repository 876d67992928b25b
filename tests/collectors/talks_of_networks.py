"""Invented conversations on social networks, as their APIs show them."""

from typing import Any

from collectors.bluesky import Bluesky
from collectors.conversation import Seed
from collectors.mastodon import Mastodon
from collectors.x import X
from collectors.youtube import YouTube
from tests.collectors import test_bluesky, test_facebook, test_instagram, test_mastodon, test_x, test_youtube
from tests.collectors.server import Asked, Reply
from tests.collectors.talk import Talk, saying
from tests.collectors.words import words_only


def mastodon(asked: Asked) -> Reply:
    native_id, _, rest = asked.path.removeprefix("/api/v1/statuses/").partition("/")
    status = test_mastodon.status
    first, own = status(1), status(3, in_reply_to_id="1", in_reply_to_account_id="7")
    other, below = status(2, in_reply_to_id="1"), status(4, in_reply_to_id="3")
    secret = status(5, in_reply_to_id="3", visibility="private")
    if not rest:
        return Reply.of({"3": own}[native_id])
    return Reply.of(
        {
            "3": {"ancestors": [first], "descendants": [below, secret]},
            "1": {"ancestors": [], "descendants": [other, own, below, secret]},
        }[native_id]
    )


def bluesky(asked: Asked) -> Reply:
    if asked.method == "POST":
        return Reply.of(test_bluesky.SESSION)
    assert asked.path.endswith("app.bsky.feed.getPostThread")

    def view(number: int, *replies: Any) -> dict[str, Any]:
        kind = "app.bsky.feed.defs#threadViewPost"
        return {"$type": kind, "post": test_bluesky.post(number), "replies": list(replies)}

    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": test_bluesky.uri(9), "blocked": True}
    tree = view(1, view(2, view(3)), blocked)
    # Ours is not in the tree that the index shows of the first post.
    lone = {**view(4), "parent": {**view(1), "replies": None}}
    return Reply.of({"thread": tree if asked.params["uri"] == test_bluesky.uri(1) else lone})


def x(asked: Asked) -> Reply:
    page = test_x.PAGE
    if asked.path == "/2/tweets":
        first = {"id": "1990000000000000001", "author_id": "50", "text": "Engineers are at work"}
        assert asked.params["ids"] == "1990000000000000001,1990000000000000004"
        return Reply.of({"data": [first, page["data"][0]], "includes": page["includes"]})
    assert (asked.path, asked.params["query"]) == (test_x.PATH, "conversation_id:1990000000000000001")
    reply = {**page["data"][0], "id": "1990000000000000005", "author_id": "52"}
    others = {"users": [{"id": "52", "username": "invented_two", "name": "Invented Two"}]}
    return Reply.of({"data": [reply, page["data"][0]], "includes": others, "meta": {"result_count": 2}})


def youtube(asked: Asked) -> Reply:
    video, comment = test_youtube.video_id(1), test_youtube.comment
    if asked.path.endswith("/videos"):
        snippet = test_youtube.result(1)["snippet"]
        return Reply.of({"items": [{"kind": "youtube#video", "id": video, "snippet": snippet}]})
    assert asked.path.endswith("/comments")
    if asked.params.get("id") == "Ugx-invented-1":
        return Reply.of({"items": [comment("Ugx-invented-1", textDisplay="What began it")]})
    assert asked.params["parentId"] == "Ugx-invented-1"
    if asked.params.get("pageToken"):
        return Reply.of({"items": [comment("Ugx-invented-1.b", parentId="Ugx-invented-1")]})
    return Reply.of({"items": [comment("Ugx-invented-1.a", parentId="Ugx-invented-1")], "nextPageToken": "two"})


def facebook(asked: Asked) -> Reply:
    last = asked.path.rpartition("/")[2]
    if last == "comments":
        assert asked.params["filter"] == "stream"
        reply = test_facebook.comment(3, parent={"id": "1_2", "message": "No water here"})
        return Reply.of({"data": [test_facebook.comment(2), reply]})
    assert last == "100_1"
    return Reply.of(test_facebook.post(1))


def instagram(asked: Asked) -> Reply:
    if test_instagram.edge(asked) == "comments":
        below = {"data": [test_instagram.comment(3)]}
        return Reply.of({"data": [test_instagram.comment(2, replies=below), test_instagram.comment(4)]})
    assert asked.path.endswith("/1")
    return Reply.of(test_instagram.media(1))


NOT_FOUND_POST = {"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": test_bluesky.uri(1), "notFound": True}}
NETWORKS: dict[str, Talk] = {
    "mastodon": Talk(
        lambda url, policy, manners: Mastodon(url, [test_mastodon.by_tag(policy)], manners=manners),
        Seed("1", ("3",)),
        mastodon,
        ("1", "2", "3", "4"),
        gone=saying(404, {"error": "Record not found"}),
    ),
    "bluesky": Talk(
        lambda url, policy, manners: Bluesky(
            "invented.example", "secret", [words_only(policy)], appview_url=url, manners=manners
        ),
        Seed(test_bluesky.uri(1), (test_bluesky.uri(4),)),
        bluesky,
        tuple(test_bluesky.uri(number) for number in (1, 2, 3, 4)),
        gone=saying(200, NOT_FOUND_POST),
    ),
    "x": Talk(
        lambda url, policy, manners: X("token", [policy], base_url=url, manners=manners),
        Seed("1990000000000000001", ("1990000000000000004",)),
        x,
        ("1990000000000000001", "1990000000000000004", "1990000000000000005"),
        outcome="partial",  # recent search does not reach so far back
        gone=saying(200, {"errors": [], "meta": {"result_count": 0}}),
    ),
    "youtube": Talk(
        lambda url, policy, manners: YouTube("key", [words_only(policy)], base_url=url, manners=manners),
        Seed(test_youtube.video_id(1), ("Ugx-invented-1.a",)),
        youtube,
        (test_youtube.video_id(1), "Ugx-invented-1", "Ugx-invented-1.a", "Ugx-invented-1.b"),
        gone=saying(200, {"items": []}),
    ),
    "facebook": Talk(
        test_facebook.facebook,
        Seed("100_1", ("1_3",)),
        facebook,
        ("100_1", "1_2", "1_3"),
        gone=lambda _asked: test_facebook.refusal(400, 100, error_subcode=33),
    ),
    "instagram": Talk(
        test_instagram.instagram,
        Seed("1", ("3",)),
        instagram,
        ("1", "2", "3", "4"),
        gone=lambda _asked: test_instagram.gone(),
    ),
}
