"""A video or comment of the YouTube Data API as a mention.

Public for whoever reads stored answers: `to_mention(resource)` for each item of a list of videos, search results,
comment threads or comments. A thread is the comment that began it; `replies` gives those that it carries.
"""

import html
import re
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "youtube"
WATCH = "https://www.youtube.com/watch?v="
# How YouTube writes a comment as HTML; in plain text, which is what we ask for, "<3" means itself.
WRITTEN = re.compile(r"<br\s*/?>|<a href=|</[abi]>|&(?:#39|quot|amp|lt|gt);")
CHANNEL = re.compile(r"/channel/([\w-]+)")


def to_mention(resource: dict[str, Any], thread: dict[str, Any] | None = None) -> Mention:
    """Read one resource. `thread` is the one that a reply stands in: it knows the video, and what is answered.

    Raises pydantic.ValidationError, KeyError, TypeError, ValueError or AttributeError where it is malformed.
    """
    kind = resource["kind"].partition("#")[2]
    if kind == "searchResult":
        return _video(resource, resource["id"]["videoId"], html.unescape)
    if kind == "video":
        return _video(resource, resource["id"], str)
    if kind == "commentThread":
        top = resource["snippet"]["topLevelComment"]
        return _comment(top, {**resource["snippet"], **top["snippet"]}, resource, None)
    if kind == "comment":
        return _comment(resource, resource["snippet"], resource, thread)
    raise ValueError(f"a {kind} is neither a video nor a comment")


def replies(thread: dict[str, Any]) -> list[Any]:
    """The replies that came with a thread, at most five; `snippet.totalReplyCount` says how many there are."""
    carried = thread.get("replies")
    comments = carried.get("comments") if isinstance(carried, dict) else None
    return comments if isinstance(comments, list) else []


def _video(resource: dict[str, Any], native_id: str, read: Any) -> Mention:
    """A search result is escaped as HTML and cut short; a video's own resource is neither."""
    snippet, counted = resource["snippet"], resource.get("statistics") or {}
    title, description = read(snippet.get("title") or ""), read(snippet.get("description") or "")
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": "\n\n".join(part for part in (title, description) if part),
            "created_at": snippet["publishedAt"],
            "url": WATCH + native_id,
            "kind": "post",
            "author": {"id": snippet.get("channelId"), "name": read(snippet.get("channelTitle") or "") or None},
            "lang": snippet.get("defaultLanguage") or snippet.get("defaultAudioLanguage"),
            "conversation_id": native_id,
            "media": [{"type": "video", "url": WATCH + native_id}],
            "links": list(links(description)),
            "metrics": {
                "likes": _count(counted.get("likeCount")),
                "replies": _count(counted.get("commentCount")),
                "views": _count(counted.get("viewCount")),
            },
            "_raw": resource,
        }
    )


def _comment(
    comment: dict[str, Any], snippet: dict[str, Any], record: dict[str, Any], thread: dict[str, Any] | None
) -> Mention:
    told = (thread or {}).get("snippet") or {}
    video_id = snippet.get("videoId") or told.get("videoId")
    answered, text = snippet.get("parentId"), _text(snippet)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": comment["id"],
            "text": text,
            "created_at": snippet["publishedAt"],
            "url": f"{WATCH}{video_id}&lc={comment['id']}" if video_id else None,
            "kind": "reply" if answered else "comment",
            "author": _author(snippet),
            "conversation_id": video_id or answered or comment["id"],
            "in_reply_to": _parent(answered, told.get("topLevelComment"))
            if answered
            else video_id and {"id": video_id},
            "links": list(links(text)),
            "metrics": {"likes": snippet.get("likeCount"), "replies": snippet.get("totalReplyCount")},
            "_raw": record,
        }
    )


def _parent(answered: str, top: dict[str, Any] | None) -> dict[str, Any]:
    if not top or top.get("id") != answered:
        return {"id": answered}
    return {"id": answered, "author": _author(top["snippet"]), "text": _text(top["snippet"])}


def _text(snippet: dict[str, Any]) -> str:
    original: str | None = snippet.get("textOriginal")
    if original is not None:
        return original
    shown: str = snippet["textDisplay"]
    return Markup.of(shown).text if WRITTEN.search(shown) else shown


def _author(snippet: dict[str, Any]) -> dict[str, Any]:
    """Display names are handles since 2023, with an @."""
    name = snippet.get("authorDisplayName") or None
    channel_id = (snippet.get("authorChannelId") or {}).get("value")
    written = CHANNEL.search(snippet.get("authorChannelUrl") or "")
    return {
        "id": channel_id or (written[1] if written else None),
        "handle": name.removeprefix("@") if name and name.startswith("@") else None,
        "name": name,
    }


def _count(value: Any) -> int | None:
    """Counts are strings there; what an owner hides is left out."""
    return int(value) if value is not None else None
