"""What people said of findings, in the daily report: by clause, with its uncertainty, and honest about few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from incidents.recalibration import Precision
from reports.daily import build
from reports.page import render
from reports.precision import ClauseLine, clause_lines, said
from tests.reports.sample import DAY, NOW, fill
from tests.reports.sample_posts import policy
from warehouse.case_schema import incident_events, incidents
from warehouse.label_schema import labels


def decide(engine: Engine, clause: str, verdicts: dict[str, int], days_ago: int = 1) -> None:
    """Write so many incidents of each verdict, each with one finding."""
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC) - timedelta(days=days_ago)
    with engine.begin() as connection:
        like = dict(connection.execute(incidents.select().limit(1)).mappings().one())
        for place, verdict in enumerate(verdict for verdict, times in verdicts.items() for _ in range(times)):
            number = 10_000 + 1000 * days_ago + place + 500 * (clause == "HBO 4.2")
            case: dict[str, Any] = {"incident_id": f"TOC-{number}"}
            connection.execute(insert(incidents), like | case | {"number": number, "status": "resolved"})
            event = {"event_id": number, "act": "resolved", "actor": "Sam", "origin": "cli", "detail": {}, "at": at}
            connection.execute(insert(incident_events), case | event)
            told = {"policy": "hbo", "policy_version": "-", "model": "m", "category": "cyberbullying", "clause": clause}
            told |= {"event_id": number, "finding_id": f"{number}", "confidence": 0.8, "verdict": verdict}
            told |= {"decided_by": "Sam", "origin": "cli", "decided_at": at, "decided_on": at.date()}
            connection.execute(insert(labels), case | told)


@pytest.fixture
def decided(engine: Engine) -> Engine:
    """The sample's sixty days, and verdicts on two clauses: on one of them many, on the other few; and old ones."""
    fill(engine)
    decide(engine, "HBO 4.1", {"confirmed": 45, "false_positive": 4, "wrong_clause": 1, "duplicate": 3})
    decide(engine, "HBO 4.2", {"confirmed": 3, "false_positive": 1})
    decide(engine, "HBO 4.1", {"false_positive": 40}, days_ago=200)
    return engine


def test_each_clause_has_its_share_with_its_interval(decided: Engine) -> None:
    [first, second] = clause_lines(decided, "hbo", DAY)
    assert (first.clause, first.precision, first.unsaid, first.findings) == ("HBO 4.1", Precision(45, 50), 3, 50)
    assert said(first) == "45 of 50 right: 79 to 96 %"
    assert said(second) == "3 of 4 right: too few to say"
    assert clause_lines(decided, "another", DAY) == ()


def test_the_page_draws_what_is_enough_and_says_of_the_rest_that_it_is_not(decided: Engine) -> None:
    page = render(build(decided, [policy()], DAY, now=NOW))
    assert "What people said of it" in page
    assert "45 of 50 right: 79 to 96 %" in page
    assert "3 of 4 right: too few to say" in page
    assert page.count('class="interval"') == 2
    assert page.count('class="range"') == 1


def test_a_report_without_verdicts_has_no_empty_section(sqlite_engine: Engine) -> None:
    fill(sqlite_engine)
    assert "What people said of it" not in render(build(sqlite_engine, [policy()], DAY, now=NOW))


def test_the_least_certain_comes_first_and_few_come_last() -> None:
    lines = [ClauseLine(clause, "threat", Precision(*of), 0, 1) for clause, of in {"A": (9, 10), "B": (5, 10)}.items()]
    assert sorted(lines, key=lambda line: line.low)[0].clause == "B"
