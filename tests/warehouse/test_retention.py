"""Retention: each row its term, evidence of an open case held, every pass on the record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from collectors.collector import Quarantined
from collectors.mention import Mention
from incidents.card import card_of, card_record
from incidents.notification import Card
from policies.policy import Policy
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.retention import ExpiryCounts, expire
from warehouse.schema import audit, authors, findings, mentions, payloads, quarantine

Post = Callable[..., Mention]
Pack = Callable[..., Policy]
Rows = Callable[[Table], list[dict[str, Any]]]

COLLECTED = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)  # when the clock of these tests begins
TERMS = {"mentions_days": 100, "irrelevant_days": 10, "closed_incidents_days": 1000}


@pytest.fixture
def left(engine: Engine, pack: Pack, rows: Rows) -> Callable[..., set[str]]:
    """The mentions that are left after `days`, under one pack unless others are given."""

    def run(days: float, *packs: Policy) -> set[str]:
        expire(engine, packs or (pack(**TERMS),), COLLECTED + timedelta(days=days))
        return {row["native_id"] for row in rows(mentions)}

    return run


@pytest.fixture
def one_threat(keep: Any, post: Post, judge_all: Any, judgement: Any) -> None:
    """Two relevant mentions by two authors, the first of them with a finding; and a record that was refused."""
    keep(post(1), post(2, author={"id": "a2"}), quarantined=(Quarantined("here", "because", "it"),))
    judge_all(lambda m: judgement(m.mention_id, "threat") if m.id == "1" else judgement(m.mention_id))


def test_each_kind_of_mention_has_its_own_term(
    keep: Any, post: Post, judge_all: Any, judgement: Any, left: Callable[..., set[str]], rows: Rows
) -> None:
    keep(post(1, author={"id": "a1"}), post(2, author={"id": "a2"}), post(3, created_at="1999-01-01"))
    judge_all(lambda m: None if m.id == "3" else judgement(m.mention_id, relevant=m.id == "1"))
    assert left(9.9) == {"1", "2", "3"}
    assert left(10.1) == {"1", "3"}  # the irrelevant goes; the unjudged waits, however long ago it was posted
    assert left(99.9) == {"1", "3"}
    assert left(100.1) == set()
    assert rows(authors) == []
    assert rows(payloads) == []


def test_the_pack_that_wants_a_mention_longest_decides(
    keep: Any, post: Post, judge_all: Any, judgement: Any, left: Callable[..., set[str]], pack: Pack
) -> None:
    keep(post(1), post(2))
    judge_all(lambda m: judgement(m.mention_id, policy="long@1" if m.id == "1" else "short@1"))
    packs = (pack("long", mentions_days=50, irrelevant_days=5), pack("short", mentions_days=20, irrelevant_days=5))
    assert left(21, *packs) == {"1"}
    assert left(51, *packs) == set()


def test_no_pack_keeps_what_it_finds_irrelevant_beyond_the_term_of_the_pack_that_it_is_relevant_to(
    keep: Any, post: Post, judge_all: Any, judgement: Any, left: Callable[..., set[str]], pack: Pack
) -> None:
    keep(post(1), post(2), post(3))
    judge_all(lambda m: None if m.id == "3" else judgement(m.mention_id, policy="short@1", relevant=m.id == "1"))
    packs = (pack("short", mentions_days=20, irrelevant_days=14), pack("long", mentions_days=40, irrelevant_days=90))
    assert left(19, *packs) == {"1", "2", "3"}
    assert left(21, *packs) == {"2", "3"}  # one that `long` has yet to judge is irrelevant until then
    assert left(41, *packs) == {"2"}  # one that nobody has judged has the longest term of mentions, and no longer
    assert left(91, *packs) == set()


def test_what_a_pack_that_is_gone_found_relevant_has_the_longest_term(
    keep: Any, post: Post, judge_all: Any, judgement: Any, left: Callable[..., set[str]]
) -> None:
    keep(post(1))
    judge_all(lambda m: judgement(m.mention_id, policy="gone@1"))
    assert left(99) == {"1"}
    assert left(101) == set()


@pytest.mark.parametrize(
    ("case", "kept"),
    [
        ({"status": "open"}, True),
        ({"status": "acknowledged"}, True),
        ({"status": "resolved", "closed_at": COLLECTED}, False),
        ({"status": "dismissed", "closed_at": COLLECTED}, False),
        ({"status": "resolved", "closed_at": COLLECTED + timedelta(days=600)}, True),
        ({"status": "open", "closed_at": COLLECTED}, True),  # closed once, and reopened
        ({"status": "resolved", "closed_at": COLLECTED, "policy": "gone"}, True),
    ],
)
@pytest.mark.usefixtures("one_threat")
def test_evidence_is_held_until_its_case_is_long_closed(
    incident: Callable[..., str], left: Callable[..., set[str]], rows: Rows, case: dict[str, Any], kept: bool
) -> None:
    incident(rows(findings)[0], **case)
    assert left(1001) == ({"1"} if kept else set())
    assert len(rows(evidence)) == len(rows(authors)) == int(kept)
    assert rows(outbox)[0]["card"]["excerpt"] == ("as it stood" if kept else "")
    assert rows(outbox)[0]["card"]["why"] == ("It says so." if kept else "")
    assert len(rows(incidents)) == 1  # the case itself, which names nobody, stays


@pytest.mark.usefixtures("one_threat")
def test_whom_an_alert_named_goes_with_the_evidence(
    engine: Engine, incident: Callable[..., str], left: Callable[..., set[str]], rows: Rows
) -> None:
    """Of a route that allows names in its channel, the card of a post without words names the target all the same."""
    incident(rows(findings)[0], status="resolved", closed_at=COLLECTED)
    told = Card(
        incident_id="TOC-1001",
        category="threat",
        severity="high",
        status="resolved",
        organisation="Example Office",
        clauses=(("DWP-SMP 4.1", "Be civil."),),
        target_kind="employee",
        target_handle=None,
        platforms=("x",),
        excerpt="",
        excerpt_url=None,
        why="It threatens Jo Invented.",
        posts=1,
        first_seen_at=COLLECTED,
        last_seen_at=COLLECTED,
        reach=None,
        next_step="Call them.",
        named="Jo Invented",
        excerpt_of="x:1",
        withheld="not in this channel",
    )
    with engine.begin() as connection:
        connection.execute(outbox.update().values(card=card_record(told)))
    left(1001)
    [row] = rows(outbox)
    assert card_of(row["card"]) == replace(told, why="", named="", excerpt_of="")
    left(1002)
    assert rows(audit)[-1]["reason"].count("cards 0") == 1  # what is empty is not emptied again


@pytest.mark.usefixtures("one_threat")
def test_every_pass_is_counted_and_audited(
    engine: Engine, incident: Callable[..., str], pack: Pack, rows: Rows
) -> None:
    incident(rows(findings)[0])
    now = COLLECTED + timedelta(days=101)
    counts = expire(engine, [pack(**TERMS)], now)
    assert counts == ExpiryCounts(mentions=1, held=1, authors=1, evidence=0, cards=0, quarantined=1)
    assert expire(engine, [pack(**TERMS)], now) == ExpiryCounts(0, 1, 0, 0, 0, 0)
    assert rows(quarantine) == []
    first, _second = rows(audit)
    assert (first["at"], first["actor"], first["action"], first["rows"]) == (now, "tocsin", "expire", 3)
    assert "mentions 1, held 1" in first["reason"]


def test_without_a_pack_nothing_is_deleted(engine: Engine) -> None:
    with pytest.raises(ValueError, match="at least one policy pack"):
        expire(engine, [], COLLECTED)
