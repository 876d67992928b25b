"""A post or a comment of Facebook's Graph API as a mention.

Public for whoever reads stored answers: `to_mention(post)` and `comment_to_mention(comment)` for each of `data`.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "facebook"
SITE = "https://www.facebook.com/"
# A Page that may not moderate is told no ids of comments; the address still has them.
PERMALINK = re.compile(r"facebook\.com/(?P<page>\d+)/posts/(?P<post>\d+)/?\?comment_id=(?P<comment>\d+)")
REPLY = re.compile(r"[?&]reply_comment_id=(\d+)")


def to_mention(post: dict[str, Any]) -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError, TypeError, ValueError, AttributeError if malformed."""
    shown = list(_attachments(post))
    text = post.get("message") or post.get("story") or _described(shown)
    original = post.get("parent_id")
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": post["id"],
            "text": text,
            "created_at": datetime.fromisoformat(post["created_time"]),
            "url": post.get("permalink_url") or SITE + post["id"],
            "kind": ("quote" if post.get("message") else "repost") if original else "post",
            "author": _author(post.get("from")),
            "conversation_id": post["id"],
            "in_reply_to": {"id": original} if original else None,
            "media": list(_media(post, shown)),
            "links": list(dict.fromkeys([*links(text), *_shared(shown)])),
            "metrics": {
                "likes": _total(post, "reactions") if "reactions" in post else _total(post, "likes"),
                "replies": _total(post, "comments"),
                "reposts": (post.get("shares") or {}).get("count"),
            },
            "_raw": post,
        }
    )


def comment_to_mention(comment: dict[str, Any], post_id: str | None = None) -> Mention:
    """Read one comment, which stands under `post_id` where it does not say so itself. Raises as `to_mention` does."""
    native_id, under = comment_id(comment), post_id or _post_of(comment)
    answered, text = comment.get("parent"), comment.get("message") or ""  # a sticker alone says nothing
    shown = [comment["attachment"]] if comment.get("attachment") else []
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": datetime.fromisoformat(comment["created_time"]),
            "url": comment.get("permalink_url") or SITE + native_id,
            "kind": "reply" if answered else "comment",
            "author": _author(comment.get("from")),
            "conversation_id": under or native_id,
            "in_reply_to": _parent(answered) if answered else under and {"id": under},
            "media": list(_media(comment, shown)),
            "links": list(dict.fromkeys([*links(text), *_shared(shown)])),
            "metrics": {
                "likes": comment.get("like_count", _total(comment, "likes")),
                "replies": comment.get("comment_count"),
            },
            "_raw": comment,
        }
    )


def carried(post: Any) -> list[Any]:
    """The comments that came with a post."""
    comments = post.get("comments") if isinstance(post, dict) else None
    data = comments.get("data") if isinstance(comments, dict) else None
    return data if isinstance(data, list) else []


def comment_id(comment: dict[str, Any]) -> str:
    """A comment's id, which its address tells where it has none. Raises KeyError where neither does."""
    if comment.get("id"):
        return str(comment["id"])
    address = comment["permalink_url"]
    found, reply = PERMALINK.search(address), REPLY.search(address)
    if found is None:
        raise KeyError("id")
    return f"{found['post']}_{reply[1] if reply else found['comment']}"


def _post_of(comment: dict[str, Any]) -> str | None:
    found = PERMALINK.search(comment.get("permalink_url") or "")
    return f"{found['page']}_{found['post']}" if found else None


def _author(person: dict[str, Any] | None) -> dict[str, Any]:
    """People are named only to apps that may see them."""
    return {"id": person.get("id"), "name": person.get("name"), "handle": person.get("username")} if person else {}


def _parent(answered: dict[str, Any]) -> dict[str, Any]:
    return {"id": answered["id"], "author": _author(answered.get("from")) or None, "text": answered.get("message")}


def _attachments(post: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is attached; of an album each picture."""
    for item in (post.get("attachments") or {}).get("data") or ():
        inner = (item.get("subattachments") or {}).get("data")
        yield from inner or (item,)


def _media(post: dict[str, Any], shown: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in shown:
        media, kind = item.get("media") or {}, f"{item.get('media_type') or ''} {item.get('type') or ''}"
        image = (media.get("image") or {}).get("src")
        if "video" in kind:
            yield {"type": "video", "url": media.get("source") or item.get("url") or image}
        elif image and ("photo" in kind or "sticker" in kind or "album" in kind or "image" in kind):
            yield {"type": "image", "url": image, "alt_text": item.get("description")}
    if not shown and post.get("full_picture"):
        yield {"type": "image", "url": post["full_picture"]}


def _shared(shown: list[dict[str, Any]]) -> Iterator[str]:
    for item in shown:
        kind = item.get("media_type") or item.get("type")
        if kind in ("link", "share") and (address := item.get("unshimmed_url") or item.get("url")):
            yield address


def _described(shown: list[dict[str, Any]]) -> str:
    """What a link or picture says of itself, where its poster says nothing."""
    said = ((item.get("title"), item.get("description")) for item in shown)
    return "\n\n".join(dict.fromkeys(part for parts in said for part in parts if part))


def _total(post: dict[str, Any], edge: str) -> int | None:
    """A number of reactions or comments, which stood elsewhere in former versions."""
    told = post.get(edge)
    if isinstance(told, dict):
        told = (told.get("summary") or {}).get("total_count", told.get("count"))
    return told
