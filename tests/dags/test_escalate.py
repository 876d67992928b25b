"""The DAG `escalate`, run by Airflow itself over a warehouse in which an incident waits since October."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.incidents.samples import exhibit
from tests.warehouse.case_samples import lay, raise_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where the Department's pack is in force, nothing is configured, and one incident is open."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TOCSIN_VAR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    from policies.check import load
    from tocsin.house import open_house

    pack = load("dwp")
    lay(open_house().engine, [exhibit(1, policy=pack.id, clauses=("DWP-SMP 4.1",))])
    raise_in(open_house().engine, pack)
    return tmp_path


def test_who_did_not_acknowledge_is_reminded_once_however_often_it_runs(bag: Any, var: Path) -> None:
    from tocsin import airflow_local
    from tocsin.settings import Settings

    settings = Settings(var=var, dags_folder=ROOT / "dags")
    for _ in range(2):
        outcome = airflow_local.run_dag("escalate", settings)
        assert outcome.succeeded, (var / "log" / "airflow.log").read_text(encoding="utf-8")[-2000:]
    told = [json.loads(path.read_text(encoding="utf-8")) for path in (var / "outbox").glob("*.json")]
    assert sorted(each["reason"] for each in told) == ["new_incident", "not_acknowledged"]
    [reminder] = [each for each in told if each["reason"] == "not_acknowledged"]
    assert reminder["card"]["note"] == "waiting since 12 Oct 2026 12:00 UTC; reminder 1 of 2"
