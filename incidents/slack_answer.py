"""What one person is told in Slack, and the forms that are opened for them."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from incidents.escape import mrkdwn, quoted
from incidents.interaction import Interaction, Typed
from incidents.outbox import Refused, Unavailable
from incidents.slack_errors import delivery_errors, error_of

HOOKS = "hooks.slack.com"
SHOWN = 2900  # characters of one answer
TRIES = 3
RETRY_S = 0.5
NOT_THERE = {"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"}
MENTIONS = {"C": "<#{}>", "G": "<#{}>", "S": "<!subteam^{}>", "U": "<@{}>", "W": "<@{}>"}


class SlackAnswers:
    """Answers that only the person who asked can see. Raises DeliveryError where Slack takes none."""

    def __init__(self, client: WebClient, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def open(self, trigger: str, view: dict[str, Any]) -> None:
        """Open a form. Not tried twice: the trigger lives for three seconds."""
        with delivery_errors():
            self._client.views_open(trigger_id=trigger, view=view)

    def tell(self, asked: Interaction, words: str, who: Sequence[str] = ()) -> None:
        """Say it to the one person; `who` are ids to whom they may turn. To be told twice does no harm."""
        message = said(words, who)
        for left in reversed(range(TRIES)):
            try:
                self._say(asked, message)
            except Unavailable:
                if not left:
                    raise
                self._sleep(RETRY_S)
            else:
                return

    def _say(self, asked: Interaction, message: dict[str, Any]) -> None:
        with delivery_errors():
            if isinstance(asked, Typed):
                self._respond(asked.answer_to, message)
                return
            try:
                self._client.chat_postEphemeral(
                    channel=asked.channel, user=asked.user, parse="none", link_names=False, **message
                )
            except SlackApiError as error:
                if error_of(error) not in NOT_THERE:
                    raise
                self._client.chat_postMessage(channel=asked.user, parse="none", link_names=False, **message)

    def _respond(self, url: str, message: dict[str, Any]) -> None:
        """Only to Slack itself: the address comes with a request, and must not send us elsewhere."""
        if not self._is_slacks(url):
            raise Refused("the address for the answer is not Slack's")
        answer = WebhookClient(url, timeout=self._client.timeout).send(response_type="ephemeral", **message)
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unavailable(f"Slack did not take the answer: HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise Refused(f"Slack refuses the answer: HTTP {answer.status_code}")

    def _is_slacks(self, url: str) -> bool:
        try:
            parts, ours = urlsplit(url), urlsplit(self._client.base_url)
            same = (parts.scheme, parts.hostname, parts.port) == (ours.scheme, ours.hostname, ours.port)
        except ValueError:
            return False
        return same or (parts.scheme == "https" and parts.netloc == HOOKS)


def said(words: str, who: Sequence[str] = ()) -> dict[str, Any]:
    """`text` and `blocks` of an answer: words as plain text, and those who may as mentions, which ping nobody here."""
    known = [each for each in who if re.fullmatch(r"[CGSUW][A-Za-z0-9_]+", each)]
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": quoted(words, SHOWN), "emoji": False}}
    ]
    text = quoted(words, SHOWN)
    if known:
        mentioned = ", ".join(MENTIONS[each[0]].format(each) for each in known[:20])
        element = {"type": "mrkdwn", "text": f"{_may(known)} {mentioned}", "verbatim": True}
        blocks.append({"type": "context", "elements": [element]})
        text += f"\n{_may(known)} {', '.join(known[:20])}"
    return {"text": mrkdwn(text), "blocks": blocks}


def _may(who: Sequence[str]) -> str:
    return "Members of this channel may:" if who[0].startswith(("C", "G")) else "These may:"
