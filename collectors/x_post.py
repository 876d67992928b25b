"""A post of the X API v2 as a mention: the post itself, and what the answer's `includes` know about it.

Public for whoever reads stored v2 pages: `Includes.of(page)` once a page, then `to_mention(post, includes)`.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from collectors.mention import Kind, Mention

PLATFORM = "x"
KINDS: dict[str, Kind] = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}
MEDIA = {"photo": "image", "video": "video", "animated_gif": "video"}
NO_LANGUAGE = {"und", "qam", "qct", "qht", "qme", "qst", "zxx"}  # X's codes for "only tags, only media, unknown"
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657  # the first 42 bits of an id are milliseconds since then
LOST = {"resource-not-found", "not-authorized-for-resource"}  # deleted or suspended; protected
ASKED_BY = {"id", "ids"}  # and not what a post that is there refers to
PICTURED = ("pic.twitter.com/", "pic.x.com/")  # older answers name no media_key
FIRST_SNOWFLAKE = 29_700_859_247


@dataclass(frozen=True)
class Includes:
    """The objects that a page's posts refer to, by id."""

    users: Mapping[str, Any]
    posts: Mapping[str, Any]
    media: Mapping[str, Any]
    polls: Mapping[str, Any]

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> "Includes":
        """Index the `includes` of one page. An object without its key cannot be referred to and is left out."""
        included = page.get("includes") or {}
        return cls(
            users=_by("id", included.get("users")),
            posts=_by("id", included.get("tweets")),
            media=_by("media_key", included.get("media")),
            polls=_by("id", included.get("polls")),
        )


def to_mention(post: dict[str, Any], includes: Includes) -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError or TypeError for one that is not as documented."""
    author = _author(post.get("author_id"), includes)
    kind, referred = _reference(post)
    attached = _attached(post, includes)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": post["id"],
            "text": _text(post, kind, referred, includes),
            "created_at": post.get("created_at") or moment_of(post["id"]),
            "url": _url(post["id"], author.get("handle")),
            "kind": kind,
            "author": author,
            "lang": None if post.get("lang") in NO_LANGUAGE else post.get("lang"),
            "conversation_id": post.get("conversation_id"),
            "in_reply_to": _parent(post, referred, includes),
            "media": [_medium(item) for item in attached],
            "links": _links(post),
            "metrics": _metrics(post.get("public_metrics") or {}),
            "_raw": _whole(post, referred, attached, includes),
        }
    )


def lost(answer: Mapping[str, Any], asked: Sequence[str]) -> list[str]:
    """Of the posts that were asked for by id, those that a lookup calls deleted, suspended or protected."""
    named = {
        str(error.get("resource_id") or error.get("value"))
        for error in answer.get("errors") or ()
        if error.get("resource_type") == "tweet"
        and error.get("parameter") in ASKED_BY
        and str(error.get("type")).rpartition("/")[2] in LOST
    }
    return [post_id for post_id in asked if post_id in named]


def now_at(answer: Mapping[str, Any], asked: Sequence[str]) -> list[dict[str, Any]]:
    """The posts of a lookup, each under the id by which it was asked for: an edited post has another now."""
    found = []
    for post in answer.get("data") or ():
        former = [post["id"], *(post.get("edit_history_tweet_ids") or ())]
        found += [{**post, "id": post_id} for post_id in asked if post_id in former]
    return found


def _by(key: str, objects: Any) -> dict[str, Any]:
    return {item[key]: item for item in objects or () if isinstance(item, dict) and key in item}


def moment_of(post_id: str) -> datetime | None:
    """When a post was made, read from its id, for an answer that was not asked for `created_at`."""
    number = int(post_id)
    if number < FIRST_SNOWFLAKE:
        return None
    return datetime.fromtimestamp(((number >> 22) + SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def _author(user_id: str | None, includes: Includes) -> dict[str, Any]:
    user = includes.users.get(user_id or "", {})
    return {
        "id": user_id,
        "handle": user.get("username"),
        "name": user.get("name"),
        "bio": user.get("description"),
        "followers": (user.get("public_metrics") or {}).get("followers_count"),
        "created_at": user.get("created_at"),
    }


def _reference(post: dict[str, Any]) -> tuple[Kind, str | None]:
    """What kind of post it is, and the id of the post that it answers, quotes or passes on."""
    references = {item["type"]: item["id"] for item in post.get("referenced_tweets") or ()}
    for name, kind in KINDS.items():
        if name in references:
            return kind, references[name]
    return "post", None


def _text(post: dict[str, Any], kind: Kind, referred: str | None, includes: Includes) -> str:
    """The whole text: of a long post its note, of a repost the original's, which the repost itself cuts short."""
    text = _own_text(post, includes)
    original = includes.posts.get(referred or "")
    if kind == "repost" and original and text.startswith("RT @"):
        return f"{text.partition(':')[0]}: {_own_text(original, includes)}"
    return text


def _own_text(post: dict[str, Any], includes: Includes) -> str:
    """What is said; of a poll also what may be answered."""
    note = (post.get("note_tweet") or {}).get("text")
    polls = (includes.polls.get(key) or {} for key in (post.get("attachments") or {}).get("poll_ids") or ())
    options = "\n".join(option["label"] for poll in polls for option in poll.get("options") or ())
    said = html.unescape(note or post["text"])  # v2 escapes &, < and >
    return "\n\n".join(part for part in (said, html.unescape(options)) if part)


def _url(post_id: str, handle: str | None) -> str:
    return f"https://x.com/{handle or 'i/web'}/status/{post_id}"


def _parent(post: dict[str, Any], referred: str | None, includes: Includes) -> dict[str, Any] | None:
    if referred is None:
        return None
    parent = includes.posts.get(referred, {})
    author_id = parent.get("author_id") or post.get("in_reply_to_user_id")
    return {
        "id": referred,
        "author": _author(author_id, includes) if author_id else None,
        "text": _own_text(parent, includes) if parent else None,
    }


def _attached(post: dict[str, Any], includes: Includes) -> list[dict[str, Any]]:
    keys = (post.get("attachments") or {}).get("media_keys") or ()
    return [includes.media[key] for key in keys if key in includes.media]


def _medium(item: dict[str, Any]) -> dict[str, Any]:
    variants = [variant for variant in item.get("variants") or () if variant.get("url")]
    best: dict[str, Any] = max(variants, key=lambda variant: variant.get("bit_rate") or 0, default={})
    return {
        "type": MEDIA[item["type"]],
        "url": item.get("url") or best.get("url") or item.get("preview_image_url"),
        "alt_text": item.get("alt_text"),
    }


def _links(post: dict[str, Any]) -> list[str]:
    """Where the shortened links lead, without those that X adds for a post's own pictures."""
    entities = ((post.get("note_tweet") or {}).get("entities") or {}, post.get("entities") or {})
    found = (
        url.get("unwound_url") or url.get("expanded_url") or url["url"]
        for each in entities
        for url in each.get("urls") or ()
        if not url.get("media_key") and not str(url.get("display_url")).startswith(PICTURED)
    )
    return list(dict.fromkeys(found))


def _metrics(public: dict[str, Any]) -> dict[str, Any]:
    return {
        "likes": public.get("like_count"),
        "reposts": public.get("retweet_count"),
        "replies": public.get("reply_count"),
        "views": public.get("impression_count"),
    }


def _whole(
    post: dict[str, Any], referred: str | None, attached: list[dict[str, Any]], includes: Includes
) -> dict[str, Any]:
    poll_ids = (post.get("attachments") or {}).get("poll_ids") or ()
    included = {
        "users": [user for user in [includes.users.get(post.get("author_id", ""))] if user],
        "tweets": [parent for parent in [includes.posts.get(referred or "")] if parent],
        "media": attached,
        "polls": [poll for key, poll in includes.polls.items() if key in poll_ids],
    }
    return {**post, "includes": {name: objects for name, objects in included.items() if objects}}
