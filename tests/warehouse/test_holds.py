"""Legal hold: nothing of an incident goes until it is lifted, and whoever asks in vain is on record."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from collectors.mention import Mention
from incidents.custody import breaks, on_hold
from incidents.lifecycle import ActIncomplete, ActNotPossible, IncidentUnknown
from policies.policy import Policy
from warehouse.case_schema import evidence
from warehouse.custody import read_log
from warehouse.holds import lift_hold, set_hold
from warehouse.privacy import Request, erase, export
from warehouse.pseudonyms import Pseudonyms
from warehouse.retention import expire
from warehouse.schema import authors, findings, mentions, payloads

Post = Callable[..., Mention]
Pack = Callable[..., Policy]
Rows = Callable[[Table], list[dict[str, Any]]]

COLLECTED = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
TERMS = {"mentions_days": 100, "irrelevant_days": 10, "closed_incidents_days": 1000}
LIMITS = {"x": timedelta(hours=48)}


@pytest.fixture
def case(
    keep: Any, post: Post, judge_all: Any, judgement: Any, incident: Callable[..., str], rows: Rows
) -> Callable[..., str]:
    """Opens an incident that rests on one post of two; `case(status="resolved", closed_at=…)`."""

    def make(**columns: Any) -> str:
        keep(post(1), post(2), source="x")
        judge_all(lambda m: judgement(m.mention_id, "threat") if m.id == "1" else judgement(m.mention_id))
        return incident(rows(findings)[0], author=rows(authors)[0]["author"], **columns)

    return make


def hold(engine: Engine, incident_id: str, why: str = "the police asked") -> None:
    """Put it on hold."""
    with engine.begin() as connection:
        set_hold(connection, incident_id, "sam", why, COLLECTED)


def lift(engine: Engine, incident_id: str) -> None:
    """Release it."""
    with engine.begin() as connection:
        lift_hold(connection, incident_id, "alex", "they have charged him", COLLECTED)


def acts(engine: Engine, incident_id: str) -> list[str]:
    """What was done with its evidence; the chain is whole."""
    with engine.connect() as connection:
        log = read_log(connection, incident_id)
    assert list(breaks(log)) == []
    return [entry.act for entry in log]


def test_a_closed_case_on_hold_outlives_every_term(engine: Engine, pack: Pack, rows: Rows, case: Any) -> None:
    incident_id = case(status="resolved", closed_at=COLLECTED)
    hold(engine, incident_id)
    late = COLLECTED + timedelta(days=5000)
    assert expire(engine, [pack(**TERMS)], late, LIMITS).evidence == 0
    assert [row["mention_id"] for row in rows(mentions)] == ["x:1"]
    assert len(rows(evidence)) == len(rows(authors)) == 1
    lift(engine, incident_id)
    assert expire(engine, [pack(**TERMS)], late, LIMITS).evidence == 1
    assert rows(evidence) == rows(mentions) == rows(authors) == []
    assert acts(engine, incident_id) == ["hold_set", "hold_lifted", "erased"]


def test_a_hold_that_is_set_while_retention_runs_is_kept(engine: Engine, pack: Pack, rows: Rows, case: Any) -> None:
    incident_id = case(status="resolved", closed_at=COLLECTED)
    with ThreadPoolExecutor(1) as beside:
        with engine.begin() as connection:
            set_hold(connection, incident_id, "sam", "the police asked", COLLECTED)
            running = beside.submit(expire, engine, [pack(**TERMS)], COLLECTED + timedelta(days=5000), LIMITS)
            with pytest.raises(TimeoutError):
                running.result(1)
        assert running.result(60).evidence == 0
    assert len(rows(evidence)) == 1
    assert acts(engine, incident_id) == ["hold_set"]


def test_what_is_on_hold_is_not_emptied_for_its_platforms_terms(
    engine: Engine, pack: Pack, rows: Rows, case: Any
) -> None:
    incident_id = case(status="resolved", closed_at=COLLECTED)
    hold(engine, incident_id)
    counts = expire(engine, [pack(**TERMS)], COLLECTED + timedelta(days=3), LIMITS)
    assert (counts.evidence, counts.blanked, counts.unnamed) == (0, 1, 0)
    kept, emptied = rows(mentions)
    assert (kept["text"] != "", emptied["text"]) == (True, "")
    assert [row["mention_id"] for row in rows(payloads)] == ["x:1"]
    assert rows(authors)[0]["handle"] == "invented_1"
    lift(engine, incident_id)
    counts = expire(engine, [pack(**TERMS)], COLLECTED + timedelta(days=3), LIMITS)
    assert (counts.evidence, counts.blanked, counts.unnamed) == (1, 1, 1)


@pytest.mark.parametrize("held", [True, False])
def test_an_erasure_of_what_a_case_rests_on_is_refused_by_name_and_recorded(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows, case: Any, held: bool
) -> None:
    incident_id = case()
    if held:
        hold(engine, incident_id)
    erasure = erase(engine, pseudonyms, Request("x", "invented_1", "officer", "asked in writing"))
    assert (erasure.held, erasure.incidents) == (("x:1",), (incident_id,))
    assert erasure.legal_holds == ((incident_id,) if held else ())
    assert acts(engine, incident_id)[-1] == "erasure_refused"
    with engine.connect() as connection:
        last = read_log(connection, incident_id)[-1]
    assert (last.actor, last.reason) == ("officer", "asked in writing")
    assert last.detail == {"exhibits": [rows(evidence)[0]["evidence_id"]], "legal_hold": held}


def test_subject_access_tells_of_the_originals_too(engine: Engine, pseudonyms: Pseudonyms, case: Any) -> None:
    case()
    assert export(engine, pseudonyms, Request("x", "invented_1", "officer", "asked in writing"))["originals"] == []


def test_a_hold_needs_a_name_a_reason_and_something_to_hold(engine: Engine, pack: Pack, case: Any) -> None:
    incident_id = case(status="resolved", closed_at=COLLECTED)
    for actor, why in ((" ", "why"), ("sam", " ")):
        with pytest.raises(ActIncomplete, match="say"), engine.begin() as connection:
            set_hold(connection, incident_id, actor, why, COLLECTED)
    with pytest.raises(IncidentUnknown, match="TOC-9999"):
        hold(engine, "TOC-9999")
    with pytest.raises(ActNotPossible, match="not on legal hold"):
        lift(engine, incident_id)
    hold(engine, incident_id)
    with pytest.raises(ActNotPossible, match="already"):
        hold(engine, incident_id)
    lift(engine, incident_id)
    expire(engine, [pack(**TERMS)], COLLECTED + timedelta(days=2000))
    with pytest.raises(ActNotPossible, match="erased"):
        hold(engine, incident_id)
    with engine.connect() as connection:
        assert not on_hold(read_log(connection, incident_id))
    assert acts(engine, incident_id) == ["hold_set", "hold_lifted", "erased"]
