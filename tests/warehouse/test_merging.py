"""Merging and unmerging on both databases: two threads told, one case, and not one exhibit moved."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from incidents.lifecycle import ActNotPossible, IncidentUnknown, state
from policies.policy import Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import counts, lay, notes, raise_in, reasons
from tests.warehouse.conftest import Clock
from warehouse.case_schema import evidence, incidents
from warehouse.casebook import WarehouseCasebook
from warehouse.custody_schema import custody
from warehouse.dossiers import CustodyBook
from warehouse.holds import incident_on_hold
from warehouse.retention import expire


def _two(engine: Engine) -> tuple[WarehouseCasebook, Clock]:
    """TOC-1001 by author-1, TOC-1002 by author-2."""
    lay(engine, [exhibit(1), exhibit(2, author="author-2", author_handle="another_author")])
    raise_in(engine)
    clock = Clock(NOON + timedelta(hours=1))
    return WarehouseCasebook(engine, clock), clock


def _proof(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        held = connection.execute(select(evidence).order_by(evidence.c.evidence_id)).all()
        return [*held, *connection.execute(select(custody).order_by(custody.c.incident_id, custody.c.sequence))]


def test_one_goes_on_in_the_other_and_both_threads_say_so(engine: Engine) -> None:
    casebook, _ = _two(engine)
    casebook.act("TOC-1002", "acknowledged", "Alex")
    before = _proof(engine)
    one, other = casebook.merge("TOC-1002", "TOC-1001", " Sam ", "the same person", "slack")
    assert (one.status, one.merged_into, other.status) == ("merged", "TOC-1001", "open")
    assert _proof(engine) == before, "proof is never moved"
    merged, absorbed = casebook.events("TOC-1002")[-1], casebook.events("TOC-1001")[-1]
    assert (merged.act, merged.actor, merged.origin, merged.reason) == ("merged", "Sam", "slack", "the same person")
    assert (absorbed.act, absorbed.detail) == ("absorbed", {"from": "TOC-1002"})
    assert reasons(engine, "TOC-1002")[-1] == reasons(engine, "TOC-1001")[-1] == "merged"
    assert notes(engine, "TOC-1002")[-1] == "it goes on in TOC-1001, by Sam: the same person"
    assert notes(engine, "TOC-1001")[-1] == (
        "TOC-1002 (medium cyberbullying, 1 post) goes on here, by Sam: the same person"
    )


def test_nobody_acts_on_one_that_is_merged_and_each_is_told_where_it_went(engine: Engine) -> None:
    casebook, _ = _two(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    before = counts(engine)
    with pytest.raises(ActNotPossible, match=r"TOC-1002 is merged.*unmerge.*merged into TOC-1001 by Sam \(cli\)"):
        casebook.act("TOC-1002", "resolved", "Alex")
    for one, into in (("TOC-1002", "TOC-1001"), ("TOC-1001", "TOC-1002"), ("TOC-1001", "TOC-1001")):
        with pytest.raises(ActNotPossible):
            casebook.merge(one, into, "Alex", "again")
    with pytest.raises(IncidentUnknown, match="TOC-9999"):
        casebook.merge("TOC-1001", "TOC-9999", "Alex", "again")
    with pytest.raises(ActNotPossible, match="merged into no other"):
        casebook.unmerge("TOC-1001", "Alex")
    assert counts(engine) == before


def test_further_findings_go_to_the_survivor_and_unmerging_says_where_they_are(engine: Engine) -> None:
    casebook, clock = _two(engine)
    casebook.act("TOC-1002", "investigating", "Alex")
    as_it_was = casebook.incident("TOC-1002")
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    later = [exhibit(number, author="author-2", author_handle="another_author") for number in (3, 4)]
    lay(engine, later[:1])
    assert raise_in(engine).extended == 1
    lay(engine, [exhibit(5, author="author-3")])
    raise_in(engine)
    assert casebook.incident("TOC-1001").mention_ids == ("x:1", "x:3")
    assert casebook.incident("TOC-1001").authors == ("author-1", "author-2")
    assert casebook.events("TOC-1001")[-1].detail["came_for"] == "TOC-1002"
    clock.pass_by(hours=2)
    undone = casebook.unmerge("TOC-1002", "Sam", "two people after all")
    assert (undone.incident, undone.survivor, undone.meanwhile) == (as_it_was, "TOC-1001", 1)
    assert "1 finding of it came meanwhile and stay with TOC-1001" in notes(engine, "TOC-1002")[-1]
    assert reasons(engine, "TOC-1002")[-1] == reasons(engine, "TOC-1001")[-1] == "unmerged"
    lay(engine, later[1:])
    raise_in(engine)
    assert casebook.incident("TOC-1002").mention_ids == ("x:2", "x:4")
    assert casebook.incident("TOC-1001").mention_ids == ("x:1", "x:3")


def test_what_was_merged_before_stands_apart_from_what_is_merged_now(engine: Engine) -> None:
    casebook, clock = _two(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    lay(engine, [exhibit(3, author="author-2")])
    raise_in(engine)
    clock.pass_by(hours=2)
    assert casebook.unmerge("TOC-1002", "Sam").meanwhile == 1
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same after all")
    assert casebook.unmerge("TOC-1002", "Sam").meanwhile == 0
    assert state(casebook.events("TOC-1002")).status == "open"


def test_of_a_merging_that_was_undone_nobody_is_told_that_it_came_first(engine: Engine) -> None:
    casebook, _ = _two(engine)
    casebook.act("TOC-1002", "acknowledged", "Alex")
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    casebook.unmerge("TOC-1002", "Sam")
    with pytest.raises(ActNotPossible, match="it was acknowledged by Alex") as refused:
        casebook.act("TOC-1002", "acknowledged", "Kit")
    assert "merged" not in str(refused.value)


def test_another_audience_and_one_that_holds_others_are_refused(engine: Engine) -> None:
    apart = POLICY.categories["trolling"].model_copy(update={"route": "lead"})
    pack = POLICY.model_copy(
        update={
            "categories": {**POLICY.categories, "trolling": apart},
            "routes": {**POLICY.routes, "lead": Route(name="Lead")},
        }
    )
    kinds: list[Any] = ["cyberbullying", "trolling", "safeguarding", "threat", "doxxing"]
    lay(engine, [exhibit(number, category=kind) for number, kind in enumerate(kinds, start=1)])
    raise_in(engine, pack)
    casebook = WarehouseCasebook(engine)
    ids = {each.key.category: each.id for each in casebook.incidents()}
    for other in ("trolling", "safeguarding"):
        for one, into in ((ids[other], ids["cyberbullying"]), (ids["cyberbullying"], ids[other])):
            with pytest.raises(ActNotPossible, match="not to know of it"):
                casebook.merge(one, into, "Sam", "one case")
    casebook.merge(ids["threat"], ids["cyberbullying"], "Sam", "one case")
    with pytest.raises(ActNotPossible, match=f"{ids['threat']} went on in {ids['cyberbullying']}"):
        casebook.merge(ids["cyberbullying"], ids["doxxing"], "Sam", "one case")


def test_its_evidence_is_kept_as_long_as_the_survivors(engine: Engine) -> None:
    casebook, clock = _two(engine)
    casebook.merge("TOC-1002", "TOC-1001", "Sam", "the same person")
    assert expire(engine, [POLICY], NOON + timedelta(days=5000)).evidence == 0
    casebook.act("TOC-1001", "resolved", "Sam")
    assert expire(engine, [POLICY], clock() + timedelta(days=1)).evidence == 0
    CustodyBook(engine).hold("TOC-1001", "Kit", "a court asks")
    assert expire(engine, [POLICY], clock() + timedelta(days=5000)).evidence == 0, "a hold holds the whole case"
    with engine.connect() as connection:
        assert len(connection.execute(select(incidents.c.incident_id).where(incident_on_hold())).all()) == 2
    CustodyBook(engine).release("TOC-1001", "Kit", "it is over")
    assert expire(engine, [POLICY], clock() + timedelta(days=5000)).evidence == 2
