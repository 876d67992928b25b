"""An invented conversation on each platform, as its API shows it, for the tests of what is fetched around a post."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from collectors.bluesky import Bluesky
from collectors.conversation import Conversing, Seed
from collectors.discord import Discord
from collectors.discourse import Discourse
from collectors.hackernews import HackerNews
from collectors.lemmy import Lemmy
from collectors.manners import Manners
from collectors.mastodon import Mastodon
from collectors.matrix import Matrix
from collectors.reddit import App, Reddit
from collectors.stackexchange import StackExchange
from collectors.wordpress import WordPress
from collectors.x import X
from collectors.yammer import Yammer
from collectors.youtube import YouTube
from policies.policy import Policy
from tests.collectors import (
    test_bluesky,
    test_discord,
    test_discourse,
    test_facebook,
    test_instagram,
    test_lemmy,
    test_mastodon,
    test_matrix,
    test_reddit,
    test_stackexchange,
    test_wordpress,
    test_x,
    test_yammer,
    test_youtube,
)
from tests.collectors.server import Asked, Reply
from tests.collectors.words import words_only

Make = Callable[[str, Policy, Manners], Conversing]


@dataclass(frozen=True)
class Talk:
    """A platform's conversation: how it is asked for, how its server answers, and which posts must be found."""

    make: Make
    seed: Seed
    answer: Callable[[Asked], Reply]
    posts: tuple[str, ...]
    outcome: str = "completed"
    gone: Callable[[Asked], Reply] | None = None  # how the platform says that the conversation is no more


def hackernews(asked: Asked) -> Reply:
    def item(number: int, kind: str, *children: Any, **others: Any) -> dict[str, Any]:
        own = {"id": number, "type": kind, "author": "invented_one", "created_at_i": 1_790_000_000 + number}
        return {**own, "text": "<p>said", "children": list(children), "story_id": 40, **others}

    deleted = item(44, "comment", item(45, "comment", parent_id=44), author=None, text=None, parent_id=40)
    reply = item(42, "comment", item(43, "comment", parent_id=42), parent_id=41)
    story = item(40, "story", item(41, "comment", reply, parent_id=40), deleted, title="Burst main", text=None)
    return Reply.of({"/api/v1/items/40": story, "/api/v1/items/42": reply}[asked.path])


def lemmy(asked: Asked) -> Reply:
    if asked.path == "/api/v3/post":
        return Reply.of({"post_view": test_lemmy.post(12)})
    assert (asked.path, asked.params["post_id"], asked.params["limit"]) == ("/api/v3/comment/list", "12", "50")
    comments = [test_lemmy.comment(number, f"0.{number}") for number in range(1, 61)]
    comments.append(test_lemmy.comment(61, "0.61", deleted=True))
    start = 50 * (int(asked.params["page"]) - 1)
    return Reply.of({"comments": comments[start : start + 50]})


def discourse(asked: Asked) -> Reply:
    numbers = list(range(1, 26))
    posts = {number: test_discourse.post(number, post_number=number) for number in numbers}
    del posts[1]["topic_id"], posts[1]["topic_title"], posts[1]["topic_slug"]  # a topic says that itself
    posts[3]["hidden"] = True
    if asked.path == "/t/11.json":
        shown = {"posts": [posts[number] for number in numbers[:20]], "stream": numbers}
        return Reply.of({"id": 11, "title": "Dry taps", "slug": "dry-taps", "post_stream": shown})
    assert asked.path == "/t/11/posts.json"
    wanted = [int(part.partition("=")[2]) for part in asked.target.partition("?")[2].split("&")]
    return Reply.of({"post_stream": {"posts": [posts[number] for number in wanted]}})


def stackexchange(asked: Asked) -> Reply:
    question = {"question_id": 5, "title": "Quill &amp; pipes", "body": "<p>How?</p>", "creation_date": 1_790_000_000}
    answer = {"answer_id": 6, "question_id": 5, "body": "<p>So.</p>", "creation_date": 1_790_000_060}
    comments = [
        {"comment_id": number, "post_id": post, "body": "why", "creation_date": 1_790_000_100 + number}
        for number, post in ((1, 5), (2, 6))
    ]
    paths = {
        "/2.3/answers/6": [answer],
        "/2.3/questions/5": [question],
        "/2.3/questions/5/answers": [answer],
        "/2.3/posts/5;6/comments": comments,
    }
    found = [{**each, "owner": test_stackexchange.OWNER} for each in paths[asked.path.replace("%3B", ";")]]
    return Reply.of({"items": found, "has_more": False})


def wordpress(asked: Asked) -> Reply:
    if asked.path == "/wp-json/wp/v2/posts/12":
        return Reply.of(test_wordpress.post(12))
    assert (asked.path, asked.params["post"]) == ("/wp-json/wp/v2/comments", "12")
    page = int(asked.params["page"])
    reply = Reply.of([test_wordpress.comment(page)])
    reply.headers["X-WP-TotalPages"] = "2"
    return reply


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


def reddit(asked: Asked) -> Reply:
    if asked.path == "/api/v1/access_token":
        return Reply.of(test_reddit.TOKEN)
    listing = test_reddit.listing

    def comment(number: int, replies: Any = "") -> dict[str, Any]:
        return {"kind": "t1", "data": {**test_reddit.COMMENT["data"], "name": f"t1_c{number}", "replies": replies}}

    if asked.path.rstrip("/") == "/oauth/api/info":
        wanted = asked.params["id"].split(",")
        return Reply.of(listing(*(each for each in (comment(4), comment(5)) if each["data"]["name"] in wanted)))
    assert asked.path.rstrip("/") == "/oauth/comments/zz9"
    gone = comment(3)
    gone["data"] |= {"body": "[deleted]", "author": "[deleted]"}
    stub = {"kind": "more", "data": {"name": "t1_c4", "count": 2, "children": ["c4", "c5"]}}
    tree = [comment(1, listing(comment(2), gone)), stub]
    return Reply.of([listing(test_reddit.SUBMISSION), listing(*tree)])


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


def yammer(asked: Asked) -> Reply:
    first, message = test_yammer.FIRST, test_yammer.message
    assert asked.path == f"/messages/in_thread/{first + 1}.json"
    notice = message(4, system_message=True)
    replies = [message(number, replied_to_id=first + 1, thread_id=first + 1) for number in (3, 2)]
    if "older_than" in asked.params:
        return Reply.of({"messages": [message(1)], "references": [test_yammer.USER], "meta": {}})
    told = {"messages": [notice, *replies], "references": [test_yammer.USER], "meta": {"older_available": True}}
    return Reply.of(told)


def instagram(asked: Asked) -> Reply:
    if test_instagram.edge(asked) == "comments":
        below = {"data": [test_instagram.comment(3)]}
        return Reply.of({"data": [test_instagram.comment(2, replies=below), test_instagram.comment(4)]})
    assert asked.path.endswith("/1")
    return Reply.of(test_instagram.media(1))


def matrix(asked: Asked) -> Reply:
    event, relation = test_matrix.event, {"m.relates_to": {"rel_type": "m.thread", "event_id": "$2"}}
    answer = event(9, {"msgtype": "m.text", "body": "an answer", **relation})
    start = f"/rooms/{test_matrix.ROOM}"
    if "/context/" in asked.path:
        assert unquote(asked.path) == f"{test_matrix.API}{start}/context/$2"
        redacted = event(4, {})
        around = {"events_before": [event(1)], "event": event(2), "events_after": [event(3), redacted], "state": []}
        return Reply.of(around)
    assert unquote(asked.path) == f"/_matrix/client/v1{start}/relations/$2"
    return Reply.of({"chunk": [answer, event(3)]})


def discord(asked: Asked) -> Reply:
    assert asked.path == f"/channels/{test_discord.CHANNEL}/messages"
    assert asked.params == {"around": test_discord.native_id(2), "limit": "100"}
    notice = test_discord.message(4, type=7)
    return Reply.of([notice, *(test_discord.message(number) for number in (3, 2, 1))])


def no_token(answer: Callable[[Asked], Reply]) -> Callable[[Asked], Reply]:
    """The platform's login works, and then it answers so."""
    logins = {"/api/v1/access_token": test_reddit.TOKEN, "/xrpc/com.atproto.server.createSession": test_bluesky.SESSION}
    return lambda asked: Reply.of(logins[asked.path]) if asked.path in logins else answer(asked)


def saying(status: int, body: Any) -> Callable[[Asked], Reply]:
    return no_token(lambda _asked: Reply.of(body, status=status))


NOT_FOUND_POST = {"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "uri": test_bluesky.uri(1), "notFound": True}}
TALKS: dict[str, Talk] = {
    "hackernews": Talk(
        lambda url, policy, manners: HackerNews(url, [words_only(policy)], manners=manners),
        Seed(None, ("42",)),
        hackernews,
        ("40", "41", "42", "43", "45"),
        gone=saying(404, {"status": 404, "error": "Not Found"}),
    ),
    "lemmy": Talk(
        lambda url, policy, manners: Lemmy(url, [words_only(policy)], site="l.example", manners=manners),
        Seed("l.example/post/12", ("l.example/comment/3",)),
        lemmy,
        ("l.example/post/12", *(f"l.example/comment/{number}" for number in range(1, 61))),
        gone=saying(404, {"error": "couldnt_find_post"}),
    ),
    "discourse": Talk(
        lambda url, policy, manners: Discourse(url, [words_only(policy)], site="f.example", manners=manners),
        Seed("f.example/topics/11", ("f.example/posts/24",)),
        discourse,
        tuple(f"f.example/posts/{number}" for number in range(1, 26) if number != 3),
        gone=saying(404, {"errors": ["none"], "error_type": "not_found"}),
    ),
    "stackexchange": Talk(
        lambda url, policy, manners: StackExchange(url, [words_only(policy)], site="stackoverflow", manners=manners),
        Seed("stackoverflow/posts/6", ("stackoverflow/comments/2",)),
        stackexchange,
        ("stackoverflow/posts/5", "stackoverflow/posts/6", "stackoverflow/comments/1", "stackoverflow/comments/2"),
        gone=saying(200, {"items": [], "has_more": False}),
    ),
    "wordpress": Talk(
        lambda url, policy, manners: WordPress(url, [words_only(policy)], site="b.example", manners=manners),
        Seed("b.example/posts/12", ("b.example/comments/2",)),
        wordpress,
        ("b.example/posts/12", "b.example/comments/1", "b.example/comments/2"),
        gone=saying(404, {"code": "rest_post_invalid_id", "message": "no such post"}),
    ),
    "mastodon": Talk(
        lambda url, policy, manners: Mastodon(url, [test_mastodon.by_tag(policy)], manners=manners),
        Seed("1", ("3",)),
        mastodon,
        ("1", "2", "3", "4"),
        gone=saying(404, {"error": "Record not found"}),
    ),
    "bluesky": Talk(
        lambda url, policy, manners: Bluesky(
            "invented.example", "secret", [words_only(policy)], base_url=url, manners=manners
        ),
        Seed(test_bluesky.uri(1), (test_bluesky.uri(4),)),
        bluesky,
        tuple(test_bluesky.uri(number) for number in (1, 2, 3, 4)),
        gone=saying(200, NOT_FOUND_POST),
    ),
    "reddit": Talk(
        lambda url, policy, manners: Reddit(
            App("id", "secret", base_url=url, oauth_url=f"{url}/oauth"), [policy], manners=manners
        ),
        Seed("t3_zz9", ("t1_c2",)),
        reddit,
        ("t3_zz9", "t1_c1", "t1_c2", "t1_c4", "t1_c5"),
        gone=saying(200, [test_reddit.listing(), test_reddit.listing()]),
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
    "matrix": Talk(
        lambda url, policy, manners: Matrix(url, "invented", [policy], manners=manners),
        Seed("$2", ("$2",), f"https://matrix.to/#/{quote(test_matrix.ROOM, safe='!')}/%242"),
        matrix,
        ("$1", "$2", "$3", "$9"),
        outcome="window",
        gone=saying(404, {"errcode": "M_NOT_FOUND", "error": "none"}),
    ),
    "discord": Talk(
        lambda url, policy, manners: Discord("invented", [policy], base_url=url, manners=manners),
        Seed(
            test_discord.native_id(2),
            (test_discord.native_id(2),),
            f"https://discord.com/channels/900/901/{test_discord.native_id(2)}",
        ),
        discord,
        tuple(test_discord.native_id(number) for number in (1, 2, 3)),
        outcome="window",
        gone=saying(404, {"message": "Unknown Channel", "code": 10003}),
    ),
    "yammer": Talk(
        lambda url, policy, manners: Yammer("token", [policy], base_url=url, pause_s=0.0, manners=manners),
        Seed(str(test_yammer.FIRST + 1), (str(test_yammer.FIRST + 2),)),
        yammer,
        tuple(str(test_yammer.FIRST + number) for number in (1, 2, 3)),
        gone=saying(404, {"base": "none"}),
    ),
}
