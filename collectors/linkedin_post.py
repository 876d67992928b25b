"""A post, a comment or a notification of LinkedIn's Community Management API as a mention.

Public for whoever reads stored answers: `to_mention(post)`, `comment_to_mention(comment)` and
`told_to_mention(notification)` for each of `elements`. Ids are URNs, so that a notification and what it
tells of are one mention.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "linkedin"
SITE = "https://www.linkedin.com/feed/update/"
# LinkedIn's "little text": @[Name](urn), {hashtag|\#|tag}, and a backslash before every reserved character.
PERSON = re.compile(r"@\[((?:\\.|[^\]\\])*)\]\(urn:[^)]*\)")
HASHTAG = re.compile(r"\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}")
ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")
STAMPED = re.compile(r"(\d{15,20})\)?$")  # the upper bits of an id are the time, in milliseconds
POSTED = {"SHARE", "SHARE_MENTION"}
COMMENTED = {"COMMENT", "COMMENT_EDIT", "ADMIN_COMMENT"}
EDITED = {"COMMENT_EDIT"}


def to_mention(post: dict[str, Any]) -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError, TypeError, ValueError or AttributeError."""
    content = post.get("content") or {}
    text = "\n\n".join(
        part for part in (_plain(post.get("commentary") or ""), _asked(content.get("poll") or {})) if part
    )
    original = (post.get("reshareContext") or {}).get("parent")
    article = (content.get("article") or {}).get("source")
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": post["id"],
            "text": text,
            "created_at": _moment(post.get("publishedAt") or post["createdAt"]),
            "url": f"{SITE}{post['id']}/",
            "kind": ("quote" if text else "repost") if original else "post",
            "author": {"id": post.get("author")},
            "conversation_id": post["id"],
            "in_reply_to": {"id": original} if original else None,
            "media": list(_media(content)),
            "links": list(dict.fromkeys([*links(text), *([article] if article else [])])),
            "_raw": post,
        }
    )


def comment_to_mention(comment: dict[str, Any], post_id: str | None = None) -> Mention:
    """Read one comment, which stands under `post_id` where that is known. Raises as `to_mention` does."""
    message, answered = comment.get("message") or {}, comment.get("parentComment")
    text, under = message.get("text") or "", post_id or comment["object"]  # a picture alone says nothing
    native_id = comment_urn(comment)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": _moment(comment["created"]["time"]),
            "url": _address(comment.get("object") or under, native_id),
            "kind": "reply" if answered else "comment",
            "author": {"id": comment.get("actor") or comment["created"].get("actor")},
            "conversation_id": under,
            "in_reply_to": {"id": answered or under},
            "media": [{"type": "image", "url": item.get("url")} for item in _pictures(comment)],
            "links": list(links(text)),
            "metrics": {
                "likes": (comment.get("likesSummary") or {}).get("aggregatedTotalLikes"),
                "replies": replies(comment),
            },
            "_raw": comment,
        }
    )


def told_to_mention(notification: dict[str, Any]) -> Mention:
    """Read one notification that brings the text along. Raises as `to_mention` does; KeyError where it has none."""
    action, told = notification["action"], notification["decoratedGeneratedActivity"]
    if action not in POSTED | COMMENTED:
        raise ValueError(f"a notification of {action!r} says nothing")
    said = told["share" if action in POSTED else "comment"]
    native_id, text, commented = said["entity"], said["text"], action in COMMENTED
    under = said.get("object") or notification.get("sourcePost") if commented else None
    moment = _stamped(native_id) if action in EDITED else None
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text if commented else _plain(text),
            "created_at": moment or told_at(notification),
            "url": _address(under, native_id) if under else f"{SITE}{native_id}/",
            "kind": "comment" if commented else "quote" if action == "SHARE" else "post",
            "author": {"id": said.get("owner")},
            "conversation_id": under or native_id,
            "in_reply_to": _source(notification, under) if commented or action == "SHARE" else None,
            "links": list(links(text)),
            "_raw": notification,
        }
    )


def told_at(notification: dict[str, Any]) -> datetime:
    """When the organisation was told, by which LinkedIn bounds the listing. Raises as `to_mention` does."""
    return _moment(notification["lastModifiedAt"])


def comment_urn(comment: dict[str, Any]) -> str:
    """A comment's URN. Raises KeyError where it cannot be known."""
    return str(
        comment.get("commentUrn") or comment.get("$URN") or f"urn:li:comment:({comment['object']},{comment['id']})"
    )


def replies(comment: dict[str, Any]) -> int | None:
    """How many replies a comment has."""
    summary = comment.get("commentsSummary") or {}
    total: int | None = summary.get("aggregatedTotalComments", summary.get("totalFirstLevelComments"))
    return total


def _source(notification: dict[str, Any], under: str | None) -> dict[str, Any] | None:
    """The own post that was commented on or shared."""
    source = notification.get("decoratedSourcePost") or {}
    native_id = under or notification.get("sourcePost") or source.get("entity")
    if not native_id:
        return None
    author = {"id": source["owner"]} if source.get("owner") else None
    return {"id": native_id, "author": author, "text": source.get("text")}


def _asked(poll: dict[str, Any]) -> str:
    """What a poll asks, and what may be answered."""
    return "\n".join([*([poll["question"]] if poll else []), *(each["text"] for each in poll.get("options") or ())])


def _plain(text: str) -> str:
    named = PERSON.sub(lambda found: f"@{found[1]}", text)
    return ESCAPED.sub(r"\1", HASHTAG.sub(lambda found: f"#{found[1]}", named))


def _moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _stamped(urn: str) -> datetime | None:
    found = STAMPED.search(urn)
    return _moment(int(found[1]) >> 22) if found else None


def _address(post_id: str, native_id: str) -> str:
    return f"{SITE}{post_id}/?commentUrn={quote(native_id, safe='')}"


def _media(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Pictures and films; LinkedIn names them by URN, not by address."""
    images = (content.get("multiImage") or {}).get("images") or ()
    for item in [*([content["media"]] if content.get("media") else []), *images]:
        kind = "video" if str(item.get("id")).startswith("urn:li:video:") else "image"
        if not str(item.get("id")).startswith("urn:li:document:"):
            yield {"type": kind, "url": item.get("id"), "alt_text": item.get("altText") or item.get("title")}


def _pictures(comment: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in comment.get("content") or () if item.get("type") == "IMAGE"]
