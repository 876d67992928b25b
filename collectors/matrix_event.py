"""A room event of Matrix as a mention, a redaction as what it took away.

Public for whoever reads stored answers: `to_mention(event)` for each message event; `redacted(event)` first. Events of
/sync do not say which room they are of: set `room_id`, as those of /messages have it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from collectors import plain
from collectors.markup import Markup
from collectors.mention import Mention

PLATFORM = "matrix"
SITE = "https://matrix.to/#/"
POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
MESSAGES = ("m.room.message", "m.sticker", *POLLS)
ENCRYPTED = "m.room.encrypted"
REDACTION = "m.room.redaction"
MEDIA = {"m.image": "image", "m.sticker": "image", "m.video": "video", "m.audio": "audio"}
QUOTED = re.compile(r"> (?:\* )?<(?P<who>@[^>\s]+:[^>\s]+)> ?(?P<text>.*)")  # how a reply repeated what it answers


def to_mention(
    event: dict[str, Any],
    names: Mapping[str, str] | None = None,
    others: Mapping[str, dict[str, Any]] | None = None,
) -> Mention:
    """Read one message, in its latest form where the server tells that it was edited.

    `names` are display names by user id, `others` events by id, for the words of a parent. Raises
    pydantic.ValidationError, KeyError, TypeError or ValueError where the event is malformed.
    """
    content = _latest(event)
    relation = event["content"].get("m.relates_to") or {}  # an edit cannot change what a message answers
    parent_id, thread = _answered(relation)
    text, quotation = _told(event["type"], content, reply=parent_id is not None)
    sender = event["sender"]
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": event["event_id"],
            "text": text,
            "created_at": event["origin_server_ts"] / 1000,
            "url": f"{SITE}{quote(event['room_id'], safe='!')}/{quote(event['event_id'], safe='')}",
            "kind": "reply" if parent_id else "message",
            "author": {"id": sender, "handle": sender, "name": (names or {}).get(sender)},
            "conversation_id": thread or parent_id or event["event_id"],
            "in_reply_to": _parent(parent_id, quotation, (others or {}).get(parent_id or "")) if parent_id else None,
            "media": list(_media(event["type"], content)),
            "links": list(dict.fromkeys(_links(content, text))),
            "_raw": event,
        }
    )


def redacted(event: dict[str, Any]) -> str | None:
    """The id of the message that is known, by this event, to have been taken away; None where it says no such thing."""
    content = event["content"]
    if event["type"] == REDACTION:
        return str(event.get("redacts") or content["redacts"])  # moved inside by room version 11
    taken = not content or "redacted_because" in (event.get("unsigned") or {})
    return str(event["event_id"]) if taken and event["type"] in (*MESSAGES, ENCRYPTED) else None


def edited(event: dict[str, Any]) -> str | None:
    """The id of the message that this event edits; None where it is a message of its own."""
    relation = event["content"].get("m.relates_to") or {}
    return str(relation["event_id"]) if relation.get("rel_type") == "m.replace" else None


def replaced(original: dict[str, Any], edit: dict[str, Any]) -> dict[str, Any]:
    """The original with an edit noted as the server notes it. Raises ValueError for an edit by somebody else."""
    if (original["sender"], original["type"]) != (edit["sender"], edit["type"]):
        raise ValueError("edits a message of another author or kind, which no server may show as edited")
    unsigned = original.get("unsigned") or {}
    relations = {"m.replace": edit, **(unsigned.get("m.relations") or {})}  # the server's own is the latest
    return {**original, "unsigned": {**unsigned, "m.relations": relations}}


def _latest(event: dict[str, Any]) -> dict[str, Any]:
    relations = (event.get("unsigned") or {}).get("m.relations") or {}
    edit = relations.get("m.replace") or {}
    content: dict[str, Any] = (edit.get("content") or {}).get("m.new_content") or event["content"]
    return content


def _answered(relation: dict[str, Any]) -> tuple[str | None, str | None]:
    """The id of the parent and that of the thread. What a thread's message answers only for old clients is its root."""
    thread = relation["event_id"] if relation.get("rel_type") == "m.thread" else None
    answered = (relation.get("m.in_reply_to") or {}).get("event_id")
    return (thread if thread and (relation.get("is_falling_back") or not answered) else answered), thread


def _told(kind: str, content: dict[str, Any], *, reply: bool) -> tuple[str, re.Match[str] | None]:
    """What the author says, and the first line of a quotation that a client put before it."""
    if kind in POLLS:
        return _question(content), None
    body = content["body"]
    quotation = QUOTED.match(body) if reply else None
    if quotation is None:
        return body, None
    lines = body.split("\n")
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines[1:] if lines and not lines[0] else lines), quotation


def _question(content: dict[str, Any]) -> str:
    """What a poll asks, as it is written for clients that know no polls; else its question and its answers."""
    if text := _plain(content):
        return text
    poll = content.get("m.poll") or content.get("org.matrix.msc3381.poll.start") or {}
    text = "\n".join(filter(None, map(_plain, (poll.get("question") or {}, *(poll.get("answers") or ())))))
    if not text:
        raise TypeError("the poll has no text")
    return text


def _plain(part: dict[str, Any]) -> str | None:
    """A text in one of the forms that those events give it."""
    said = part.get("m.text") or part.get("org.matrix.msc1767.text") or part.get("body")
    text = said[0]["body"] if isinstance(said, list) else said
    return text if isinstance(text, str) else None


def _parent(event_id: str, quotation: re.Match[str] | None, other: dict[str, Any] | None) -> dict[str, Any]:
    if other is not None and isinstance(body := (other.get("content") or {}).get("body"), str):
        return {"id": event_id, "author": {"id": other["sender"], "handle": other["sender"]}, "text": body}
    if quotation is None:
        return {"id": event_id}
    lines = [quotation["text"]]
    for line in quotation.string.split("\n")[1:]:
        if not line.startswith(">"):
            break
        lines.append(line[1:].removeprefix(" "))
    return {"id": event_id, "author": {"id": quotation["who"], "handle": quotation["who"]}, "text": "\n".join(lines)}


def _media(kind: str, content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sent = content.get("msgtype") or kind
    general = str((content.get("info") or {}).get("mimetype") or "").partition("/")[0]
    type_ = MEDIA.get(sent) or (general if sent == "m.file" and general in MEDIA.values() else None)
    if type_:
        yield {"type": type_, "url": content.get("url") or (content.get("file") or {}).get("url")}


def _links(content: dict[str, Any], text: str) -> Iterator[str]:
    for address in Markup.of(content.get("formatted_body") or "").links:
        if not address.startswith(SITE):  # a person or a room that is named, not a page that is linked to
            yield address
    yield from (address for address in plain.links(text) if not address.startswith(SITE))
