"""Slack's listings, read at the door: whatever stands in them, ours are known again and nothing breaks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from incidents import slack_history
from incidents.delivery import deliver
from incidents.message import metadata
from incidents.reconciliation import Seen, reconcile, seen
from incidents.slack import SlackChannel
from incidents.slack_history import carried, listing
from tests.incidents.samples import notification
from tests.incidents.slack_server import TOKEN, Call, SlackServer, Workspace
from tests.warehouse.case_samples import fill
from warehouse.case_entries import add_notification
from warehouse.case_schema import outbox, threads
from warehouse.marts import read
from warehouse.outbox import WarehouseOutbox
from warehouse.reconciliation import ReconciliationBook

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NAMES = ("ts", "thread_ts", "metadata", "edited", "user", "bot_id", "subtype")
MESSAGES = st.dictionaries(st.sampled_from(NAMES), ANY)


@given(MESSAGES)
def test_a_message_of_any_shape_is_read(message: Call) -> None:
    assert carried(message) is None
    found = seen(message, frozenset({"1.1"}))
    assert found is None or isinstance(found, Seen)
    ours = {**message, "ts": "1.1", "subtype": None, "metadata": metadata("n1", "TOC-1", "new_incident")}
    assert carried(ours) == "n1"
    read = seen(ours, frozenset())
    assert read is not None
    assert (read.remote_id, read.notification_id, read.deleted) == ("1.1", "n1", False)


@given(st.lists(ANY | MESSAGES, max_size=5), ANY)
def test_a_page_of_any_shape_is_read(messages: list[Any], more: Any) -> None:
    pages = [{"messages": messages, "response_metadata": {"next_cursor": "2"}}, {"messages": [{"ts": "2.2"}]}]
    if not isinstance(more, dict):
        pages[1]["response_metadata"] = more
    found = list(listing(lambda **_: pages.pop(0)))
    assert found[-1] == {"ts": "2.2"}
    assert not pages


class Colliding(Workspace):
    """Slack's ts is unique within a channel, and only there: here each channel counts from the same moment."""

    def do_chat_postMessage(self, arguments: Call) -> Call:  # noqa: N802 - Slack's own name
        """Post as the next of this channel."""
        self._last = 1_790_000_000 + len(self.channels[arguments["channel"]])
        return super().do_chat_postMessage(arguments)

    def _ts(self) -> str:
        return f"{self._last:.6f}"


@pytest.mark.parametrize("each", [1, 3])
def test_the_same_ts_in_two_channels_is_two_messages(sqlite_engine: Engine, each: int) -> None:
    fill(sqlite_engine, cases=2, each=each)
    with sqlite_engine.begin() as connection:
        second = outbox.c.incident_id == "TOC-1002"
        connection.execute(update(outbox).where(second).values(channel="C0SECURITY"))
        add_notification(connection, notification(9, incident=1, channel="C0SECURITY"))
        connection.execute(update(outbox).values(created_at=datetime(2026, 9, 21, tzinfo=UTC)))
    with SlackServer(Colliding()) as slack:
        channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)
        counts = deliver(WarehouseOutbox(sqlite_engine), channel, sleep=lambda _: None)
        assert counts.delivered == 2 * each + 1
        held = {name: slack.workspace.ids(name) for name in ("C0DEFAULT", "C0SECURITY")}
        assert held["C0DEFAULT"] == [notification(number).id for number in range(1, each + 1)]
        wanted = [notification(number, incident=2).id for number in range(1, each + 1)]
        assert held["C0SECURITY"] == [*wanted, notification(9).id]
        with sqlite_engine.connect() as connection:
            assert len(connection.execute(select(threads)).all()) == 3
        reconcile(ReconciliationBook(sqlite_engine), channel.client, datetime.now(UTC), days=90)
        assert read(sqlite_engine, "delivery_discrepancies").empty


def test_of_a_channel_is_read_once_what_was_there_and_then_what_is_newer(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each doubt looks afresh, and pays for what has come since the last one alone."""
    slack.workspace.page = 2
    monkeypatch.setattr(slack_history, "OVERLAP_S", 0.0)
    posted = [notification(1, incident) for incident in range(1, 10)]
    for each in posted:
        channel.send(each, None)
    fresh = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)

    def looks(wanted: int) -> tuple[bool, int]:
        slack.workspace.calls.clear()
        found = fresh.find(notification(1, wanted), None)
        return found is not None, slack.workspace.calls["conversations.history"]

    assert looks(50) == (False, 5)
    assert looks(51) == (False, 1)
    assert [looks(each) for each in (1, 9)] == [(True, 0), (True, 0)]
    channel.send(notification(1, 51), None)
    assert looks(52) == (False, 1)
    assert looks(51) == (True, 0)
    channel.send(notification(1, 53), None)
    assert looks(53) == (True, 1)
