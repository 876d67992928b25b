"""What every DAG of ours must be: thin, documented, retried, owned, and one run at a time."""

import ast
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAG_IDS = (
    "canary",
    "collect",
    "conversations",
    "daily_report",
    "escalate",
    "evidence",
    "open_posts",
    "recheck",
    "reconcile",
    "retention",
    "triage",
    "watch",
)
FILES = sorted((ROOT / "dags").glob("*.py"))


def test_every_file_parses_and_gives_the_dag_of_its_name(bag: Any) -> None:
    assert bag.import_errors == {}
    assert tuple(sorted(bag.dags)) == DAG_IDS == tuple(path.stem for path in FILES)


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_a_dag_helps_whoever_is_on_call(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    for promise in ("red", "by hand", "tocsin "):
        assert promise in dag.doc_md, f"doc_md of {dag_id} does not say what to do ({promise!r})"
    assert dag.tasks, "a DAG without tasks does nothing"
    assert dag.max_active_runs == 1
    assert dag.catchup is False
    assert "tocsin" in dag.tags


@pytest.mark.parametrize("dag_id", DAG_IDS)
def test_every_task_is_owned_retried_and_bounded(bag: Any, dag_id: str) -> None:
    for task in bag.dags[dag_id].tasks:
        assert task.owner != "airflow", f"{task.task_id} has no owner"
        assert task.retries >= 2
        assert task.retry_delay.total_seconds() >= 30
        assert task.execution_timeout is not None


@pytest.mark.parametrize(
    "dag_id", [each for each in DAG_IDS if "def deliver" in (ROOT / f"dags/{each}.py").read_text()]
)
def test_whoever_delivers_does_so_by_every_route(dag_id: str) -> None:
    assert "relaying.deliver_all()" in (ROOT / "dags" / f"{dag_id}.py").read_text(encoding="utf-8")


def test_collecting_wakes_triage(bag: Any) -> None:
    collecting = bag.dags["collect"].get_task("collect_source")
    uris = {asset.uri for asset in collecting.outlets}
    woken = {asset.uri for asset in bag.dags["triage"].timetable.asset_condition.objects}
    assert uris == woken


def test_sources_and_batches_are_mapped(bag: Any) -> None:
    assert bag.dags["collect"].get_task("collect_source").is_mapped
    assert bag.dags["recheck"].get_task("recheck_source").is_mapped
    assert bag.dags["open_posts"].get_task("follow").is_mapped
    assert bag.dags["conversations"].get_task("fetch_conversations").is_mapped
    assert bag.dags["triage"].get_task("assess").is_mapped


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_thin(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"airflow.sdk", "tocsin", "tocsin.schedule"}
    tasks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and any("task" in ast.unparse(each) for each in node.decorator_list)
    ]
    for task in tasks:
        assert len(task.body) <= 3, f"{task.name} does more than call the pipeline"
