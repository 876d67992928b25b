"""`tocsin run`: one full pass through the real DAGs, twice, and over what users have."""

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import collectors

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"
AIRLINES = ROOT / "../shared/data/real_mentions/us_airlines/Tweets.csv"
AIRLINE_COLUMNS = "id=tweet_id,text=text,created_at=tweet_created,author.handle=name"
Run = Callable[..., subprocess.CompletedProcess[str]]


def summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON that a pass printed, after it has ended well."""
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def outbox(var: Path) -> dict[str, str]:
    """Every alert that the file channel holds."""
    return {path.name: path.read_text(encoding="utf-8") for path in (var / "outbox").glob("*.json")}


@pytest.mark.long
def test_a_bare_pass_reads_the_sample_and_a_second_adds_nothing(tocsin: Run, tmp_path: Path) -> None:
    var = tmp_path / "var"
    first = tocsin("run", "--json")
    told = summary(first)
    posts = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    assert told["in_the_warehouse"]["mentions"] == len(posts)
    assert told["in_the_warehouse"]["assessed"] == len(posts)
    assert told["in_the_warehouse"]["unassessed"] == 0
    assert told["in_the_warehouse"]["incidents"] > 0
    assert "sample archive" in first.stderr
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(outbox(var)) == told["in_the_warehouse"]["alerts"] == told["in_the_warehouse"]["delivered"]

    alerts = outbox(var)
    second = tocsin("run", "--json")
    assert summary(second)["in_the_warehouse"] == told["in_the_warehouse"]
    assert set(summary(second)["in_this_pass"].values()) == {0}
    assert outbox(var) == alerts
    assert "TOC-" not in second.stderr, "an alert was shown a second time"


def test_bad_input_is_named_quarantined_and_holds_up_nothing(tocsin: Run, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    good = {"platform": "x", "id": "1", "text": "DWP answered in a day", "created_at": "2026-10-01T09:15:00Z"}
    broken = [
        json.dumps(good),
        "{not json",
        json.dumps(good | {"id": "2", "text": "x" * 3_000_000}),
        json.dumps(good | {"id": "3", "text": "null \x00 byte"}),
        json.dumps(good | {"id": "4", "created_at": "1601-01-01T00:00:00Z"}),
        json.dumps(good | {"id": "5", "created_at": "2999-01-01T00:00:00Z"}),
        json.dumps({"platform": "x", "id": "6", "created_at": "2026-10-01T09:15:00Z"}),
        json.dumps(good | {"id": "7"}),
    ]
    (folder / "posts.jsonl").write_text("\n".join(broken), encoding="utf-8")
    (folder / "empty.jsonl").touch()
    (folder / "picture.jsonl").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    told = summary(tocsin("run", "--json", "--archive", str(folder)))
    assert told["in_the_warehouse"]["mentions"] == 2
    with sqlite3.connect(tmp_path / "var" / "tocsin.db") as database:
        refused = dict(database.execute("SELECT location, reason FROM quarantine"))
    for line in range(2, 8):
        assert f"posts.jsonl:{line}" in refused, f"line {line} is not named"
    assert any(where.startswith("picture.jsonl") for where in refused)


def test_wrong_words_exit_2_and_name_the_fix(tocsin: Run, tmp_path: Path) -> None:
    for words, told in (
        (("run", "--archive", "nowhere.jsonl"), "nowhere.jsonl"),
        (("run", "--policy", "dwpp"), "dwp"),
        (("classify", "--policy", "nonsense.yaml"), "nonsense.yaml"),
        (("incident", "show", "TOC-9"), "TOC-9"),
        (("incident", "list", "--status", "weird"), "acknowledged"),
        (("collect", "myspace"), "myspace"),
        (("report", "--day", "yesterday"), "2026-10-31"),
    ):
        done = tocsin(*words)
        assert done.returncode == 2, (words, done.stdout, done.stderr)
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_dags_folder_without_dags_is_named_with_the_setting(tocsin: Run, tmp_path: Path) -> None:
    done = tocsin("run", DAGS_FOLDER=str(tmp_path))
    assert done.returncode == 2
    assert "TOCSIN_DAGS_FOLDER" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_database_setting_is_told_without_its_password(tocsin: Run) -> None:
    done = tocsin("triage", DATABASE_URL="postgresql://tocsin:verysecret@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "TOCSIN_DATABASE_URL" in done.stderr
    assert "verysecret" not in done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.skipif(not AIRLINES.exists(), reason="the airline tweets (../shared/data) are not here")
def test_fourteen_thousand_real_posts_end_as_one_row_an_id(tocsin: Run) -> None:
    pack = str(ROOT / "policies" / "examples" / "airlines.yaml")
    told = summary(tocsin("run", "--json", "--archive", str(AIRLINES), "--map", AIRLINE_COLUMNS, "--policy", pack))
    assert told["in_the_warehouse"]["mentions"] == 14_485
    assert told["in_the_warehouse"]["assessed"] == 14_485
    assert told["in_the_warehouse"]["quarantined"] == 0
