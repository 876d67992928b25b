"""A post of a Discourse forum as a mention: as the listing of posts has it, a topic, a single post or a search.

Public for whoever reads stored answers: `to_mention(post, address)` with the forum's address.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from collectors.markup import Markup
from collectors.mention import Mention
from collectors.sites import site_of

PLATFORM = "discourse"
LIKE = 2  # among the kinds of actions on a post
ADORNMENTS = ("/images/emoji/", "/user_avatar/", "/letter_avatar")  # pictures that are no content


def to_mention(post: dict[str, Any], address: str, site: str = "") -> Mention:
    """Read one post. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    site, topic = site or site_of(address), post["topic_id"]
    body = Markup.of(post.get("cooked") or "")
    said = body.text if post.get("cooked") is not None else post.get("raw") or Markup.of(post["blurb"]).text
    title = post.get("topic_title") or post.get("title")
    opening = post.get("post_number") == 1
    answer = bool(post.get("reply_to_post_number"))
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": f"{site}/posts/{int(post['id'])}",
            "text": "\n\n".join(part for part in (title if opening else None, said) if part),
            "created_at": post["created_at"],
            "url": _address(post, address),
            "kind": "reply" if answer else "post" if opening else "comment",
            "author": {
                "id": f"{site}/users/{post['user_id']}" if post.get("user_id") is not None else None,
                "handle": post["username"],
                "name": post.get("name") or post.get("display_username") or None,
            },
            "conversation_id": f"{site}/topics/{topic}",
            "in_reply_to": None if opening else _parent(post, title),
            "media": list(_pictures(body, address)),
            "links": list(dict.fromkeys(body.links)),
            "metrics": {"likes": _likes(post), "replies": post.get("reply_count"), "views": post.get("reads")},
            "_raw": post,
        }
    )


def withdrawn(post: dict[str, Any]) -> bool:
    """Whether the forum shows no more than that there was a post."""
    return bool(post.get("hidden") or post.get("user_deleted") or post.get("deleted_at"))


def _address(post: dict[str, Any], address: str) -> str:
    own = post.get("post_url") or f"/t/{post.get('topic_slug') or '-'}/{post['topic_id']}/{post.get('post_number', 1)}"
    return own if own.startswith("http") else address + own


def _parent(post: dict[str, Any], title: str | None) -> dict[str, Any]:
    """Whom a reply answers; another post of a topic answers the topic. What it says has to be asked for."""
    answered = post.get("reply_to_user") or {}
    if not post.get("reply_to_post_number"):
        return {"text": title}
    return {"author": {"handle": answered.get("username"), "name": answered.get("name") or None}}


def _likes(post: dict[str, Any]) -> int | None:
    if post.get("like_count") is not None:
        return int(post["like_count"])
    return next((each.get("count") for each in post.get("actions_summary") or () if each.get("id") == LIKE), None)


def _pictures(body: Markup, address: str) -> Iterator[dict[str, Any]]:
    for source, words in body.images:
        if not any(part in source for part in ADORNMENTS):
            yield {"type": "image", "url": urljoin(f"{address}/", source), "alt_text": words or None}
