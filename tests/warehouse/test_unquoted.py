"""What was said of posts goes with them: no reason quotes what is held no more, or names whom it was aimed at."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table, delete, update

from incidents.unquoted import WITHOUT
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import casebook_of, lay, mark, raise_in
from warehouse.behaviour_schema import behaviours
from warehouse.blanking import blank
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.dossiers import CustodyBook
from warehouse.marts import read
from warehouse.privacy import Request, erase
from warehouse.pseudonyms import Pseudonyms
from warehouse.retention import expire
from warehouse.schema import findings, mentions, metadata

Rows = Callable[[Table], list[dict[str, Any]]]

WORDS = "i will find you jo worker"
WHY = f"Threatens Jo_Worker (one of our people): “{WORDS}”. High for threat: EW 1.1 says “Nobody is to be abused”."
TOLD = f"Threat, aimed at an employee: high under EW 1.1 {WITHOUT}"
POST = exhibit(
    1, category="threat", severity="high", why=WHY, text=f"Oh, {WORDS}", target_handle="Jo_Worker", author="au_1"
)
MONTH, YEARS = timedelta(days=31), timedelta(days=7000)
LIMITS = {"x": timedelta(days=30)}


@pytest.fixture
def case(engine: Engine) -> Engine:
    """TOC-1001, resolved, which rests on one post that X showed."""
    lay(engine, [POST])
    with engine.begin() as connection:
        connection.execute(update(mentions).values(source="x"))
    raise_in(engine)
    casebook_of(engine).act("TOC-1001", "resolved", "Sam")
    return engine


def everything(rows: Rows) -> str:
    return json.dumps([[table.name, rows(table)] for table in metadata.sorted_tables], default=str).lower()


@pytest.mark.parametrize(("after", "limits"), [(MONTH, LIMITS), (YEARS, None)], ids=["terms", "pack"])
def test_words_and_names_go_with_the_evidence(case: Engine, rows: Rows, after: timedelta, limits: Any) -> None:
    assert WORDS in everything(rows)
    assert expire(case, [POLICY], NOON + after, limits).reasons == 1
    left = everything(rows)
    assert WORDS not in left
    assert "jo_worker" not in left
    assert read(case, "incident_register")["why"].tolist() == [TOLD]
    assert expire(case, [POLICY], NOON + after, limits).reasons == 0


def test_what_had_gone_before_is_caught_by_the_next_run(case: Engine, rows: Rows) -> None:
    """As an earlier release left it: exhibits deleted and the post emptied, what was said of them kept."""
    with case.begin() as connection:
        connection.execute(delete(evidence))
        connection.execute(update(mentions).values(text=""))
        connection.execute(update(outbox).values(card={}))
    expire(case, [POLICY], NOON + MONTH, LIMITS)
    assert WORDS not in everything(rows)
    assert "jo_worker" not in everything(rows)


@pytest.mark.parametrize("why", ["open", "held"])
def test_an_incident_that_keeps_its_evidence_keeps_its_reason(case: Engine, rows: Rows, why: str) -> None:
    if why == "open":
        casebook_of(case).act("TOC-1001", "reopened", "Sam", "it goes on")
    else:
        CustodyBook(case).hold("TOC-1001", "Sam", "a claim is likely")
    expire(case, [POLICY], NOON + MONTH, LIMITS)
    [row] = rows(incidents)
    assert (row["why"], row["target"], len(rows(evidence))) == (WHY, "jo_worker", 1)


def test_two_targets_stay_two_and_what_comes_later_is_a_case_of_its_own(case: Engine, rows: Rows) -> None:
    lay(case, [exhibit(2, category="threat", author="au_1", target_handle="another_worker")])
    lay(case, [exhibit(3, category="threat", author="au_1", target_handle=None, target_kind="organisation")])
    raise_in(case)
    for each in ("TOC-1002", "TOC-1003"):
        casebook_of(case).act(each, "dismissed", "Sam", "false_positive")
    expire(case, [POLICY], NOON + YEARS)
    assert [row["target"] for row in rows(incidents)] == ["unnamed:TOC-1001", "unnamed:TOC-1002", "organisation"]
    lay(case, [exhibit(4, category="threat", author="au_1", target_handle="Jo_Worker")])
    assert raise_in(case).opened == 1
    assert rows(incidents)[-1]["target"] == "jo_worker"


def test_a_finding_is_told_without_the_words_that_a_platforms_terms_took(engine: Engine, rows: Rows) -> None:
    lay(engine, [POST])
    mark(engine, POST, [POST], "course_of_conduct")
    with engine.begin() as connection:
        connection.execute(update(mentions).values(source="x"))
        connection.execute(update(behaviours).values(why=f"Post 3 towards Jo_Worker, this one with “{WORDS}”"))
        assert blank(connection, LIMITS, NOON + timedelta(days=29)).mentions == 0
        assert blank(connection, LIMITS, NOON + MONTH).mentions == 1
        assert blank(connection, LIMITS, NOON + MONTH).mentions == 0
    [row] = rows(findings)
    assert (row["why"], row["target_handle"], row["target_kind"]) == (TOLD, None, "employee")
    assert [row["why"] for row in rows(behaviours)] == [WITHOUT]
    assert WORDS not in everything(rows)


def test_an_erasure_leaves_no_reason_whose_evidence_has_gone(case: Engine, rows: Rows, pseudonyms: Pseudonyms) -> None:
    with case.begin() as connection:
        connection.execute(delete(evidence))
        connection.execute(update(outbox).values(card={}))
    assert erase(case, pseudonyms, Request("x", "sample_author", "officer", "asked in writing")).complete
    assert WORDS not in everything(rows)
    assert [row["why"] for row in rows(incidents)] == [TOLD]
