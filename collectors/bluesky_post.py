"""A post view of Bluesky (app.bsky.feed.defs#postView) as a mention.

Public for whoever reads stored answers: `to_mention(post)` for each post view.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.mention import EARLIEST, Mention, known_time

PLATFORM = "bluesky"
SITE = "https://bsky.app/profile"
AHEAD = timedelta(days=1)  # a client's clock may run ahead of the index by so much


def to_mention(post: dict[str, Any]) -> Mention:
    """Read one post view. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    record, author = post["record"], post["author"]
    reply, quoted = record.get("reply"), _quoted(post.get("embed") or {})
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": post["uri"],
            "text": record.get("text") or "",
            "created_at": posted_at(post),
            "url": _address(post["uri"], author.get("handle")),
            "kind": "reply" if reply else "quote" if quoted else "post",
            "author": _author(author),
            "lang": next(iter(record.get("langs") or ()), None),
            "conversation_id": reply["root"]["uri"] if reply else post["uri"],
            "in_reply_to": {"id": reply["parent"]["uri"]} if reply else quoted,
            "media": list(_media(post.get("embed") or {})),
            "links": list(dict.fromkeys(_links(record, post.get("embed") or {}))),
            "metrics": {
                "likes": post.get("likeCount"),
                "reposts": post.get("repostCount"),
                "replies": post.get("replyCount"),
            },
            "_raw": post,
        }
    )


def posted_at(post: dict[str, Any]) -> datetime:
    """When its author says that it was posted; when the index saw it, where that cannot be."""
    said, seen = _moment(post["record"].get("createdAt")), _moment(post.get("indexedAt"))
    if said is None or said < EARLIEST or (seen is not None and said > seen + AHEAD):
        said = seen
    if said is None:
        raise ValueError("the post has no time")
    return said


def sorted_at(post: dict[str, Any]) -> datetime:
    """What the search sorts by: the author's word, but not later than the index saw the post."""
    said, seen = posted_at(post), _moment(post.get("indexedAt"))
    return said if seen is None else min(said, seen)


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _author(author: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": author.get("did") or None,
        "handle": author.get("handle"),
        "name": author.get("displayName") or None,
        "created_at": known_time(author.get("createdAt")),
    }


def _address(uri: str, handle: str | None) -> str:
    did, _, key = uri.removeprefix("at://").split("/")
    return f"{SITE}/{handle or did}/post/{key}"


def _parts(embed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An embed and, where a post has both a quotation and pictures, the media inside it."""
    yield embed
    if isinstance(embed.get("media"), dict):
        yield embed["media"]


def _quoted(embed: dict[str, Any]) -> dict[str, Any] | None:
    view = embed.get("record") or {}
    view = view.get("record") or view  # a quotation with media has one more layer
    if not str(view.get("uri", "")).partition("at://")[2].partition("/")[2].startswith("app.bsky.feed.post/"):
        return None  # a quoted feed, list or starter pack is no post
    author = _author(view["author"]) if view.get("author") else None
    return {"id": view["uri"], "author": author, "text": (view.get("value") or {}).get("text")}


def _media(embed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in _parts(embed):
        for image in part.get("images") or part.get("items") or ():  # up to four; a gallery holds more
            yield {"type": "image", "url": image.get("fullsize"), "alt_text": image.get("alt") or None}
        if part.get("playlist"):
            yield {"type": "video", "url": part["playlist"], "alt_text": part.get("alt") or None}


def _links(record: dict[str, Any], embed: dict[str, Any]) -> Iterator[str]:
    for facet in record.get("facets") or ():
        for feature in facet.get("features") or ():
            if feature.get("uri"):
                yield feature["uri"]
    for part in _parts(embed):
        if (part.get("external") or {}).get("uri"):
            yield part["external"]["uri"]
