"""Ctrl-C: the command says that nothing is lost, and exits as a shell expects."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.collectors.server import Reply, Server


def test_a_collect_that_is_stopped_says_what_becomes_of_it(bare: Path) -> None:
    asked, over = threading.Event(), threading.Event()

    def keep_waiting() -> Reply:
        asked.set()
        over.wait(60)
        return Reply(status=500)

    server = Server(lambda _asked: keep_waiting())
    given = {**os.environ, "TOCSIN_HACKERNEWS_BASE_URL": server.url}
    # Whoever runs the tests in the background has Ctrl-C ignored, and its children inherit that.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    words = [sys.executable, "-c", f"{heard}; from tocsin.cli import main; main()", "collect", "hackernews"]
    with subprocess.Popen(words, cwd=bare, env=given, stderr=subprocess.PIPE, text=True) as command:
        assert asked.wait(60)
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
    over.set()
    server.close()
    assert command.returncode == 130
    assert said.splitlines()[-1] == "tocsin: stopped; what was stored is kept, and the next run goes on from there"
    assert "Traceback" not in said
