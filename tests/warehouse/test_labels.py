"""What people say of findings by closing an incident: a label each finding and clause, taken back when they reopen."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from tests.incidents.samples import POLICY, exhibit
from tests.warehouse.case_samples import lay, raise_in
from warehouse.casebook import WarehouseCasebook
from warehouse.label_schema import labels
from warehouse.labels import in_force, judged

Rows = Callable[[Table], list[dict[str, Any]]]
TWO = ("EW 1.1", "EW 2.2")


@pytest.fixture
def casebook(engine: Engine) -> WarehouseCasebook:
    """TOC-1001 of two findings: one cites two clauses."""
    lay(engine, [exhibit(1, confidence=0.6), exhibit(2, confidence=0.8, clauses=TWO)])
    raise_in(engine)
    return WarehouseCasebook(engine)


def test_a_resolution_confirms_each_finding_under_each_clause(casebook: WarehouseCasebook, rows: Rows) -> None:
    casebook.act("TOC-1001", "acknowledged", "Sam")
    assert rows(labels) == []
    casebook.act("TOC-1001", "resolved", "Sam", "the post was taken down", "slack")
    found = rows(labels)
    assert [(row["finding_id"][-1], row["clause"]) for row in found] == [("1", TWO[0]), ("2", TWO[0]), ("2", TWO[1])]
    assert {row["verdict"] for row in found} == {"confirmed"}
    first = found[0]
    assert (first["decided_by"], first["origin"], first["why"]) == ("Sam", "slack", "the post was taken down")
    assert (first["policy"], first["category"], first["confidence"]) == ("sample", "cyberbullying", 0.6)


@pytest.mark.parametrize(
    ("act", "reason", "verdict"),
    [
        ("dismissed", "false positive: a film quotation", "false_positive"),
        ("dismissed", "wrong clause", "wrong_clause"),
        ("dismissed", "duplicate: of TOC-1000", "duplicate"),
        ("dismissed", "not about us at all", "unsaid"),
        ("resolved", None, "confirmed"),
        ("resolved", "No  verdict: the author left", "unsaid"),
        ("resolved", "out of scope: found to be a union's", "out_of_scope"),
    ],
)
def test_what_an_act_says(casebook: WarehouseCasebook, rows: Rows, act: Any, reason: str | None, verdict: str) -> None:
    casebook.act("TOC-1001", act, "Sam", reason)
    assert {row["verdict"] for row in rows(labels)} == {verdict}


def test_reopening_takes_the_word_back_and_closing_gives_another(
    casebook: WarehouseCasebook, engine: Engine, rows: Rows
) -> None:
    casebook.act("TOC-1001", "dismissed", "Sam", "false positive")
    casebook.act("TOC-1001", "reopened", "Alex", "it is one after all")
    assert list(in_force(engine)) == []
    assert all(row["withdrawn_at"] is not None for row in rows(labels))
    casebook.act("TOC-1001", "resolved", "Alex")
    [first, second] = in_force(engine, "sample")
    assert (first.verdict, first.clauses, second.clauses) == ("confirmed", TWO[:1], TWO)
    assert first.exhibit is not None
    assert first.exhibit.text == "Invented post 1."
    assert len(rows(labels)) == 6, "what was said before is kept"


def test_new_evidence_takes_nothing_back(casebook: WarehouseCasebook, engine: Engine) -> None:
    casebook.act("TOC-1001", "resolved", "Sam")
    lay(engine, [exhibit(3)])
    assert raise_in(engine).reopened == 1
    assert [each.finding_id[-1] for each in in_force(engine)] == ["1", "2"]
    casebook.act("TOC-1001", "dismissed", "Sam", "false positive")
    assert {each.finding_id[-1]: each.verdict for each in in_force(engine)} == dict.fromkeys("123", "false_positive")


def test_an_incident_counts_once_with_its_surest_finding(casebook: WarehouseCasebook, engine: Engine) -> None:
    casebook.act("TOC-1001", "resolved", "Sam")
    [one] = judged(engine, POLICY.id)
    assert (one.incident_id, one.category, one.confidence, one.right) == ("TOC-1001", "cyberbullying", 0.8, True)
    assert judged(engine, "another") == []


def test_a_verdict_that_says_nothing_of_the_category_is_not_judged_by(
    casebook: WarehouseCasebook, engine: Engine
) -> None:
    casebook.act("TOC-1001", "dismissed", "Sam", "handled elsewhere")
    assert judged(engine, POLICY.id) == []


def test_a_ruling_on_the_survivor_is_of_the_posts_of_what_was_merged_into_it(engine: Engine) -> None:
    lay(engine, [exhibit(1), exhibit(2, author="author-2", author_handle="another_author")])
    raise_in(engine)
    casebook = WarehouseCasebook(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    casebook.act("TOC-1001", "resolved", "Sam")
    assert _texts(engine) == {"TOC-1001": ["Invented post 1.", "Invented post 2."]}
    casebook.unmerge("TOC-1002", "Sam", "two people after all")
    assert _texts(engine) == {"TOC-1001": ["Invented post 1.", "Invented post 2."]}, "and stays so"


def _texts(engine: Engine) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for each in in_force(engine):
        found.setdefault(each.incident_id, []).append(each.exhibit and each.exhibit.text)
    return found
