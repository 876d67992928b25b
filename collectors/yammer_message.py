"""A message of Viva Engage's (Yammer's) REST API as a mention.

Public for whoever reads stored answers: `to_mention(message, known)` for each of `messages` that is no notice
(`is_notice`), where `known` is `referenced(answer)`: the answer's `references`, which say who its numbers are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors import plain
from collectors.mention import Mention

PLATFORM = "yammer"
KINDS = ("image", "video", "audio")

Known = Mapping[tuple[str, Any], Mapping[str, Any]]


def referenced(answer: Mapping[str, Any]) -> dict[tuple[str, Any], dict[str, Any]]:
    """What an answer says of those that its messages only number, by type and id: users, threads, parents."""
    listed = [*(answer.get("references") or ()), *(answer.get("messages") or ())]
    told = [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), int | str)]
    return {("message" if "replied_to_id" in one else str(one.get("type")), one["id"]): one for one in told}


def is_notice(message: Mapping[str, Any]) -> bool:
    """Whether the network itself tells of something, or somebody wrote to somebody privately."""
    return bool(message.get("system_message") or message.get("direct_message"))


def to_mention(message: dict[str, Any], known: Known | None = None) -> Mention:
    """Read one message. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    known = known or {}
    text = _text(message)
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": message["id"],
            "text": text,
            "created_at": _moment(message["created_at"]),
            "url": message.get("web_url"),
            "kind": "reply" if message.get("replied_to_id") else "post",
            "author": _author(message.get("sender_id"), message.get("sender_type"), known),
            "lang": message.get("language"),
            "conversation_id": message.get("thread_id") or message["id"],
            "in_reply_to": _parent(message.get("replied_to_id"), known),
            "media": list(_media(message)),
            "links": list(dict.fromkeys(_links(message, text))),
            "metrics": {"likes": (message.get("liked_by") or {}).get("count")},
            "_raw": message,
        }
    )


def _text(message: Mapping[str, Any]) -> str:
    """What is said, below the title of an announcement."""
    body = message["body"]
    words = body["plain"] if body.get("plain") is not None else body["parsed"]
    return "\n\n".join(part for part in (message.get("title"), words) if part)


def _moment(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%Y/%m/%d %H:%M:%S %z")  # 2026/10/01 09:15:00 +0000
    except ValueError:
        return datetime.fromisoformat(written)


def _author(sender: Any, kind: Any, known: Known) -> dict[str, Any]:
    told = known.get((str(kind or "user"), sender)) or {}
    return {
        "id": sender,
        "handle": told.get("name"),
        "name": told.get("full_name"),
        "bio": told.get("job_title") or None,
    }


def _parent(answered: Any, known: Known) -> dict[str, Any] | None:
    if not answered:
        return None
    parent = known.get(("message", answered))
    if not parent or not isinstance(parent.get("body"), dict):
        return {"id": answered}
    author = _author(parent.get("sender_id"), parent.get("sender_type"), known)
    return {"id": answered, "author": author, "text": parent["body"].get("plain")}


def _media(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for file in message.get("attachments") or ():
        general = str(file.get("content_type") or "").partition("/")[0]
        type_ = file.get("type") if file.get("type") in KINDS else general
        if type_ in KINDS:
            yield {
                "type": type_,
                "url": file.get("web_url") or file.get("url"),
                "alt_text": file.get("description") or None,
            }


def _links(message: Mapping[str, Any], text: str) -> Iterator[str]:
    yield from plain.links(text)
    for shown in message.get("attachments") or ():
        if shown.get("type") == "ymodule" and shown.get("web_url"):  # the preview of a page
            yield shown["web_url"]
