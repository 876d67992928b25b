"""Digests and silences as messages: complete in words, within Slack's limits, and harmless whoever wrote the reason."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.card import card_of, card_record
from incidents.message import head_message, reply_message
from incidents.notification import DigestCard, Notification, SilenceCard
from incidents.text import plain, summary
from policies.policy import CATEGORY_NAMES, SEVERITIES
from tests.incidents.samples import NOON
from tests.incidents.slack_server import check_message
from tests.incidents.test_message import moments, world

numbers = st.integers(0, 10**7)
listed = st.lists(
    st.tuples(st.just("TOC-1001"), st.sampled_from(SEVERITIES), st.sampled_from(CATEGORY_NAMES)), max_size=10
).map(tuple)


def _counts(names: Any) -> Any:
    return st.lists(st.tuples(st.sampled_from(names), numbers), max_size=len(names)).map(tuple)


digests = st.builds(
    DigestCard,
    digest_id=st.just("DIG-1"),
    kind=st.sampled_from(["flood", "periodic"]),
    organisation=world,
    incidents=numbers,
    reasons=_counts(["new_incident", "new_evidence", "reopened", "escalated", "not_acknowledged"]),
    severities=_counts(SEVERITIES),
    categories=_counts(CATEGORY_NAMES),
    target_kinds=_counts(["employee", "organisation", "group", "other"]),
    targets=numbers,
    authors=numbers,
    gravest=listed,
    since=moments,
    until=moments,
    told=world,
    singly=numbers,
    limit=numbers,
)
silences = st.builds(
    SilenceCard,
    silence_id=st.just("SIL-1"),
    organisation=world,
    covers=st.lists(st.tuples(st.sampled_from(["Policy", "Category", "Posts with"]), world), max_size=6).map(tuple),
    owner=world,
    reason=world,
    starts_at=moments,
    ends_at=moments,
    kept_quiet=numbers,
    severities=_counts(SEVERITIES),
    still_open=listed,
    told=world,
    note=world,
)
REASONS = ("silence_started", "silence_expiring", "silence_ended")


@settings(max_examples=40, deadline=None)
@given(st.builds(Notification, st.just("n"), st.just("DIG-1"), st.just("digest"), world, st.none(), digests, moments))
def test_any_digest_is_a_message_that_slack_takes(told: Notification) -> None:
    _assert_well(told)


@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        Notification, st.just("n"), st.just("SIL-1"), st.sampled_from(REASONS), world, st.none(), silences, moments
    )
)
def test_any_silence_is_a_message_that_slack_takes_and_harms_nobody(told: Notification) -> None:
    _assert_well(told)


def _texts(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        parts = [block["text"]] if "text" in block else block.get("fields", block.get("elements", []))
        yield from (part["text"] for part in parts)


def _assert_well(told: Notification) -> None:
    for message in (head_message(told), head_message(told, interactive=True), reply_message(told)):
        check_message(message)
        json.dumps(message).encode("utf-8")
        said = [message["text"], *_texts(message["blocks"])]
        assert all(not set(each) & set("<>") and "@here" not in each.lower() for each in said)
        assert not any(re.search("[\u202a-\u202e\u2066-\u2069\x00]", each) for each in said)
    assert len(plain(told)) <= 6000
    assert "\n" not in summary(told)
    assert card_of(card_record(told.card)) == told.card


def test_the_text_alone_says_all_that_the_blocks_say_and_colour_never_stands_alone() -> None:
    card = DigestCard(
        "DIG-7",
        "flood",
        "Example Water",
        2,
        (("new_incident", 2),),
        (("critical", 1), ("low", 1)),
        (("threat", 2),),
        (("employee", 2),),
        1,
        2,
        (("TOC-1001", "critical", "threat"), ("TOC-1002", "low", "threat")),
        NOON,
        NOON,
        "Security",
        10,
        1200,
    )
    told = Notification("n", "DIG-7", "digest", "security", None, card, NOON)
    message = head_message(told)
    for block in message["blocks"]:
        for text in _texts([block]):
            for line in text.split("\n"):
                assert line in message["text"], line
    assert "🔴 TOC-1001 critical threat" in message["text"]
    assert "🔴 critical 1, ⚪ low 1" in message["text"]


def test_a_flood_of_people_at_risk_has_words_of_its_own() -> None:
    counts = (("safeguarding", 60),)
    card = DigestCard(
        "DIG-8", "flood", "Example Water", 60, (), (("high", 60),), counts, (), 1, 60, (), NOON, NOON, "Help", 50, 20
    )
    said = plain(Notification("n", "DIG-8", "digest", "help", None, card, NOON))
    assert "Posts by people who may need help, 60 of them" in said


def test_the_command_that_ends_a_silence_is_told_whole() -> None:
    card = SilenceCard("SIL-3", "Example Water", (("Category", "trolling"),), "sam", "a drill", NOON, NOON)
    told = plain(Notification("n", "SIL-3", "silence_expiring", "security", None, card, NOON))
    assert "tocsin silence end SIL-3 --reason WHY" in told
