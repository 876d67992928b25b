"""What a pass says at its end: why records were quarantined, and no report that was not made."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from collectors.collector import Batch, Checkpoint, Quarantined
from tocsin.house import House, open_house
from tocsin.summary import Pass, print_summary

Said = Callable[..., str]


@pytest.fixture
def house(bare: object) -> House:
    """With an earlier refusal in it."""
    house = open_house()
    _refuse(house, "an old reason", 1)
    return house


def _refuse(house: House, reason: str, number: int) -> None:
    refused = tuple(Quarantined(f"posts.jsonl:{line}", reason, "{}") for line in range(number))
    run = house.mentions.start_run("archive", "archive")
    house.mentions.store(run, Batch((), Checkpoint("archive", {}), quarantined=refused))


def _began(house: House, reported: bool = True) -> Pass:
    return Pass(house.now(), house.mentions.totals(), reported)


def test_why_records_of_this_pass_were_quarantined(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    done = _began(house)
    _refuse(house, "[bold]created_at\x1b[0m is no time", 2)
    for number in range(6):
        _refuse(house, f"reason {number}", 1)
    print_summary(house, done, as_json=False)
    said = capsys.readouterr().out
    assert "Quarantined 2 of archive: [bold]created_at [0m is no time" in said
    assert "and for 2 more reasons: see the table quarantine" in said
    assert "old reason" not in said
    assert "\x1b[0m is" not in said


def test_a_pass_that_refused_nothing_says_nothing_of_it(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    done = Pass(house.now() + timedelta(seconds=1), house.mentions.totals())
    print_summary(house, done, as_json=False)
    said = capsys.readouterr().out
    assert said.count("Quarantined") == 1, "the row of the table"
    assert f"Report     {house.settings.var.resolve()}/reports/" in said


@pytest.mark.parametrize("as_json", [True, False])
def test_a_report_that_could_not_be_made_has_no_path(
    house: House, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    print_summary(house, _began(house, reported=False), as_json)
    said = capsys.readouterr().out
    assert ".html" not in said
    assert json.loads(said)["report"] is None if as_json else "Report     none" in said
