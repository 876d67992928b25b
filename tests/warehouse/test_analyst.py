"""What docs/warehouse-operations.md grants to analysts: each mart, no table, also after a grant that was too wide."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from warehouse.marts import definitions

PAGE = Path(__file__).parents[2] / "docs/warehouse-operations.md"
FORMERLY = (  # what the page said until November 2026
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO analyst",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO analyst",
)


@pytest.fixture
def granting(postgres_engine: Engine) -> Iterator[list[str]]:
    """The page's statements for the role that owns this database; `analyst` exists for as long."""
    (block,) = re.findall(r"```sql\n(REVOKE.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    *first, last = re.split(r";\n(?=DO|ALTER)", block)
    owner = postgres_engine.url.username or "postgres"
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE analyst")
    yield [*first, last.replace("'tocsin'", f"'{owner}'")]
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY analyst")
        connection.exec_driver_sql("DROP ROLE analyst")


@pytest.mark.postgres
def test_analysts_read_marts_and_no_tables(postgres_engine: Engine, granting: list[str]) -> None:
    with postgres_engine.begin() as connection:
        for statement in (*FORMERLY, *granting):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        connection.exec_driver_sql("CREATE TABLE of_a_later_release (name text)")
    for mart in definitions():
        assert _may(postgres_engine, mart), mart
    for table in inspect(postgres_engine).get_table_names():
        assert not _may(postgres_engine, table), table


def _may(engine: Engine, name: str) -> bool:
    asked = text("SELECT has_table_privilege('analyst', :name, 'SELECT')")
    with engine.connect() as connection:
        return bool(connection.execute(asked, {"name": name}).scalar_one())
