"""From a post that opens an incident to what was said around it: fetched, kept apart, shown, followed and let go."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from collectors.collector import AccessDenied, RateLimited
from collectors.conversation import COMPLETED, PARTIAL, Conversation, Seed
from collectors.mention import Author, Mention
from collectors.recheck import Rechecked
from collectors.scope import Scope
from policies.check import load
from policies.policy import Policy
from tests.collectors.server import Asked, Reply, Server
from tests.tocsin.conftest import Run
from tests.tocsin.posts import THREAT
from tocsin import assessing, pipeline
from tocsin.conversing import Fetched, Round
from tocsin.house import open_house
from warehouse.conversation_schema import conversation_posts, conversations
from warehouse.conversations import Answer, ConversationStore, Due
from warehouse.mentions import MentionStore
from warehouse.schema import audit, mentions, runs, unassessed

SINCE = int(datetime(2026, 10, 1, 9, tzinfo=UTC).timestamp())


class Discussion:
    """An invented discussion on Hacker News: a story, a threat under it, and what others say to that."""

    def __init__(self) -> None:
        self.threat = {"id": 41, "text": THREAT["text"], "author": "invented_angry"}
        self.said = [{"id": 42, "text": "Calm down, please", "author": "invented_calm"}]
        self.down = False

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/api/v1/search_by_date":
            return Reply.of({"hits": [self._hit()] if "DWP" in asked.params["query"] else [], "nbPages": 1})
        if self.down:
            return Reply.of({"error": "closed"}, status=403)
        children = [
            {**each, "type": "comment", "created_at_i": SINCE + each["id"], "parent_id": 41, "story_id": 40}
            for each in self.said
        ]
        threat = {**self.threat, "type": "comment", "created_at_i": SINCE + 41, "parent_id": 40, "story_id": 40}
        story = {"id": 40, "type": "story", "author": "invented_host", "created_at_i": SINCE, "title": "An odd [queue]"}
        return Reply.of({**story, "text": None, "children": [{**threat, "children": children}]})

    def _hit(self) -> dict[str, Any]:
        own = {"objectID": "41", "comment_text": self.threat["text"], "author": self.threat["author"]}
        return {**own, "created_at_i": SINCE + 41, "parent_id": 40, "story_id": 40, "story_title": "An odd [queue]"}


@pytest.fixture
def discussion(monkeypatch: pytest.MonkeyPatch) -> Iterator[Discussion]:
    """Collected and judged: one incident, TOC-1001, rests on the threat."""
    shown = Discussion()
    server = Server(shown.answer)
    monkeypatch.setenv("TOCSIN_HACKERNEWS_BASE_URL", server.url)
    monkeypatch.setenv("TOCSIN_HACKERNEWS_ITEMS_URL", server.url)
    monkeypatch.setenv("TOCSIN_POLICIES", "dwp")
    pipeline.collect("hackernews")
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    assert pipeline.raise_incidents()["opened"] >= 1
    yield shown
    server.close()


@pytest.mark.usefixtures("discussion")
def test_the_command_fetches_and_the_incident_shows_it_in_order(tocsin: Run) -> None:
    said = tocsin("conversations")
    assert said.status == 0, said.err
    (line,) = said.lines
    assert line == {
        "source": "hackernews",
        **{"asked": 1, "whole": 1, "part": 0, "gone": 0, "refused": 0, "posts": 3, "deleted": 0, "left_out": 0},
    }
    shown = tocsin("incident", "show", "TOC-1001").out
    places = [shown.index(words) for words in ("Conversation hackernews:40", "invented_host", "this incident", "Calm")]
    assert places == sorted(places)
    assert "  | An odd [queue]" in shown
    assert f"> | {THREAT['text'][:30]}" in shown
    whole = json.loads(tocsin("incident", "show", "TOC-1001", "--json").out)
    (told,) = whole["conversations"]
    assert [(post["mention_id"], post["own"]) for post in told["posts"]] == [
        ("hackernews:40", False),
        ("hackernews:41", True),
        ("hackernews:42", False),
    ]
    assert tocsin("conversations").lines == [], "what was asked for just now is not due"
    with open_house().engine.connect() as connection:
        assert connection.scalars(select(mentions.c.mention_id)).all() == ["hackernews:41"]
        assert connection.scalar(select(func.count()).select_from(unassessed)) == 0
        run = connection.execute(select(runs).where(runs.c.source == "conversations:hackernews")).one()
    assert (run.outcome, run.requests, run.collected) == ("completed", 1, 3)


def test_a_fault_is_named_and_keeps_what_was_there(tocsin: Run, discussion: Discussion) -> None:
    assert tocsin("conversations").status == 0
    house = open_house()
    (due,) = house.conversations.due(house.now() + timedelta(hours=25))
    discussion.down = True
    with house.engine.begin() as connection:
        connection.execute(conversations.update().values(asked_at=house.now() - timedelta(days=2)))
    said = tocsin("conversations", "hackernews")
    assert said.status == 1
    assert "hackernews access_denied" in said.err
    assert len(house.conversations.of_incident("TOC-1001")[1]) == 3
    assert due.seed == Seed("40", ("41",), "https://news.ycombinator.com/item?id=41")


@pytest.mark.usefixtures("discussion")
def test_a_source_that_is_not_there_is_named(tocsin: Run) -> None:
    said = tocsin("conversations", "x")
    assert said.status == 2
    assert "no source x" in said.err
    assert "hackernews" in said.err


def test_what_nobody_can_be_asked_for_says_so(
    tocsin: Run, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(THREAT)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    pipeline.raise_incidents()
    said = tocsin("conversations")
    assert (said.status, said.lines) == (0, [])
    assert "No open incident has a conversation that is due" in said.err
    assert "cannot be fetched" in tocsin("incident", "show", "TOC-1001").out


class Square:
    """A collector of an invented platform, whose conversations the test decides."""

    source = platform = "quill"

    def __init__(self, *told: Conversation, error: Exception | None = None) -> None:
        self.told = told
        self.error = error
        self.asked: list[str] = []
        self.gone: tuple[str, ...] = ()
        self.present: tuple[Mention, ...] = ()

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        for seed, told in zip(seeds, self.told, strict=False):
            yield replace(told, seed=seed)
        if self.error:
            raise self.error

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        self.asked += ids
        return Rechecked(self.gone, self.present, 1)


class Silent:
    """As `Square`, on a platform that cannot be asked about single posts."""

    source = platform = "quill"

    def __init__(self, square: Square) -> None:
        self.conversations = square.conversations


def post(native_id: str, **author: Any) -> Mention:
    who = Author(**({"id": f"who-{native_id}", "handle": f"invented_{native_id}"} | author))
    moment = datetime(2026, 10, 1, 9, tzinfo=UTC)
    return Mention(platform="quill", id=native_id, text=f"said {native_id}", created_at=moment, author=who)


class Fixed(ConversationStore):
    """The store of conversations, for which so many are due always: the incidents are another test's matter."""

    number = 1

    def due(self, now: datetime) -> list[Due]:
        return [Due(f"quill:{each}", "quill", "quill", Seed(each, (each,))) for each in "abc"[: self.number]]


@pytest.fixture
def square(engine: Engine) -> Callable[..., Fetched]:
    """Takes one round at an invented platform."""
    house = open_house()
    store, moment = MentionStore(engine, house.pseudonyms), iter(range(1000))
    began = datetime(2026, 10, 12, 12, tzinfo=UTC)

    def take(collector: Any, number: int = 1, policies: Sequence[Policy] = ()) -> Fetched:
        kept = Fixed(engine, house.pseudonyms)
        kept.number = number
        scope = Scope.of(policies)
        clock = lambda: began + timedelta(minutes=next(moment))  # noqa: E731
        return Round(engine, store, kept, collector, scope, clock).take(lambda _done: None)

    return take


def held(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(conversation_posts.c.native_id)))


SEED = Seed(None, ("a",))


def test_beyond_a_part_each_post_is_asked_about(square: Any, engine: Engine) -> None:
    square(Square(Conversation(SEED, COMPLETED, tuple(map(post, "abc")), requests=1)))
    later = Square(Conversation(SEED, PARTIAL, (post("d"),), requests=1))
    later.gone, later.present = ("a",), (post("b").model_copy(update={"text": "edited"}),)
    assert square(later) == Fetched(asked=1, part=1, posts=1, deleted=1)
    assert later.asked == ["a", "b", "c"]
    assert held(engine) == {"b", "c", "d"}, "of what the platform said nothing of, nothing is deleted"
    with engine.connect() as connection:
        texts = connection.scalars(select(conversation_posts.c.text).where(conversation_posts.c.native_id == "b"))
        assert texts.all() == ["edited"]
    assert square(Silent(Square(Conversation(SEED, PARTIAL, (post("e"),))))).deleted == 3
    assert held(engine) == {"e"}, "where nobody can be asked, what was not shown again goes"


def test_one_refusal_is_noted_and_all_are_raised(square: Any, engine: Engine) -> None:
    denied = Conversation(SEED, AccessDenied.outcome, error="closed")
    fetched = square(Square(denied, Conversation(SEED, COMPLETED, (post("b"),))), number=2)
    assert (fetched.refused, fetched.whole) == (1, 1)
    with pytest.raises(AccessDenied, match="closed"):
        square(Square(denied, denied), number=2)
    assert held(engine) == {"b"}
    with engine.connect() as connection:
        ended = connection.scalars(select(runs.c.outcome).order_by(runs.c.started_at)).all()
    assert ended == ["completed", "access_denied"]


def test_a_run_that_is_cut_short_keeps_what_it_has(square: Any, engine: Engine) -> None:
    short = Square(Conversation(SEED, COMPLETED, (post("a"),), requests=2), error=RateLimited("not now"))
    with pytest.raises(RateLimited):
        square(short, number=3)
    assert held(engine) == {"a"}
    with engine.connect() as connection:
        run = connection.execute(select(runs)).one()
    assert (run.outcome, run.requests, run.collected, run.more) == ("rate_limited", 2, 1, True)


def test_what_a_pack_forbids_to_watch_is_not_kept_here_either(square: Any, engine: Engine) -> None:
    pack = load("dwp")
    strict = pack.model_copy(
        update={"monitoring": pack.monitoring.model_copy(update={"staff_personal_accounts": False})}
    )
    staff = post("s", bio="Work coach at DWP. Views my own")
    assert square(Square(Conversation(SEED, COMPLETED, (post("a"), staff))), policies=[strict]).left_out == 1
    assert held(engine) == {"a"}
    with engine.connect() as connection:
        assert connection.scalars(select(audit.c.action)).all() == ["left_out"]


def test_nothing_due_is_no_run(square: Any, engine: Engine) -> None:
    assert square(Square(), number=0) == Fetched()
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(runs)) == 0


def test_an_answer_without_a_run_costs_nobody(engine: Engine) -> None:
    store = ConversationStore(engine, open_house().pseudonyms)
    due = Due("quill:a", "quill", "quill", SEED)
    assert store.keep(due, Answer("not_supported", error="nobody"), datetime(2026, 10, 12, tzinfo=UTC)) == 0
