"""What people do to incidents: each act an event, a status, its times, and word to those who must hear of it."""

import threading
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from incidents.incident import Act
from incidents.lifecycle import ActIncomplete, ActNotPossible, ActRefused, fold
from tests.incidents.samples import NOON, exhibit
from tests.warehouse.case_samples import counts, lay, raise_in
from tests.warehouse.conftest import Clock
from warehouse.case_schema import incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect

ACTS: tuple[Act, ...] = get_args(Act)


def _opened(engine: Engine) -> tuple[WarehouseCasebook, Clock]:
    lay(engine, [exhibit(1)])
    raise_in(engine)
    clock = Clock(NOON)
    return WarehouseCasebook(engine, clock), clock


def _row(engine: Engine) -> Any:
    with engine.connect() as connection:
        return connection.execute(select(incidents)).one()


def test_the_card_says_who_has_it_until_somebody_else_does(engine: Engine) -> None:
    casebook, _ = _opened(engine)
    casebook.act("TOC-1001", "assigned", "Sam", assignee="Alex")
    casebook.act("TOC-1001", "escalated", "Alex")
    lay(engine, [exhibit(2)])
    raise_in(engine)
    casebook.act("TOC-1001", "assigned", "Alex", assignee="Kit")
    with engine.connect() as connection:
        cards = connection.execute(select(outbox.c.card).order_by(outbox.c.sequence)).scalars()
        assert [each["assignee"] for each in cards] == [None, "Alex", "Alex", "Alex", "Kit"]


def _told(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.sequence))
        return [(row.reason, row.card["status"], row.card["note"]) for row in rows]


def test_a_life_from_opened_to_resolved_and_back(engine: Engine) -> None:
    casebook, clock = _opened(engine)
    clock.pass_by(minutes=5)
    assert casebook.act("TOC-1001", "acknowledged", "Sam", origin="slack").status == "acknowledged"
    clock.pass_by(minutes=5)
    assert casebook.act("TOC-1001", "assigned", "Sam", assignee="Alex").assignee == "Alex"
    casebook.act("TOC-1001", "escalated", "Alex", reason="names a home address")
    clock.pass_by(minutes=50)
    casebook.act("TOC-1001", "resolved", "Alex", reason="removed by the platform")
    row = _row(engine)
    assert (row.seconds_to_acknowledge, row.seconds_to_close) == (300, 3600)
    assert (row.acknowledged_at, row.closed_at) == (NOON + timedelta(minutes=5), NOON + timedelta(hours=1))
    assert casebook.act("TOC-1001", "reopened", "Sam").status == "open"
    assert _row(engine).closed_at is None
    assert [(event.act, event.actor, event.origin) for event in casebook.events("TOC-1001")] == [
        ("opened", "tocsin", "pipeline"),
        ("acknowledged", "Sam", "slack"),
        ("assigned", "Sam", "cli"),
        ("escalated", "Alex", "cli"),
        ("resolved", "Alex", "cli"),
        ("reopened", "Sam", "cli"),
    ]
    assert _told(engine) == [
        ("new_incident", "open", ""),
        ("acknowledged", "acknowledged", "by Sam"),
        ("assigned", "acknowledged", "to Alex by Sam"),
        ("escalated", "escalated", "by Alex: names a home address"),
        ("resolved", "resolved", "by Alex: removed by the platform"),
        ("reopened", "open", "by Sam"),
    ]


def test_a_dismissal_is_a_verdict_with_a_reason(engine: Engine) -> None:
    casebook, _ = _opened(engine)
    before = counts(engine)
    with pytest.raises(ActIncomplete, match="give a reason"):
        casebook.act("TOC-1001", "dismissed", "Sam")
    assert counts(engine) == before
    casebook.act("TOC-1001", "dismissed", "Sam", reason="an idiom\x00")
    assert casebook.events("TOC-1001")[-1].reason == "an idiom␀"
    assert [each.id for each in casebook.incidents("dismissed")] == ["TOC-1001"]
    assert casebook.incidents("open") == []


def test_what_is_not_possible_changes_nothing_and_says_what_is(engine: Engine) -> None:
    casebook, _ = _opened(engine)
    casebook.act("TOC-1001", "dismissed", "Sam", reason="an idiom")
    before = counts(engine)
    with pytest.raises(ActNotPossible, match="TOC-1001 is dismissed: resolve is not possible; possible: reopen"):
        casebook.act("TOC-1001", "resolved", "Sam")
    assert counts(engine) == before


def test_of_two_who_acknowledge_at_once_one_is_told_that_it_is_done(warehouse_url: str) -> None:
    _opened(setup := connect(warehouse_url))
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def acknowledge(name: str) -> None:
        engine = connect(warehouse_url)
        barrier.wait()
        try:
            WarehouseCasebook(engine).act("TOC-1001", "acknowledged", name)
            outcomes.append("done")
        except ActNotPossible:
            outcomes.append("refused")
        engine.dispose()

    threads = [threading.Thread(target=acknowledge, args=(name,)) for name in ("Sam", "Alex", "Kit", "Jo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    assert counts(setup)["incident_events"] == 2
    setup.dispose()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_the_status_kept_is_always_the_fold_of_the_events_kept(sqlite_engine: Engine, acts: list[Act]) -> None:
    number = counts(sqlite_engine)["incidents"] + 1
    lay(sqlite_engine, [exhibit(number, author=f"author-{number}")])
    raise_in(sqlite_engine)
    casebook, incident_id = WarehouseCasebook(sqlite_engine), f"TOC-{1000 + number}"
    for act in acts:
        try:
            casebook.act(incident_id, act, "Sam", reason="a reason", assignee="Alex")
        except ActRefused:
            continue
    assert casebook.incident(incident_id).status == fold(casebook.events(incident_id))
    with sqlite_engine.connect() as connection:
        row = connection.execute(select(incidents).where(incidents.c.incident_id == incident_id)).one()
    assert (row.closed_at is not None) == (row.status in ("resolved", "dismissed"))
