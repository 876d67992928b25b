"""Invented posts with what was said under them, on platforms that list the comments of a post, or a page's edits."""

import json
from datetime import timedelta
from typing import Any

from collectors.conversation import Seed
from collectors.flickr import Flickr
from collectors.mediawiki import MediaWiki
from collectors.tumblr import Tumblr
from collectors.wordpress_com import WordPressCom
from tests.collectors import (
    test_flickr,
    test_linkedin,
    test_mediawiki,
    test_peertube,
    test_tiktok,
    test_tumblr,
    test_wordpress_com,
)
from tests.collectors.server import Asked, Reply
from tests.collectors.talk import Talk, saying
from tests.collectors.words import words_only

COMMENTS = f"/rest/socialActions/{test_linkedin.POST.replace(':', '%3A')}/comments"
LINKEDIN_COMMENTS = tuple(f"urn:li:comment:({test_linkedin.POST},{number})" for number in (1, 2, 3, 51, 52))
VIDEO = 7000000000000000001
FILM = f"p.example/videos/{test_peertube.uuid(1)}"


def linkedin(asked: Asked) -> Reply:
    path = asked.target.partition("?")[0]
    comment = test_linkedin.comment
    found = [comment(number, test_linkedin.START + timedelta(seconds=number)) for number in (1, 2, 3)]
    found[1]["commentsSummary"] = {"aggregatedTotalComments": 2}
    if path == COMMENTS:
        return test_linkedin.elements(found, asked, 2)
    if path.startswith("/rest/socialActions/urn%3Ali%3Acomment"):
        assert "%2C2%29" in path
        return test_linkedin.elements([comment(number, actor="urn:li:organization:77") for number in (51, 52)], asked)
    assert path == f"/rest/posts/{test_linkedin.POST.replace(':', '%3A')}"
    return Reply.of(test_linkedin.post(1))


def tiktok(asked: Asked) -> Reply:
    if test_tiktok.kind(asked) == "token":
        return test_tiktok.TOKEN
    body = json.loads(asked.body)
    if test_tiktok.kind(asked) == "query":
        (condition,) = body["query"]["and"]
        assert (condition["field_name"], condition["field_values"]) == ("video_id", [str(VIDEO)])
        # The second in the upper bits of the id: 24 August 2021.
        assert (body["start_date"], body["end_date"]) == ("20210823", "20210825")
        return test_tiktok.page("videos", [test_tiktok.video(1)], 0, 100)
    if "comment_id" in body:
        assert body == {"comment_id": 7100000000000000002, "max_count": 100, "cursor": 0}
        below = [test_tiktok.comment(number, parent_comment_id=7100000000000000002) for number in (4, 5)]
        return test_tiktok.page("comments", below, 0, 100)
    assert body["video_id"] == VIDEO
    reply = test_tiktok.comment(3, parent_comment_id=7100000000000000001)
    said = [test_tiktok.comment(1, reply_count=1), test_tiktok.comment(2, reply_count=2), reply]
    return test_tiktok.page("comments", said, body["cursor"], 2)


def tumblr(asked: Asked) -> Reply:
    assert asked.params["api_key"] == "invented"
    if asked.path == "/v2/blog/invented-two/posts":
        trail = test_tumblr.trail(("invented-one", "1", "the first"))
        blog = {"name": "invented-two", "uuid": "t:two"}
        ours = test_tumblr.post(2, blog_name="invented-two", blog=blog, trail=trail, tags=[])
        return Reply.of({"response": {"posts": [ours]}})
    if asked.path == "/v2/blog/invented-one/posts":
        assert (asked.params["id"], asked.params["npf"]) == ("1", "true")
        return Reply.of({"response": {"posts": [test_tumblr.post(1)]}})
    assert (asked.path, asked.params["id"], asked.params["mode"]) == (
        "/v2/blog/invented-one/notes",
        "1",
        "conversation",
    )
    if "before_timestamp" in asked.params:
        assert asked.params["before_timestamp"] == "1790000005000001"
        return Reply.of({"response": {"notes": [note("reply", 4, reply_text="Still dry"), note("like", 3)]}})
    added = note("reblog", 6, post_id="9", added_text="Here too", reblog_parent_blog_name="invented-one")
    ours = note("reblog", 5, blog_name="invented-two", post_id="2", added_text="No word", reblog_parent_post_id="1")
    bare = note("reblog", 7, post_id="8")
    onward = {"next": {"type": "action", "query_params": {"before_timestamp": "1790000005000001"}}}
    return Reply.of({"response": {"notes": [bare, added, ours], "rollup_notes": [bare], "_links": onward}})


def note(kind: str, second: int, **others: Any) -> dict[str, Any]:
    """An invented note."""
    blog = {"blog_name": "invented-three", "blog_uuid": "t:three", "blog_url": "https://invented-three.tumblr.com/"}
    return {"type": kind, "timestamp": test_tumblr.NEWEST + second, **blog, **others}


def flickr(asked: Asked) -> Reply:
    said = [test_flickr.comment(number, "8") for number in range(1, 131)]
    assert asked.params["photo_id"] == "8"
    if asked.params["method"] == "flickr.photos.getInfo":
        return Reply.of({"photo": test_flickr.photo(8), "stat": "ok"})
    until = int(asked.params.get("max_comment_date", 2**40))
    shown = [each for each in said if int(each["datecreate"]) <= until][-100:]
    return Reply.of({"comments": {"photo_id": "8", "comment": shown}, "stat": "ok"})


def peertube(asked: Asked) -> Reply:
    comment, tree = test_peertube.comment, test_peertube.tree
    first = comment(2, totalReplies=3)
    said = [comment(6), comment(5, isDeleted=True, text="", account=None), comment(4), comment(3), first]
    below = tree(comment(12, 2), tree(comment(13, 2, inReplyToCommentId=12)))
    whole = tree(first, tree(comment(11, 2, isDeleted=True, text="", account=None)), below)
    under = {test_peertube.threads(1): said, test_peertube.threads(1, 2): whole}
    if asked.path == f"/api/v1/videos/{test_peertube.uuid(1)}":
        return Reply.of(test_peertube.video(1))
    return test_peertube.answering([], under)(asked)


def wordpresscom(asked: Asked) -> Reply:
    path = "/rest/v1.1/sites/blog.example.org/posts/12"
    if asked.path == path:
        return Reply.of(test_wordpress_com.post(12))
    assert (asked.path, asked.params["number"], asked.params["order"]) == (f"{path}/replies/", "100", "ASC")
    start = 100 * (int(asked.params["page"]) - 1)
    said = [blog_comment(number) for number in range(1, 103)]
    return Reply.of({"found": len(said), "comments": said[start : start + 100]})


def blog_comment(number: int) -> dict[str, Any]:
    """An invented comment, which from the second on answers the first."""
    return {
        "ID": number,
        "post": {"ID": 12, "title": "Dry taps", "type": "post", "link": "https://public-api.example"},
        "author": {"ID": 0, "name": "Invented Two"},
        "date": (test_wordpress_com.NEWEST + timedelta(minutes=number)).isoformat(),
        "URL": f"https://blog.example.org/12/#comment-{number}",
        "content": "<p>No water here</p>",
        "parent": {"ID": 1, "type": "comment"} if number > 1 else False,
        "like_count": 1,
    }


# A talk page, from its first edit on: the edit, whom it is by, and the text that it left.
EDITS = {
    1: ("Invented One", "Welcome to this page"),
    2: ("Invented Two", "Welcome to this page\n== Dry taps ==\nSince when?"),
    3: ("Invented One", "Welcome to this page\n\n== Dry taps ==\nSince when?\n: Since Quillmere Water dug"),
    4: ("Invented Two", "Welcome\n\n== Dry taps ==\nSince when?\n: Since Quillmere Water dug"),
    5: (
        "Invented Three",
        "Welcome\n\n== Dry taps ==\nSince when?\n: Since Quillmere Water dug\n:: Here too\n\n== Bills ==\nLate",
    ),
    6: ("Invented One", "Welcome\n\n== Bills ==\nLate\n=== Mine ===\nAlso"),
}


def mediawiki(asked: Asked) -> Reply:
    assert asked.path == "/w/api.php"
    if "revids" in asked.params:
        assert asked.params["revids"] == "3"
        return wiki_page([{"revid": 3, "parentid": 2}])
    assert (asked.params["pageids"], asked.params["rvlimit"]) == ("5", "50")
    at, older = int(asked.params.get("rvcontinue", asked.params.get("rvstartid", 0))), asked.params["rvdir"] == "older"
    numbers = sorted((each for each in EDITS if (each <= at if older else each >= at)), reverse=older)
    more = {"continue": {"rvcontinue": str(numbers[2]), "continue": "||"}} if len(numbers) > 2 else {}
    return wiki_page([revision(number) for number in numbers[:2]], **more)


def revision(number: int) -> dict[str, Any]:
    """An invented revision, as a wiki shows it."""
    user, text = EDITS[number]
    return {
        "revid": number,
        "parentid": number - 1,
        "user": user,
        "userid": 7,
        "timestamp": (test_mediawiki.NEWEST + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "comment": "",
        "tags": [],
        "slots": {"main": {"contentmodel": "wikitext", "content": text}},
    }


def wiki_page(revisions: list[dict[str, Any]], **others: Any) -> Reply:
    page = {"pageid": 5, "ns": 1, "title": "Talk:Reservoirs", "revisions": revisions}
    return Reply.of({**others, "query": {"pages": [page]}})


COMMENTED: dict[str, Talk] = {
    "linkedin": Talk(
        test_linkedin.linkedin,
        Seed(test_linkedin.POST, (LINKEDIN_COMMENTS[0],)),
        linkedin,
        (test_linkedin.POST, *LINKEDIN_COMMENTS),
        gone=saying(404, {"message": "Not found", "status": 404}),
    ),
    "tiktok": Talk(
        test_tiktok.tiktok,
        Seed(str(VIDEO), ("7100000000000000001",)),
        tiktok,
        (str(VIDEO), *(str(7100000000000000000 + number) for number in range(1, 6))),
        gone=saying(
            200, {"data": {"videos": [], "comments": [], "cursor": 0, "has_more": False}, "error": {"code": "ok"}}
        ),
    ),
    "tumblr": Talk(
        lambda url, policy, manners: Tumblr(url, "invented", [words_only(policy)], manners=manners),
        Seed("invented-one/1", ("invented-two/2",)),
        tumblr,
        ("invented-one/1", "invented-two/2", "invented-three/9", "invented-one/1/replies/invented-three/1790000004"),
        gone=saying(404, {"meta": {"status": 404, "msg": "Not Found"}, "response": []}),
    ),
    "flickr": Talk(
        lambda url, policy, manners: Flickr("invented", [words_only(policy)], base_url=url, manners=manners),
        Seed("8", ("5-8-7",)),
        flickr,
        ("8", *(f"5-8-{number}" for number in range(1, 131))),
        gone=lambda _asked: test_flickr.failure(1, "Photo not found"),
    ),
    "peertube": Talk(
        test_peertube.collecting,
        Seed(FILM, (f"{FILM}/2/12",)),
        peertube,
        (FILM, *(f"{FILM}/{place}" for place in ("6/6", "4/4", "3/3", "2/2", "2/12", "2/13"))),
        gone=lambda _asked: test_peertube.missing("Video not found"),
    ),
    "wordpresscom": Talk(
        lambda url, policy, manners: WordPressCom(url, [words_only(policy)], manners=manners),
        Seed("blog.example.org/posts/12", ("blog.example.org/posts/12",)),
        wordpresscom,
        ("blog.example.org/posts/12", *(f"blog.example.org/comments/{number}" for number in range(1, 103))),
        gone=saying(404, {"error": "unknown_post", "message": "Unknown post"}),
    ),
    "mediawiki": Talk(
        lambda url, policy, manners: MediaWiki(f"{url}/w", [words_only(policy)], site="w.example", manners=manners),
        Seed("w.example/pages/5", ("w.example/revisions/3",)),
        mediawiki,
        tuple(f"w.example/revisions/{number}" for number in (2, 3, 5)),
        gone=saying(200, {"query": {"badrevids": {"3": {"revid": 3, "missing": True}}}}),
    ),
}
