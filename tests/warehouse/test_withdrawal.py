"""What its platform no longer shows is deleted here too, audited, and only that."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from collectors.collector import Batch, Checkpoint
from collectors.mention import Author, Mention
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
