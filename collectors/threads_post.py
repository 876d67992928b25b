"""A post of the Threads API as a mention.

Public for whoever reads stored answers: `to_mention(post)` for each of `data`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "threads"
MEDIA = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}
# What is asked for of each post; the search gives no `owner`.
FIELDS = (
    "id,media_type,media_url,permalink,username,text,timestamp,shortcode,thumbnail_url,children,is_quote_post,alt_text,"
    "link_attachment_url,has_replies,is_reply,root_post,replied_to,quoted_post,reposted_post,gif_url,topic_tag,"
    "text_attachment,poll_attachment"
)
OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def to_mention(post: dict[str, Any]) -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    attached = post.get("text_attachment") or {}
    poll = post.get("poll_attachment") or {}
    options = "\n".join(poll[option] for option in OPTIONS if poll.get(option))
    text = "\n\n".join(part for part in (post.get("text"), attached.get("plaintext"), options) if part)
    linked = [post.get("link_attachment_url"), attached.get("link_attachment_url")]
    kind, parent = _relation(post)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": post["id"],
            "text": text,
            "created_at": datetime.fromisoformat(post["timestamp"]),
            "url": post.get("permalink"),
            "kind": kind,
            "author": _author(post),
            "conversation_id": (post.get("root_post") or {}).get("id") or post["id"],
            "in_reply_to": parent,
            "media": list(_media(post)),
            "links": list(dict.fromkeys([*links(text), *(link for link in linked if link)])),
            "_raw": post,
        }
    )


def _author(post: dict[str, Any]) -> dict[str, Any]:
    """A name can be changed there, so it is no id."""
    return {"id": (post.get("owner") or {}).get("id"), "handle": post.get("username")}


def _relation(post: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """What kind of post it is, and the one that it answers, quotes or repeats."""
    for name, kind in (("replied_to", "reply"), ("reposted_post", "repost"), ("quoted_post", "quote")):
        if (other := post.get(name)) and other.get("id"):
            return kind, {"id": other["id"], "author": _author(other), "text": other.get("text")}
    if post.get("is_reply"):
        return "reply", None
    if post.get("media_type") == "REPOST_FACADE":
        return "repost", None
    return ("quote" if post.get("is_quote_post") else "post"), None


def _media(post: dict[str, Any]) -> Iterator[dict[str, Any]]:
    children = (post.get("children") or {}).get("data") or ()
    for item in [post, *children]:
        if kind := MEDIA.get(item.get("media_type") or ""):
            yield {"type": kind, "url": item.get("media_url"), "alt_text": item.get("alt_text")}
    if post.get("gif_url"):
        yield {"type": "image", "url": post["gif_url"]}
