"""A message of Discord's API v10 as a mention.

Public for whoever reads stored answers: `to_mention(message)` for each message that is no notice (`is_notice`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from mimetypes import guess_type
from typing import Any

from collectors import plain
from collectors.mention import Mention

PLATFORM = "discord"
SITE = "https://discord.com/channels"
SAID = {0, 19, 20, 23}  # what somebody wrote, or a bot on command; the other types are the server's own notices
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # of ids
REPLY = 19
FORWARD = 1  # a message_reference of this type: the message only passes on another one
TEXT_DISPLAY = 10  # the component that holds words; others hold components
KINDS = ("image", "video", "audio")


def is_notice(message: dict[str, Any]) -> bool:
    """Whether the server itself tells of something: a member joined, a message was pinned."""
    return isinstance(message.get("type"), int) and message["type"] not in SAID


def sent_at(number: int) -> datetime:
    """When the message of an id was sent: the id begins with the milliseconds since 2015."""
    return EPOCH + timedelta(milliseconds=number >> 22)


def to_mention(message: dict[str, Any], guild: str | None = None, *, thread: bool = False) -> Mention:
    """Read one message of a server (`guild`; None: unknown), and of a thread there or not.

    Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed, or came without content.
    """
    shown = _forwarded(message) or message
    parent = _parent(message)
    channel, native_id = message["channel_id"], message["id"]
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": _text(shown),
            "created_at": message["timestamp"],
            "url": f"{SITE}/{guild}/{channel}/{native_id}" if guild else None,
            "kind": "repost" if shown is not message else "reply" if parent else "message",
            "author": _author(message["author"]),
            "conversation_id": channel if thread else (parent or message)["id"],
            "in_reply_to": parent,
            "media": list(_media(shown)),
            "links": plain.links(shown["content"]),
            "metrics": {"likes": sum(each["count"] for each in message.get("reactions") or ())},
            "_raw": message,
        }
    )


def _forwarded(message: dict[str, Any]) -> dict[str, Any] | None:
    """The message that another one passes on, as it was then."""
    snapshots = message.get("message_snapshots") or ()
    return dict(snapshots[0]["message"]) if snapshots else None


def _parent(message: dict[str, Any]) -> dict[str, Any] | None:
    reference = message.get("message_reference") or {}
    forwarded = _forwarded(message)
    if not reference.get("message_id") or (message.get("type") != REPLY and forwarded is None):
        return None  # a crosspost or a notice refers to a message too
    if forwarded is not None:
        return {"id": reference["message_id"], "text": _text(forwarded)}
    answered = message.get("referenced_message")  # null where it was deleted
    known = {"author": _author(answered["author"]), "text": answered["content"]} if answered else {}
    return {"id": reference["message_id"], **known}


def _author(author: dict[str, Any]) -> dict[str, Any]:
    return {"id": author["id"], "handle": author["username"], "name": author.get("global_name")}


def _text(message: dict[str, Any]) -> str:
    """What is said: in words, in a poll, or, by a bot, in the cards that it shows."""
    said = [message["content"]]
    if poll := message.get("poll"):
        said += [poll["question"].get("text"), *(each["poll_media"].get("text") for each in poll.get("answers") or ())]
    elif not message["content"]:
        said += [*chain.from_iterable(map(_card, message.get("embeds") or ())), *_shown(message.get("components"))]
    text = "\n".join(part for part in said if part)
    rest = ("attachments", "embeds", "sticker_items", "stickers", "components", "poll")
    if not text and not any(message.get(part) for part in rest):
        raise ValueError("the message came without its content: give the bot the message content intent")
    return text


def _card(embed: dict[str, Any]) -> Iterator[str | None]:
    yield from (embed.get("title"), embed.get("description"))
    for each in embed.get("fields") or ():
        yield from (each.get("name"), each.get("value"))


def _shown(components: Any) -> Iterator[str]:
    for each in components or ():
        if each.get("type") == TEXT_DISPLAY:
            yield each["content"]
        yield from _shown(each.get("components"))


def _media(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for file in message.get("attachments") or ():
        type_ = (file.get("content_type") or guess_type(file["filename"])[0] or "").partition("/")[0]
        if type_ in KINDS:
            yield {"type": type_, "url": file["url"], "alt_text": file.get("description")}
    for sticker in message.get("sticker_items") or ():
        yield {"type": "image", "alt_text": sticker.get("name")}
