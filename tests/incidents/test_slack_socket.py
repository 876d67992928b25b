"""Socket Mode: slack-sdk's own client against a real websocket server, over a warehouse with one open incident."""

import queue
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy import Engine, select

from incidents.interaction import Press
from incidents.outbox import Denied
from incidents.slack import SlackChannel
from incidents.slack_http import KEEP_S
from incidents.slack_payload import Malformed
from incidents.slack_socket import SlackSocket, read_request
from tests.incidents.samples import exhibit
from tests.incidents.slack_front import PATIENCE_S, Front, eventually, front
from tests.incidents.slack_requests import press, typed
from tests.incidents.slack_server import APP_TOKEN, TOKEN, SlackServer
from tests.incidents.slack_workspace import SocketServer, Staffed
from tests.warehouse.case_samples import lay, raise_in
from warehouse.slack_schema import slack_inbox


@pytest.fixture
def far_end() -> Iterator[SocketServer]:
    """Slack's end of the connection."""
    with SocketServer() as server:
        yield server


@pytest.fixture
def slack(far_end: SocketServer) -> Iterator[SlackServer]:
    """A Slack of our own, with people in it, that says where its sockets are."""
    with SlackServer(Staffed(socket_url=far_end.url)) as server:
        yield server


@pytest.fixture
def desk(sqlite_engine: Engine, slack: SlackServer, far_end: SocketServer) -> Iterator[Front]:
    """A desk that listens."""
    lay(sqlite_engine, [exhibit(1)])
    raise_in(sqlite_engine)
    channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)
    with front(sqlite_engine, slack, channel) as opened:
        socket = SlackSocket(APP_TOKEN, channel.client, opened.intake, ping_interval_s=0.2)
        socket.connect()
        eventually(lambda: socket.is_connected() and bool(far_end.connections), "no connection at both ends")
        yield opened
        socket.close()


def test_a_press_is_acknowledged_and_done_once_however_often_it_comes(desk: Front, far_end: SocketServer) -> None:
    payload = press("acknowledge")
    sent = {far_end.envelope(payload), far_end.envelope(payload), far_end.envelope(payload, envelope_id="again")}
    assert {far_end.acknowledged.get(timeout=PATIENCE_S) for _ in range(3)} == sent  # in whichever order
    assert desk.told("U0SAM") == ["You have TOC-1001 in hand now."]
    assert [reason for _, _, reason in desk.refusals(2)] == ["replayed", "replayed"]
    assert desk.acts() == [("acknowledged", "Sam Sample (U0SAM)", None)]


def test_late_and_unreadable_envelopes_do_nothing_and_are_kept(desk: Front, far_end: SocketServer) -> None:
    late = press("escalate")
    late["actions"][0]["action_ts"] = f"{time.time() - 600:.6f}"
    far_end.envelope(late)
    far_end.envelope({"type": "block_actions"})
    far_end.envelope({"type": "events"}, kind="events_api")
    kept = {reason.partition(":")[0] for _, _, reason in desk.refusals(3)}
    assert kept == {"late", "malformed"}
    assert "more than five minutes ago. Nothing was done." in desk.told("U0SAM")[0]
    assert desk.acts() == []


def test_a_press_that_could_not_be_kept_is_not_acknowledged(
    desk: Front, far_end: SocketServer, sqlite_engine: Engine
) -> None:
    with sqlite_engine.begin() as connection:  # somebody writes for longer than Slack is patient
        connection.execute(select(slack_inbox))
        far_end.envelope(press("escalate"))
        with pytest.raises(queue.Empty):
            far_end.acknowledged.get(timeout=KEEP_S + 0.5)
    assert desk.told("U0SAM") == [
        "You escalated TOC-1001."
    ]  # once it could be kept; nothing was acknowledged too early
    sent = far_end.envelope(press("acknowledge"))
    assert far_end.acknowledged.get(timeout=PATIENCE_S) == sent


def test_a_connection_that_is_cut_is_made_again(desk: Front, far_end: SocketServer) -> None:
    far_end.connections[-1].close()
    eventually(lambda: len(far_end.connections) > 1, "the connection is not made again")
    far_end.envelope(press("escalate"))
    assert desk.told("U0SAM") == ["You escalated TOC-1001."]


def test_a_wrong_app_level_token_is_named(desk: Front, slack: SlackServer) -> None:
    with pytest.raises(Denied, match="invalid_auth"):
        SlackSocket("xapp-wrong", WebClient("xoxb-any", base_url=slack.url), desk.intake).connect()


def test_each_kind_of_envelope_is_read() -> None:
    def read(kind: str, payload: object) -> object:
        return read_request(SocketModeRequest(type=kind, envelope_id="e", payload=payload))  # type: ignore[arg-type]

    pressed = read("interactive", press("acknowledge"))
    assert isinstance(pressed, Press)
    assert pressed.at is not None
    assert pressed.at <= datetime.now(UTC)
    assert read("slash_commands", typed("open", "https://hooks.slack.com/commands/1")) is not None
    with pytest.raises(Malformed):
        read("hello", {})
