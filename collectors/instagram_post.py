"""A media object or a comment of Instagram's Graph API as a mention.

Public for whoever reads stored answers: `to_mention(media)` and `comment_to_mention(comment)` for each of `data`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "instagram"


def to_mention(media: dict[str, Any]) -> Mention:
    """Read one media object. Raises pydantic.ValidationError, KeyError, TypeError, ValueError, AttributeError."""
    text = media.get("caption") or ""
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": media["id"],
            "text": text,
            "created_at": datetime.fromisoformat(media["timestamp"]),
            "url": media.get("permalink"),
            "kind": "post",
            "author": _author(media, media.get("owner")),
            "conversation_id": media["id"],
            "media": list(_shown(media)),
            "links": list(links(text)),
            "metrics": {"likes": media.get("like_count"), "replies": media.get("comments_count")},
            "_raw": media,
        }
    )


def comment_to_mention(
    comment: dict[str, Any], media: dict[str, Any] | None = None, answered: dict[str, Any] | None = None
) -> Mention:
    """Read one comment, on `media` and in answer to `answered` where it does not say so. Raises likewise."""
    under = media or comment.get("media") or {}
    parent_id, text = (answered or {}).get("id") or comment.get("parent_id"), comment.get("text") or ""
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": comment["id"],
            "text": text,
            "created_at": datetime.fromisoformat(comment["timestamp"]),
            "url": under.get("permalink"),
            "kind": "reply" if parent_id else "comment",
            "author": _author(comment, comment.get("from") or comment.get("user")),
            "conversation_id": under.get("id") or parent_id or comment["id"],
            "in_reply_to": _parent(parent_id, answered) if parent_id else _below(under),
            "links": list(links(text)),
            "metrics": {"likes": comment.get("like_count"), "replies": len(replies(comment)) or None},
            "_raw": comment,
        }
    )


def replies(comment: Any) -> list[Any]:
    """The replies that came with a comment."""
    carried = comment.get("replies") if isinstance(comment, dict) else None
    data = carried.get("data") if isinstance(carried, dict) else None
    return data if isinstance(data, list) else []


def _author(record: dict[str, Any], person: dict[str, Any] | None) -> dict[str, Any]:
    """A hashtag's media tell nobody's name."""
    known = person or {}
    return {"id": known.get("id"), "handle": record.get("username") or known.get("username")}


def _parent(parent_id: str, answered: dict[str, Any] | None) -> dict[str, Any]:
    if answered is None:
        return {"id": parent_id}
    author = _author(answered, answered.get("from") or answered.get("user"))
    return {"id": parent_id, "author": author, "text": answered.get("text")}


def _below(media: dict[str, Any]) -> dict[str, Any] | None:
    if not media.get("id"):
        return None
    return {"id": media["id"], "author": _author(media, media.get("owner")), "text": media.get("caption")}


def _shown(media: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pictures and films; of an album each one. Instagram withholds the address of what holds others' music."""
    inner = (media.get("children") or {}).get("data")
    for item in inner or (media,):
        kind, address = item.get("media_type"), item.get("media_url") or item.get("thumbnail_url")
        if kind in ("VIDEO", "IMAGE", "CAROUSEL_ALBUM"):
            shown = "video" if kind == "VIDEO" else "image"
            yield {"type": shown, "url": address, "alt_text": item.get("alt_text")}
