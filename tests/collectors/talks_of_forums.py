"""Invented conversations on forums, blogs and question sites, as their APIs show them."""

from typing import Any

from collectors.conversation import Seed
from collectors.discourse import Discourse
from collectors.hackernews import HackerNews
from collectors.lemmy import Lemmy
from collectors.reddit import App, Reddit
from collectors.stackexchange import StackExchange
from collectors.wordpress import WordPress
from tests.collectors import test_discourse, test_lemmy, test_reddit, test_stackexchange, test_wordpress
from tests.collectors.server import Asked, Reply
from tests.collectors.talk import Talk, saying
from tests.collectors.words import words_only


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


FORUMS: dict[str, Talk] = {
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
    "reddit": Talk(
        lambda url, policy, manners: Reddit(
            App("id", "secret", base_url=url, oauth_url=f"{url}/oauth"), [policy], manners=manners
        ),
        Seed("t3_zz9", ("t1_c2",)),
        reddit,
        ("t3_zz9", "t1_c1", "t1_c2", "t1_c4", "t1_c5"),
        gone=saying(200, [test_reddit.listing(), test_reddit.listing()]),
    ),
}
