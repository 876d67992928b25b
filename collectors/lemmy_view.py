"""A post or a comment of Lemmy's API (PostView, CommentView) as a mention, in the words of any version.

Version 1 counts within what is counted, and says `published_at` and `ap_id` for `published` and `actor_id`.
PieFed writes posts and people with titles, and comments with bodies.

Public for whoever reads stored answers: `to_mention(view, site)` with the instance that answered.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from collectors.mention import Mention, known_time
from collectors.plain import links

PLATFORM = "lemmy"
PICTURE = re.compile(r"!\[([^\[\]]{0,1000})\]\((https?://[^\s()]{1,2000})[^()]{0,500}\)")  # Markdown
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
VIDEOS = (".mp4", ".webm", ".mov")


def to_mention(view: dict[str, Any], site: str) -> Mention:
    """Read one view. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    own = _of_comment(view, site) if "comment" in view else _of_post(view, site)
    creator, counts = view["creator"], view.get("counts") or view.get("comment") or view["post"]
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
    title = post["name"] if "name" in post else post["title"]
    body, target = post.get("body") or "", post.get("url")
    return {
        "id": native_id(view, site),
        "text": "\n\n".join(part for part in (title, body) if part),
        "created_at": _published(post),
        "url": post.get("ap_id"),
        "kind": "post",
        "conversation_id": native_id(view, site),
        "media": list(_media(target, post.get("alt_text"), body)),
        "links": list(dict.fromkeys([*([target] if target else []), *_addresses(body)])),
    }


def _of_comment(view: dict[str, Any], site: str) -> dict[str, Any]:
    """The fields of a comment; of the post that it stands under, the view has the title."""
    comment, post = view["comment"], view.get("post") or {}
    content = comment["content"] if "content" in comment else comment["body"]
    above = [each for each in str(comment.get("path") or "").split(".")[1:-1] if each]  # "0.12.34": 34 answers 12
    parent: dict[str, Any] = {"id": f"{site}/post/{comment['post_id']}", "text": post.get("name") or post.get("title")}
    if above:
        parent = {"id": f"{site}/comment/{int(above[-1])}"}
    return {
        "id": native_id(view, site),
        "text": content,
        "created_at": _published(comment),
        "url": comment.get("ap_id"),
        "kind": "comment",
        "conversation_id": f"{site}/post/{comment['post_id']}",
        "in_reply_to": parent,
        "media": list(_media(None, None, content)),
        "links": list(_addresses(content)),
    }


def _published(shown: dict[str, Any]) -> Any:
    return shown["published_at"] if "published_at" in shown else shown["published"]


def _author(creator: dict[str, Any], site: str) -> dict[str, Any]:
    address = creator.get("actor_id") or creator.get("ap_id")
    name = creator["name"] if "name" in creator else creator["user_name"]
    return {
        "id": address or f"{site}/u/{creator['id']}",
        "handle": f"{name}@{urlsplit(address or '').netloc or site}",
        "name": creator.get("display_name") or creator.get("title") or None,
        "bio": creator.get("bio") or creator.get("about") or None,
        "created_at": known_time(creator.get("published_at") or creator.get("published")),
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
