"""The Slack channel: the real slack-sdk client against a server that answers, and fails, as Slack does."""

from typing import Any

import pytest

from incidents.outbox import Denied, Head, Refused, Unavailable
from incidents.slack import SlackChannel
from tests.incidents.samples import notification
from tests.incidents.slack_server import TOKEN, Call, SlackServer, at_first

FIRST, SECOND = notification(1), notification(2)


def _head(ts: str) -> Head:
    return Head(ts, FIRST.id, FIRST.reason)


def test_the_first_notification_is_the_head_of_a_thread(slack: SlackServer, channel: SlackChannel) -> None:
    receipt = channel.send(FIRST, None)
    (message,) = slack.workspace.messages()
    assert receipt.remote_id == receipt.detail["thread"] == message["ts"]
    assert "thread_ts" not in message
    assert message["metadata"] == {
        "event_type": "tocsin_notification",
        "event_payload": {"notification_id": FIRST.id, "incident_id": "TOC-1001", "reason": "new_incident"},
    }


def test_a_later_one_edits_the_head_in_place_and_replies(slack: SlackServer, channel: SlackChannel) -> None:
    head = channel.send(FIRST, None)
    receipt = channel.send(SECOND, _head(head.remote_id))
    first, reply = slack.workspace.messages()
    assert receipt.detail["thread"] == reply["thread_ts"] == first["ts"]
    assert "edited" in first
    assert "New evidence" in first["text"]
    assert slack.workspace.ids() == [FIRST.id, SECOND.id]  # the head keeps the id of the notification that it was


def test_what_is_sent_asks_slack_to_read_nothing_into_it(slack: SlackServer, channel: SlackChannel) -> None:
    seen: list[Call] = []
    slack.workspace.plan = lambda _method, arguments: seen.append(arguments)  # type: ignore[func-returns-value]
    head = channel.send(FIRST, None)
    channel.send(SECOND, _head(head.remote_id))
    posted = [call for call in seen if "unfurl_links" in call]
    assert len(posted) == 2
    for call in posted:
        assert (call["unfurl_links"], call["unfurl_media"], call["mrkdwn"]) == (False, False, False)
    for call in seen:
        assert (call["parse"], call["link_names"]) == ("none", False)


def test_the_routes_channel_goes_before_the_default(slack: SlackServer, channel: SlackChannel) -> None:
    assert channel.send(notification(channel="C0SECURITY"), None).channel == "C0SECURITY"
    assert channel.send(FIRST, None).channel == "C0DEFAULT"
    nowhere = SlackChannel.connect(TOKEN, base_url=slack.url)
    with pytest.raises(Denied, match="TOCSIN_SLACK_CHANNEL"):
        nowhere.send(FIRST, None)


def test_it_finds_its_own_on_the_last_of_many_pages(slack: SlackServer, channel: SlackChannel) -> None:
    slack.workspace.page = 3
    head = channel.send(FIRST, None)
    reply = channel.send(SECOND, _head(head.remote_id))
    for number in range(3, 11):
        channel.send(notification(number), _head(head.remote_id))
        channel.send(notification(1, incident=number), None)
    assert channel.find(FIRST, None) == head
    assert channel.find(SECOND, _head(head.remote_id)) == reply
    assert channel.find(notification(99), None) is None
    assert channel.find(notification(99), _head(head.remote_id)) is None
    assert slack.workspace.calls["conversations.history"] > 3


def test_somebody_elses_metadata_is_not_ours(slack: SlackServer, channel: SlackChannel) -> None:
    channel.send(FIRST, None)
    message = slack.workspace.messages()[0]
    message["metadata"] = {"event_type": "another_app", "event_payload": {"notification_id": FIRST.id}}
    assert channel.find(FIRST, None) is None


def test_a_head_that_was_deleted_gives_way_to_a_new_one(slack: SlackServer, channel: SlackChannel) -> None:
    head = channel.send(FIRST, None)
    slack.workspace.channels["C0DEFAULT"].clear()
    assert channel.find(SECOND, _head(head.remote_id)) is None
    again = channel.send(SECOND, _head(head.remote_id))
    assert again.detail["thread"] == again.remote_id != head.remote_id
    assert channel.find(SECOND, _head(head.remote_id)) == again


def test_a_rate_limit_is_waited_out(slack: SlackServer, channel: SlackChannel) -> None:
    slack.workspace.plan = at_first("429", "429")
    channel.send(FIRST, None)
    assert slack.workspace.ids() == [FIRST.id]


@pytest.mark.parametrize("fault", ["500", "html", "cut", "cut before", "half", "429", "internal_error", "fatal_error"])
def test_a_fault_of_slacks_own_leaves_us_in_doubt(slack: SlackServer, channel: SlackChannel, fault: Any) -> None:
    slack.workspace.plan = at_first(*[fault] * 4)
    with pytest.raises(Unavailable):
        channel.send(FIRST, None)
    stored = fault in ("cut", "half")
    slack.workspace.plan = lambda _method, _arguments: None
    assert (channel.find(FIRST, None) is not None) == stored
    assert slack.workspace.calls["chat.postMessage"] == int(stored)  # the client has not posted again by itself


def test_a_stall_is_cut_short_and_leaves_us_in_doubt(slack: SlackServer) -> None:
    slack.workspace.plan = at_first("stall")
    slack.workspace.stall_s = 3
    hasty = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, timeout_s=1)
    with pytest.raises(Unavailable):
        hasty.send(FIRST, None)
    assert hasty.find(FIRST, None) is not None


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        ("invalid_auth", "TOCSIN_SLACK_BOT_TOKEN"),
        ("account_inactive", "TOCSIN_SLACK_BOT_TOKEN"),
        ("missing_scope", "docs/slack.md"),
        ("not_in_channel", "/invite"),
        ("channel_not_found", "TOCSIN_SLACK_CHANNEL"),
        ("is_archived", "archived"),
    ],
)
def test_a_denial_names_the_fix(slack: SlackServer, channel: SlackChannel, error: str, fix: str) -> None:
    slack.workspace.plan = at_first(error)
    with pytest.raises(Denied, match=fix) as caught:
        channel.send(FIRST, None)
    assert error in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_wrong_token_and_a_server_that_is_no_slack(slack: SlackServer) -> None:
    stranger = SlackChannel.connect("xoxb-wrong", "C0DEFAULT", base_url=slack.url)
    with pytest.raises(Denied, match="invalid_auth"):
        stranger.send(FIRST, None)
    nobody = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url="http://127.0.0.1:9/api/", timeout_s=1)
    with pytest.raises(Unavailable):
        nobody.find(FIRST, None)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "metadata_too_large"])
def test_a_message_at_fault_is_refused(slack: SlackServer, channel: SlackChannel, error: str) -> None:
    slack.workspace.plan = at_first(error)
    with pytest.raises(Refused, match=error):
        channel.send(FIRST, None)


def test_a_listing_that_goes_round_in_circles_is_not_followed(slack: SlackServer, channel: SlackChannel) -> None:
    slack.workspace.page = 1
    for number in (1, 2, 3):
        channel.send(notification(1, incident=number), None)
    slack.workspace.do_conversations_history = lambda _: {  # type: ignore[method-assign]
        "messages": [], "response_metadata": {"next_cursor": "1"}
    }  # fmt: skip
    with pytest.raises(Unavailable, match="same cursor"):
        channel.find(FIRST, None)


@pytest.fixture
def slow(slack: SlackServer) -> tuple[SlackChannel, list[float]]:
    """A channel that posts once in two seconds of a clock that only its own sleeping moves."""
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    made = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url)
    return SlackChannel(made.client, "C0DEFAULT", interval_s=2, monotonic=lambda: now[0], sleep=sleep), slept


def test_posts_to_one_channel_keep_their_interval(slow: tuple[SlackChannel, list[float]]) -> None:
    channel, slept = slow
    for number in (1, 2, 3):
        channel.send(notification(1, incident=number), None)
    assert slept == [2, 2]
    channel.send(notification(1, incident=4, channel="C0SECURITY"), None)
    assert slept == [2, 2]
