"""An update of Telegram's Bot API as a mention.

Public for whoever reads stored answers: `to_mention(update)` for each update of which `is_said` holds. A message's
number counts within its chat alone, so the id of a mention is `chat/message`, as in Telegram's own addresses.
"""

from collections.abc import Iterator
from typing import Any

from collectors import plain
from collectors.mention import Mention

PLATFORM = "telegram"
SITE = "https://t.me"
KINDS = ("message", "edited_message", "channel_post", "edited_channel_post")
PRIVATE_PREFIX = "-100"  # of the ids of supergroups and channels; without it, their number in an address
FILES = {"video": "video", "animation": "video", "video_note": "video", "audio": "audio", "voice": "audio"}
GENERAL = ("image", "video", "audio")
NAMED = ("venue", "game", "invoice", "giveaway")
PAID = {"photo": "image", "video": "video", "live_photo": "image"}


def is_said(update: dict[str, Any]) -> bool:
    """Whether somebody said something; else it is the chat's own notice, or of no kind that is read."""
    message = message_of(update)
    return message is not None and bool(_words(message) or list(_media(message)))


def message_of(update: dict[str, Any]) -> dict[str, Any] | None:
    """The message that an update brings, edited or new; None where it brings something else."""
    found = (update[kind] for kind in KINDS if kind in update)
    message: dict[str, Any] | None = next(found, None)
    return message


def to_mention(update: dict[str, Any]) -> Mention:
    """Read one update. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    message = message_of(update)
    if message is None:
        raise ValueError("the update brings no message")
    chat, words = message["chat"], _words(message)
    origin, answered = _origin(message), _answered(message)
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    native_id = f"{chat['id']}/{message['message_id']}"
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": words,
            "created_at": message["date"],
            "url": _address(chat, message["message_id"]),
            "kind": "repost" if origin else "reply" if answered else "post" if chat["type"] == "channel" else "message",
            "author": _author(message),
            "conversation_id": f"{chat['id']}/{thread}" if thread else (answered or {}).get("id") or native_id,
            "in_reply_to": {**origin, "text": words} if origin else answered,
            "media": list(_media(message)),
            "links": list(dict.fromkeys(_links(message, words))),
            "_raw": update,
        }
    )


def _words(message: dict[str, Any]) -> str:
    """What is said: a text, a caption, a question with its answers, a list with its tasks, what is offered or named."""
    if said := message.get("text") or message.get("caption"):
        return str(said)
    poll, tasks = message.get("poll") or {}, message.get("checklist") or {}
    parts = [poll.get("question"), *(each["text"] for each in poll.get("options") or ())]
    parts += [tasks.get("title"), *(each["text"] for each in tasks.get("tasks") or ())]
    for name in NAMED:
        shown = message.get(name) or {}
        parts += [shown.get(part) for part in ("title", "description", "address", "prize_description")]
    return "\n".join(part for part in parts if part)


def _author(message: dict[str, Any]) -> dict[str, Any]:
    """Who speaks: a channel or a group in its own name, or a person. A channel's post without a sender is its own."""
    speaker = message.get("sender_chat") or message.get("from") or message["chat"]
    return _profile(speaker)


def _profile(one: dict[str, Any]) -> dict[str, Any]:
    name = one.get("title") or " ".join(part for part in (one.get("first_name"), one.get("last_name")) if part)
    return {"id": one["id"], "handle": one.get("username"), "name": name or None}


def _address(chat: dict[str, Any], number: int) -> str | None:
    """Where members see it; a plain group and a private chat have no addresses."""
    if chat.get("username") and chat["type"] in ("supergroup", "channel", "group"):
        return f"{SITE}/{chat['username']}/{number}"
    if chat["type"] in ("supergroup", "channel") and str(chat["id"]).startswith(PRIVATE_PREFIX):
        return f"{SITE}/c/{str(chat['id']).removeprefix(PRIVATE_PREFIX)}/{number}"
    return None


def _origin(message: dict[str, Any]) -> dict[str, Any] | None:
    """The original of a forwarded message, as far as its author lets it be known."""
    origin = message.get("forward_origin") or _former_origin(message)
    if not origin:
        return None
    chat = origin.get("chat") or origin.get("sender_chat")
    known = chat or origin.get("sender_user")
    author = _profile(known) if known else {"name": origin.get("sender_user_name")}
    number = origin.get("message_id")
    return {"id": f"{chat['id']}/{number}" if chat and number else None, "author": author}


def _former_origin(message: dict[str, Any]) -> dict[str, Any] | None:
    """The same as it was told before version 7.0 of the API."""
    if not message.get("forward_date"):
        return None
    return {
        "chat": message.get("forward_from_chat"),
        "sender_user": message.get("forward_from"),
        "sender_user_name": message.get("forward_sender_name"),
        "message_id": message.get("forward_from_message_id"),
    }


def _answered(message: dict[str, Any]) -> dict[str, Any] | None:
    """The message that this one answers. In a topic, what answers nothing names the topic's beginning."""
    answered = message.get("reply_to_message")
    if answered and "forum_topic_created" not in answered:
        own = {"id": f"{answered['chat']['id']}/{answered['message_id']}", "text": _words(answered) or None}
        return own | ({"author": _author(answered)} if answered.get("from") or answered.get("sender_chat") else {})
    elsewhere = message.get("external_reply")
    if not elsewhere:
        return None
    chat, number = elsewhere.get("chat"), elsewhere.get("message_id")
    quoted = (message.get("quote") or {}).get("text")
    told = _origin({"forward_origin": elsewhere["origin"]}) or {}
    return {**told, "id": f"{chat['id']}/{number}" if chat and number else told.get("id"), "text": quoted}


def _media(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A file's address would hold the bot's token, so there is none."""
    if message.get("photo"):
        yield {"type": "image"}
    for field, type_ in FILES.items():
        if message.get(field):
            yield {"type": type_}
    for item in (message.get("paid_media") or {}).get("paid_media") or ():
        if item["type"] in PAID:  # else its first look, before it is paid for
            yield {"type": PAID[item["type"]]}
    if sticker := message.get("sticker"):
        yield {"type": "video" if sticker.get("is_video") else "image", "alt_text": sticker.get("emoji")}
    general = str((message.get("document") or {}).get("mime_type") or "").partition("/")[0]
    if general in GENERAL and not message.get("animation"):  # which is told as a document too
        yield {"type": general}


def _links(message: dict[str, Any], words: str) -> Iterator[str]:
    entities = [*(message.get("entities") or ()), *(message.get("caption_entities") or ())]
    units = words.encode("utf-16-le")  # offsets count these
    for entity in entities:
        if entity["type"] == "text_link":
            yield entity["url"]
        if entity["type"] == "url":
            start = 2 * entity["offset"]
            shown = units[start : start + 2 * entity["length"]].decode("utf-16-le", "replace")
            yield shown if "://" in shown else f"http://{shown}"
    if not entities:
        yield from plain.links(words)
