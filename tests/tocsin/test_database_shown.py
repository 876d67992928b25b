"""Where the warehouse is named to people, its address stands without passwords."""

from datetime import timedelta

import pytest

from tests.tocsin.conftest import Run
from tocsin.house import open_house
from tocsin.summary import Pass, print_summary


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["migrate", "doctor"])
def test_a_command(tocsin: Run, postgres_url: str, command: str) -> None:
    said = tocsin(command, DATABASE_URL=f"{postgres_url}&password=hunter2")
    assert "&password=***" in said.out
    assert "hunter2" not in said.out + said.err


@pytest.mark.postgres
@pytest.mark.parametrize("as_json", [True, False])
def test_the_end_of_a_pass(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"{postgres_url}&password=hunter2")
    house = open_house()
    print_summary(house, Pass(house.now() - timedelta(hours=1), house.mentions.totals()), as_json)
    said = capsys.readouterr()
    assert "&password=***" in said.out
    assert "hunter2" not in said.out + said.err
