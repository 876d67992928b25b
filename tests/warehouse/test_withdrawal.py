"""What its platform no longer shows is deleted here too, audited, and only that."""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, select

from collectors.collector import Batch, Checkpoint
from collectors.mention import Author, Mention
from warehouse.idle import delete_idle_authors
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, authors, mentions, payloads
from warehouse.withdrawal import Withdrawal, disown, stored_after, waiting_after, withdraw

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
