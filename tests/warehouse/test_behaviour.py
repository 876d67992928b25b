"""Behaviour over time on what is stored: as in memory, in any order of arrival, once, and forgotten with people."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, event, select, update

from classifiers.behaviour.timeline import Behaviour
from classifiers.history import MentionHistory
from classifiers.judge import Judge, judge_all
from classifiers.scorer import ContextScores, InContext, Scores
from collectors.collector import Batch, Checkpoint
from collectors.mention import Mention
from policies.check import load
from policies.policy import CATEGORY_NAMES
from warehouse.behaviour_schema import behaviours, contacts, fingerprints, timeline, traces
from warehouse.behaviours import timeline_of
from warehouse.blanking import blank
from warehouse.engine import connect, downgrade, migrate
from warehouse.history import MOST, WarehouseHistory, official_handles
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore
from warehouse.privacy import erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings, mentions, unassessed
from warehouse.traces import TraceStore

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
ADVISER = {"author": {"handle": "example_ipa_employers", "bio": "Employer adviser, DWP"}, "text": "Hi"}
DWP = load("dwp")
SMEAR = "Ask this adviser why she is a liar and a disgrace who cheats people out of what they are owed every week"


class Undecided:
    """A scorer that leaves every word to the rules."""

    name = "undecided-1"

    def score(self, texts: Sequence[str]) -> Scores:
        """The same for every text."""
        return Scores(np.full((len(texts), 7), 0.3, np.float32), np.full((len(texts), 3), 1 / 3, np.float32))

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Relevant, and of no category."""
        felt, undecided = np.full((len(texts), 3), 1 / 3, np.float32), np.full((len(texts), 15), 0.49, np.float32)
        assert undecided.shape[1] == len(CATEGORY_NAMES)
        return ContextScores(np.ones(len(texts), np.float32), felt, undecided)


def _post(number: int, text: str, handle: str, hours: float, platform: str = "x") -> Mention:
    return Mention.from_record(
        {
            "platform": platform,
            "id": str(number),
            "text": text,
            "kind": "reply",
            "created_at": (START + timedelta(hours=hours)).isoformat(),
            "author": {"id": f"{handle}@{platform}", "handle": handle},
            "in_reply_to": {"id": "p", **ADVISER},
        }
    )


COURSE = [
    _post(1, "Lovely smile in that photo", "night_heron_77", 0),
    _post(2, "why won't you answer me", "night_heron_77", 48, "reddit"),
    _post(3, "Still ignoring me?", "nightheron78", 96),
    _post(4, "Answer me, we will talk", "night_heron_77", 144),
    _post(5, "New account, you blocked night_heron_77. Answer me", "plum_anorak", 160),
]
FORMER = [
    _post(1, "Lovely smile in that photo", "night_heron_77", 0),
    _post(2, "You blocked me, so still ignoring me?", "night_heron_77", 48),
    _post(3, "This is night_heron_77 again", "plum_anorak", 96),
    _post(4, "Hello there", "plum_anorak", 144),
    _post(5, "Hello once more", "plumanorak8", 192),
]
CROWD = [
    _post(10 + i, text, f"{'abcdef'[i]}_invented_crowd", 200 + i)
    for i, text in enumerate(["Resign, shame on you", "You should be sacked", "Get a life", "You are a joke", "Resign"])
]
COPIES = [_post(20 + i, f"{SMEAR} {i}", f"{'abc'[i]}_copying_example", 300 + i) for i in range(3)]
POSTS = [*COURSE, *CROWD, *COPIES, _post(30, "Thank you for your help today", "kind_example", 250)]


class Warehouse:
    """A pass of triage on one engine: what is stored is traced and judged."""

    def __init__(self, engine: Engine, pseudonyms: Pseudonyms) -> None:
        self.engine = engine
        self.mentions = MentionStore(engine, pseudonyms)
        self.traces = TraceStore(engine, pseudonyms)
        self.history = WarehouseHistory(engine, pseudonyms, official_handles([DWP]))
        self.judgements = JudgementStore(engine, pseudonyms)
        self.judge = Judge(DWP, Undecided(), self.history)

    def store(self, posts: Sequence[Mention]) -> None:
        """One batch."""
        self.mentions.store(self.mentions.start_run("x", "x"), Batch(tuple(posts), Checkpoint("x", {})))

    def triage(self) -> int:
        """How many were judged."""
        self.traces.trace(3)
        return self.judge_what_waits()

    def judge_what_waits(self) -> int:
        """Traced or not; how many."""
        done = 0
        for first, last in self.judgements.waiting(4):
            with self.judgements.claim(first, last, 4) as claim:
                done += claim.write(judge_all([self.judge], claim.mentions)[0])
        return done

    def found(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every finding and every step of every timeline."""
        with self.engine.connect() as connection:
            told = select(findings.c.finding_id, findings.c.mention_id, findings.c.category, findings.c.why)
            steps = select(timeline.c.finding_id, timeline.c.kind, timeline.c.position, timeline.c.mention_id)
            queries = {"findings": told, "timeline": steps}
            return {name: sorted(map(tuple, connection.execute(query))) for name, query in queries.items()}


@pytest.fixture
def warehouse(engine: Engine, pseudonyms: Pseudonyms) -> Warehouse:
    """On each database in turn."""
    return Warehouse(engine, pseudonyms)


def test_the_warehouse_looks_back_as_memory_does(warehouse: Warehouse) -> None:
    warehouse.store(POSTS)
    warehouse.traces.trace(4)
    stored, memory = warehouse.history.before(POSTS), MentionHistory(POSTS).before(POSTS)
    since = START - timedelta(days=1)
    for post in POSTS:
        for looked in ("contacts", "copies"):
            more = ("example_ipa_employers",) if looked == "contacts" else ()
            ours, theirs = (getattr(past, looked)(post, *more, since) for past in (stored, memory))
            assert [(one.mention_id, one.link) for one in ours] == [(one.mention_id, one.link) for one in theirs]
    judged = [Judge(DWP, Undecided(), each).judge(POSTS) for each in (warehouse.history, MentionHistory(POSTS))]
    assert judged[0] == judged[1]
    kinds = {one.kind for judgement in judged[0] for finding in judgement.findings for one in finding.behaviours}
    assert kinds == {"course_of_conduct", "pile_on", "coordinated_copies"}
    (course,) = [one for finding in judged[0][4].findings for one in finding.behaviours]  # under the name of another
    assert [step.mention_id for step in course.steps] == ["x:1", "reddit:2", "x:3", "x:4", "x:5"]


def test_triage_again_adds_nothing(warehouse: Warehouse) -> None:
    warehouse.store(POSTS)
    assert warehouse.triage() == len(POSTS)
    found = warehouse.found()
    warehouse.store(POSTS)
    assert (warehouse.triage(), warehouse.traces.trace()) == (0, 0)
    assert warehouse.found() == found
    assert found["timeline"]


@pytest.fixture(scope="module")
def one_warehouse(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One for many examples, emptied between them."""
    path = tmp_path_factory.mktemp("arrival") / "tocsin.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Warehouse(connect(f"sqlite:///{path}"), Pseudonyms(b"a key that only tests know, 32 b"))


def _arrive(warehouse: Warehouse, parts: Sequence[Sequence[Mention]]) -> dict[str, list[tuple[Any, ...]]]:
    with warehouse.engine.begin() as connection:
        connection.execute(delete(mentions))
    for part in parts:
        warehouse.store(part)
        warehouse.triage()
    while warehouse.triage():
        pass
    return warehouse.found()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(POSTS), cut=st.integers(1, len(POSTS) - 1))
@example(order=[*POSTS[1:], POSTS[0]], cut=len(POSTS) - 1)  # a mild post, of an account that only a later one names
def test_the_order_of_arrival_changes_nothing_in_the_end(
    one_warehouse: Warehouse, order: list[Mention], cut: int
) -> None:
    at_once = _arrive(one_warehouse, [POSTS])
    assert _arrive(one_warehouse, [order[:cut], order[cut:]]) == at_once


@pytest.mark.parametrize("late", [0, 1], ids=["mild", "pressing"])
def test_what_a_former_account_posted_wakes_all_that_rests_on_it(warehouse: Warehouse, late: int) -> None:
    at_once = _arrive(warehouse, [FORMER])
    memory = Judge(DWP, Undecided(), MentionHistory(FORMER))
    assert warehouse.judge.judge(FORMER) == memory.judge(FORMER)
    assert {mention_id for _, mention_id, *_ in at_once["findings"]} >= {"x:3", "x:4", "x:5"}
    assert _arrive(warehouse, [[*FORMER[:late], *FORMER[late + 1 :]], [FORMER[late]]]) == at_once


def test_posts_stored_too_late_to_be_traced_first_are_found_by_later_ones_all_the_same(warehouse: Warehouse) -> None:
    warehouse.store(COURSE[:3])
    assert warehouse.judge_what_waits() == 3  # as where a collector commits after triage has traced
    warehouse.store(COURSE[3:])
    while warehouse.triage():
        pass
    late = warehouse.found()
    assert late["timeline"]
    assert late == _arrive(warehouse, [COURSE])


def test_an_upgrade_judges_again_what_has_words_and_leaves_what_was_emptied(
    warehouse: Warehouse, rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    yesterday = (datetime.now(UTC) - START) / timedelta(hours=1) - 24
    warehouse.store([_post(number, "You are a joke", "grey_kettle", yesterday + number) for number in (1, 2)])
    warehouse.triage()
    with warehouse.engine.begin() as connection:
        connection.execute(update(mentions).where(mentions.c.mention_id == "x:1").values(text=""))
    downgrade(warehouse.engine, "0009")
    migrate(warehouse.engine)
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:2"]


def test_a_few_queries_serve_many_mentions_and_none_scans(sqlite_engine: Engine, pseudonyms: Pseudonyms) -> None:
    warehouse = Warehouse(sqlite_engine, pseudonyms)
    warehouse.store(POSTS)
    warehouse.traces.trace()
    asked: list[tuple[str, Any]] = []
    event.listen(sqlite_engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    warehouse.history.before(POSTS)
    looked = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    assert 0 < len(looked) <= 7
    with sqlite_engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in looked]
    steps = [step.detail for plan in plans for step in plan]
    found_before = ("SCAN (subquery", "SCAN near")  # the few rows that an index gave
    assert not [step for step in steps if step.startswith("SCAN") and not step.startswith(found_before)], steps


def test_of_a_flood_the_newest_are_looked_at(warehouse: Warehouse) -> None:
    flood = [_post(number, SMEAR, f"flood_example_{number:03d}x", number / 60) for number in range(MOST + 20)]
    warehouse.store(flood)
    warehouse.traces.trace()
    last = _post(9999, SMEAR, "last_of_the_flood", 24)
    past = warehouse.history.before([last])
    since = START - timedelta(days=1)
    for looked in (past.copies(last, since), past.towards(last, "example_ipa_employers", since)):
        assert [post.mention_id for post in looked] == [post.mention_id for post in flood[-MOST:]]


def test_subject_access_tells_the_behaviours_that_were_found(warehouse: Warehouse) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    told = export(warehouse.engine, "x", "night_heron_77", "officer", "asked for it")
    own = {row["finding_id"] for row in told["findings"]}
    assert {(row["kind"], row["finding_id"] in own) for row in told["behaviours"]} == {("course_of_conduct", True)}


def test_an_erased_author_leaves_no_trace(warehouse: Warehouse, rows: Callable[[Table], list[dict[str, Any]]]) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    erase(warehouse.engine, "x", "night_heron_77", "officer", "asked for it")
    left = {row["mention_id"] for table in (traces, contacts, fingerprints, timeline) for row in rows(table)}
    assert not left & {"x:1", "x:4"}
    assert left & {"reddit:2", "x:10"}


def test_what_is_emptied_leaves_no_trace_and_the_timeline_names_what_is_held(
    warehouse: Warehouse, rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    with warehouse.engine.begin() as connection:
        blank(connection, {"x": timedelta(days=1)}, datetime.now(UTC) + timedelta(days=60))
    assert {row["mention_id"] for row in rows(traces)} == {"reddit:2"}
    assert rows(behaviours)


def test_an_incidents_timeline_is_all_its_posts_in_order(
    warehouse: Warehouse, incident: Callable[..., str], rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    stalking = next(row for row in rows(findings) if row["mention_id"] == "x:4" and row["category"] == "cyberstalking")
    (course,) = timeline_of(warehouse.engine, incident(stalking))
    assert isinstance(course, Behaviour)
    assert [step.mention_id for step in course.steps] == ["x:1", "reddit:2", "x:3", "x:4"]
    assert course.steps[2].account == "nightheron78"
    assert "near-identical" in course.steps[2].counted_as


@pytest.mark.parametrize(
    ("status", "told"),
    [("resolved", {"x:1", "x:2"}), ("acknowledged", set()), ("escalated", set()), ("dismissed", set())],
)
def test_a_repeat_offender_is_told_by_what_people_upheld(
    warehouse: Warehouse,
    incident: Callable[..., str],
    rows: Callable[[Table], list[dict[str, Any]]],
    status: str,
    told: set[str],
) -> None:
    insult = "You are worthless scum, and so is everyone who works with you"
    warehouse.store([_post(1, insult, "grey_kettle", 0)])
    warehouse.triage()
    with warehouse.engine.connect() as connection:
        author = connection.execute(select(mentions.c.author)).scalar_one()
    incident(rows(findings)[0], author=author, status=status)
    warehouse.store([_post(2, insult, "grey_kettle", 24 * 60), _post(3, insult, "plum_anorak", 24 * 60)])
    warehouse.triage()
    assert {row["mention_id"] for row in rows(timeline) if row["kind"] == "repeat_offender"} == told
