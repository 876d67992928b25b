"""The DAG `collect`, run by Airflow itself: a source that ends early is red, and what it stored still wakes triage."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.collectors.server import Reply, Server

ROOT = Path(__file__).resolve().parents[2]


def test_a_source_that_ends_early_is_red_and_wakes_triage(
    bag: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    from tocsin import airflow_local
    from tocsin.house import open_house
    from tocsin.settings import Settings

    server = Server(lambda _asked: _page_then_refusal(server))
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    for name, value in {"VAR": str(tmp_path), "HACKERNEWS_BASE_URL": server.url, "POLICIES": "dwp"}.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    monkeypatch.chdir(tmp_path)
    with create_session() as session:
        before = session.query(AssetEvent).count()
    outcome = airflow_local.run_dag("collect", Settings(var=tmp_path, dags_folder=ROOT / "dags"))
    server.close()
    assert outcome.failed_tasks == ("collect_source[0]",)
    assert not outcome.succeeded
    assert open_house().mentions.totals().unassessed
    with create_session() as session:
        assert session.query(AssetEvent).count() == before + 1


def _page_then_refusal(server: Server) -> Reply:
    if len(server.asked) > 1:
        return Reply(status=403)
    now = int(time.time())
    stories = [
        {"objectID": str(n), "title": "DWP", "author": "invented_one", "created_at_i": now - 86_400 * n}
        for n in range(1, 4)
    ]
    return Reply.of({"hits": stories, "nbPages": 2, "page": 0})
