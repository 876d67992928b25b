"""The command as its users run it: a process of its own, in an empty folder, with no setting but those given."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")


@pytest.fixture
def tocsin(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `tocsin …` in an empty folder and gives what it said."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "AIRFLOW"))}

    def run(*words: str, stdin: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = bare | {"COLUMNS": "160"} | {f"TOCSIN_{name}": value for name, value in settings.items()}
        return subprocess.run(
            [TOCSIN, *words],
            check=False,
            cwd=tmp_path,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=400,
        )

    return run
