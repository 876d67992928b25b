"""What platforms did with posts: noted once a change, and only of posts that an incident rests on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select, update

from collectors.mention import Mention
from tests.warehouse.conftest import Clock
from warehouse.case_schema import evidence, incidents
from warehouse.custody import dispose
from warehouse.mentions import MentionStore
from warehouse.post_changes import due_posts, note_asked
from warehouse.schema import audit, findings
from warehouse.watching_schema import post_changes
from warehouse.withdrawal import disown, forbid, withdraw

Rows = Callable[[Table], list[dict[str, Any]]]


@pytest.fixture
def case(
    keep: Callable[..., Any],
    post: Callable[..., Mention],
    judge_all: Callable[..., int],
    judgement: Callable[..., Any],
    incident: Callable[..., str],
    rows: Rows,
) -> str:
    """Two posts of a source "x", the first of which an open incident rests on."""
    keep(post(1), post(2), source="x")
    judge_all(lambda mention: judgement(mention.mention_id, *(["threat"] if mention.id == "1" else [])))
    return incident(rows(findings)[0])


def _kinds(rows: Rows) -> list[tuple[str, str]]:
    return [(row["mention_id"], row["kind"]) for row in rows(post_changes)]


def test_the_gone_are_noted_once_and_a_suspension_beside_a_deletion(case: str, engine: Engine, rows: Rows) -> None:
    for _ in range(2):
        withdraw(engine, ["x:1", "x:2"], "x")
    assert _kinds(rows) == [("x:1", "deleted")], "the second was nobody's evidence, and is simply gone"
    for _ in range(2):
        withdraw(engine, ["x:1"], "x", suspended=["x:1"])
    withdraw(engine, ["x:1"], "x")  # a look-up does not say why
    assert _kinds(rows) == [("x:1", "deleted"), ("x:1", "suspended")]
    assert case


def test_what_may_not_be_kept_was_not_taken_down(case: str, engine: Engine, rows: Rows) -> None:
    assert (forbid(engine, ["x:1", "x:2"], "x").deleted, _kinds(rows)) == (1, [])
    assert rows(audit)[-1]["reason"] == "may not be kept"
    assert case


def test_an_author_who_is_named_no_more_is_noted_once(case: str, engine: Engine, rows: Rows) -> None:
    for _ in range(2):
        disown(engine, ["x:1", "x:2"], "x")
    assert _kinds(rows) == [("x:1", "nameless")]
    assert case


@pytest.mark.usefixtures("case")
def test_only_a_recheck_tells_that_a_post_is_back(
    engine: Engine, store: MentionStore, keep: Callable[..., Any], post: Callable[..., Mention], rows: Rows
) -> None:
    withdraw(engine, ["x:1"], "x")
    keep(post(1), source="archive:old.jsonl")
    assert _kinds(rows) == [("x:1", "deleted")]
    for _ in range(2):
        keep(post(1), source="recheck:x")
    assert _kinds(rows) == [("x:1", "deleted"), ("x:1", "restored")]
    assert store


@pytest.mark.usefixtures("case")
def test_an_edit_has_both_hashes_and_an_edit_of_another_post_is_nobodys(
    keep: Callable[..., Any], post: Callable[..., Mention], rows: Rows
) -> None:
    keep(post(1, text="otherwise"), post(2, text="otherwise"), source="recheck:x")
    [change] = rows(post_changes)
    assert (change["mention_id"], change["kind"]) == ("x:1", "edited")
    assert len({change["former_sha256"], change["present_sha256"]}) == 2


def test_what_is_gone_takes_no_place_of_what_may_still_go(
    *, engine: Engine, clock: Clock, keep: Any, post: Any, judge_all: Any, judgement: Any, incident: Any, rows: Rows
) -> None:
    keep(post(1), post(2), source="x")
    judge_all(lambda mention: judgement(mention.mention_id, "threat"))
    for finding in rows(findings):
        incident(finding)
    withdraw(engine, ["x:1"], "x")
    assert due_posts(engine, "x", clock(), 1) == [("x:2", "2")]
    keep(post(1), source="recheck:x")
    assert due_posts(engine, "x", clock(), 10) == [("x:1", "1"), ("x:2", "2")]


def test_what_was_noted_of_a_post_goes_with_the_evidence(case: str, engine: Engine, clock: Clock, rows: Rows) -> None:
    withdraw(engine, ["x:1"], "x")
    with engine.begin() as connection:
        dispose(connection, select(incidents.c.incident_id), clock(), "its time was up")
    assert rows(post_changes) == []
    assert case


def test_due_every_hour_while_it_is_fresh_then_every_six(case: str, engine: Engine, clock: Clock) -> None:
    def due() -> list[tuple[str, str]]:
        return due_posts(engine, "x", clock(), 10)

    assert due() == [("x:1", "1")]
    note_asked(engine, ["x:1"], clock())
    assert due() == []
    clock.pass_by(hours=1)
    assert due() == [("x:1", "1")]
    with engine.begin() as connection:
        connection.execute(update(incidents).values(last_seen_at=clock() - timedelta(days=4)))
    assert due() == []
    clock.pass_by(hours=5)
    assert due() == [("x:1", "1")]
    withdraw(engine, ["x:1"], "x", clock)
    assert due() == [], "what is gone waits for its turn"
    with engine.begin() as connection:
        connection.execute(update(incidents).values(status="resolved"))
        assert connection.scalar(select(evidence.c.incident_id)) == case
    assert due() == []
