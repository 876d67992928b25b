"""A hit of Hacker News' search as a mention.

Public for whoever reads stored answers: `to_mention(hit)` for each of `hits`.
"""

from datetime import UTC, datetime
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention

PLATFORM = "hackernews"
SITE = "https://news.ycombinator.com/item?id="


def to_mention(hit: dict[str, Any]) -> Mention:
    """Read one hit. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    comment = hit.get("comment_text") is not None
    body = Markup.of(hit.get("comment_text") or hit.get("story_text") or "")
    title = None if comment else hit.get("title")
    text = "\n\n".join(part for part in (title, body.text) if part)
    if not text:
        raise ValueError("the item has neither title nor text")
    author = hit.get("author")
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": str(hit["objectID"]),
            "text": text,
            "created_at": posted_at(hit),
            "url": SITE + str(hit["objectID"]),
            "kind": "comment" if comment else "post",
            "author": {"id": author, "handle": author},  # names cannot be changed there
            "conversation_id": hit.get("story_id") or hit["objectID"],
            "in_reply_to": _parent(hit) if comment else None,
            "links": list(dict.fromkeys([*([hit["url"]] if hit.get("url") else []), *body.links])),
            "metrics": {"likes": _count(hit.get("points")), "replies": _count(hit.get("num_comments"))},
            "_raw": hit,
        }
    )


def is_gone(item: dict[str, Any]) -> bool:
    """Whether an item of the official API is shown to nobody: deleted, dead, or a comment without its text."""
    textless = item.get("type") == "comment" and not item.get("text")
    return bool(item.get("deleted") or item.get("dead") or textless)


def edition(item: dict[str, Any]) -> Mention:
    """An item of the official API as a mention. Raises as `to_mention` does.

    It knows neither the thread of a comment nor the title above it.
    """
    comment = item["type"] == "comment"
    mention = to_mention(
        {
            "objectID": item["id"],
            "author": item["by"],
            "created_at_i": item["time"],
            "comment_text" if comment else "story_text": item.get("text"),
            "title": item.get("title"),
            "url": item.get("url"),
            "parent_id": item.get("parent"),
            "num_comments": item.get("descendants"),
            "points": item.get("score"),
        }
    )
    return mention.model_copy(update={"raw": item, **({"conversation_id": None} if comment else {})})


def posted_at(hit: dict[str, Any]) -> datetime:
    """When the item was posted, to the second: what the search sorts by."""
    return datetime.fromtimestamp(hit["created_at_i"], UTC)


def _parent(hit: dict[str, Any]) -> dict[str, Any] | None:
    """A comment knows its parent's id, and of its story the title."""
    if hit.get("parent_id") is None:
        return None
    of_story = hit["parent_id"] == hit.get("story_id")
    return {"id": hit["parent_id"], "text": hit.get("story_title") if of_story else None}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None
