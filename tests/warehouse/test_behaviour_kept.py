"""What was found of behaviour is kept, told to whom it is about, and forgotten with people and posts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select, update

from tests.warehouse.behaviour_samples import POSTS, START, Warehouse, post
from warehouse.behaviour_schema import behaviours, contacts, fingerprints, timeline, traces
from warehouse.blanking import blank
from warehouse.engine import downgrade, migrate
from warehouse.privacy import Request, erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import findings, mentions, unassessed


@pytest.fixture
def warehouse(engine: Engine, pseudonyms: Pseudonyms) -> Warehouse:
    """On each database in turn."""
    return Warehouse(engine, pseudonyms)


def test_an_upgrade_judges_again_what_has_words_and_leaves_what_was_emptied(
    warehouse: Warehouse, rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    yesterday = (datetime.now(UTC) - START) / timedelta(hours=1) - 24
    warehouse.store([post(number, "You are a joke", "grey_kettle", yesterday + number) for number in (1, 2)])
    warehouse.triage()
    with warehouse.engine.begin() as connection:
        connection.execute(update(mentions).where(mentions.c.mention_id == "x:1").values(text=""))
    downgrade(warehouse.engine, "0009")
    migrate(warehouse.engine)
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:2"]


def test_a_downgrade_to_before_exceptions_keeps_findings_and_what_they_rest_on(
    warehouse: Warehouse, rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    def kept() -> list[list[Any]]:
        of_findings = select(findings.c.finding_id).order_by(findings.c.finding_id)
        with warehouse.engine.connect() as connection:
            return [list(connection.scalars(of_findings)), rows(behaviours), rows(timeline)]

    warehouse.store(POSTS)
    warehouse.triage()
    before = kept()
    assert all(before)
    downgrade(warehouse.engine, "0012")
    assert kept() == before


def test_subject_access_tells_the_behaviours_that_were_found(warehouse: Warehouse, pseudonyms: Pseudonyms) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    told = export(warehouse.engine, pseudonyms, Request("x", "night_heron_77", "officer", "asked for it"))
    own = {row["finding_id"] for row in told["findings"]}
    assert {(row["kind"], row["finding_id"] in own) for row in told["behaviours"]} == {("course_of_conduct", True)}


def test_an_erased_author_leaves_no_trace(
    warehouse: Warehouse, pseudonyms: Pseudonyms, rows: Callable[[Table], list[dict[str, Any]]]
) -> None:
    warehouse.store(POSTS)
    warehouse.triage()
    erase(warehouse.engine, pseudonyms, Request("x", "night_heron_77", "officer", "asked for it"))
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
