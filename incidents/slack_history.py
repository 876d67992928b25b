"""Looking for a message of ours in Slack, by the notification id in its metadata."""

from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk import WebClient

from incidents.message import EVENT_TYPE
from incidents.outbox import Unavailable

PAGE = 200


def in_thread(client: WebClient, channel: str, head_ts: str, oldest: float, notification_id: str) -> str | None:
    """The ts of the thread's message since `oldest` (its head included) that carries this id. Raises SlackApiError."""
    where = {"channel": channel, "ts": head_ts, "oldest": f"{oldest:.6f}"}
    return _seek(listing(client.conversations_replies, **where), notification_id)


def in_channel(client: WebClient, channel: str, oldest: float, notification_id: str) -> str | None:
    """The ts of the channel's message since `oldest` (Unix seconds) that carries this id. Raises SlackApiError."""
    return _seek(listing(client.conversations_history, channel=channel, oldest=f"{oldest:.6f}"), notification_id)


def _seek(messages: Iterator[dict[str, Any]], notification_id: str) -> str | None:
    for message in messages:
        held = message.get("metadata") or {}
        payload = held.get("event_payload") or {}
        if held.get("event_type") == EVENT_TYPE and payload.get("notification_id") == notification_id:
            return str(message["ts"])
    return None


def listing(method: Callable[..., Any], **where: str) -> Iterator[dict[str, Any]]:
    """Every message of a paged listing. Raises Unavailable rather than follow a cursor round and round."""
    seen: set[str] = set()
    cursor = None
    while True:
        page = method(**where, cursor=cursor, limit=PAGE, include_all_metadata=True)
        yield from page.get("messages") or []
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        if cursor in seen:
            raise Unavailable("Slack's listing gives the same cursor twice")
        seen.add(cursor)
