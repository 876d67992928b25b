"""What its platform no longer shows is deleted here too, audited, and only that."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from collectors.collector import Batch, Checkpoint
from collectors.mention import Author, Mention
from warehouse.idle import delete_idle_authors
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, authors, findings, mentions, payloads
from warehouse.withdrawal import Withdrawal, disown, forbid, stored_after, waiting_after, withdraw

THEN = datetime(2026, 10, 1, 12, tzinfo=UTC)


def test_what_is_gone_is_deleted_with_its_author_and_audited(engine: Engine) -> None:
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    run = store.start_run("quill", "quill")
    posts = [
        Mention(platform="quill", id=each, text="an invented post", created_at=THEN, author=Author(id=f"author {each}"))
        for each in ("1", "2", "3")
    ]
    store.store(run, Batch(tuple(posts), Checkpoint("quill", {})))
    assert stored_after(engine, "quill", "", 2) == [("quill:1", "1"), ("quill:2", "2")]
    assert stored_after(engine, "quill", "quill:2", 2) == [("quill:3", "3")]
    assert (waiting_after(engine, "quill", ""), waiting_after(engine, "quill", "quill:2")) == (3, 1)
    assert withdraw(engine, ["quill:2", "quill:never"], "quill") == Withdrawal(deleted=1, held=0)
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(mentions.c.mention_id))) == ["quill:1", "quill:3"]
        assert len(connection.scalars(select(authors.c.author)).all()) == 2
        assert connection.execute(select(audit.c.action, audit.c.rows)).all() == [("withdraw", 1)]


def test_an_author_whom_the_platform_names_no_more_is_forgotten_here_too(engine: Engine) -> None:
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    run = store.start_run("quill", "quill")
    posts = [
        Mention.from_record(
            {"platform": "quill", "id": each, "text": "an invented post", "created_at": THEN, "author": {"id": each}}
        )
        for each in ("1", "2")
    ]
    store.store(run, Batch(tuple(posts), Checkpoint("quill", {})))
    assert disown(engine, ["quill:1", "quill:never"], "quill") == 1
    assert disown(engine, ["quill:1"], "quill") == 0
    with engine.connect() as connection:
        named = connection.execute(select(mentions.c.mention_id, mentions.c.author.is_not(None))).all()
        assert {mention_id: bool(known) for mention_id, known in named} == {"quill:1": False, "quill:2": True}
        assert connection.scalars(select(authors.c.native_id)).all() == ["2"]
        assert connection.scalars(select(payloads.c.mention_id)).all() == ["quill:2"]
        assert connection.execute(select(audit.c.action, audit.c.rows)).all() == [("disown", 1)]


def test_only_the_authors_of_what_went_are_looked_at(engine: Engine) -> None:
    """Whoever is idle for another reason waits for retention: a question that finds nothing gone scans no authors."""
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    run = store.start_run("quill", "quill")
    posts = [
        Mention(platform="quill", id=each, text="an invented post", created_at=THEN, author=Author(id=each))
        for each in ("1", "2")
    ]
    store.store(run, Batch(tuple(posts), Checkpoint("quill", {})))
    with engine.begin() as connection:
        connection.execute(delete(mentions).where(mentions.c.mention_id == "quill:2"))
    assert withdraw(engine, [], "quill") == Withdrawal(deleted=0, held=0)
    assert disown(engine, [], "quill") == 0
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(authors.c.native_id))) == ["1", "2"]
    withdraw(engine, ["quill:1"], "quill")
    with engine.begin() as connection:
        assert connection.scalars(select(authors.c.native_id)).all() == ["2"]
        assert delete_idle_authors(connection) == 1


@pytest.fixture
def answered(keep: Any, post: Any, judge_all: Any, judgement: Any, incident: Any, rows: Any) -> None:
    """A post; two replies to it by others, on the first of which an incident rests; a reply with its id elsewhere."""
    said = {"id": "1", "author": {"id": "a1", "handle": "invented_1"}, "text": "said by the first"}
    another = {"id": "a2", "handle": "invented_2"}
    keep(
        post(1, text="said by the first"),
        *(post(number, author=another, text="answered", in_reply_to=said) for number in (2, 3)),
        post(4, platform="reddit", author=another, in_reply_to=said),
    )
    judge_all(lambda m: judgement(m.mention_id, "threat") if m.mention_id == "x:2" else None)
    incident(rows(findings)[0])


def _quoted(rows: Any) -> dict[str, tuple[Any, ...]]:
    told = ("text", "parent_id", "parent_author_handle", "parent_text")
    return {row["mention_id"]: tuple(row[name] for name in told) for row in rows(mentions) if row["parent_id"]}


WHOLE, REST = ("answered", "1", "invented_1", "said by the first"), ("answered", "1", None, None)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("delete_it", [withdraw, forbid])
def test_what_is_gone_is_gone_from_the_replies_of_others_too(
    engine: Engine, keep: Any, post: Any, rows: Any, delete_it: Any
) -> None:
    assert delete_it(engine, ["x:1"], "x") == Withdrawal(deleted=1, held=0)
    found = _quoted(rows)
    assert (found["x:2"], found["x:3"], found["reddit:4"][2:]) == (WHOLE, REST, WHOLE[2:])
    assert {row["mention_id"]: row["parent_author"] is None for row in rows(mentions)}["x:3"]
    assert [row["mention_id"] for row in rows(payloads)] == ["reddit:4", "x:2"]
    assert [(row["action"], row["rows"]) for row in rows(audit)] == [("withdraw", 2)]
    # A platform that shows the reply again and says no more than what it answers brings nothing back.
    reply = {"author": {"id": "a2", "handle": "invented_2"}, "text": "answered", "in_reply_to": {"id": "1"}}
    keep(post(3, **reply), source="recheck:x")
    assert _quoted(rows)["x:3"] == REST
    delete_it(engine, ["x:1"], "x")
    assert len(rows(audit)) == 1  # there is nothing left to forget


@pytest.mark.usefixtures("answered")
def test_whom_its_platform_names_no_more_the_replies_of_others_name_no_more_either(engine: Engine, rows: Any) -> None:
    assert disown(engine, ["x:1"], "x") == 1
    found = _quoted(rows)
    assert (found["x:2"], found["x:3"]) == (WHOLE, ("answered", "1", None, "said by the first"))
    whom = {row["mention_id"]: (row["author"], row["parent_author"]) for row in rows(mentions)}
    assert whom["x:1"] == (None, None)
    assert whom["x:3"][1] is None
    assert [row["mention_id"] for row in rows(payloads)] == ["reddit:4", "x:2"]
    assert [(row["action"], row["rows"]) for row in rows(audit)] == [("disown", 2)]
