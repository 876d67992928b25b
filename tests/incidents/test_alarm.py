"""When a source needs its operators, when it needs them no more, and in which words they hear of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.alarm import KINDS, NEXT_STEPS, SourceState, fault_of, told
from incidents.card import card_of, card_record
from incidents.notification import SourceCard
from incidents.outbox import Head
from incidents.slack import SlackChannel
from incidents.text import plain, summary
from incidents.wording import ALARMS
from tests.incidents.samples import NOON
from tests.incidents.slack_server import SlackServer

WELL = SourceState("reddit", "reddit", NOON - timedelta(days=9), NOON - timedelta(hours=1), "completed", seen=12)
CARD = SourceCard(
    "SRC-1", "reddit", "reddit", "access_denied", "401: <!channel> token expired", NOON, None, NEXT_STEPS["quiet"]
)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, None),
        ({"outcome": "access_denied", "error": "token expired"}, "access_denied"),
        ({"outcome": "unexpected_response"}, "unexpected_response"),
        ({"outcome": "failed"}, "failed"),
        ({"outcome": "rate_limited"}, None),
        ({"outcome": "unavailable"}, None),
        ({"outcome": "budget_spent"}, None),
        ({"outcome": "budget_spent", "last_success_at": NOON - timedelta(hours=25)}, "quiet"),
        ({"outcome": "unavailable", "last_success_at": NOON - timedelta(hours=24, seconds=1)}, "quiet"),
        ({"last_success_at": NOON - timedelta(hours=24)}, None),
        ({"last_success_at": None}, "quiet"),
        ({"last_success_at": None, "first_run_at": NOON - timedelta(hours=2), "outcome": None}, None),
        ({"last_success_at": NOON - timedelta(days=40), "on_demand": True}, None),
        ({"collected": 9, "quarantined": 10}, "changed_format"),
        ({"collected": 10, "quarantined": 10}, None),
        ({"collected": 0, "quarantined": 9}, None),
        ({"volume": "below"}, "unusual_volume"),
        ({"volume": "above"}, "unusual_volume"),
        ({"volume": "silent", "seen": 0}, "unusual_volume"),
        ({"volume": "within"}, None),
    ],
)
def test_what_needs_a_person(changes: dict[str, Any], kind: str | None) -> None:
    fault = fault_of(replace(WELL, **changes), NOON)
    assert (fault.kind if fault else None) == kind
    assert fault is None or fault.problem.strip()


def test_every_kind_has_its_words_and_its_next_step() -> None:
    assert set(KINDS) == set(NEXT_STEPS) == set(ALARMS)


def test_what_went_wrong_is_told_in_the_platforms_own_words() -> None:
    state = replace(WELL, outcome="rate_limited", error="wait 900 s", last_success_at=NOON - timedelta(days=4))
    fault = fault_of(state, NOON)
    assert fault is not None
    assert fault.problem == "No run has succeeded for 4 days. Its last run ended as rate limited. wait 900 s"


def test_a_card_comes_back_from_the_outbox_as_it_was() -> None:
    assert card_of(card_record(CARD)) == CARD


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_words_of_a_platform_become_markup(problem: str, source: str) -> None:
    card = replace(CARD, problem=problem, source=source)
    words = plain(told(card, "source_alarm", None, NOON))
    assert "Next step: " in words
    assert len(words.splitlines()) <= 10


def test_slack_shows_the_alarm_and_its_end_in_one_thread(slack: SlackServer, channel: SlackChannel) -> None:
    raised = told(CARD, "source_alarm", None, NOON)
    over = told(replace(CARD, note="it is read again as it should be"), "source_recovered", None, NOON)
    assert raised.id != over.id
    assert raised.id == told(CARD, "source_alarm", None, NOON + timedelta(days=1)).id
    head = channel.send(raised, None)
    channel.send(over, Head(head.remote_id, raised.id, raised.reason))
    first, reply = slack.workspace.messages()
    assert reply["thread_ts"] == first["ts"]
    assert "Recovered: it is read again" in first["text"]
    assert "Recovered: it is read again" in reply["text"]
    assert "<!channel>" not in first["text"]
    assert slack.workspace.ids() == [raised.id, over.id]
    assert summary(raised).startswith("A source needs its operators · Source reddit: access refused (SRC-1)")
