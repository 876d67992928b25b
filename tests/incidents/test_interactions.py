"""Buttons, forms and `/tocsin` over real HTTP: done once, by those who may, each told; the rest is refused and kept."""

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from incidents.intake import STRANGERS_A_MINUTE
from incidents.slack import SlackChannel
from incidents.slack_http import MOST_BYTES
from policies.policy import Route
from tests.incidents.samples import POLICY, exhibit
from tests.incidents.slack_front import Front, eventually, front
from tests.incidents.slack_requests import body_of, form, press, signed, typed
from tests.incidents.slack_server import TOKEN, SlackServer, at_first
from tests.incidents.slack_workspace import OUTSIDERS, PRESSERS, Staffed
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import seen_requests
from warehouse.schema import audit


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of our own, with people in it."""
    with SlackServer(Staffed()) as server:
        yield server


@pytest.fixture
def channel(slack: SlackServer) -> SlackChannel:
    """The real client with buttons, without pacing."""
    return SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)


@pytest.fixture
def desk(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> Iterator[Front]:
    """A front over a warehouse with one open incident."""
    lay(sqlite_engine, [exhibit(1)])
    raise_in(sqlite_engine)
    with front(sqlite_engine, slack, channel) as opened:
        yield opened


def test_a_press_is_an_act_that_the_thread_tells_and_the_head_shows(desk: Front) -> None:
    assert desk.send(press("acknowledge")).status_code == 200
    assert desk.told("U0SAM") == ["You have TOC-1001 in hand now."]
    assert desk.acts() == [("acknowledged", "Sam Sample (U0SAM)", None)]
    eventually(lambda: len(desk.workspace.messages("C0SECURITY")) == 2, "the thread is not told")
    head, reply = desk.workspace.messages("C0SECURITY")
    assert reply["thread_ts"] == head["ts"]
    assert "Acknowledged: by Sam Sample (U0SAM)" in reply["text"]
    shown = [each["action_id"] for block in head["blocks"] if block["type"] == "actions" for each in block["elements"]]
    assert "tocsin_acknowledge" not in shown
    assert "tocsin_resolve" in shown


def test_to_dismiss_a_form_asks_why_and_the_verdict_is_kept(desk: Front) -> None:
    desk.send(press("dismiss"))
    eventually(lambda: bool(desk.workspace.views), "no form opens")
    assert desk.acts() == []
    desk.send(form("dismiss", words="a film quotation"))
    assert "give a reason" not in desk.told("U0SAM")[0]
    desk.send(form("dismiss", verdict="duplicate", words="of TOC-0999"))
    assert "already dismissed by Sam Sample" in desk.told("U0SAM", 2)[1]
    assert desk.acts() == [("dismissed", "Sam Sample (U0SAM)", "a film quotation")]


def test_it_goes_to_somebody_who_may_and_to_nobody_else(desk: Front) -> None:
    desk.send(form("assign", to="U0OUT"))
    assert "cannot go to U0OUT" in desk.told("U0SAM")[0]
    desk.send(form("assign", to="U0ALEX", words="knows the case"))
    assert desk.told("U0SAM", 2)[1] == "TOC-1001 is with Alex Example (U0ALEX) now."
    assert desk.casebook.incident("TOC-1001").assignee == "Alex Example (U0ALEX)"
    assert desk.acts() == [("assigned", "Sam Sample (U0SAM)", "knows the case")]


@pytest.mark.parametrize("user", ["U0OUT", "U0NOBODY", *OUTSIDERS])
def test_who_may_not_is_told_why_and_who_may_and_it_is_kept(desk: Front, user: str) -> None:
    assert desk.send(press("acknowledge", user=user)).status_code == 200
    (said,) = desk.told(user)
    assert "Nothing was done." in said
    assert user != "U0OUT" or ("Security" in said and "C0SECURITY" in said)
    ((actor, subject, _),) = desk.refusals()
    assert (actor, subject) == (user, "TOC-1001")
    assert desk.acts() == []


def test_what_cannot_be_noted_is_not_done_and_the_person_is_told(desk: Front) -> None:
    with desk.engine.begin() as connection:
        seen_requests.drop(connection)
    assert desk.send(press("acknowledge")).status_code == 500
    (said,) = desk.told("U0SAM")
    assert "failed on our side" in said
    assert "Nothing was done." in said
    assert desk.acts() == []


def test_a_route_may_name_a_group(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    lay(sqlite_engine, [exhibit(1)])
    raise_in(sqlite_engine)
    named = Route(name="Security", slack_channel="C0SECURITY", slack_actors=("S0GROUP",))
    with front(sqlite_engine, slack, channel, POLICY.model_copy(update={"routes": {"security": named}})) as desk:
        desk.send(press("acknowledge"))
        assert "S0GROUP" in desk.told("U0SAM")[0]
        desk.send(press("acknowledge", user="U0ALEX"))
        assert "in hand" in desk.told("U0ALEX")[0]


def test_forged_late_replayed_malformed_and_endless_requests_do_nothing_and_are_kept(desk: Front) -> None:
    body = body_of(press("acknowledge"))
    good = signed(body)
    assert desk.post(body, {**good, "x-slack-signature": "v0=" + "0" * 64}).status_code == 401
    assert desk.post(body, signed(body, secret="another")).status_code == 401
    assert desk.post(body, signed(body, at=time.time() - 301)).status_code == 401
    assert desk.post(body, signed(body, at=time.time() + 301)).status_code == 401
    assert desk.post(body + b"&more=1", good).status_code == 401
    assert desk.post(body, {}).status_code == 401
    for odd in ("9" * 5000, "now", "\u00b2".encode(), "1e9999"):
        assert desk.post(body, {**good, "x-slack-request-timestamp": odd}).status_code == 401  # type: ignore[dict-item]
    assert desk.post(body, {**good, "x-slack-signature": "v0=é".encode()}).status_code == 401  # type: ignore[dict-item]
    for bad, status in ((b"payload={", 400), (b"x" * (MOST_BYTES + 1), 413)):
        assert desk.post(bad, signed(bad)).status_code == status
    assert desk.acts() == []
    assert desk.post(body, good).status_code == 200
    assert desk.post(body, good).status_code == 409
    assert desk.post(body, signed(body, at=time.time() - 5)).status_code == 409  # signed anew, the same press
    desk.told("U0SAM")
    assert len(desk.acts()) == 1
    kept = [reason for _, _, reason in desk.refusals(15)]
    assert {reason[:3] for reason in kept} >= {"401", "400", "413", "rep"}
    assert desk.http.get(f"{desk.url}/slack/actions").status_code == 405


def test_a_flood_of_strangers_is_counted_and_not_written_line_by_line(desk: Front) -> None:
    for _ in range(STRANGERS_A_MINUTE + 20):
        desk.post(b"x", {})
    with desk.engine.connect() as connection:
        rows = list(connection.execute(select(audit.c.rows)).scalars())
    assert len(rows) <= 2 * STRANGERS_A_MINUTE


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_answered(desk: Front, body: bytes, is_signed: bool) -> None:
    try:
        headers = signed(body) if is_signed else {"x-slack-signature": "v0=", "x-slack-request-timestamp": "0"}
    except UnicodeDecodeError:
        headers = {}
    assert desk.post(body, headers).status_code == (400 if is_signed and headers else 401)


def test_ten_press_at_once_and_one_history_comes_of_it(
    engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    with front(engine, slack, channel) as desk:
        at_once = threading.Barrier(len(PRESSERS))

        def act(user: str) -> None:
            at_once.wait()
            assert desk.send(press("acknowledge", user=user)).status_code == 200

        pressing = [threading.Thread(target=act, args=(user,)) for user in PRESSERS]
        for each in pressing:
            each.start()
        for each in pressing:
            each.join()
        said = {user: desk.told(user)[0] for user in PRESSERS}
        ((act_done, actor, _),) = desk.acts()
        assert act_done == "acknowledged"
        first = [user for user, words in said.items() if words == "You have TOC-1001 in hand now."]
        assert [f"Presser {user[-1]} ({user})" for user in first] == [actor]
        for user in set(PRESSERS) - set(first):
            assert said[user].startswith(f"TOC-1001 was already acknowledged by {actor} on "), said[user]
        eventually(lambda: len(desk.workspace.messages("C0SECURITY")) == 2, "the thread is not told once")


def test_an_older_press_that_comes_later_is_told_how_it_stands(desk: Front) -> None:
    older, newer = press("acknowledge"), form("resolve", user="U0ALEX", words="taken down")
    desk.send(newer)
    desk.told("U0ALEX")
    desk.send(older)
    (said,) = desk.told("U0SAM")
    assert said.startswith("TOC-1001 was resolved by Alex Example (U0ALEX) on ")
    assert said.endswith(": taken down. Nothing was done.")
    assert desk.send(press("acknowledge", "TOC-9999")).status_code == 200
    assert "there is no incident TOC-9999" in desk.told("U0SAM", 2)[1]


@pytest.mark.parametrize("fault", ["500", "cut before", "429"])
def test_where_slack_does_not_say_who_it_is_nothing_is_done(desk: Front, fault: str) -> None:
    desk.workspace.plan = at_first(*[fault] * 4, method="users.info")
    desk.send(press("acknowledge"))
    assert "Slack does not say who may act" in desk.told("U0SAM")[0]
    assert desk.acts() == []
    desk.workspace.plan = lambda _method, _arguments: None
    desk.send(press("acknowledge"))
    assert "in hand" in desk.told("U0SAM", 2)[1]


def test_an_answer_that_is_cut_is_told_again_and_a_form_that_does_not_open_is_said(desk: Front) -> None:
    desk.workspace.plan = at_first("cut before", "500", method="chat.postEphemeral")
    desk.send(press("escalate"))
    assert desk.told("U0SAM") == ["You escalated TOC-1001."]
    desk.workspace.plan = at_first("expired_trigger_id", method="views.open")
    desk.send(press("resolve"))
    assert "press again" in desk.told("U0SAM", 2)[1]


def test_the_command_lists_what_its_person_may_see(desk: Front) -> None:
    ask = desk.ask
    assert "/tocsin search WORDS" in ask("help")
    assert "TOC-1001 medium cyberbullying: open; 1 post" in ask("open")
    assert ask("open", "U0OUT") == "Nothing is open that you may see."
    assert ask("mine") == "You have nothing in hand."
    desk.send(press("acknowledge"))
    desk.told("U0SAM")
    assert "TOC-1001" in ask("mine")
    assert "TOC-1001" in ask("search INVENTED post")
    assert "holds “100%”" in ask("search 100%")
    assert "TOC-1001" not in ask("search invented", "U0OUT")
    assert "because WHY" in ask("silence")
    assert "no rota" in ask("on-call")
    assert "deactivated" in ask("open", "U0LEFT")


def test_the_answer_to_a_command_goes_to_slack_alone(desk: Front) -> None:
    body = urlencode(typed("help", "http://127.0.0.1:9/elsewhere")).encode()
    assert desk.post(body, signed(body)).status_code == 200
    desk.send(press("acknowledge"))
    desk.told("U0SAM")
    assert desk.workspace.told("command") == []


def test_health_says_that_the_warehouse_answers(desk: Front) -> None:
    assert desk.http.get(f"{desk.url}/health").json() == {"status": "ok"}
