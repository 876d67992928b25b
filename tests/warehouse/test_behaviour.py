"""Behaviour over time on what is stored: as in memory, in any order of arrival, and once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, event, select

from classifiers.behaviour.timeline import Behaviour
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from tests.warehouse.behaviour_samples import COURSE, DWP, FORMER, POSTS, SMEAR, START, Undecided, Warehouse, post
from warehouse.behaviour_schema import timeline
from warehouse.behaviours import timeline_of
from warehouse.engine import connect
from warehouse.history import MOST
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings, mentions


@pytest.fixture
def warehouse(engine: Engine, pseudonyms: Pseudonyms) -> Warehouse:
    """On each database in turn."""
    return Warehouse(engine, pseudonyms)


def test_the_warehouse_looks_back_as_memory_does(warehouse: Warehouse) -> None:
    warehouse.store(POSTS)
    warehouse.traces.trace(4)
    stored, memory = warehouse.history.before(POSTS), MentionHistory(POSTS).before(POSTS)
    since = START - timedelta(days=1)
    for each in POSTS:
        for looked in ("contacts", "copies"):
            more = ("example_ipa_employers",) if looked == "contacts" else ()
            ours, theirs = (getattr(past, looked)(each, *more, since) for past in (stored, memory))
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
    assert {mention_id for _, _, _, mention_id in late["timeline"]} == {post.mention_id for post in COURSE}
    assert late == _arrive(warehouse, [COURSE])


def test_a_few_queries_serve_many_mentions_and_none_scans(sqlite_engine: Engine, pseudonyms: Pseudonyms) -> None:
    warehouse = Warehouse(sqlite_engine, pseudonyms)
    warehouse.store(POSTS)
    warehouse.traces.trace()
    asked: list[tuple[str, Any]] = []
    event.listen(sqlite_engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    for day in {each.created_at.date() for each in POSTS}:
        before = len(asked)
        warehouse.history.before([each for each in POSTS if each.created_at.date() == day])
        assert 0 < len(asked) - before <= 7
    looked = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    with sqlite_engine.connect() as connection:
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in looked]
    steps = [step.detail for plan in plans for step in plan]
    found_before = ("SCAN (subquery", "SCAN near")  # the few rows that an index gave
    assert not [step for step in steps if step.startswith("SCAN") and not step.startswith(found_before)], steps


def test_of_a_flood_the_newest_are_looked_at(warehouse: Warehouse) -> None:
    flood = [post(number, SMEAR, f"flood_example_{number:03d}x", number / 60) for number in range(MOST + 20)]
    warehouse.store(flood)
    warehouse.traces.trace()
    last = post(9999, SMEAR, "last_of_the_flood", 24)
    past = warehouse.history.before([last])
    since = START - timedelta(days=1)
    for looked in (past.copies(last, since), past.towards(last, "example_ipa_employers", since)):
        assert [one.mention_id for one in looked] == [one.mention_id for one in flood[-MOST:]]


def test_a_flood_of_later_days_hides_nothing_from_what_waited_before_it(warehouse: Warehouse) -> None:
    before, waits = post(8000, SMEAR, "grey_kettle", 0), post(8001, SMEAR, "plum_anorak", 1)
    flood = [post(number, SMEAR, f"flood_example_{number:03d}x", 72 + number / 60) for number in range(MOST)]
    warehouse.store([before, waits, *flood])
    warehouse.traces.trace()
    past = warehouse.history.before([waits, post(9999, SMEAR, "grey_kettle", 96)])
    for looked in (past.copies(waits, START), past.towards(waits, "example_ipa_employers", START)):
        assert [one.mention_id for one in looked] == [before.mention_id]


def test_who_joins_a_pile_on_with_the_apostrophe_of_telephones_is_asked_about(warehouse: Warehouse) -> None:
    words = ["You’re a joke", "You should be sacked", "Get a life", "You’re a disgrace", "You’re a bully"]
    crowd = [post(i, text, f"{'abcde'[i]}_invented_crowd", i) for i, text in enumerate(words)]
    warehouse.store(crowd)
    warehouse.traces.trace()
    (last,) = warehouse.judge.judge(crowd[-1:])
    assert any(behaviour.kind == "pile_on" for finding in last.findings for behaviour in finding.behaviours)


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
    warehouse.store([post(1, insult, "grey_kettle", 0)])
    warehouse.triage()
    with warehouse.engine.connect() as connection:
        author = connection.execute(select(mentions.c.author)).scalar_one()
    incident(rows(findings)[0], author=author, status=status)
    warehouse.store([post(2, insult, "grey_kettle", 24 * 60), post(3, insult, "plum_anorak", 24 * 60)])
    warehouse.triage()
    assert {row["mention_id"] for row in rows(timeline) if row["kind"] == "repeat_offender"} == told
