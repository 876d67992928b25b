"""The DAG `open_posts`, run by Airflow itself: a threat on an invented Bluesky is edited, and its incident hears."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.collectors.server import Asked, Reply, Server
from tests.collectors.test_bluesky import SESSION, post

ROOT = Path(__file__).resolve().parents[2]
THREAT = "@example_coach you work at the DWP jobcentre in town, I know your hours and I will break your legs tonight"


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the platform shows; the Department's pack is in force, and TOC-1001 is open."""
    shown = post(1, text=THREAT)
    server = Server(lambda asked: _answer(asked, shown))
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    given = {"VAR": tmp_path, "BLUESKY_BASE_URL": server.url, "BLUESKY_HANDLE": "invented.example"}
    given |= {"BLUESKY_APPVIEW_URL": server.url, "BLUESKY_APP_PASSWORD": "invented", "POLICIES": "dwp"}
    for name, value in given.items():
        monkeypatch.setenv(f"TOCSIN_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    from tocsin import assessing, pipeline

    pipeline.collect("bluesky")
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    assert pipeline.raise_incidents()["opened"] == 1
    yield shown
    server.close()


def _answer(asked: Asked, shown: dict[str, Any]) -> Reply:
    return Reply.of(SESSION if asked.method == "POST" else {"posts": [shown]})


def test_an_edit_is_learnt_within_the_hour_and_told(bag: Any, shown: dict[str, Any], tmp_path: Path) -> None:
    from tocsin import airflow_local
    from tocsin.house import open_house
    from tocsin.settings import Settings

    shown["record"]["text"] = f"{THREAT}, and that is a promise"
    for _ in range(2):  # the second has nothing to ask: the post was asked about within the hour
        outcome = airflow_local.run_dag("open_posts", Settings(var=tmp_path, dags_folder=ROOT / "dags"))
        assert outcome.succeeded, (tmp_path / "log" / "airflow.log").read_text(encoding="utf-8")[-2000:]
    acts = [event.act for event in open_house().casebook.events("TOC-1001")]
    assert acts == ["opened", "post_edited"]
