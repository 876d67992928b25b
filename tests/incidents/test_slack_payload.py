"""Slack's requests at the door: what is read, and that nothing else is."""

import json
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.interaction import Form, Interaction, Press, Typed, mark_of
from incidents.slack_payload import Malformed, read_body, read_command, read_payload
from tests.incidents.slack_requests import body_of, form, press, typed

ADDRESS = "https://hooks.slack.com/commands/1"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_a_press_a_form_and_words_are_read() -> None:
    pressed = read_body(body_of(press("escalate", "TOC-1042", user="U0ALEX")))
    assert isinstance(pressed, Press)
    assert (pressed.user, pressed.act, pressed.incident_id, pressed.channel) == (
        "U0ALEX", "escalated", "TOC-1042", "C0SECURITY"
    )  # fmt: skip
    assert pressed.at is not None
    sent = read_payload(form("dismiss", verdict="duplicate", words="  of TOC-1001 "))
    assert isinstance(sent, Form)
    assert (sent.act, sent.verdict, sent.words, sent.assignee) == ("dismissed", "duplicate", "of TOC-1001", None)
    given_to = read_payload(form("assign", to="W0KIT"))
    assert isinstance(given_to, Form)
    assert (given_to.assignee, given_to.words) == ("W0KIT", "")
    asked = read_body(urlencode(typed("search late bus", ADDRESS)).encode())
    assert isinstance(asked, Typed)
    assert (asked.words, asked.answer_to) == ("search late bus", ADDRESS)


def test_an_opened_link_and_a_closed_form_ask_nothing() -> None:
    assert read_payload(press("open", "")) is None
    assert read_payload({"type": "view_closed"}) is None


@pytest.mark.parametrize(
    "payload",
    [
        press("delete_everything"),
        press("acknowledge", "TOC-1001; DROP TABLE incidents"),
        press("acknowledge", "SRC-1"),
        press("acknowledge", user="<!channel>"),
        press("acknowledge", actions=[]),
        press("acknowledge", actions=None),
        press("acknowledge", channel={"id": "nowhere"}),
        form("dismiss", verdict="because"),
        form("assign", to="everybody"),
        {**form("resolve"), "view": {**form("resolve")["view"], "private_metadata": "{"}},
        {**form("resolve"), "view": {**form("resolve")["view"], "callback_id": "another_app"}},
        {"type": "message_action"},
        {"type": ["block_actions"]},
        {},
        [],
        None,
    ],
)
def test_what_is_not_ours_is_malformed_and_not_repeated(payload: Any) -> None:
    with pytest.raises(Malformed) as caught:
        read_body(body_of(payload))
    for theirs in ("DROP", "<!channel>", "everybody", "because", "another_app", "delete_everything"):
        assert theirs not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"payload=",
        b"payload={",
        b"payload=" + b"[" * 100_000,
        b"&".join(b"a%d=1" % number for number in range(1000)),
        b"payload=%22text%22",
        b"payload=NaN",
        urlencode(typed("help", ADDRESS) | {"command": "/other"}).encode(),
        urlencode(typed("help", ADDRESS) | {"user_id": ""}).encode(),
    ],
)
def test_a_body_that_is_no_request_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_body(body)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | json_values.map(lambda value: body_of(value) if _is_json(value) else b""))
def test_any_body_is_read_or_malformed(body: bytes) -> None:
    _read(lambda: read_body(body))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([press("acknowledge"), form("dismiss", verdict="duplicate"), form("assign", to="U0KIT")]), st.data()
)
def test_any_part_of_a_payload_may_be_anything(payload: dict[str, Any], data: Any) -> None:
    changed = json.loads(json.dumps(payload))
    place, key = changed, data.draw(st.sampled_from(sorted(changed)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place, key = place[key], data.draw(st.sampled_from(sorted(place[key])))
    place[key] = data.draw(json_values)
    _read(lambda: read_payload(changed))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(typed("", ADDRESS))), json_values))
def test_any_fields_of_a_command_are_read_or_malformed(fields: dict[str, Any]) -> None:
    _read(lambda: read_command(typed("open", ADDRESS) | fields))


def _read(reading: Any) -> None:
    try:
        read = reading()
    except Malformed:
        return
    assert read is None or isinstance(read, get_args(Interaction))


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value).encode()
    except (ValueError, UnicodeEncodeError):
        return False
    return True


def test_two_presses_have_two_marks_and_one_press_has_one() -> None:
    payload = press("acknowledge")
    first, again = read_payload(payload), read_payload(payload)
    assert first is not None
    assert again is not None
    assert mark_of(first) == mark_of(again)
    others = [press("acknowledge"), payload | {"user": {"id": "U0ALEX"}}, form("resolve")]
    assert len({mark_of(each) for each in (first, *map(read_payload, others)) if each}) == 4
