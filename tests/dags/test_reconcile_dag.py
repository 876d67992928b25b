"""The DAG `reconcile`, run by Airflow itself against a Slack in which somebody has deleted one of our messages."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from incidents.delivery import deliver
from incidents.slack import SlackChannel
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.warehouse.case_samples import fill
from warehouse.case_schema import outbox
from warehouse.marts import read
from warehouse.outbox import WarehouseOutbox

ROOT = Path(__file__).resolve().parents[2]


def test_what_somebody_deleted_is_told_to_the_operators_and_not_posted_again(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin import airflow_local
    from tocsin.house import open_house
    from tocsin.settings import Settings

    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    with SlackServer() as slack:
        for name, value in {
            "VAR": str(tmp_path), "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.url, "SLACK_CHANNEL": "C0DEFAULT",
            "SLACK_INTERVAL_S": "0", "SLACK_OPERATORS_CHANNEL": "C0SECURITY",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"TOCSIN_{name}", value)
        engine = open_house().engine
        fill(engine, cases=1, each=2)
        with engine.begin() as connection:
            connection.execute(update(outbox).values(created_at=datetime.now(UTC)))
        told = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)
        deliver(WarehouseOutbox(engine), told)
        slack.workspace.delete(slack.workspace.messages()[1]["ts"])
        outcome = airflow_local.run_dag("reconcile", Settings(var=tmp_path, dags_folder=ROOT / "dags"))
        assert outcome.succeeded, (tmp_path / "log" / "airflow.log").read_text(encoding="utf-8")[-2000:]
        assert list(read(engine, "delivery_discrepancies")["kind"]) == ["missing"]
        (alarm,) = slack.workspace.messages("C0SECURITY")
        assert "1 missing: TOC-1001." in alarm["text"]
        assert len(slack.workspace.messages()) == 1
