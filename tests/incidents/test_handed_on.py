"""An incident that a person escalates: the next route hears at once, all of it, and its people may take it."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine

from incidents.slack import SlackChannel
from policies.policy import Policy, Route
from tests.incidents.samples import POLICY, exhibit
from tests.incidents.slack_front import Front, eventually, front
from tests.incidents.slack_requests import press, signed, typed
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in


def _pack() -> Policy:
    hours = {"zone": "Europe/London"}
    rota = {"people": ["U0OUT", "U0SAM"], "start": "2026-10-19 09:00"}
    security = {"name": "Security", "slack_channel": "C0SECURITY", "escalates_to": "management"}
    management = {"name": "Management", "slack_channel": "C0DEFAULT", "hours": hours, "on_call": rota}
    routes = {"security": Route.model_validate(security), "management": Route.model_validate(management)}
    return POLICY.model_copy(update={"routes": routes})


PACK = _pack()


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of our own, with people in it."""
    with SlackServer(Staffed()) as server:
        yield server


@pytest.fixture
def desk(sqlite_engine: Engine, slack: SlackServer) -> Iterator[Front]:
    """A front over a warehouse with one open incident, and management behind security."""
    channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)
    lay(sqlite_engine, [exhibit(1)])
    raise_in(sqlite_engine, PACK)
    with front(sqlite_engine, slack, channel, PACK) as opened:
        yield opened


def test_the_next_route_hears_at_once_and_may_take_it_and_both_threads_say_so(desk: Front) -> None:
    desk.send(press("acknowledge", user="U0OUT"))
    assert "Nothing was done." in desk.told("U0OUT")[0]
    desk.send(press("escalate"))
    assert desk.told("U0SAM") == ["You escalated TOC-1001."]
    eventually(lambda: len(desk.workspace.messages("C0DEFAULT")) == 1, "management is not told")
    [head] = desk.workspace.messages("C0DEFAULT")
    assert "Escalated: from Security, as a person asked" in head["text"]
    assert "Clause EW 1.1" in head["text"]
    [called] = [block["text"]["text"] for block in head["blocks"] if "<@" in str(block)]
    assert called in {"On call: <@U0OUT>", "On call: <@U0SAM>"}
    desk.send(press("acknowledge", user="U0OUT", channel={"id": "C0DEFAULT", "name": "default"}))
    assert desk.told("U0OUT", 2)[1] == "You have TOC-1001 in hand now."
    eventually(lambda: len(desk.workspace.messages("C0DEFAULT")) == 2, "management's thread is not told")
    eventually(lambda: len(desk.workspace.messages("C0SECURITY")) == 4, "security's thread is not told")
    first, *replies = desk.workspace.messages("C0SECURITY")
    said = [reply["text"].partition(" ·")[0] for reply in replies]
    assert said[0] == "Escalated: by Sam Sample (U0SAM)"
    assert said[1] == "Escalated: to Management, as a person asked"
    assert said[2] == "Acknowledged: by Out Sider (U0OUT)"
    heads = [first, desk.workspace.messages("C0DEFAULT")[0]]
    assert ["Status: acknowledged" in each["text"] for each in heads] == [True, True]
    assert not [each for each in replies if "<@" in str(each["blocks"])], "nobody is called in the thread that it left"


def test_slack_says_who_is_on_call_and_who_is_next(desk: Front, slack: SlackServer) -> None:
    answer_to = slack.url.replace("/api/", "/hooks/commands/1")
    for number, words in enumerate(("on-call", "on-call management"), start=1):
        body = urlencode(typed(words, answer_to, "U0ALEX")).encode()
        assert desk.post(body, signed(body)).status_code == 200
        said = desk.told("command", number)[-1]
        found = re.fullmatch(r"Management: (.+) until \w+ .+ 09:00 Europe/London, then (.+)", said)
        assert found is not None
        assert set(found.groups()) == {"Out Sider (U0OUT)", "Sam Sample (U0SAM)"}
