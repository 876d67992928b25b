"""The task `deliver`, run by Airflow itself: a route's webhook is told though Slack is not, and the task is red."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.incidents.hook_server import HookServer
from tests.incidents.samples import exhibit
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.warehouse.case_samples import lay

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def hook() -> Iterator[HookServer]:
    """A receiver of webhooks."""
    with HookServer() as server:
        yield server


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: HookServer) -> Iterator[Path]:
    """A place with one incident, a route that names a webhook, and a Slack that does not know us."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    content = yaml.safe_load((ROOT / "policies" / "starter.yaml").read_text(encoding="utf-8"))
    content["routes"]["security"]["also"] = ["siem"]
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with SlackServer() as slack:
        slack.workspace.plan = lambda _method, _arguments: "token_revoked"
        for name, value in (
            *(("VAR", str(tmp_path)), ("POLICIES", str(tmp_path / "mine.yaml")), ("SLACK_BOT_TOKEN", TOKEN)),
            *(("SLACK_API_URL", slack.url), ("SLACK_CHANNEL", "C0DEFAULT")),
            ("ROUTE_SIEM", f"{hook.url.replace('http://', f'signed+http://{SECRET}@')}/in"),
        ):
            monkeypatch.setenv(f"TOCSIN_{name}", value)
        yield tmp_path


def test_the_webhook_is_told_once_though_slack_is_red(bag: Any, var: Path, hook: HookServer) -> None:
    from incidents.raising import raise_incidents
    from policies.check import load
    from tocsin import airflow_local
    from tocsin.house import open_house
    from tocsin.settings import Settings

    pack, engine = load(var / "mine.yaml"), open_house().engine
    clauses = pack.categories["threat"].clauses
    lay(engine, [exhibit(1, policy=pack.id, policy_version=pack.version, category="threat", clauses=clauses)])
    raise_incidents(open_house().casebook, {pack.id: pack}, open_house().now())
    outcome = airflow_local.run_dag("triage", Settings(var=var, dags_folder=ROOT / "dags"))
    assert outcome.failed_tasks == ("deliver",)
    assert not outcome.succeeded
    assert len(hook.ids) == 1
