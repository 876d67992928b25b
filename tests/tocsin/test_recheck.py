"""Posts that are gone or edited on their platform: asked about again, deleted, and kept with their former text."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from collectors.collector import Batch, Checkpoint, RateLimited
from collectors.mention import Mention
from collectors.recheck import Rechecked
from tests.collectors.server import Asked, Reply, Server
from tests.collectors.test_bluesky import SESSION, post, uri
from tests.collectors.test_liveness import comment, redditing, submission
from tests.collectors.test_reddit import TOKEN, listing
from tests.tocsin.conftest import Run
from tocsin import pipeline
from tocsin.house import House, open_house
from tocsin.rechecking import Told, Turn
from tocsin.settings import Settings
from warehouse.engine import connect, migrate
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, authors, checkpoints, mentions, payloads, revisions, runs


@pytest.fixture
def server() -> Iterator[Server]:
    shown = {number: post(number, text="The DWP called me back") for number in (1, 2)}

    def answer(asked: Asked) -> Reply:
        return Reply.of(SESSION if asked.method == "POST" else {"posts": list(shown.values())})

    server = Server(answer)
    server.shown = shown  # type: ignore[attr-defined]
    yield server
    server.close()


def test_without_a_platform_to_ask_it_says_so(tocsin: Run) -> None:
    said = tocsin("recheck")
    assert (said.status, said.out) == (0, "")
    assert "No configured source can be asked about stored posts" in said.err


def test_the_gone_are_deleted_and_the_edited_keep_their_former_text(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"VAR": tmp_path / "var", "BLUESKY_BASE_URL": server.url, "BLUESKY_APPVIEW_URL": server.url}
    given |= {"BLUESKY_HANDLE": "invented.example", "BLUESKY_APP_PASSWORD": "invented", "POLICIES": "dwp"}
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", str(value))
    assert pipeline.recheck("bluesky") == {"asked": 0, "deleted": 0, "held": 0, "edited": 0, "disowned": 0}
    assert pipeline.collect("bluesky")["inserted"] == 2
    server.shown.pop(1)  # type: ignore[attr-defined]
    server.shown[2]["record"]["text"] = "The DWP called me back, at last"  # type: ignore[attr-defined]
    assert pipeline.recheck("bluesky") == {"asked": 2, "deleted": 1, "held": 0, "edited": 1, "disowned": 0}
    with open_house().engine.connect() as connection:
        (row,) = connection.execute(select(mentions.c.native_id, mentions.c.text, mentions.c.source)).all()
        former = connection.scalars(select(revisions.c.text)).all()
    assert tuple(row) == (uri(2), "The DWP called me back, at last", "bluesky")
    assert former == ["The DWP called me back"]


class Thread:
    """An invented subreddit: what it shows now, read by its listings and by /api/info."""

    def __init__(self) -> None:
        said = "The DWP jobcentre called me back"
        self.children = [comment(f"t1_{number:03}", body=said) for number in range(9)]
        self.children.append(submission("t3_a", title=said))

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/api/v1/access_token":
            return Reply.of(TOKEN)
        if asked.path.rstrip("/").endswith("api/info"):
            return redditing(*self.children)(asked)
        kind = "t1" if asked.path.endswith("/comments") else "t3"
        return Reply.of(listing(*(child for child in reversed(self.children) if child["kind"] == kind)))

    def now(self, name: str, **others: object) -> None:
        """Change a post."""
        next(child for child in self.children if child["data"]["name"] == name)["data"].update(others)


@pytest.fixture
def thread() -> Iterator[tuple[Thread, dict[str, str]]]:
    thread = Thread()
    server = Server(thread.answer)
    given = {"REDDIT_BASE_URL": server.url, "REDDIT_OAUTH_URL": f"{server.url}/oauth", "POLICIES": "dwp"}
    yield thread, given | {"REDDIT_CLIENT_ID": "invented", "REDDIT_CLIENT_SECRET": "invented"}
    server.close()


def test_the_command_deletes_the_gone_and_forgets_authors(tocsin: Run, thread: tuple[Thread, dict[str, str]]) -> None:
    reddit, given = thread
    assert tocsin("collect", "reddit", **given).lines[0]["inserted"] == 10
    reddit.now("t1_001", author="[deleted]", body="[deleted]")
    reddit.now("t1_002", body="[removed]")
    reddit.now("t1_003", body="The DWP jobcentre called me back at last")
    for child in reddit.children[4:]:
        child["data"].update(author="[deleted]", author_fullname=None)
    said = tocsin("recheck", **given)
    assert said.status == 0
    assert said.lines == [
        {"source": "reddit", "asked": 10, "deleted": 2, "held": 0, "edited": 1, "disowned": 6},
    ]
    assert "10 stored posts asked about: 2 gone and deleted" in said.err
    with House(Settings()).engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(mentions)) == 8
        assert connection.scalar(select(func.count()).select_from(mentions).where(mentions.c.author.is_(None))) == 6
        assert len(connection.scalars(select(authors.c.author)).all()) == 1
        assert connection.scalars(select(revisions.c.text)).all() == ["The DWP jobcentre called me back"]
        acts = connection.execute(select(audit.c.action, audit.c.rows).order_by(audit.c.action)).all()
        kept = [payload["data"].get("author") for payload in connection.scalars(select(payloads.c.payload))]
        outcomes = connection.execute(
            select(runs.c.outcome, runs.c.more).where(runs.c.source == "recheck:reddit")
        ).all()
    assert [tuple(act) for act in acts] == [("disown", 6), ("withdraw", 2)]
    assert [tuple(outcome) for outcome in outcomes] == [("completed", False)]
    assert set(kept) <= {"another_invention", "invented_redditor"}
    assert len(kept) == 2, "what was told of an author who is gone is gone with the author"


def test_a_source_that_cannot_be_asked_is_named(tocsin: Run, thread: tuple[Thread, dict[str, str]]) -> None:
    said = tocsin("recheck", "feeds", **thread[1])
    assert said.status == 2
    assert "feeds cannot be asked" in said.err
    assert "these can: reddit" in said.err
    helped = tocsin("recheck", "--help")
    assert all(word in helped.out for word in ("48 hours", "evidence", "audit", "TOCSIN_X_RECHECK_POSTS"))


class Slow:
    """A collector of an invented platform that takes three posts at once and seven a run, and forgets some."""

    source = platform = "quill"
    at_once, a_run = 3, 7

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.failing = False

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        if self.failing and len(self.asked) == 1:
            raise RateLimited("not now")
        self.asked.append(tuple(ids))
        return Rechecked(tuple(each for each in ids if each == "05"), (), 1)


def stored(engine: Engine, source: str, count: int) -> MentionStore:
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    posts = [
        Mention(platform=source, id=f"{number:02}", text="invented", created_at=datetime(2026, 10, 1, tzinfo=UTC))
        for number in range(count)
    ]
    store.store(store.start_run(source, source), Batch(tuple(posts), Checkpoint(source, {})))
    return store


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = connect(f"sqlite:///{tmp_path}/quill.db")
    migrate(engine)
    return engine


def test_every_stored_post_gets_its_turn_and_then_the_round_begins_anew(engine: Engine) -> None:
    slow, store = Slow(), stored(engine, "quill", 10)
    advanced: list[int] = []
    first = Turn(engine, store, slow)
    assert first.waiting == 7
    assert first.take(advanced.append) == Told(asked=7, deleted=1)
    assert advanced == [3, 3, 1]
    assert Turn(engine, store, slow).waiting == 3
    assert Turn(engine, store, slow).take(advanced.append).asked == 3
    assert Turn(engine, store, slow).waiting == 7
    numbers = [native_id for some in slow.asked for native_id in some]
    assert numbers == [f"{number:02}" for number in range(10)]


def test_a_fault_keeps_what_was_told_before_it(engine: Engine) -> None:
    slow, store = Slow(), stored(engine, "quill", 10)
    slow.failing = True
    with pytest.raises(RateLimited):
        Turn(engine, store, slow).take(lambda _: None)
    slow.failing = False
    slow.asked.clear()
    Turn(engine, store, slow).take(lambda _: None)
    assert slow.asked[0] == ("03", "04", "05")
    with engine.connect() as connection:
        found = select(runs.c.outcome, runs.c.requests).where(runs.c.source == "recheck:quill")
        ended = connection.execute(found.order_by(runs.c.started_at)).all()
        assert connection.scalars(select(checkpoints.c.source)).all() == ["quill", "recheck:quill"]
    assert [tuple(end) for end in ended] == [("rate_limited", 1), ("completed", 3)]
