"""One message of a mailing list as a mention: who wrote it, when, in answer to what, and its readable text.

Headers and text are decoded strictly, in the charset that they name, or else in UTF-8; where an old program named
none or Latin-1, in Windows-1252 as everybody reads it. A text that fits none of them is refused, not guessed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import InvalidBase64LengthDefect, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from collectors.admission import storable
from collectors.archive.mailboxes import SEPARATOR, Letter
from collectors.archive.refusal import Refusal
from collectors.markup import Markup
from collectors.mention import CLOCK_SKEW, EARLIEST, Mention

PLATFORM = "mail"
LONGEST_ID = 500  # characters, as Mention has it
DATED_BY_MAILBOX = "the mailbox's own line: the message has no date that can be"

_ESCAPED = re.compile(rb"^>(?=>*From )", re.MULTILINE)  # so that no line of a message looks like the next one's first
_SENT = re.compile(rb"[A-Z][a-z]{2},? +(?:[A-Z][a-z]{2} +\d|\d{1,2} +[A-Z])[^\n]*")
_IN_BRACKETS = re.compile(r"<\s*([^<>]+?)\s*>")
_ANSWER = re.compile(r"(?:\s*(?:re|aw|sv|antw|odp|vs)(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_HIDDEN_AT = re.compile(r"([^\s<>()]+) at ([^\s<>()]+)")  # how Pipermail shows an address
_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]]")
_LOOSE = {"us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "unknown-8bit", "8bit", "x-unknown", "unknown"}
_MEDIA = ("image", "video", "audio")


class _AsWritten(Compat32):
    """Headers as they stand: the stock policy gives those with odd bytes as objects that have lost them."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_PARSER = BytesParser(policy=_AsWritten())


@dataclass(frozen=True)
class _Body:
    text: str
    links: tuple[str, ...]
    media: tuple[dict[str, Any], ...]


def mention(letter: Letter) -> Mention:
    """Read one message. Raises Refusal with the reason, or pydantic.ValidationError."""
    try:
        return _mention(letter)
    except (MessageError, RecursionError) as error:
        raise Refusal(f"the message is broken: {error!r}"[:300]) from error


def _mention(letter: Letter) -> Mention:
    first, _, rest = letter.data.partition(b"\n")
    boxed = bool(SEPARATOR.match(first))
    message: Message = _PARSER.parsebytes(_ESCAPED.sub(b"", rest) if boxed else letter.data)
    created_at, dated_by = _moment(message, first if boxed else b"")
    parents = _ids(message, "In-Reply-To")[:1] or _ids(message, "References")[-1:]
    subject, body = _subject(message, answers=bool(parents)), _body(message)
    text = body.text if parents else "\n\n".join(part for part in (subject, body.text) if part)
    if not text.strip():
        cut = "; it is longer than 8 MiB, and was read no further" if letter.cut else ""
        raise Refusal(f"the message has no text{cut}")
    native_id = _identity(message, created_at, text)
    raw = {"headers": [[name, _readable(value).replace("\x00", "␀")] for name, value in message.items()]}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": native_id,
            "text": text,
            "created_at": created_at,
            "url": next(iter(_ids(message, "Archived-At")), None),
            "kind": "reply" if parents else "post",
            "author": _author(message),
            "lang": _header(message, "Content-Language") or None,
            "conversation_id": (_ids(message, "References") or parents or [native_id])[0],
            "in_reply_to": {"id": parents[0], "text": subject or None} if parents else None,
            "media": body.media,
            "links": body.links,
            "_raw": storable({**raw, **({"dated_by": dated_by} if dated_by else {}), "cut": letter.cut}),
        }
    )


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return " ".join(_readable(value).split()) if value else ""


def _readable(value: str) -> str:
    """A header without its encodings; as it stands where they are broken."""
    whole = value if value.isascii() else _in_charset(value.encode("utf-8", "surrogateescape"), "")
    if "=?" not in whole:
        return whole
    try:
        return str(make_header(decode_header(re.sub(r"\r?\n(?=[ \t])", "", whole))))
    except (MessageError, LookupError, ValueError):
        return whole


def _in_charset(data: bytes, charset: str) -> str:
    for name in (charset, "utf-8", *(("cp1252",) if charset in ("", *_LOOSE) else ())):
        try:
            return data.decode(name or "ascii").removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    raise Refusal(f"the text is neither {charset or 'text in a charset that is named'} nor UTF-8")


def _subject(message: Message, *, answers: bool) -> str:
    """Without the "Re:", which says nothing: the subject of an answer is that of the message that began the thread."""
    whole = _header(message, "Subject")
    return _ANSWER.sub("", whole, count=1) if answers else whole


def _ids(message: Message, name: str) -> list[str]:
    """The ids in a header, cut to what can be stored; some programs write one without its brackets."""
    whole = _header(message, name)
    found = _IN_BRACKETS.findall(whole) or ([whole] if whole and " " not in whole else [])
    return [one if len(one) <= LONGEST_ID else _digest(one) for one in found]


def _identity(message: Message, created_at: datetime, text: str) -> str:
    own = _ids(message, "Message-ID")
    return own[0] if own else _digest(f"{created_at.isoformat()}\n{_header(message, 'From')}\n{text}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _author(message: Message) -> dict[str, str | None]:
    """A list that rewrites `From` for the sake of DMARC keeps the author's own in `X-Original-From`."""
    value = message.get("X-Original-From") or message.get("From") or message.get("Sender") or ""
    written = _in_charset(value.encode("ascii", "surrogateescape"), "")
    name, address = parseaddr(written if "@" in written else _HIDDEN_AT.sub(r"\1@\2", written))
    known = address if "@" in address else None
    return {"id": known.lower() if known else None, "handle": known, "name": " ".join(_readable(name).split()) or None}


def _moment(message: Message, separator: bytes) -> tuple[datetime, str | None]:
    """When it was sent, and what says so where the message does not."""
    if own := _plausible(_header(message, "Date")):
        return own, None
    found = _SENT.search(separator)
    if noted := _plausible(found[0].decode("ascii", "replace") if found else ""):
        return noted, DATED_BY_MAILBOX
    raise Refusal(f"the message has no date that can be: {message.get('Date', '')[:60]!r}")


def _plausible(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if EARLIEST <= moment <= datetime.now(UTC) + CLOCK_SKEW else None


def _body(message: Message) -> _Body:
    texts: list[str] = []
    links: list[str] = []
    media: list[dict[str, Any]] = []
    for part in _leaves(message):
        family = part.get_content_maintype()
        if family in _MEDIA:
            media.append({"type": family, "alt_text": _readable(part.get_filename() or "") or None})
        elif family == "text" and part.get_content_disposition() != "attachment":
            text, found = _text(part)
            texts.append(text)
            links += found
    return _Body("\n\n".join(text for text in texts if text), tuple(dict.fromkeys(links)), tuple(media))


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that are shown: of alternatives the plain one, or else the last, which is the richest."""
    inner = part.get_payload()
    if not isinstance(inner, list):
        yield part
        return
    shown = [each for each in inner if isinstance(each, Message)]
    if part.get_content_type() == "multipart/alternative":
        plain = [each for each in shown if each.get_content_type() == "text/plain" and _bytes(each).strip()]
        shown = plain[:1] or shown[-1:]
    for each in shown:
        yield from _leaves(each)


def _text(part: Message) -> tuple[str, list[str]]:
    data = _bytes(part)
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
        raise Refusal("the base64 of the text is damaged")
    text = _in_charset(data, part.get_content_charset() or "").replace("\r\n", "\n")
    if part.get_content_subtype() == "html":
        markup = Markup.of(text)
        return markup.text, markup.links
    return text.strip(), _URL.findall(text)


def _bytes(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
