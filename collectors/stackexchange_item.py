"""A question, an answer or a comment of the Stack Exchange API as a mention.

Public for whoever reads stored answers: `to_mention(item, site)` with the site's name in the API: "stackoverflow".
"""

import html
from datetime import UTC, datetime
from typing import Any

from collectors.markup import Markup
from collectors.mention import Mention

PLATFORM = "stackexchange"
OWN_DOMAINS = {"stackoverflow", "superuser", "serverfault", "askubuntu", "stackapps", "mathoverflow"}


def to_mention(item: dict[str, Any], site: str) -> Mention:
    """Read one item. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    fields = _comment(item, site) if "comment_id" in item else _post(item, site)
    body = Markup.of(item.get("body") or item.get("excerpt") or "")
    title = html.unescape(item["title"]) if fields["kind"] == "post" and item.get("title") else ""
    shared = {
        "platform": PLATFORM,
        "text": "\n\n".join(part for part in (title, body.text) if part),
        "created_at": posted_at(item),
        "author": _author(item.get("owner") or {}, site),
        "media": [{"type": "image", "url": address, "alt_text": words or None} for address, words in body.images],
        "links": list(dict.fromkeys(body.links)),
        "metrics": {
            "likes": max(0, item["score"]) if item.get("score") is not None else None,
            "replies": item.get("answer_count"),
            "views": item.get("view_count"),
        },
        "_raw": item,
    }
    return Mention.model_validate(shared | fields)


def posted_at(item: dict[str, Any]) -> datetime:
    """When it was posted, to the second."""
    return datetime.fromtimestamp(item["creation_date"], UTC)


def number_of(item: dict[str, Any]) -> Any:
    """The number of a question or an answer; a site counts both in one row."""
    return item.get("answer_id") or item.get("post_id") or item["question_id"]


def host_of(site: str) -> str:
    """The host of a site by its name in the API: "ru.stackoverflow", "meta.superuser", "cooking", "cooking.meta"."""
    last = site.rpartition(".")[2]
    if site == "mathoverflow.net" or site.endswith(".com"):
        return site
    return f"{site}.com" if last in OWN_DOMAINS else f"{site}.stackexchange.com"


def _post(item: dict[str, Any], site: str) -> dict[str, Any]:
    number = int(number_of(item))
    said = item.get("item_type") or item.get("post_type")
    is_answer = said == "answer" or (said is None and "answer_id" in item)
    question = item.get("question_id")
    title = html.unescape(item["title"]) if item.get("title") else None
    return {
        "id": f"{site}/posts/{number}",
        "kind": "reply" if is_answer else "post",
        "url": item.get("link") or f"https://{host_of(site)}/{'a' if is_answer else 'q'}/{number}",
        "conversation_id": f"{site}/posts/{question}" if question else None if is_answer else f"{site}/posts/{number}",
        "in_reply_to": {"id": f"{site}/posts/{question}" if question else None, "text": title} if is_answer else None,
    }


def _comment(item: dict[str, Any], site: str) -> dict[str, Any]:
    number, post = int(item["comment_id"]), int(item["post_id"])
    answered = item.get("reply_to_user")
    return {
        "id": f"{site}/comments/{number}",
        "kind": "comment",
        "url": item.get("link") or f"https://{host_of(site)}/posts/comments/{number}",
        "conversation_id": f"{site}/posts/{post}",
        "in_reply_to": {"id": f"{site}/posts/{post}", "author": _author(answered, site) if answered else None},
    }


def _author(user: dict[str, Any], site: str) -> dict[str, Any]:
    """Names are not unique there; who left has a name and no number."""
    name = html.unescape(user["display_name"]) if user.get("display_name") else None
    return {"id": f"{site}/users/{user['user_id']}" if user.get("user_id") else None, "handle": name, "name": name}
