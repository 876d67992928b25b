"""Slack: one thread an incident, its head message edited in place, each notification found again by its metadata."""

import logging
import time
from collections.abc import Callable
from typing import Any, Self

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from incidents.message import head_message, metadata, reply_message
from incidents.notification import Notification, Receipt
from incidents.outbox import Denied, Head, Unanswered
from incidents.slack_errors import delivery_errors, error_of
from incidents.slack_history import Channels, in_thread
from incidents.slack_pace import Pace, Patience, told_late

CLOCKS_APART_S = 24 * 3600  # how far our clock and Slack's may disagree when we look for a message of ours
HEAD_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}

log = logging.getLogger(__name__)


class SlackChannel:
    """A `Channel` over slack-sdk's WebClient. Construct it with `connect`, or with a client of your own.

    The client must not retry cut connections by itself, which slack-sdk's default does: the lost call may have posted.
    """

    def __init__(
        self,
        client: WebClient,
        default_channel: str = "",
        *,
        interval_s: float = 1.0,
        interactive: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = client
        self._channels = Channels(client)
        self._default = default_channel.strip()
        self._interactive = interactive
        self._now = now
        self._pace = Pace(interval_s, monotonic, sleep)
        self._patience = [each for each in client.retry_handlers if isinstance(each, Patience)]

    @classmethod
    def connect(
        cls,
        token: str,
        default_channel: str = "",
        *,
        base_url: str = "https://slack.com/api/",
        interval_s: float = 1.0,
        timeout_s: int = 30,
        rate_limit_retries: int = 3,
        interactive: bool = False,
    ) -> Self:
        """A channel that talks to `base_url`, with buttons where `interactive`. Opens no connection yet."""
        patience = Patience(rate_limit_retries)
        client = WebClient(token=token, base_url=base_url, timeout=timeout_s, retry_handlers=[patience])
        return cls(client, default_channel, interval_s=interval_s, interactive=interactive)

    def address(self, notification: Notification) -> str:
        """The Slack channel id. Raises Denied where neither the pack's route nor the settings name one."""
        channel = (notification.channel or self._default).strip()
        if not channel:
            raise Denied(
                f"no Slack channel for the route {notification.route}: set TOCSIN_SLACK_CHANNEL, "
                "or slack_channel in the pack's route"
            )
        return channel

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Look through the incident's thread, or the channel where there is none, for this notification's id."""
        channel = self.address(notification)
        oldest = min(notification.created_at.timestamp(), self._now()) - CLOCKS_APART_S
        with delivery_errors():
            if head is not None:
                try:
                    ts = in_thread(self.client, channel, head.remote_id, oldest, notification.id)
                except SlackApiError as error:
                    if error_of(error) != "thread_not_found":
                        raise
                else:
                    return _receipt(notification, channel, ts, head.remote_id) if ts else None
            ts = self._channels.find(channel, oldest, notification.id)
            return _receipt(notification, channel, ts, ts) if ts else None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Post the incident's head message; or bring it up to date and reply in its thread.

        What is edited in place is brought up to date, and posted anew where it is gone.
        """
        channel, waited_s = self.address(notification), self._waited_s()
        if head is not None:
            with delivery_errors():
                updated = self._update(notification, channel, head)
            if notification.edited and updated:
                return _receipt(notification, channel, head.remote_id, head.remote_id)
            head = None if notification.edited else head
        with delivery_errors(posting=True):
            ts, thread = self._posted(notification, channel, head)
        return _receipt(notification, channel, ts, thread, self._waited_s() - waited_s)

    def _posted(self, notification: Notification, channel: str, head: Head | None) -> tuple[str, str]:
        """The new message's ts, and that of the thread it is in."""
        if head is not None:
            try:
                return self._post(notification, channel, reply_message(notification), head.remote_id), head.remote_id
            except SlackApiError as error:
                if error_of(error) != "thread_not_found":
                    raise
            log.warning("the thread of %s is gone from %s: a new one", notification.incident_id, channel)
        ts = self._post(notification, channel, self._head(notification))
        return ts, ts

    def _post(
        self, notification: Notification, channel: str, message: dict[str, Any], thread: str | None = None
    ) -> str:
        self._pace.keep(channel)
        answer = self.client.chat_postMessage(
            channel=channel,
            metadata=metadata(notification.id, notification.incident_id, notification.reason),
            parse="none",
            link_names=False,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=thread,
            **told_late(message, notification, self._now()),
        )
        ts = answer.get("ts")
        if not isinstance(ts, str) or not ts:
            raise Unanswered("Slack's answer to chat.postMessage has no ts")
        return ts

    def _update(self, notification: Notification, channel: str, head: Head) -> bool:
        """Edit the head message; False where it is gone, or may not be edited any more."""
        try:
            self.client.chat_update(
                channel=channel,
                ts=head.remote_id,
                metadata=metadata(head.notification_id, notification.incident_id, head.reason),
                parse="none",
                link_names=False,
                **self._head(notification),
            )
        except SlackApiError as error:
            if error_of(error) not in HEAD_GONE:
                raise
            log.warning("the head of %s cannot be edited: %s", notification.incident_id, error_of(error))
            return False
        return True

    def _head(self, notification: Notification) -> dict[str, Any]:
        return head_message(notification, interactive=self._interactive)

    def _waited_s(self) -> float:
        return self._pace.waited_s + sum(each.waited_s for each in self._patience)


def _receipt(notification: Notification, channel: str, ts: str, thread: str, delayed_s: float = 0.0) -> Receipt:
    detail = {"thread": thread} | ({"delayed_s": round(delayed_s, 3)} if delayed_s else {})
    return Receipt(notification.id, channel, ts, detail)
