"""A video or a comment of TikTok's Research API as a mention.

Public for whoever reads stored answers: `to_mention(video)` and `comment_to_mention(comment)` for each of a page.
"""

from datetime import UTC, datetime
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "tiktok"
SITE = "https://www.tiktok.com/"


def to_mention(video: dict[str, Any]) -> Mention:
    """Read one video. Raises pydantic.ValidationError, KeyError, TypeError, ValueError or OverflowError."""
    native_id, text = video_id(video), video.get("video_description") or ""
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": datetime.fromtimestamp(video["create_time"], UTC),
            "url": address(native_id, video.get("username")),
            "kind": "post",
            "author": {"handle": video.get("username")},
            "conversation_id": native_id,
            "media": [{"type": "video", "url": address(native_id, video.get("username"))}],
            "links": list(links(text)),
            "metrics": {
                "likes": video.get("like_count"),
                "reposts": video.get("share_count"),
                "replies": video.get("comment_count"),
                "views": video.get("view_count"),
            },
            "_raw": video,
        }
    )


def comment_to_mention(comment: dict[str, Any], username: str | None = None) -> Mention:
    """Read one comment, under a video of `username` where that is known. Raises as `to_mention` does."""
    under, parent = str(comment["video_id"]), comment.get("parent_comment_id")
    text = comment.get("text") or ""
    answered = str(parent) if parent and str(parent) != under else None  # the first comments answer the video
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": str(comment["id"]),
            "text": text,
            "created_at": datetime.fromtimestamp(comment["create_time"], UTC),
            "url": address(under, username),
            "kind": "reply" if answered else "comment",
            "conversation_id": under,
            "in_reply_to": {"id": answered or under},
            "links": list(links(text)),
            "metrics": {"likes": comment.get("like_count"), "replies": comment.get("reply_count")},
            "_raw": comment,
        }
    )


def video_id(video: dict[str, Any]) -> str:
    """A video's id, which former versions named otherwise. Raises KeyError where it has none."""
    return str(video["id"] if video.get("id") is not None else video["video_id"])


def address(native_id: str, username: str | None) -> str | None:
    """Where a video is shown; that needs its author's name."""
    return f"{SITE}@{username}/video/{native_id}" if username else None
