"""A call whose answer was lost may still be on its way: it is given time, the others go on, nothing is told twice."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from incidents.delivery import SETTLE_S, TRIES, deliver
from incidents.outbox import Head, Unavailable
from incidents.silence import Asked
from incidents.slack import SlackChannel
from incidents.slack_pace import LONGEST_S, Patience
from tests.incidents.samples import NOON, POLICY, notification
from tests.incidents.slack_server import TOKEN, SlackServer, at_first
from tests.incidents.test_delivery import assert_exactly_once_in_order
from tests.warehouse.case_samples import fill
from warehouse.case_entries import add_notification
from warehouse.case_schema import outbox
from warehouse.marts import read
from warehouse.outbox import WarehouseOutbox
from warehouse.silences import WarehouseSilences


def _settling(seconds: float) -> None:
    """Sleep as long as a message that is late takes, for a time in which it is to arrive."""
    if seconds > SETTLE_S / 2:
        time.sleep(0.5)


def _deliver(engine: Engine, channel: SlackChannel, **more: Any) -> Any:
    return deliver(WarehouseOutbox(engine), channel, clock=lambda: NOON, **more)


def test_the_others_go_on_while_a_lost_call_has_time_to_arrive(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, posted = fill(sqlite_engine, cases=3, each=2), list[int]()
    slack.workspace.plan = at_first("cut before")
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: posted.append(len(slack.workspace.messages())))
    assert posted == [4]  # all of the two other incidents, before the one wait
    assert (counts.delivered, counts.found, counts.waiting) == (6, 0, 0)
    assert_exactly_once_in_order(slack, made)


def test_what_arrives_late_is_found_and_not_posted_again(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made = fill(sqlite_engine, cases=2, each=2)
    slack.workspace.plan = at_first("late", None, "late")
    counts = _deliver(sqlite_engine, channel, sleep=_settling)
    assert (counts.delivered, counts.found) == (2, 2)
    assert_exactly_once_in_order(slack, made)


def test_what_a_dead_sender_had_sent_is_given_time_too(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made = fill(sqlite_engine, cases=1, each=2)
    with sqlite_engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.notification_id == made[0].id).values(state="sending"))
    sent = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url)
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: sent.send(made[0], None))
    assert (counts.delivered, counts.found) == (1, 1)
    assert_exactly_once_in_order(slack, made)


def test_what_is_written_meanwhile_is_silenced_like_the_rest(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    fill(sqlite_engine, cases=2, each=1)
    further, asked = notification(2, 2), Asked("Sam", "a drill", "8h", category="cyberbullying")

    def meanwhile(_: float) -> None:
        WarehouseSilences(sqlite_engine, lambda: NOON).add(asked, {POLICY.id: POLICY})
        with sqlite_engine.begin() as connection:
            add_notification(connection, further)

    slack.workspace.plan = at_first("cut before")
    _deliver(sqlite_engine, channel, sleep=meanwhile)
    assert [each.notification.id for each in WarehouseOutbox(sqlite_engine).undelivered()] == []
    assert further.id not in slack.workspace.ids()


@pytest.mark.parametrize("fault", ["invalid_blocks", "not_in_channel", "message_limit_exceeded"])
def test_what_slack_says_it_has_not_taken_is_in_no_doubt(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, fault: str
) -> None:
    made, box = fill(sqlite_engine, cases=2, each=2), WarehouseOutbox(sqlite_engine)
    slack.workspace.plan = lambda method, _: fault if method == "chat.postMessage" else None
    assert _deliver(sqlite_engine, channel, sleep=lambda _: None).delivered == 0
    assert not any(each.in_doubt for each in box.undelivered())
    slack.workspace.plan, pauses = lambda _method, _arguments: None, list[float]()
    slack.workspace.calls.clear()
    counts = _deliver(sqlite_engine, channel, sleep=pauses.append)
    assert (counts.delivered, pauses) == (4, [])
    assert not any(method.startswith("conversations.") for method in slack.workspace.calls)
    assert_exactly_once_in_order(slack, made)


@pytest.mark.parametrize("fault", ["cut before", "half", "500"])
def test_a_page_of_a_listing_that_is_cut_is_read_again(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, fault: str
) -> None:
    made, asked = fill(sqlite_engine, cases=3, each=1), list[str]()

    def plan(method: str, _: Any) -> str | None:
        asked.append(method)
        if method == "conversations.history":
            return None if asked.count(method) % 4 == 0 else fault
        return "cut" if method == "chat.postMessage" and asked.count(method) == 1 else None

    slack.workspace.plan = plan
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: None)
    assert (counts.delivered, counts.found, counts.failed) == (2, 1, 0)
    assert_exactly_once_in_order(slack, made)


def test_a_doubt_is_not_settled_by_a_refusal_to_look(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made = fill(sqlite_engine, cases=1, each=2)
    slack.workspace.plan = lambda method, _: "cut" if method == "chat.postMessage" else "missing_scope"
    _deliver(sqlite_engine, channel, sleep=lambda _: None)
    slack.workspace.plan = lambda _method, _arguments: None
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: None)
    assert (counts.delivered, counts.found) == (1, 1)
    assert_exactly_once_in_order(slack, made)


def test_where_no_answer_comes_at_all_the_run_ends_after_a_few(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=9, each=1), WarehouseOutbox(sqlite_engine)
    slack.workspace.plan = lambda method, _: "cut before" if method == "chat.postMessage" else None
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: None)
    assert (counts.delivered, counts.failed) == (0, 1)
    assert sum(each.in_doubt for each in box.undelivered()) == TRIES
    slack.workspace.plan = lambda _method, _arguments: None
    assert _deliver(sqlite_engine, channel, sleep=lambda _: None).delivered == 9
    assert_exactly_once_in_order(slack, made)


def test_a_pause_that_slack_asks_for_is_kept_and_told(slack: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    slept = list[float]()
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)
    patience = Patience(3, sleep=slept.append)
    channel.client.retry_handlers[:] = [patience]
    channel = SlackChannel(channel.client, "C0DEFAULT", interval_s=0)
    slack.workspace.plan, slack.workspace.retry_after = at_first("429", "429"), "7"
    receipt = channel.send(notification(1), None)
    assert slept == [7.0, 7.0]
    assert receipt.detail["delayed_s"] == 14
    assert "Slack asks for a pause of 7 s before chat.postMessage" in caplog.text
    for odd in ("", "soon", "-1"):
        slack.workspace.plan, slack.workspace.retry_after = at_first("429"), odd
        channel.send(notification(2), None)
    assert slept[2:] == [1.0, 1.0, 0.0]
    slack.workspace.plan, slack.workspace.retry_after = at_first("429"), str(LONGEST_S + 1)
    with pytest.raises(Unavailable, match="HTTP 429"):
        channel.send(notification(3), None)


def test_a_listing_is_asked_for_no_further_back_than_the_notification(
    slack: SlackServer, channel: SlackChannel
) -> None:
    asked = list[dict[str, Any]]()
    slack.workspace.plan = lambda _method, arguments: asked.append(arguments)  # type: ignore[func-returns-value]
    first = notification(1)
    receipt = channel.send(first, None)
    channel.find(first, None)
    channel.find(notification(2), Head(receipt.remote_id, first.id, first.reason))
    bounds = [float(each["oldest"]) for each in asked if "oldest" in each]
    assert bounds == [first.created_at.timestamp() - 86400] * 2


def test_what_comes_late_says_so(slack: SlackServer, channel: SlackChannel) -> None:
    now = datetime.now(UTC)

    def told(**changes: Any) -> str:
        one = replace(notification(1, incident=len(slack.workspace.messages()) + 1), **changes)
        channel.send(one, None)
        posted = slack.workspace.messages()[-1]
        late = [block for block in posted["blocks"] if "Told late" in str(block)]
        assert bool(late) == ("Told late" in posted["text"])
        return str(posted["text"]).partition("Told late: ")[2]

    assert told(created_at=now - timedelta(minutes=9)) == ""
    assert told(created_at=now - timedelta(minutes=14)).endswith(", 14 minutes after it could have been told.")
    assert told(created_at=now - timedelta(hours=9), not_before=now - timedelta(minutes=1)) == ""
    assert told(created_at=now - timedelta(hours=9), digest_at=now - timedelta(hours=5)).endswith(
        "5 hours after it could have been told."
    )
    assert "3 days after" in told(created_at=now - timedelta(days=3, minutes=1))


def test_how_long_it_was_kept_back_is_counted_and_kept(sqlite_engine: Engine, slack: SlackServer) -> None:
    fill(sqlite_engine, cases=3, each=1)
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0.2)
    counts = _deliver(sqlite_engine, channel, sleep=lambda _: None)
    kept = [float(each) for each in read(sqlite_engine, "notification_deliveries")["delayed_s"]]
    assert kept[0] == 0
    assert 0.2 < sum(kept) <= 0.4
    assert counts.delayed_s == pytest.approx(sum(kept))
