"""A submission (t3) or comment (t1) of Reddit's API as a mention.

Public for whoever reads stored listings: `to_mention(child)` for each child of a listing.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from collectors.mention import Mention

PLATFORM = "reddit"
SITE = "https://www.reddit.com"
NOBODY = {"[deleted]", "[removed]", None}
EMPTIED = re.compile(r"\[\s*(?:deleted|removed)(?: by (?:user|moderator|reddit)\b[^\]]*)?\s*\]", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'\\]+[^\s<>()\[\]\"'\\.,;:!?*]")


def to_mention(child: dict[str, Any]) -> Mention:
    """Read one child of a listing. Raises pydantic.ValidationError, KeyError or TypeError where it is malformed."""
    kind, data = child["kind"], child["data"]
    if kind == "t3":
        return Mention.model_validate({**_common(data), **_submission(data), "_raw": child})
    if kind == "t1":
        return Mention.model_validate({**_common(data), **_comment(data), "_raw": child})
    raise ValueError(f"a record of kind {kind!r} is neither a submission (t3) nor a comment (t1)")


def is_gone(child: dict[str, Any]) -> bool:
    """Whether a record is what Reddit leaves of a post that its author deleted or that was removed.

    Raises KeyError or TypeError where it is malformed. An author who deleted the account, but not the post, leaves it.
    """
    data = child["data"]
    if data.get("removed_by_category"):
        return True
    text = data["body"] if child["kind"] == "t1" else data.get("selftext")
    return bool(EMPTIED.fullmatch((text or "").strip()) or EMPTIED.fullmatch((data.get("title") or "").strip()))


def _common(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "platform": PLATFORM,
        "id": data["name"],
        "created_at": datetime.fromtimestamp(float(data["created_utc"]), UTC),
        "author": _author(data.get("author"), data.get("author_fullname")),
    }


def _author(handle: str | None, fullname: str | None) -> dict[str, Any]:
    return {} if handle in NOBODY else {"id": fullname, "handle": handle}


def _submission(data: dict[str, Any]) -> dict[str, Any]:
    original = next(iter(data.get("crosspost_parent_list") or ()), None)
    media = list(_media(original or data))
    shown = {item["url"] for item in media}
    target = [] if data.get("is_self") else [data.get("url_overridden_by_dest") or data.get("url")]
    found = [link for link in [*target, *ADDRESS.findall(data.get("selftext") or "")] if link and link not in shown]
    return {
        "text": _text(data),
        "url": SITE + (data.get("permalink") or f"/comments/{data['name'].removeprefix('t3_')}/"),
        "kind": "repost" if original else "post",
        "conversation_id": data["name"],
        "in_reply_to": _parent(original),
        "media": media,
        "links": list(dict.fromkeys(found)),
        "metrics": {
            "likes": _not_negative(data.get("score")),
            "replies": data.get("num_comments"),
            "reposts": data.get("num_crossposts"),
            "views": data.get("view_count"),
        },
    }


def _comment(data: dict[str, Any]) -> dict[str, Any]:
    link_id, parent_id = data.get("link_id"), data.get("parent_id") or data.get("link_id")
    parent: dict[str, Any] = {"id": parent_id}
    media = list(_inline(data))
    shown = {item["url"] for item in media}
    if parent_id and parent_id == link_id:
        parent |= {"author": _author(data.get("link_author"), None) or None, "text": data.get("link_title")}
    return {
        "text": data["body"],
        "url": _address(data),
        "kind": "comment",
        "conversation_id": link_id,
        "in_reply_to": parent if parent_id else None,
        "media": media,
        "links": list(dict.fromkeys(link for link in ADDRESS.findall(data["body"]) if link not in shown)),
        "metrics": {"likes": _not_negative(data.get("score"))},
    }


def _address(data: dict[str, Any]) -> str | None:
    """A comment's page. Old records have no permalink, and those of an inbox no submission but a `context`."""
    if data.get("link_id") and not data.get("permalink"):
        return f"{SITE}/comments/{data['link_id'].removeprefix('t3_')}/_/{data['id']}"
    path = data.get("permalink") or data.get("context")
    return SITE + path if path else None


def _text(data: dict[str, Any]) -> str:
    """Title and body; of a poll also what may be answered."""
    title: str = data["title"]
    options = "\n".join(option["text"] for option in (data.get("poll_data") or {}).get("options") or ())
    return "\n\n".join([title, *(part for part in (data.get("selftext"), options) if part)])


def _parent(original: dict[str, Any] | None) -> dict[str, Any] | None:
    if original is None:
        return None
    author = _author(original.get("author"), original.get("author_fullname"))
    return {"id": original["name"], "author": author or None, "text": _text(original)}


def _media(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pictures and videos of a submission; Reddit's captions serve as its alt texts."""
    video = ((data.get("secure_media") or data.get("media")) or {}).get("reddit_video")
    if video:
        yield {"type": "video", "url": video["fallback_url"]}
    elif data.get("post_hint") == "image":
        yield {"type": "image", "url": data.get("url_overridden_by_dest") or data["url"]}
    known = data.get("media_metadata") or {}
    for item in (data.get("gallery_data") or {}).get("items") or ():
        yield {**_file(known.get(item["media_id"]) or {}), "alt_text": item.get("caption")}
    yield from _inline(data)


def _inline(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What stands within a text: pictures, films, and those of Giphy; not the smileys of a subreddit."""
    listed = {item["media_id"] for item in (data.get("gallery_data") or {}).get("items") or ()}
    for media_id, item in (data.get("media_metadata") or {}).items():
        if media_id not in listed and not media_id.startswith("emote|") and (file := _file(item))["url"]:
            yield file


def _file(item: dict[str, Any]) -> dict[str, Any]:
    if item.get("e") == "RedditVideo":
        return {"type": "video", "url": item.get("hlsUrl") or item.get("dashUrl")}
    largest = item.get("s") or {}
    return {"type": "image", "url": largest.get("u") or largest.get("gif") or largest.get("mp4")}


def _not_negative(score: int | None) -> int | None:
    return None if score is None else max(0, score)
