"""What a pass says at its end: why records were quarantined, and no report that was not made."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.collector import Batch, Checkpoint, Quarantined
from tests.tocsin.conftest import Run
from tests.tocsin.posts import COMPLAINT, WEATHER
from tocsin.house import House, open_house
from tocsin.summary import Pass, newest_day, print_summary

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


def test_the_newest_day_is_the_last_on_which_the_organisation_was_spoken_of(
    tocsin: Run, archive: Callable[..., Path]
) -> None:
    later = {**WEATHER, "created_at": "2026-10-05T09:00:00Z"}
    assert tocsin("collect", "--archive", str(archive(COMPLAINT, later))).status == 0
    assert newest_day(open_house()) == "2026-10-05", "nothing is judged yet"
    assert tocsin("triage").status == 0
    assert newest_day(open_house()) == "2026-10-01"


def test_a_path_is_shown_as_it_is(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOCSIN_VAR", str(bare / "var [bold] :bell:"))
    print_summary(open_house(), _began(open_house()), as_json=False)
    assert "/var [bold] :bell:/reports/" in capsys.readouterr().out
