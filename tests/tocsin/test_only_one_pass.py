"""`tocsin run` and `tocsin up` run the same tasks, so one of them at a time."""

import socket
from pathlib import Path

import pytest

from tests.tocsin.conftest import Run
from tocsin.commands.whole import only_one_pass
from tocsin.settings import Settings


@pytest.mark.parametrize("command", ["run", "up"])
def test_a_second_is_refused_and_both_are_named(tocsin: Run, bare: Path, command: str) -> None:
    with only_one_pass(Settings()), socket.create_server(("127.0.0.1", 0)) as taken:
        said = tocsin(command, AIRFLOW_PORT=str(taken.getsockname()[1]))  # what is not refused ends at the port
    assert said.status == 1
    assert f"`tocsin run` or `tocsin up` is at work on {bare / 'var'}" in said.err
    assert "Ctrl-C" not in said.err, "nothing is promised that does not come"
