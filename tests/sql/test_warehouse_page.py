"""Every query of docs/warehouse.md runs on both databases, over a filled warehouse, and answers something."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.reports.sample import fill
from tests.sql.golden import rows
from warehouse.marts import definitions
from warehouse.schema import metadata

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "warehouse.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
QUESTIONS = re.findall(r"^### \d+\. (.*)$", PAGE, re.MULTILINE)


def test_every_query_answers_on_both_databases(engine: Engine) -> None:
    fill(engine)
    answers = {query: rows(engine, query) for query in QUERIES}
    assert all(answers.values()), [query for query, answer in answers.items() if not answer]


def test_both_databases_give_the_same_answers(sqlite_engine: Engine, postgres_engine: Engine) -> None:
    for engine in (sqlite_engine, postgres_engine):
        fill(engine)
    for query in QUERIES:
        one, other = rows(sqlite_engine, query), rows(postgres_engine, query)
        assert sorted(map(str, map(_numbers, one))) == sorted(map(str, map(_numbers, other))), query


def test_there_are_ten_questions_each_with_its_query() -> None:
    assert len(QUESTIONS) == 10
    assert len(QUERIES) >= len(QUESTIONS)


@pytest.mark.parametrize("name", [*definitions(), *metadata.tables])
def test_every_mart_and_table_stands_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def _numbers(row: dict[str, object]) -> dict[str, object]:
    """Whole floats as whole numbers: ROUND gives one or the other."""
    return {key: int(value) if isinstance(value, float) and value.is_integer() else value for key, value in row.items()}
