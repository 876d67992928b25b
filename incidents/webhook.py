"""A notification as a signed request to an address of the receiver's own: JSON, signed as Standard Webhooks has it.

`webhook-id` is the notification's id, `webhook-timestamp` the Unix second of sending, and `webhook-signature` has
`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. docs/routes.md shows a receiver. It cannot be searched:
after a doubt a request may come twice, with the same id; what it has already it answers with 200 or 409.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import httpx

from collectors.unlogged import keep_addresses_out_of_the_log
from incidents.escape import clipped, harmless, safe_url
from incidents.notification import AnyCard, Card, DigestCard, Notification, Receipt, SilenceCard
from incidents.outbox import Denied, Head, Refused, Unanswered, Unavailable

SCHEMA = "tocsin.notification/1"
TIMEOUT_S = 15.0
LEAST_SECRET = 24  # bytes, as the standard has it
LONGEST = 4000  # characters of one text
READ = 20_000
CLOSED_TO_US = (301, 302, 303, 307, 308, 401, 403, 404, 405, 407, 410, 451)
BUSY = (408, 425, 429)
THERE_ALREADY = 409


class WebhookChannel:
    """A `Channel` that posts to one URL."""

    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        *,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`secret`: `whsec_` and base64 of 24 bytes or more. Raises ValueError where it is none."""
        self._name = name
        self._url = url
        self._key = key_of(secret)
        self._timeout_s = timeout_s
        self._now = now
        keep_addresses_out_of_the_log()  # whoever knows a receiver's may write to it

    def address(self, notification: Notification) -> str:
        """The channel's name."""
        return self._name

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing: a receiver cannot be searched."""
        return None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Post it; no redirect is followed. Raises Refused, Denied, Unavailable, Unanswered."""
        content = body(notification, head)
        headers = {
            "content-type": "application/json",
            "user-agent": "Tocsin",
            "idempotency-key": notification.id,
            **signed(notification.id, int(self._now()), content, self._key),
        }
        # Of the answer no more is read than its status: its content may be of any length, and is of no use to us.
        asked = httpx.stream("POST", self._url, content=content, headers=headers, timeout=self._timeout_s)
        with _errors(self._name), asked as answer:
            pass
        if not answer.is_success and answer.status_code != THERE_ALREADY:
            raise _fault(answer.status_code)(f"{self._name}: the receiver answered {answer.status_code}")
        thread = head.remote_id if head else notification.id
        return Receipt(notification.id, self._name, notification.id, {"thread": thread})


def key_of(secret: str) -> bytes:
    """The bytes of a `whsec_…` secret. Raises ValueError."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith("whsec_") or len(key) < LEAST_SECRET:
        raise ValueError(f"has no secret: write whsec_ and the base64 of {LEAST_SECRET} random bytes or more")
    return key


def signed(message_id: str, timestamp: int, content: bytes, key: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + content, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode('ascii')}",
    }


def body(notification: Notification, head: Head | None) -> bytes:
    """The request's content: ASCII JSON, every text harmless to show."""
    told = {
        "schema": SCHEMA,
        "type": f"{kind_of(notification.card)}.{notification.reason}",
        "timestamp": notification.created_at.astimezone(UTC).isoformat(),
        "data": {
            "notification_id": notification.id,
            "subject": notification.incident_id,
            "thread": head.remote_id if head else notification.id,  # the id of the first notification about the subject
            "reason": notification.reason,
            "route": notification.route,
            "card": _card(notification.card),
        },
    }
    return json.dumps(told, ensure_ascii=True, sort_keys=True).encode("ascii")


def kind_of(card: AnyCard) -> str:
    """What a card is about: incident, digest, silence or alarm."""
    if isinstance(card, Card):
        return "incident"
    if isinstance(card, DigestCard):
        return "digest"
    return "silence" if isinstance(card, SilenceCard) else "alarm"


def _card(card: AnyCard) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in asdict(card).items()}
    return plain | ({"excerpt_url": safe_url(card.excerpt_url)} if isinstance(card, Card) else {})


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clipped(harmless(value[:READ]), LONGEST)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _fault(status: int) -> type[Refused | Denied | Unavailable]:
    if status in CLOSED_TO_US:
        return Denied
    return Unavailable if status in BUSY or status >= 500 else Refused


@contextmanager
def _errors(name: str) -> Iterator[None]:
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable(f"{name}: the receiver cannot be reached ({type(error).__name__})") from error
    except httpx.RequestError as error:
        raise Unanswered(f"{name}: no answer from the receiver ({type(error).__name__})") from error
    except (httpx.InvalidURL, UnicodeError) as error:  # neither is a RequestError, nor was anything sent
        raise Denied(f"{name}: the receiver's address is none that can be reached ({type(error).__name__})") from error
