"""A post or a comment of Lemmy's API (PostView, CommentView) as a mention.

Public for whoever reads stored answers: `to_mention(view, site)` with the instance that answered.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "lemmy"
PICTURE = re.compile(r"!\[([^\[\]]{0,1000})\]\((https?://[^\s()]{1,2000})[^()]{0,500}\)")  # Markdown
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
VIDEOS = (".mp4", ".webm", ".mov")


def to_mention(view: dict[str, Any], site: str) -> Mention:
    """Read one view. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    own = _of_comment(view, site) if "comment" in view else _of_post(view, site)
    creator, counts = view["creator"], view.get("counts") or {}
    found = {
        "platform": PLATFORM,
        "author": _author(creator, site),
        "metrics": {"likes": counts.get("upvotes"), "replies": counts.get("comments", counts.get("child_count"))},
        "_raw": view,
    }
    return Mention.model_validate(found | own)


def withdrawn(view: dict[str, Any]) -> bool:
    """Whether its author or a moderator took it back."""
    shown = view.get("comment") or view.get("post") or {}
    return bool(shown.get("deleted") or shown.get("removed"))


def native_id(view: dict[str, Any], site: str) -> str:
    """The id of a view: posts and comments are numbered apart, by each instance. The path of its page there."""
    kind = "comment" if "comment" in view else "post"
    return f"{site}/{kind}/{int(view[kind]['id'])}"


def _of_post(view: dict[str, Any], site: str) -> dict[str, Any]:
    post = view["post"]
    body, target = post.get("body") or "", post.get("url")
    return {
        "id": native_id(view, site),
        "text": "\n\n".join(part for part in (post["name"], body) if part),
        "created_at": post["published"],
        "url": post.get("ap_id"),
        "kind": "post",
        "conversation_id": native_id(view, site),
        "media": list(_media(target, post.get("alt_text"), body)),
        "links": list(dict.fromkeys([*([target] if target else []), *_addresses(body)])),
    }


def _of_comment(view: dict[str, Any], site: str) -> dict[str, Any]:
    """The fields of a comment; of the post that it stands under, the view has the title."""
    comment, post = view["comment"], view.get("post") or {}
    above = [each for each in str(comment.get("path") or "").split(".")[1:-1] if each]  # "0.12.34": 34 answers 12
    parent: dict[str, Any] = {"id": f"{site}/post/{comment['post_id']}", "text": post.get("name")}
    if above:
        parent = {"id": f"{site}/comment/{int(above[-1])}"}
    return {
        "id": native_id(view, site),
        "text": comment["content"],
        "created_at": comment["published"],
        "url": comment.get("ap_id"),
        "kind": "comment",
        "conversation_id": f"{site}/post/{comment['post_id']}",
        "in_reply_to": parent,
        "media": list(_media(None, None, comment["content"])),
        "links": list(_addresses(comment["content"])),
    }


def _author(creator: dict[str, Any], site: str) -> dict[str, Any]:
    home = urlsplit(creator.get("actor_id") or "").netloc or site
    return {
        "id": creator.get("actor_id") or f"{site}/u/{creator['id']}",
        "handle": f"{creator['name']}@{home}",
        "name": creator.get("display_name") or None,
        "bio": creator.get("bio") or None,
        "created_at": creator.get("published"),
    }


def _addresses(markdown: str) -> Iterator[str]:
    shown = {address for _, address in PICTURE.findall(markdown)}
    return (address for address in links(markdown) if address not in shown)


def _media(target: str | None, words: str | None, markdown: str) -> Iterator[dict[str, Any]]:
    name = urlsplit(target or "").path.lower()
    if name.endswith(PICTURES + VIDEOS):
        yield {"type": "image" if name.endswith(PICTURES) else "video", "url": target, "alt_text": words or None}
    for said, address in PICTURE.findall(markdown):
        yield {"type": "image", "url": address, "alt_text": said or None}
