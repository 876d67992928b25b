"""What a reply answers, with its author, where the platform did not send it along: from the warehouse, or asked for."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from collectors.collector import Batch, Checkpoint, RateLimited
from collectors.mention import Author, Mention, Parent
from collectors.recheck import Rechecked
from collectors.scope import Scope
from policies.check import load
from tests.collectors.server import Asked, Reply, Server
from tests.collectors.test_bluesky import SESSION, post, uri
from tocsin import pipeline
from tocsin.house import open_house
from tocsin.parents import A_RUN, Turn
from warehouse.mentions import MentionStore
from warehouse.parents import Cost, ParentStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import assessments, mentions, runs, unassessed

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
ONE = Author(id="who-1", handle="invented_first")


def said(native_id: str, answers: str | None = None, author: Author = ONE, **others: Any) -> Mention:
    parent = Parent(id=answers) if answers else None
    kind: Any = "reply" if answers else "post"
    fields = {"platform": "quill", "id": native_id, "text": f"said {native_id}", "created_at": NOON, "kind": kind}
    return Mention.model_validate({**fields, "in_reply_to": parent, "author": author, **others})


class Quill:
    """A collector of an invented platform, which tells of the posts that it is given."""

    source = platform = "quill"

    def __init__(self, *shown: Mention) -> None:
        self.shown = {mention.id: mention for mention in shown}
        self.asked: list[list[str]] = []
        self.failing = False

    def collect(self, _checkpoint: Checkpoint | None) -> Iterator[Batch]:
        yield from ()

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        if self.failing:
            raise RateLimited("not now")
        self.asked.append(list(ids))
        return Rechecked((), tuple(self.shown[each] for each in ids if each in self.shown), 1)


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(b"k" * 32)


@pytest.fixture
def store(engine: Engine, pseudonyms: Pseudonyms) -> MentionStore:
    moments = iter(NOON + timedelta(seconds=number) for number in range(100_000))
    return MentionStore(engine, pseudonyms, lambda: next(moments))


@pytest.fixture
def keep(store: MentionStore) -> Callable[..., None]:
    def keep(*posts: Mention) -> None:
        store.store(store.start_run("quill", "quill"), Batch(posts, Checkpoint("quill", {})))

    return keep


@pytest.fixture
def turn(engine: Engine, store: MentionStore, pseudonyms: Pseudonyms) -> Callable[..., int]:
    def take(quill: Any, scope: Scope | None = None) -> int:
        return Turn(engine, store, pseudonyms, quill, scope or Scope(()), lambda: NOON).take()

    return take


def parents(engine: Engine) -> dict[str, tuple[Any, ...]]:
    with engine.connect() as connection:
        own = mentions.c
        rows = connection.execute(select(own.native_id, own.parent_text, own.parent_author_handle, own.parent_author))
        return {row[0]: tuple(row[1:]) for row in rows}


def test_it_is_asked_for_once_and_all_at_once(
    engine: Engine, keep: Any, turn: Any, store: MentionStore, pseudonyms: Pseudonyms
) -> None:
    quill = Quill(said("10"), said("11"))
    keep(said("1", "10"), said("2", "11"), said("3", "11"), said("4", "12"), said("5"))
    assert turn(quill) == 3
    assert quill.asked == [["10", "11", "12"]]
    found = parents(engine)
    first = ("said 10", "invented_first", pseudonyms.of("quill", ONE))
    assert (found["1"], found["4"], found["5"]) == (first, (None, None, None), (None, None, None))
    assert found["2"] == found["3"] == ("said 11", *first[1:])
    assert turn(quill) == 0
    assert len(quill.asked) == 1, "what is not told is not asked for again"
    keep(said("6", "10"))
    assert turn(quill) == 1
    spent = store.spent("quill", NOON)
    assert spent.calls == 2
    with engine.connect() as connection:
        ended = connection.execute(select(runs.c.outcome, runs.c.updated).where(runs.c.source == "parents:quill")).all()
    assert sorted(tuple(end) for end in ended) == [("completed", 1), ("completed", 3)]


def test_what_is_stored_is_not_asked_for(engine: Engine, keep: Any, turn: Any) -> None:
    quill = Quill()
    keep(said("10"), said("1", "10"))
    assert turn(quill) == 1
    assert quill.asked == []
    assert parents(engine)["1"][:2] == ("said 10", "invented_first")


def test_a_refusal_loses_nothing(engine: Engine, keep: Any, turn: Any) -> None:
    quill = Quill(said("10"))
    quill.failing = True
    keep(said("1", "10"))
    with pytest.raises(RateLimited):
        turn(quill)
    quill.failing = False
    assert turn(quill) == 1
    assert parents(engine)["1"][0] == "said 10"


def test_a_run_is_bounded_and_the_next_goes_on_within_one_batch(engine: Engine, keep: Any, turn: Any) -> None:
    quill = Quill(said("10"))
    keep(*(said(f"{number:04}", f"p{number}") for number in range(A_RUN + 5)))
    assert turn(quill) == turn(quill) == 0
    assert [len(asked) for asked in quill.asked] == [A_RUN, 5]
    assert len({each for asked in quill.asked for each in asked}) == A_RUN + 5


def test_a_reply_that_was_judged_without_it_is_judged_again(engine: Engine, keep: Any, turn: Any) -> None:
    keep(said("1", "10"), said("2", "10"))
    scores = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack", "sexual_explicit")
    row: dict[str, Any] = dict.fromkeys(scores, 0.0) | {"sentiment": "neutral", "sentiment_score": 0.0, "scope": "in"}
    row |= {"mention_id": "quill:1", "policy": "dwp", "policy_version": "1", "model": "m", "language": "en"}
    with engine.begin() as connection:
        connection.execute(unassessed.delete())
        connection.execute(assessments.insert().values(**row, relevant=True, assessed_at=NOON))
    assert turn(Quill(said("10"))) == 2
    with engine.connect() as connection:
        assert connection.scalars(select(unassessed.c.mention_id)).all() == ["quill:1"]


def test_staff_above_a_reply_are_not_kept_where_a_pack_forbids_it(engine: Engine, keep: Any, turn: Any) -> None:
    pack = load("dwp")
    monitoring = pack.monitoring.model_copy(update={"staff_personal_accounts": False})
    staff = Author(id="s", handle="invented_staff", bio="Work coach at DWP. Views my own")
    keep(said("1", "10"))
    turn(Quill(said("10", author=staff)), Scope.of([pack.model_copy(update={"monitoring": monitoring})]))
    assert parents(engine)["1"] == (None, None, None)


def test_what_was_deleted_meanwhile_does_not_come_back(
    engine: Engine, store: MentionStore, pseudonyms: Pseudonyms
) -> None:
    run = store.start_run("parents:quill", "quill")
    answered = said("1").model_copy(update={"in_reply_to": Parent(id="10", text="said 10", author=ONE)})
    kept = ParentStore(engine, pseudonyms)
    assert kept.fill(run, [answered], Checkpoint("parents:quill", {}), Cost(1, 1), NOON) == 0
    assert parents(engine) == {}
    with pytest.raises(KeyError, match="no run"):
        kept.fill("another", [], Checkpoint("parents:quill", {}), Cost(), NOON)


@pytest.mark.parametrize("fault", [False, True])
def test_collecting_brings_it_along_and_stands_without_it(
    fault: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    above = post(1, text="When does the office open?")
    above["author"] |= {"did": "did:plc:asker", "handle": "asker.example"}
    reply = {"root": {"uri": uri(1), "cid": "b"}, "parent": {"uri": uri(1), "cid": "b"}}
    answer = post(2, text="The DWP never opens", reply=reply)

    def serve(asked: Asked) -> Reply:
        if asked.method == "POST":
            return Reply.of(SESSION)
        if asked.path.endswith("getPosts"):
            return Reply.of({"error": "no"}, status=403) if fault else Reply.of({"posts": [above]})
        return Reply.of({"posts": [answer]})

    server = Server(serve)
    given = {"BLUESKY_BASE_URL": server.url, "BLUESKY_HANDLE": "invented.example", "BLUESKY_APP_PASSWORD": "invented"}
    for name, value in {**given, "BLUESKY_APPVIEW_URL": server.url, "POLICIES": "dwp"}.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    assert pipeline.collect("bluesky")["inserted"] == 1
    server.close()
    with open_house().engine.connect() as connection:
        row = connection.execute(select(mentions.c.parent_text, mentions.c.parent_author_handle)).one()
    assert tuple(row) == ((None, None) if fault else ("When does the office open?", "asker.example"))
    assert ("what replies answer is not known yet" in capsys.readouterr().err) is fault
