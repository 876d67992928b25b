"""A real Airflow, with its own metadata database, pointed at our DAG files; nothing of it is shared between runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The parsed DAG files. Airflow reads its environment at import, hence the session scope."""
    from tocsin import airflow_local
    from tocsin.settings import Settings

    kept = dict(os.environ)
    settings = Settings(var=tmp_path_factory.mktemp("var"), dags_folder=ROOT / "dags")
    airflow_local.configure(settings)
    from airflow.dag_processing.dagbag import DagBag

    yield DagBag(ROOT / "dags")
    os.environ.clear()
    os.environ.update(kept)
