"""Real servers, installed from PyPI into environments of their own and started on the loopback. Only `make test-live`.

What is installed stays under `var/live` for the next time. A server that cannot be installed or does not start is a
skip that says why.
"""

# ruff: noqa: S101, S603 - tests, and programs that they installed themselves
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
INSTALL_S, START_S = 600, 90


def installed(package: str) -> Path:
    """The `bin` folder of an environment that holds the package. Skips where it cannot be had."""
    home = ROOT / "var" / "live" / package
    done = home / ".installed"
    if not done.exists():
        shutil.rmtree(home, ignore_errors=True)
        uv = shutil.which("uv")
        python = str(home / "bin" / "python")
        make = [uv, "venv", "--python", sys.executable, str(home)] if uv else [sys.executable, "-m", "venv", str(home)]
        add = [uv, "pip", "install", "--python", python, package] if uv else [python, "-m", "pip", "install", package]
        for words in (make, add):
            ran = subprocess.run(words, capture_output=True, text=True, timeout=INSTALL_S, check=False)
            if ran.returncode:
                pytest.skip(f"{package} cannot be installed here: {ran.stderr.strip()[-300:]}")
        done.touch()
    return home / "bin"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(words: list[str], folder: Path, url: str) -> Iterator[None]:
    """A server from its start to its end. Skips, with the end of its log, where it does not answer."""
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + START_S
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.skip(f"{words[0]} does not start here: {log.read_text(errors='replace')[-400:]}")
                time.sleep(0.3)
            yield
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.TransportError:
        return False


@pytest.fixture
def tocsin(tmp_path: Path) -> Callable[..., str]:
    """Runs `tocsin …` as its users do, in an empty folder, with these settings alone; gives what it prints."""

    def run(*words: str, settings: Mapping[str, str]) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        given = {f"TOCSIN_{name}": value for name, value in settings.items()}
        environment = {**kept, "TOCSIN_VAR": str(tmp_path / "var"), **given}
        command = [str(Path(sys.executable).with_name("tocsin")), *words]
        ran = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    return run
