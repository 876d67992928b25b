"""Every mart has golden cases, and gives what they say on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine

from tests.sql.golden import Case, Row, cases, load, plain, rows
from warehouse.marts import definitions

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.mart}: {case.it}")
def test_a_mart_gives_what_its_golden_case_says(engine: Engine, case: Case) -> None:
    load(engine, case.given)
    named = list(case.expect[0]) if case.expect else ["*"]
    found = rows(engine, f"SELECT {', '.join(named)} FROM {case.mart}")
    expected = [{key: plain(value) for key, value in row.items()} for row in case.expect]
    assert _sorted(found) == _sorted(expected)


def test_every_mart_has_golden_cases() -> None:
    assert {case.mart for case in CASES} == set(definitions())


def _sorted(found: list[Row]) -> list[Row]:
    return sorted(found, key=lambda row: [str(value) for value in row.values()])
