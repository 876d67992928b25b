"""A post that cannot be judged keeps no other waiting: it stays in the queue, is told of, and is tried again."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL, post
from tocsin import assessing
from tocsin.errors import DoneInPart
from tocsin.house import open_house

MANY = [post(number, f"DWP answered my letter number {number} within a day.") for number in range(1, 41)]


def refuse(*numbers: int, table: str = "assessments") -> None:
    """The database takes no judgement of these posts: what a name too long for an index did once."""
    ids = ", ".join(f"'x:{number}'" for number in numbers)
    refusing = (
        f"CREATE TRIGGER refuses BEFORE INSERT ON {table} WHEN NEW.mention_id IN ({ids}) "
        "BEGIN SELECT RAISE(ABORT, 'index row is too large'); END"
    )
    with open_house().engine.begin() as connection:
        connection.execute(text(refusing))


def mend() -> None:
    with open_house().engine.begin() as connection:
        connection.execute(text("DROP TRIGGER refuses"))


def test_the_others_are_judged_and_raised_and_the_step_says_which_waits(
    tocsin: Run, archive: Callable[..., Path]
) -> None:
    assert tocsin("collect", "--archive", str(archive(*HANDFUL))).status == 0
    refuse(4)
    done = tocsin("triage")
    assert done.status == 1
    assert "1 post could not be judged; the next run tries again" in done.err
    assert "Of x:4: " in done.err
    assert "index row is too large" in done.err
    assert (done.lines[0]["assessed"], done.lines[0]["opened"]) == (len(HANDFUL) - 1, 1)
    assert tocsin("triage").lines[0]["assessed"] == 0
    mend()
    done = tocsin("triage")
    assert (done.status, done.lines[0]["assessed"], done.lines[0]["opened"]) == (0, 1, 1)


def test_several_among_many_are_found(tocsin: Run, archive: Callable[..., Path]) -> None:
    tocsin("collect", "--archive", str(archive(*MANY)))
    refuse(1, 17, 18, 40)
    (batch,) = (assessing.assess(*each) for each in assessing.list_batches())
    assert batch["assessed"] == 36
    assert set(batch["left"]) == {"x:1", "x:17", "x:18", "x:40"}
    with pytest.raises(DoneInPart, match=r"^4 posts could not be judged; "):
        assessing.tell([batch, {"assessed": 2, "left": {}}])
    assert open_house().mentions.totals().unassessed == 4


def test_one_that_leaves_no_trace_is_not_judged_and_the_others_are(tocsin: Run, archive: Callable[..., Path]) -> None:
    tocsin("collect", "--archive", str(archive(*MANY)))
    refuse(2, 30, table="traces")
    done = tocsin("triage")
    assert (done.status, done.lines[0]["assessed"]) == (1, len(MANY) - 2)
    assert "2 posts could not be judged" in done.err
    mend()
    assert tocsin("triage").status == 0  # those that were posted later are judged again: they have another past now
    assert open_house().mentions.totals().unassessed == 0


def test_many_at_the_head_of_the_queue_keep_none_behind_them_waiting(tocsin: Run, archive: Callable[..., Path]) -> None:
    tocsin("collect", "--archive", str(archive(*MANY)))
    refuse(*range(1, 31), table="traces")
    for _ in range(2):
        done = tocsin("triage")
        assert done.status == 1
        assert "30 posts could not be judged" in done.err
        assert open_house().mentions.totals().unassessed == 30


def test_where_all_fail_all_are_left(tocsin: Run, archive: Callable[..., Path]) -> None:
    tocsin("collect", "--archive", str(archive(*MANY)))
    refuse(*range(1, 41))
    done = tocsin("triage")
    assert (done.status, done.lines[0]["assessed"]) == (1, 0)
    assert "40 posts could not be judged" in done.err
    assert open_house().mentions.totals().unassessed == len(MANY)


def test_a_wrong_setting_is_no_posts_fault(tocsin: Run, archive: Callable[..., Path]) -> None:
    tocsin("collect", "--archive", str(archive(*HANDFUL)))
    done = tocsin("triage", BACKEND="detoxify", DETOXIFY_CHECKPOINT="/nonexistent.ckpt")
    assert (done.status, done.lines) == (2, [])
    assert "could not be judged" not in done.err
    assert open_house().mentions.totals().unassessed == len(HANDFUL)


@pytest.mark.postgres
def test_on_postgresql_a_refused_row_does_not_take_its_transaction_along(
    tocsin: Run, archive: Callable[..., Path], postgres_url: str
) -> None:
    tocsin("collect", "--archive", str(archive(*HANDFUL)), DATABASE_URL=postgres_url)
    refusing = "ALTER TABLE assessments ADD CONSTRAINT refuses CHECK (mention_id <> 'x:5')"
    with closing(create_engine(postgres_url).connect()) as connection, connection.begin():
        connection.execute(text(refusing))
    done = tocsin("triage", DATABASE_URL=postgres_url)
    assert done.status == 1
    assert done.lines[0]["assessed"] == len(HANDFUL) - 1
    assert "Of x:5: IntegrityError" in done.err
