"""`make up`: the real stack, from start to the first alert, and nothing of it left after Ctrl-C."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

TOCSIN = Path(sys.executable).with_name("tocsin")
PATIENCE_S = 180


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def count(database: Path, query: str) -> int:
    """What a query counts; 0 before the warehouse is there."""
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_for(what: str, happened: Callable[[], bool]) -> None:
    """Wait until it has happened; fail naming it."""
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < deadline, f"after {PATIENCE_S} s: no {what}"
        time.sleep(1)


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted by prctl, which only Linux has")
def test_the_stack_collects_triages_delivers_and_leaves_no_orphan(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "AIRFLOW"))}
    bare |= {"COLUMNS": "160"}
    talk = tmp_path / "talk.txt"
    with talk.open("wb") as stream:
        stack = subprocess.Popen(
            [TOCSIN, "up"],
            cwd=tmp_path,
            env=bare | {"TOCSIN_AIRFLOW_PORT": str(free_port())},
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        wait_for("sign of health", lambda: "is ready" in talk.read_text(encoding="utf-8"))
        database = tmp_path / "var" / "tocsin.db"
        delivered = "SELECT count(*) FROM outbox WHERE state = 'delivered'"
        wait_for("delivered alert", lambda: count(database, delivered) > 0)
        family = psutil.Process(stack.pid).children(recursive=True)
        assert len(family) > 3, "a scheduler, a DAG processor, a triggerer and a UI run"
        beside = subprocess.run([TOCSIN, "run"], check=False, cwd=tmp_path, env=bare, capture_output=True, text=True)
        assert beside.returncode == 1, "each task would be run twice"
        assert "`tocsin run` or `tocsin up` is at work" in beside.stderr
        stack.send_signal(signal.SIGINT)
        assert stack.wait(60) == 0
    finally:
        stack.kill()
        stack.wait()
    left = [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert left == []
    assert "tocsin slack listen" in talk.read_text(encoding="utf-8")
    assert "Ctrl-C stops it all" in talk.read_text(encoding="utf-8")
