"""Looking for a message of ours in Slack, by the notification id in its metadata."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from incidents.message import EVENT_TYPE
from incidents.outbox import Unavailable

PAGE = 200
TS = r"[0-9]{1,11}\.[0-9]{1,9}"  # of a message: Unix seconds
OVERLAP_S = 120.0  # of what was read, that is read again with what is newer
TRIES = 5  # of one page: to read again does no harm, and one answer that is cut must not cost the whole listing

Message = Mapping[str, Any]


def in_thread(client: WebClient, channel: str, head_ts: str, oldest: float, notification_id: str) -> str | None:
    """The ts of the thread's message since `oldest` (its head included) that carries this id. Raises SlackApiError."""
    where = {"channel": channel, "ts": head_ts, "oldest": f"{oldest:.6f}"}
    return _seek(listing(client.conversations_replies, **where), notification_id)


@dataclass
class _Known:
    """What was read of one channel: our messages in it, since `oldest`, and up to `newest` (Slack's own clock)."""

    oldest: float
    newest: float = 0.0
    ids: dict[str, str] = field(default_factory=dict)  # notification id: ts

    def note(self, message: Message) -> None:
        name = carried(message)
        if name is not None:
            self.ids[name] = str(message["ts"])


class Channels:
    """Looks for messages of ours in channels. What was read once is not read again: a further look reads what is newer.

    Slack gives a message its ts when it stores it: what comes late comes at the end.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, _Known] = {}

    def find(self, channel: str, oldest: float, notification_id: str) -> str | None:
        """The ts of the channel's message since `oldest` (Unix seconds) that carries this id. Raises SlackApiError."""
        known = self._known.get(channel)
        if known is None or oldest < known.oldest:
            known = self._known[channel] = _Known(oldest)
        if notification_id in known.ids:
            return known.ids[notification_id]
        since, newest = max(known.oldest, known.newest - OVERLAP_S), known.newest
        for message in listing(self._client.conversations_history, channel=channel, oldest=f"{since:.6f}"):
            known.note(message)
            if notification_id in known.ids:
                return known.ids[notification_id]  # what is older has not been read: `newest` stays
            newest = max(newest, _seconds(message))
        known.newest = newest
        return None


def carried(message: Message) -> str | None:
    """The notification id that a message of ours carries; None for all others, whatever shape their metadata has."""
    held = _mapping(message.get("metadata"))
    name = _mapping(held.get("event_payload")).get("notification_id")
    return name if held.get("event_type") == EVENT_TYPE and isinstance(name, str) and name else None


def listing(method: Callable[..., Any], **where: str) -> Iterator[Message]:
    """Every message of a paged listing. Raises Unavailable rather than follow a cursor round and round."""
    seen: set[str] = set()
    cursor = None
    while True:
        page = _page(method, **where, cursor=cursor, limit=PAGE, include_all_metadata=True)
        yield from (each for each in page.get("messages") or [] if isinstance(each, Mapping) and each.get("ts"))
        cursor = _mapping(page.get("response_metadata")).get("next_cursor")
        if not cursor:
            return
        if cursor in seen:
            raise Unavailable("Slack's listing gives the same cursor twice")
        seen.add(cursor)


def _page(method: Callable[..., Any], **asked: Any) -> Any:
    for _ in range(TRIES - 1):
        try:
            return method(**asked)
        except SlackApiError as error:
            if error.response.status_code < 500:
                raise
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(getattr(error, "reason", error), TimeoutError):  # where nobody answers, few are asked
                raise
    return method(**asked)


def _seek(messages: Iterator[Message], notification_id: str) -> str | None:
    return next((str(each["ts"]) for each in messages if carried(each) == notification_id), None)


def _seconds(message: Message) -> float:
    """Its ts as Unix seconds; 0 for what is none."""
    return float(message["ts"]) if re.fullmatch(TS, str(message["ts"])) else 0.0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
