"""One record of each platform that speaks JSON, as its documents show one. Every person and every word is invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from collectors import (
    bluesky_post,
    discord_message,
    discourse_post,
    facebook_post,
    hackernews_item,
    lemmy_view,
    mastodon_status,
    matrix_event,
    peertube_post,
    reddit_post,
    stackexchange_item,
    telegram_message,
    threads_post,
    tiktok_post,
    trustpilot_review,
    x_post,
    youtube_post,
)
from collectors.mention import Mention

WORDS = "No water from Quillmere Water since nine this morning, and nobody answers. Is anybody else without it?"
LINK = "https://example.org/notices/burst-main"
HTML = f'<p>{WORDS}</p><p>They say <a href="{LINK}">a burst main</a> &amp; nothing more.</p>'
WHEN = "2026-10-01T09:15:00.000Z"
SECONDS = 1_790_845_200
X_AUTHOR = {"id": "51", "username": "invented_one", "name": "Invented One", "public_metrics": {"followers_count": 9}}

Record = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """`record(n)` is the platform's record number n; `make` is our adapter for it."""

    platform: str
    record: Callable[[int], Record]
    make: Callable[[Record], Mention]


def _x(n: int) -> Record:
    return {
        "id": str(1_990_000_000_000_000_000 + n),
        "text": f"@QuillmereWater {WORDS} https://t.co/a",
        "author_id": "51",
        "created_at": WHEN,
        "lang": "en",
        "conversation_id": str(1_990_000_000_000_000_000 + n),
        "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": LINK}]},
        "public_metrics": {"like_count": 3, "retweet_count": 2, "reply_count": 1, "impression_count": 400},
    }


def _reddit(n: int) -> Record:
    name = f"{n + 10**6:x}"
    data = {"id": name, "name": f"t1_{name}", "body": f"{WORDS} See {LINK}", "author": "invented_one"}
    place = {"link_id": "t3_zz9", "parent_id": "t3_zz9", "link_author": "invented_two", "link_title": "Water again"}
    said = {"author_fullname": "t2_bb2", "created_utc": SECONDS + n, "score": 5}
    return {"kind": "t1", "data": {**data, **place, **said, "permalink": f"/r/quillmere/comments/zz9/w/{name}/"}}


def _mastodon(n: int) -> Record:
    author = {"id": "7", "username": "invented_one", "acct": "invented_one@elsewhere.example", "display_name": "One"}
    counts = {"favourites_count": 3, "reblogs_count": 1, "replies_count": 0, "visibility": "public", "language": "en"}
    number = str(115_000_000_000_000_000 + n)
    address = f"https://elsewhere.example/@invented_one/{number}"
    return {"id": number, "created_at": WHEN, "content": HTML, "account": author, "url": address, **counts}


def _bluesky(n: int) -> Record:
    author = {"did": "did:plc:invented", "handle": "invented.example", "displayName": "Invented One"}
    when = datetime.fromtimestamp(SECONDS + n / 1000, UTC).isoformat()
    said = {"$type": "app.bsky.feed.post", "text": WORDS, "createdAt": when, "langs": ["en"]}
    counts = {"likeCount": 3, "repostCount": 1, "replyCount": 0}
    uri = f"at://did:plc:invented/app.bsky.feed.post/{n}"
    return {"uri": uri, "cid": "b", "author": author, "record": said, "indexedAt": when, **counts}


def _hackernews(n: int) -> Record:
    where = {"parent_id": 40, "story_id": 40, "story_title": "Burst main"}
    return {"objectID": str(n), "author": "invented_one", "comment_text": HTML, "created_at_i": SECONDS - n, **where}


def _youtube(n: int) -> Record:
    author = {"authorDisplayName": "@invented_two", "authorChannelId": {"value": "UC-two"}}
    said = {"textDisplay": HTML, "likeCount": 2, "publishedAt": WHEN, "videoId": "invented-01", **author}
    top = {"kind": "youtube#comment", "id": f"Ug{n}", "snippet": said}
    about = {"videoId": "invented-01", "topLevelComment": top, "totalReplyCount": 0}
    return {"kind": "youtube#commentThread", "id": f"Ug{n}", "snippet": about}


def _facebook(n: int) -> Record:
    counts = {"shares": {"count": 1}, "reactions": {"data": [], "summary": {"total_count": 4}}}
    address = f"https://www.facebook.com/100/posts/{n}"
    who = {"id": "9", "name": "Invented One"}
    return {
        "id": f"100_{n}",
        "message": f"{WORDS} {LINK}",
        "created_time": "2026-10-01T09:15:00+0000",
        "permalink_url": address,
        "from": who,
        **counts,
    }


def _threads(n: int) -> Record:
    said = {"text": f"{WORDS} {LINK}", "timestamp": "2026-10-01T09:15:00+0000", "media_type": "TEXT_POST"}
    return {"id": str(n), "username": "invented_one", "permalink": f"https://www.threads.net/t/{n}", **said}


def _lemmy(n: int) -> Record:
    creator = {"id": 7, "name": "invented_one", "actor_id": "https://lemmy.example/u/invented_one", "local": True}
    post = {"id": 40, "name": "Burst main", "ap_id": "https://lemmy.example/post/40", "creator_id": 8}
    own = {
        "id": n,
        "content": WORDS,
        "published": WHEN,
        "path": f"0.{n}",
        "ap_id": f"https://lemmy.example/comment/{n}",
    }
    return {
        "comment": {**own, "creator_id": 7, "post_id": 40, "language_id": 37},
        "creator": creator,
        "post": post,
        "community": {"id": 3, "name": "quillmere", "actor_id": "https://lemmy.example/c/quillmere"},
        "counts": {"upvotes": 3, "child_count": 0},
    }


def _peertube(n: int) -> Record:
    who = {"name": "invented_one", "host": "p.example", "url": "https://p.example/accounts/invented_one"}
    place = {"threadId": n, "inReplyToCommentId": None, "videoId": 40, "totalReplies": 0, "isDeleted": False}
    return {"id": n, "url": f"https://p.example/{n}", "text": WORDS, "createdAt": WHEN, "account": who, **place}


def _discourse(n: int) -> Record:
    who = {"user_id": 7, "username": "invented_one", "name": "Invented One"}
    place = {"topic_id": 40, "topic_slug": "burst-main", "topic_title": "Burst main", "post_number": 2}
    return {"id": n, "cooked": HTML, "created_at": WHEN, "reads": 40, "reply_count": 0, **who, **place}


def _matrix(n: int) -> Record:
    said = {"msgtype": "m.text", "body": f"{WORDS} {LINK}"}
    where = {"room_id": "!room:quillmere.example", "sender": "@invented:quillmere.example"}
    return {
        "type": "m.room.message",
        "event_id": f"$event{n}",
        "origin_server_ts": (SECONDS + n) * 1000,
        "content": said,
        **where,
    }


def _discord(n: int) -> Record:
    who = {"id": "7", "username": "invented_one", "global_name": "Invented One"}
    parts: Record = {"attachments": [], "embeds": [], "mentions": [], "reactions": [{"count": 2}], "type": 0}
    said = {"content": f"{WORDS} {LINK}", "timestamp": "2026-10-01T09:15:00.000000+00:00"}
    return {"id": str(10**18 + n), "channel_id": "40", "author": who, **said, **parts}


def _telegram(n: int) -> Record:
    chat = {"id": -100, "type": "supergroup", "title": "Quillmere", "username": "quillmere_example"}
    who = {"id": 7, "is_bot": False, "first_name": "Invented", "username": "invented_one"}
    return {"update_id": n, "message": {"message_id": n, "from": who, "chat": chat, "date": SECONDS, "text": WORDS}}


def _stackexchange(n: int) -> Record:
    owner = {"user_id": 7, "display_name": "Invented One", "link": "https://example.org/users/7"}
    counts = {"score": 2, "answer_count": 0, "view_count": 40, "is_answered": False}
    about = {"title": "Is the water &quot;off&quot;?", "body": HTML, "link": f"https://example.org/q/{n}"}
    return {"question_id": n, "creation_date": SECONDS, "owner": owner, "tags": ["water"], **counts, **about}


def _trustpilot(n: int) -> Record:
    who = {"id": "c7", "displayName": "Invented One"}
    said = {"title": "No water", "text": f"{WORDS} {LINK}", "stars": 1, "language": "en", "numberOfLikes": 2}
    return {"id": f"review{n}", "createdAt": WHEN, "consumer": who, **said}


def _tiktok(n: int) -> Record:
    counts = {"like_count": 3, "share_count": 1, "comment_count": 2, "view_count": 400}
    return {"id": str(n), "video_description": WORDS, "create_time": SECONDS, "username": "invented_one", **counts}


SAMPLES = (
    Sample("x", _x, partial(x_post.to_mention, includes=x_post.Includes.of({"includes": {"users": [X_AUTHOR]}}))),
    Sample("reddit", _reddit, reddit_post.to_mention),
    Sample("mastodon", _mastodon, mastodon_status.to_mention),
    Sample("bluesky", _bluesky, bluesky_post.to_mention),
    Sample("hackernews", _hackernews, hackernews_item.to_mention),
    Sample("youtube", _youtube, youtube_post.to_mention),
    Sample("facebook", _facebook, facebook_post.to_mention),
    Sample("threads", _threads, threads_post.to_mention),
    Sample("lemmy", _lemmy, partial(lemmy_view.to_mention, site="lemmy.example")),
    Sample("peertube", _peertube, partial(peertube_post.to_mention, site="p.example", video="an-invented-uuid")),
    Sample("discourse", _discourse, partial(discourse_post.to_mention, address="https://forum.example")),
    Sample("matrix", _matrix, matrix_event.to_mention),
    Sample("discord", _discord, discord_message.to_mention),
    Sample("telegram", _telegram, telegram_message.to_mention),
    Sample("stackexchange", _stackexchange, partial(stackexchange_item.to_mention, site="example")),
    Sample("trustpilot", _trustpilot, trustpilot_review.to_mention),
    Sample("tiktok", _tiktok, tiktok_post.to_mention),
)
