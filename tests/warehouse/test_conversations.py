"""What is kept of the conversations of open incidents: as context, no longer than needed, forgotten like the rest."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, update

from collectors.mention import Mention
from tests.warehouse.conftest import Clock
from warehouse.case_schema import incidents
from warehouse.conversation_schema import conversation_posts, conversations
from warehouse.conversations import Answer, ConversationStore, Due
from warehouse.mentions import MentionStore
from warehouse.privacy import Request, erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.retention import expire
from warehouse.schema import authors, findings, mentions, unassessed
from warehouse.withdrawal import disown, withdraw

Make = Callable[..., Any]
Rows = Callable[[Table], list[dict[str, Any]]]


@pytest.fixture
def kept(engine: Engine, pseudonyms: Pseudonyms) -> ConversationStore:
    return ConversationStore(engine, pseudonyms)


@pytest.fixture
def opened(keep: Make, post: Make, judge_all: Make, judgement: Make, incident: Make, rows: Rows) -> str:
    """One open incident, which rests on the post 2 of a conversation called 1."""
    keep(post(2, conversation_id="1", text="an invented threat"))
    judge_all(lambda mention: judgement(mention.mention_id, "threat"))
    return str(incident(rows(findings)[0]))


def said(post: Make, number: int, author: str = "b2", **record: Any) -> Mention:
    made: Mention = post(number, author={"id": author, "handle": f"invented_{author}"}, **record)
    return made


def whole(*posts: Mention) -> Answer:
    return Answer("completed", posts, replaces=True, read=len(posts), requests=1)


def only(due: list[Due]) -> Due:
    (one,) = due
    return one


def test_a_conversation_of_an_open_incident_is_due_until_it_was_asked_for(
    kept: ConversationStore, opened: str, clock: Clock, engine: Engine
) -> None:
    due = only(kept.due(clock()))
    assert (due.conversation, due.source, due.platform) == ("x:1", "test", "x")
    assert (due.seed.conversation_id, due.seed.ids) == ("1", ("2",))
    kept.keep(due, Answer("unavailable", error="no answer"), clock())
    assert kept.due(clock()) == []
    assert only(kept.due(clock() + timedelta(hours=6))) == due
    with engine.begin() as connection:
        connection.execute(update(incidents).values(last_seen_at=clock() - timedelta(days=9)))
    assert kept.due(clock() + timedelta(hours=6)) == []
    assert only(kept.due(clock() + timedelta(hours=24))) == due
    with engine.begin() as connection:
        connection.execute(update(incidents).values(status="resolved"))
    assert kept.due(clock() + timedelta(days=2)) == []
    assert opened == "TOC-1001"


def test_it_is_shown_in_order_and_is_no_mention(
    kept: ConversationStore, opened: str, post: Make, clock: Clock, rows: Rows
) -> None:
    due, before = only(kept.due(clock())), rows(mentions)
    posts = [
        said(post, 3, created_at="2026-10-01T11:00:00Z", in_reply_to={"id": "2"}),
        post(2, created_at="2026-10-01T10:00:00Z"),
        said(post, 1, created_at="2026-10-01T08:00:00Z"),
    ]
    kept.keep(due, whole(*posts), clock())
    ((asked,), lines) = kept.of_incident(opened)
    assert (asked.outcome, asked.asked_at) == ("completed", clock())
    assert [(line.mention_id, line.author, line.own) for line in lines] == [
        ("x:1", "invented_b2", False),
        ("x:2", "invented_1", True),
        ("x:3", "invented_b2", False),
    ]
    assert rows(mentions) == before
    assert rows(unassessed) == []


def test_what_the_platform_shows_no_more_goes_unless_it_showed_a_part(
    kept: ConversationStore, opened: str, post: Make, clock: Clock
) -> None:
    due = only(kept.due(clock()))
    kept.keep(due, whole(said(post, 1), said(post, 3)), clock())
    clock.pass_by(hours=6)
    assert kept.keep(due, Answer("partial", (said(post, 4, text="new"),)), clock()) == 0
    assert kept.unseen(due, clock(), 9) == ["1", "3"]
    assert kept.unseen(due, clock(), 1) == ["1"]
    clock.pass_by(hours=6)
    assert kept.keep(due, whole(said(post, 1, text="edited")), clock()) == 2
    assert [(line.mention_id, line.text) for line in kept.of_incident(opened)[1]] == [("x:1", "edited")]
    clock.pass_by(hours=6)
    assert kept.keep(due, Answer("rate_limited", error="later"), clock()) == 0
    assert kept.keep(due, Answer("gone", error="no such thread", replaces=True), clock()) == 1
    assert kept.of_incident(opened)[1] == []


def test_it_goes_when_no_open_incident_rests_on_it(
    kept: ConversationStore, opened: str, post: Make, pack: Make, clock: Clock, engine: Engine, rows: Rows
) -> None:
    kept.keep(only(kept.due(clock())), whole(said(post, 1), said(post, 3)), clock())
    assert expire(engine, [pack()], clock()).context == 0
    assert len(rows(authors)) == 2
    with engine.begin() as connection:
        connection.execute(update(incidents).values(status="dismissed", closed_at=clock()))
    assert expire(engine, [pack()], clock()).context == 2
    assert (rows(conversations), rows(conversation_posts)) == ([], [])
    assert len(rows(authors)) == 1, "who spoke only beside an incident is forgotten with it"
    assert opened


def test_an_author_is_told_and_forgotten_here_too(
    kept: ConversationStore, pseudonyms: Pseudonyms, opened: str, post: Make, clock: Clock, engine: Engine, rows: Rows
) -> None:
    kept.keep(only(kept.due(clock())), whole(said(post, 1), said(post, 3, "c3")), clock())
    told = export(engine, pseudonyms, Request("x", "invented_b2", "sam", "a request"), clock)
    assert [row["mention_id"] for row in told["conversation_posts"]] == ["x:1"]
    erasure = erase(engine, pseudonyms, Request("x", "invented_b2", "sam", "a request"), clock)
    assert (erasure.context, erasure.mentions, erasure.complete) == (1, 0, True)
    assert [row["mention_id"] for row in rows(conversation_posts)] == ["x:3"]
    assert {row["handle"] for row in rows(authors)} == {"invented_1", "invented_c3"}
    assert opened


def test_what_was_withdrawn_or_disowned_follows_here(
    kept: ConversationStore, opened: str, post: Make, clock: Clock, engine: Engine, rows: Rows
) -> None:
    kept.keep(only(kept.due(clock())), whole(said(post, 1), post(2), said(post, 3, "c3")), clock())
    gone = withdraw(engine, ["x:1", "x:2"], "x", clock)
    assert (gone.deleted, gone.held) == (2, 1), "the incident's own post stays as evidence, not as context"
    assert [row["mention_id"] for row in rows(mentions)] == ["x:2"]
    disown(engine, ["x:3"], "x", clock)
    assert [(row["mention_id"], row["author"]) for row in rows(conversation_posts)] == [("x:3", None)]
    assert {row["handle"] for row in rows(authors)} == {"invented_1"}
    assert opened


def test_what_it_cost_is_counted_with_its_run(
    kept: ConversationStore, opened: str, post: Make, clock: Clock, store: MentionStore
) -> None:
    due, run = only(kept.due(clock())), store.start_run("conversations:test", "x")
    before = store.spent("x", clock())
    kept.keep(due, whole(said(post, 1), said(post, 3)), clock(), run)
    after = store.spent("x", clock())
    assert (after.mentions - before.mentions, after.calls - before.calls) == (2, 1)
    with pytest.raises(KeyError, match="no run"):
        kept.keep(due, whole(), clock(), "another")
    assert len(kept.of_incident(opened)[1]) == 2, "one transaction: what could not be counted was not written"
