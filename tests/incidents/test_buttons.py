"""Buttons and forms: only what is possible, in Slack's limits, and harmless whatever the world has written."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.buttons import ACTION_IDS, LABELS, SAFEGUARDING, buttons
from incidents.incident import STATUSES, Act
from incidents.lifecycle import POSSIBLE
from incidents.message import head_message
from incidents.modal import FORMS, form
from incidents.notification import Card
from incidents.text import plain
from incidents.verdict import VERDICTS, reason_of, verdict_of, written
from policies.policy import CATEGORY_NAMES
from tests.incidents.samples import card, incident, notification
from tests.incidents.slack_limits import valid_actions, valid_view
from tests.incidents.slack_server import check_message


def _acts(one: Card) -> list[Act]:
    (block,) = buttons(one)
    return [ACTION_IDS[each["action_id"]] for each in block["elements"] if each["action_id"] in ACTION_IDS]


@pytest.mark.parametrize("status", STATUSES)
def test_only_what_the_status_allows_is_shown(status: Any) -> None:
    assert set(_acts(card(status=status))) == set(POSSIBLE[status])
    words = plain(notification(card=card(status=status)))
    assert ("You can: " in words) is bool(POSSIBLE[status])


def test_a_channel_that_nobody_listens_to_has_no_buttons() -> None:
    kinds = [block["type"] for block in head_message(notification())["blocks"]]
    assert "actions" not in kinds
    assert "actions" in [block["type"] for block in head_message(notification(), interactive=True)["blocks"]]


def test_every_button_is_read_out_with_its_incident_and_carries_its_id() -> None:
    (block,) = buttons(card(severity="critical"))
    assert valid_actions(block)
    for each in block["elements"]:
        assert "TOC-1001" in each["accessibility_label"]
        assert each.get("value") == "TOC-1001" or each["url"] == "https://social.example/posts/1"
    assert block["elements"][0]["accessibility_label"] == "Acknowledge TOC-1001, critical"


def test_a_link_that_is_none_opens_nothing() -> None:
    (block,) = buttons(card(excerpt_url="javascript:alert(1)"))
    assert "tocsin_open" not in [each["action_id"] for each in block["elements"]]
    assert buttons(card(status="no such status", excerpt_url=None)) == []


def test_safeguarding_has_words_of_its_own() -> None:
    assert set(SAFEGUARDING) == set(LABELS)
    said = json.dumps(buttons(card(category="safeguarding")), ensure_ascii=False)
    assert "Nobody is at risk…" in said
    for words in ("Dismiss", "Acknowledge", "Escalate"):
        assert f'"{words}' not in said
    asked = json.dumps([form(act, incident(category="safeguarding"), "C0DEFAULT", "U0SAM") for act in FORMS])
    assert "Dismiss" not in asked
    assert "False positive" not in asked


@pytest.mark.parametrize("category", CATEGORY_NAMES)
@pytest.mark.parametrize("act", FORMS)
def test_every_form_is_one_that_slack_takes(act: Act, category: Any) -> None:
    view = form(act, incident(id="TOC-123456789012", category=category), "C0DEFAULT", "U0SAM")
    assert valid_view(view), view
    assert json.loads(view["private_metadata"]) == {"incident": "TOC-123456789012", "channel": "C0DEFAULT"}


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.none() | st.text(max_size=80).map(lambda tail: f"https://social.example/{tail}"))
def test_any_category_and_link_give_buttons_that_slack_takes(category: str, url: str | None) -> None:
    for status in STATUSES:
        shown = card(category=category, excerpt_url=url, status=status)
        check_message(head_message(notification(card=shown), interactive=True))


def test_a_verdict_is_read_again_from_the_reason() -> None:
    for verdict in VERDICTS:
        assert verdict_of(reason_of(verdict)) == verdict
        assert verdict_of(reason_of(verdict, " a film quotation: ‘duplicate’ ")) == verdict
    assert verdict_of("a joke among friends") is None
    assert verdict_of(None) is None
    assert set(FORMS) < set(get_args(Act))


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("False positive", ("false_positive", "")),
        ("wrong_clause", ("wrong_clause", "")),
        (" OUT-OF-SCOPE : a private account: theirs ", ("out_of_scope", "a private account: theirs")),
        ("a joke", None),
        ("false", None),
        ("", None),
        (": duplicate", None),
    ],
)
def test_one_of_five_reasons_is_known_however_it_is_written(words: str, verdict: tuple[str, str] | None) -> None:
    assert written(words) == verdict
