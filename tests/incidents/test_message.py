"""Messages: complete, within Slack's limits, and harmless whatever the world has written."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.finding import TargetKind
from incidents.message import head_message, metadata, reply_message
from incidents.notification import REASONS, Card, Notification, Reason
from incidents.text import plain, summary
from incidents.wording import HEADINGS, SIGNS, TARGETS
from policies.policy import SEVERITIES
from tests.incidents.samples import NOON, card, notification
from tests.incidents.slack_server import check_message

world = st.text(st.characters(exclude_categories=()), max_size=200) | st.sampled_from(
    (
        *("<!channel> <!here> <@U0123ABCD> <#C0123> @here", "<https://bad.example|gov.uk>", "> quote\n* _x_ ~y~ `z`"),
        *("```", "\u202etxt.exe", "z" + "\u0336" * 5000, "\x00\ud800", "a" * 40_000, "\n" * 5000, "😀" * 20_000, ""),
    )
)
moments = st.datetimes(timezones=st.just(UTC))
cards = st.builds(
    Card,
    incident_id=st.just("TOC-1001"),
    category=world,
    severity=st.sampled_from(SEVERITIES),
    status=world,
    organisation=world,
    clauses=st.lists(st.tuples(world, world), max_size=8).map(tuple),
    target_kind=world,
    target_handle=st.none() | world,
    platforms=st.lists(world, max_size=4).map(tuple),
    excerpt=world,
    excerpt_url=st.none() | world | world.map(lambda tail: f"https://social.example/{tail}"),
    why=world,
    posts=st.integers(0, 10**9),
    first_seen_at=moments,
    last_seen_at=moments,
    reach=st.none() | st.integers(0, 10**12),
    next_step=world,
    note=world,
    told=world,
    assignee=st.none() | world,
    target_role=world,
    named=world,
    authors=st.integers(0, 10**6),
    evidence=world,
    withheld=st.just("") | world,
)
notifications = st.builds(notification, card=cards, route=world, reason=st.sampled_from(REASONS))


def _texts(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        yield from (block["text"],) if "text" in block else ()
        yield from block.get("fields", [])
        yield from block.get("elements", [])


@settings(max_examples=60, deadline=None)
@given(notifications)
def test_any_text_gives_a_message_that_slack_takes_and_obeys_in_nothing(one: Notification) -> None:
    for message in (head_message(one), reply_message(one)):
        check_message(message)
        json.dumps(message).encode("utf-8")
        assert len(message["text"].encode()) <= 4_000
        assert not set(message["text"]) & set("<>")
        for text in _texts(message["blocks"]):
            assert "@here" not in text["text"].lower()
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", text["text"])
            if text["type"] == "plain_text":
                assert text["emoji"] is False
                assert not set(text["text"]) & set("<>")
            else:
                assert text["verbatim"] is True
                assert re.fullmatch(r"<https?://[^<>|\s]+\|Open the post on [a-z0-9.-]+>", text["text"])


@settings(max_examples=60, deadline=None)
@given(notifications)
def test_the_plain_text_holds_no_control_and_stays_short(one: Notification) -> None:
    said = plain(one)
    assert len(said) < 6_000
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)


@pytest.mark.parametrize("excerpt", ["&" * 700, "界" * 700, "né " * 300])
def test_a_text_that_escapes_make_long_is_shortened_where_it_quotes(excerpt: str) -> None:
    url = "https://social.example/" + "p" * 900
    clauses = tuple((f"EW {number}", "Nobody is to be abused. " * 20) for number in range(5))
    text = head_message(notification(card=card(excerpt=excerpt, excerpt_url=url, clauses=clauses)))["text"]
    assert len(text.encode()) <= 4_000
    assert "Look at it, then act." in text
    assert url in text
    assert not re.search(r"&(?!amp;|lt;|gt;)", text)


def _said(message: dict[str, Any]) -> str:
    return "\n".join(text["text"] for text in _texts(message["blocks"]))


def test_the_head_says_all_that_a_receiver_needs_in_blocks_and_in_text() -> None:
    one = notification(card=card(excerpt="Ring me at the depot & say <that> again", note="severity raised"))
    message = head_message(one)
    needed = ["High", "cyberbullying", "TOC-1001", "EW 1.1", "Nobody is to be abused.", "an employee", "x", "1,200"]
    needed += ["12 Oct 2026 12:00 UTC", "12 Oct 2026 14:00 UTC", "It calls an employee names.", "Look at it, then act."]
    needed += ["Ring me at the depot & say ‹that› again", "severity raised", "https://social.example/posts/1", "open"]
    for words in needed:
        assert words in _said(message), words
        assert words in plain(one), words


def test_who_is_targeted_is_said_by_role_and_not_by_name() -> None:
    one = notification(card=card(target_handle="sample_worker"))
    assert "sample_worker" not in json.dumps([head_message(one), reply_message(one)]) + plain(one)


def test_the_role_is_said_where_it_is_known_and_the_name_where_it_is_allowed() -> None:
    coach = card(target_role="work coach")
    for words in (_said(head_message(notification(card=coach))), plain(notification(card=coach))):
        assert "an employee (work coach)" in words
    named = card(target_role="work coach", named="sample_worker")
    assert "an employee (work coach): sample_worker" in plain(notification(card=named))


def test_how_many_posts_by_how_many_over_how_long() -> None:
    many = card(posts=12, authors=7, last_seen_at=NOON + timedelta(days=3))
    assert "12 by 7 authors, over 3 days" in plain(notification(card=many))
    assert "Posts: 1 by 1 author\n" in plain(notification(card=card(posts=1)))


def test_words_stand_in_the_head_alone() -> None:
    """What its platform takes down must go from the channel: one message holds the words, and it can be edited."""
    for reason in ("new_evidence", "escalated", "reopened", "acknowledged"):
        one = notification(card=card(excerpt="Quite unmistakable words", evidence="9f" * 32), reason=reason)
        assert "Quite unmistakable words" not in json.dumps(reply_message(one))
        assert "Quite unmistakable words" in json.dumps(head_message(one))
        assert "evidence 9f9f9f9f9f9f" in json.dumps(head_message(one))


def test_words_that_are_withheld_are_explained() -> None:
    one = notification(card=card(excerpt="", excerpt_url=None, withheld="the platform no longer shows the post"))
    for words in (_said(head_message(one)), plain(one)):
        assert "(not shown: the platform no longer shows the post)" in words
        assert "(no text)" not in words


def test_safeguarding_speaks_of_a_person_and_accuses_nobody() -> None:
    one = notification(card=card(category="safeguarding", target_kind="other"))
    assert "About: a person who may be at risk" in plain(one)
    assert "Aimed at" not in plain(one) + _said(head_message(one))


def test_the_sign_stands_beside_the_word() -> None:
    for severity in SEVERITIES:
        header = head_message(notification(card=card(severity=severity)))["blocks"][0]["text"]["text"]
        assert header.startswith(f"{SIGNS[severity]} {severity.capitalize()}:")


def test_more_clauses_than_are_shown_are_counted() -> None:
    many = tuple((f"EW {number}", "Words.") for number in range(40))
    message = head_message(notification(card=card(clauses=many)))
    assert "and 35 more clauses" in _said(message)
    check_message(message)


def test_a_link_that_is_none_says_so() -> None:
    message = head_message(notification(card=card(excerpt_url="javascript:alert(1)")))
    assert "No link to the post" in _said(message)
    assert "javascript" not in json.dumps(message)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_and_every_target_has_words(reason: Reason) -> None:
    assert HEADINGS[reason] in summary(notification(reason=reason))
    assert set(TARGETS) == set(get_args(TargetKind))


def test_metadata_is_what_the_contract_says() -> None:
    assert metadata("n", "TOC-1001", "new_incident") == {
        "event_type": "tocsin_notification",
        "event_payload": {"notification_id": "n", "incident_id": "TOC-1001", "reason": "new_incident"},
    }


def test_every_field_of_a_card_but_the_targets_name_is_told() -> None:
    """A field that is added to the card must be told, or be named here with its reason."""
    assert {each.name for each in fields(Card)} - {"target_handle"} == {
        "incident_id", "category", "severity", "status", "organisation", "clauses", "target_kind", "platforms",
        "excerpt", "excerpt_url", "why", "posts", "first_seen_at", "last_seen_at", "reach", "next_step", "note",
        "told", "assignee", "target_role", "named", "authors", "evidence", "custody", "withheld",
        "held", "on_call",
        "excerpt_of",  # not told: by it the words are known that must be taken back
    }  # fmt: skip


def test_those_who_are_told_are_named_as_the_pack_names_them() -> None:
    one = notification(card=card(told="Security Incident Response Team"))
    assert "Security Incident Response Team" in plain(one)
    assert "Security Incident Response Team" in json.dumps(head_message(one))


def test_every_message_of_a_thread_says_where_the_custody_log_ends() -> None:
    one = notification(2, card=card(custody=f"7:{'9f8e' * 16}"))
    for message in (head_message(one), reply_message(one)):
        assert "custody log 7:9f8e9f8e9f8e9f8e" in _said(message)
        assert f"Custody log: 7:{'9f8e' * 16}" in message["text"]
    assert "ustody" not in json.dumps(head_message(notification()))
