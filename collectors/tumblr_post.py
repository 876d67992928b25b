"""A post of Tumblr as a mention, in either of its formats, with the reblogs that it stands on.

Public for whoever reads stored answers: `to_mention(post)`.
"""

from datetime import UTC, datetime
from typing import Any

from collectors.mention import Mention
from collectors.tumblr_content import Content, of_blocks, of_older

PLATFORM = "tumblr"


def to_mention(post: dict[str, Any]) -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    blog, number = post["blog_name"], post.get("id_string") or post["id"]
    own, trail = _own(post), _trail(post)
    above = trail[-1] if trail else _named_parent(post)
    shown = own if own.text or own.media or not trail else trail[-1][1]
    tags = " ".join(f"#{tag}" for tag in post.get("tags") or ())  # on Tumblr much is said in them
    about = post.get("blog") or {}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": f"{blog}/{number}",
            "text": "\n\n".join(part for part in (shown.text, tags) if part),
            "created_at": posted_at(post),
            "url": post.get("post_url"),
            "kind": "post" if above is None else "quote" if own.text or own.media else "repost",
            "author": {"id": about.get("uuid") or blog, "handle": blog, "name": about.get("title") or None},
            "conversation_id": _root(post, trail) or f"{blog}/{number}",
            "in_reply_to": _parent(*above) if above else None,
            "media": shown.media,
            "links": list(dict.fromkeys([*shown.links, *([post["source_url"]] if post.get("source_url") else [])])),
            "metrics": {"replies": post.get("note_count")},
            "_raw": post,
        }
    )


def posted_at(post: dict[str, Any]) -> datetime:
    """When it says that it was published, to the second; its author may set that back."""
    return datetime.fromtimestamp(post["timestamp"], UTC)


Above = tuple[dict[str, Any], Content]  # a post further up the trail: whose it is, what it says


def _own(post: dict[str, Any]) -> Content:
    """What this blog added. The older format repeats the whole trail in a reblog's body, and has this apart."""
    if isinstance(post.get("content"), list):
        return of_blocks(post["content"])
    reblog = post.get("reblog") or {}
    if not (_is_reblog(post) and "comment" in reblog):
        return of_older(post)
    content = Content()
    content.say(reblog["comment"])
    return content


def _trail(post: dict[str, Any]) -> list[Above]:
    """The posts that it stands on, from the root to its parent. The older format has the post itself last."""
    items = [item for item in post.get("trail") or () if not item.get("is_current_item")]
    return [(item, _said(item)) for item in items]


def _said(item: dict[str, Any]) -> Content:
    if isinstance(item.get("content"), list):
        return of_blocks(item["content"])
    content = Content()
    content.say(item.get("content_raw") or item.get("content"))
    return content


def _is_reblog(post: dict[str, Any]) -> bool:
    return bool(post.get("parent_post_url") or post.get("reblogged_from_id") or _trail(post))


def _named_parent(post: dict[str, Any]) -> Above | None:
    """A reblog that left the trail out still says whose post it is."""
    if not _is_reblog(post):
        return None
    item = {"blog": {"name": post.get("reblogged_from_name"), "uuid": post.get("reblogged_from_uuid")}}
    return {**item, "post": {"id": post.get("reblogged_from_id")}}, Content()


def _parent(item: dict[str, Any], said: Content) -> dict[str, Any]:
    blog = item.get("blog") or {}
    name = blog.get("name") or item.get("broken_blog_name")
    author = {"id": blog.get("uuid") or name, "handle": name, "name": blog.get("title") or None}
    return {"id": _id(item), "author": author, "text": said.text or None}


def _root(post: dict[str, Any], trail: list[Above]) -> str | None:
    if post.get("reblogged_root_id") and post.get("reblogged_root_name"):
        return f"{post['reblogged_root_name']}/{post['reblogged_root_id']}"
    return _id(trail[0][0]) if trail else None


def _id(item: dict[str, Any]) -> str | None:
    name, number = (item.get("blog") or {}).get("name"), (item.get("post") or {}).get("id")
    return f"{name}/{number}" if name and number else None
