"""A video or a comment of PeerTube's API (Video, VideoComment) as a mention.

Public for whoever reads stored answers: `to_mention(record, site, video)` with the instance that answered and, for a
comment, the UUID of the video that it stands under, which a comment itself does not name.
"""

from collections.abc import Iterator
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention, known_time
from collectors.plain import links

PLATFORM = "peertube"


def to_mention(record: dict[str, Any], site: str, video: str = "") -> Mention:
    """Read one record. Raises pydantic.ValidationError, KeyError, TypeError, ValueError or AttributeError."""
    own = _of_comment(record, site, video) if "threadId" in record else _of_video(record, site)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "url": record.get("url"),
            "author": _author(record.get("account") or {}),
            "conversation_id": video_id(site, video or record["uuid"]),
            "_raw": record,
            **own,
        }
    )


def video_id(site: str, video: str) -> str:
    """The id of a video: its UUID is the same everywhere, but what is shown of it is the instance's own."""
    return f"{site}/videos/{video}"


def comment_id(site: str, video: str, comment: dict[str, Any], number: Any = None) -> str:
    """The id of a comment, or of another `number` of its thread: it holds all that asking for it again takes."""
    return f"{video_id(site, video)}/{int(comment['threadId'])}/{int(comment['id'] if number is None else number)}"


def withdrawn(record: Any) -> bool:
    """Whether a comment was deleted: its place stays, for its replies."""
    return isinstance(record, dict) and bool(record.get("isDeleted"))


def branches(tree: dict[str, Any]) -> Iterator[Any]:
    """The comments of a thread (VideoCommentThreadTree), each before its replies. Raises KeyError or TypeError."""
    left = [tree]
    while left:
        branch = left.pop()
        yield branch["comment"]
        left += reversed(branch.get("children") or [])


def _of_video(record: dict[str, Any], site: str) -> dict[str, Any]:
    """Title and description, which is Markdown, and in a search's answer cut after 250 characters."""
    description = record.get("description") or record.get("truncatedDescription") or ""
    return {
        "id": video_id(site, record["uuid"]),
        "text": "\n\n".join(part for part in (record["name"], description) if part),
        "created_at": record["publishedAt"],
        "kind": "post",
        "lang": (record.get("language") or {}).get("id"),
        "media": [{"type": "video", "url": record.get("url")}],
        "links": list(links(description)),
        "metrics": {
            "likes": record.get("likes"),
            "views": record.get("views"),
            "replies": record.get("comments"),
        },
    }


def _of_comment(record: dict[str, Any], site: str, video: str) -> dict[str, Any]:
    """Markdown, or the HTML of another kind of server."""
    said, above = Markup.of(record["text"] or ""), record.get("inReplyToCommentId")
    return {
        "id": comment_id(site, video, record),
        "text": said.text,
        "created_at": record["createdAt"],
        "kind": "reply" if above else "comment",
        "in_reply_to": {"id": comment_id(site, video, record, above) if above else video_id(site, video)},
        "links": list(dict.fromkeys([*said.links, *links(said.text)])),
        "metrics": {"replies": record.get("totalReplies")},
    }


def _author(account: dict[str, Any]) -> dict[str, Any]:
    name, host = account.get("name"), account.get("host")
    return {
        "id": account.get("url"),
        "handle": f"{name}@{host}" if name and host else name,
        "name": account.get("displayName"),
        "bio": account.get("description"),
        "followers": account.get("followersCount"),
        "created_at": known_time(account.get("createdAt")),
    }
