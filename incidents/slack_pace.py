"""How fast we may talk to Slack: an interval between posts to one channel, the pauses it asks for, and what is late."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from slack_sdk.http_retry.handler import RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from incidents.notification import Notification
from incidents.wording import moment

LONGEST_S = 600.0  # a pause that is waited out; for a longer one the run ends, and the next one goes on
UNSAID_S = 1.0  # where Slack does not say how long
LATE = timedelta(minutes=10)  # from when on a message says that it comes late
MOST_BLOCKS = 50

log = logging.getLogger(__name__)


class Pace:
    """Keeps an interval between two posts to one channel. `waited_s`: for how long it has kept posts back in all."""

    def __init__(self, interval_s: float, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._interval_s = interval_s
        self._monotonic, self._sleep = monotonic, sleep
        self._posted: dict[str, float] = {}
        self.waited_s = 0.0

    def keep(self, channel: str) -> None:
        """Wait until the channel may be posted to, which is from now on its last post."""
        last = self._posted.get(channel)
        if last is not None:
            wait = last + self._interval_s - self._monotonic()
            if wait > 0:
                self._sleep(wait)
                self.waited_s += wait
        self._posted[channel] = self._monotonic()


class Patience(RetryHandler):
    """Waits as long as Slack's Retry-After asks, and says so. `waited_s`: for how long in all."""

    def __init__(self, max_retry_count: int = 3, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__(max_retry_count)
        self._pause = sleep
        self.waited_s = 0.0

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = response is not None and response.status_code == 429
        return limited and asked_s(response) <= LONGEST_S

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait, then let slack-sdk call again."""
        pause = asked_s(response)
        if pause:
            log.warning("Slack asks for a pause of %g s before %s", pause, request.url.rpartition("/")[2])
        self._pause(pause)
        self.waited_s += pause
        state.next_attempt_requested = True
        state.increment_current_attempt()


def asked_s(response: HttpResponse | None) -> float:
    """For how many seconds an answer asks us to wait."""
    headers = {} if response is None else response.headers
    said = next((values for name, values in headers.items() if name.lower() == "retry-after"), None)
    first = said[0] if isinstance(said, list) and said else said
    try:
        return max(0.0, float(str(first)))
    except ValueError:  # none, or a date, which Slack does not send
        return UNSAID_S


def told_late(message: dict[str, Any], notification: Notification, now: float) -> dict[str, Any]:
    """The message, which says so where it comes long after it might have come: a delay is shown, not hidden."""
    due = max(each for each in (notification.created_at, notification.not_before, notification.digest_at) if each)
    late = timedelta(seconds=now) - timedelta(seconds=due.timestamp())
    if late < LATE:
        return message
    words = f"Told late: written {moment(notification.created_at)}, {_spoken(late)} after it could have been told."
    block = {"type": "context", "elements": [{"type": "plain_text", "text": words, "emoji": False}]}
    return {**message, "text": f"{message['text']}\n{words}", "blocks": [*message["blocks"], block][:MOST_BLOCKS]}


def _spoken(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    return (
        f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours" if minutes < 2880 else f"{late.days} days"
    )
