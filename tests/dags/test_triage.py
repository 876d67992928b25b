"""The DAG `triage`, run by Airflow itself: a post that cannot be judged turns it red, and the others are raised."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.tocsin.posts import HOSTILE, PRAISE, THREAT

ROOT = Path(__file__).resolve().parents[2]
REFUSES = (
    "CREATE TRIGGER refuses BEFORE INSERT ON assessments WHEN NEW.mention_id = 'x:1' "
    "BEGIN SELECT RAISE(ABORT, 'index row is too large'); END"
)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place where three posts wait, of one of which the database takes no judgement."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    archive = tmp_path / "posts.jsonl"
    archive.write_text("".join(json.dumps(each) + "\n" for each in (PRAISE, THREAT, HOSTILE)), encoding="utf-8")
    for name, value in (("VAR", tmp_path), ("ARCHIVES", archive), ("POLICIES", "dwp")):
        monkeypatch.setenv(f"TOCSIN_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    from tocsin import pipeline
    from tocsin.house import open_house

    (source,) = pipeline.list_sources()
    assert pipeline.collect(source)["inserted"] == 3
    with open_house().engine.begin() as connection:
        connection.execute(text(REFUSES))
    yield tmp_path
    open_house().engine.dispose()


def test_what_can_be_judged_is_raised_and_told_though_the_run_is_red(
    bag: Any, var: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from tocsin import airflow_local
    from tocsin.house import open_house
    from tocsin.settings import Settings

    outcome = airflow_local.run_dag("triage", Settings(var=var, dags_folder=ROOT / "dags"))
    assert outcome.failed_tasks == ("all_judged",)
    assert not outcome.succeeded
    totals = open_house().mentions.totals()
    assert (totals.unassessed, totals.incidents) == (1, 2)
    assert totals.delivered == totals.alerts > 0
    assert "1 post could not be judged; the next run tries again" in "".join(capfd.readouterr())
