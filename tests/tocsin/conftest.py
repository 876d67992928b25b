"""The command `tocsin`, run in this process by its entry point: in an empty folder, with no setting but those given."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.incidents.hook_server import HookServer
from tests.incidents.slack_server import SlackServer
from tests.tocsin.smtp_sink import SmtpSink

if TYPE_CHECKING:
    from tests.tocsin.town import Town

Record = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Its output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def bare(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No settings from outside, a folder to stand in, and everything that is written under its `var`.

    An empty warehouse is there already: it is copied, for each command that finds none migrates one for itself. That
    is done where the folder is really empty, in tests/end_to_end.
    """
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    folder = tmp_path_factory.mktemp("work")
    (folder / "var").mkdir()
    shutil.copy(sqlite_template, folder / "var" / "tocsin.db")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TOCSIN_VAR", str(folder / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def tocsin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `tocsin …` and gives what it said. Settings are given without their prefix: SLACK_CHANNEL="C0DEFAULT"."""
    from tocsin.cli import main

    def run(*words: str, stdin: str | bytes = b"", **settings: str) -> Said:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["tocsin", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given)), encoding="utf-8"))
            for name, value in settings.items():
                patch.setenv(f"TOCSIN_{name}", value)
            capsys.readouterr()
            try:
                main()
                status: Any = 0
            except SystemExit as end:
                status = end.code or 0
        said = capsys.readouterr()
        return Said(int(status), said.out, said.err)

    return run


@pytest.fixture
def archive(bare: Path) -> Callable[..., Path]:
    """Writes records as an archive, one JSON line each."""

    def write(*records: Record, name: str = "posts.jsonl") -> Path:
        path = bare / name
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    return write


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack of our own."""
    with SlackServer() as server:
        yield server


@pytest.fixture
def town(bare: Path, tocsin: Run, slack: SlackServer) -> Iterator["Town"]:
    """Every other route at once, and the warehouse that tells them."""
    from tests.tocsin.town import Town

    with SmtpSink() as mail, HookServer() as hook:
        yield Town(bare, tocsin, slack, mail, hook)
