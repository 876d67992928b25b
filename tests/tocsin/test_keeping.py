"""What keepers do by hand: collect, sources, report, retention, migrate, and a person's rights over their data."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from collectors.catalogue import PLATFORMS
from tests.tocsin.conftest import Run
from tests.tocsin.posts import COMPLAINT, HANDFUL, PRAISE, THREAT, post
from tocsin.commands.sources import _lag, _volume
from warehouse.engine import connect
from warehouse.marts import read

WHY = ("--reason", "asked for by letter", "--by", "dpo")


@pytest.fixture
def kept(tocsin: Run, archive: Callable[..., Path]) -> Path:
    """The path of an archive that has been collected and judged."""
    path = archive(*HANDFUL)
    assert tocsin("collect", "--archive", str(path)).status == 0
    judged = tocsin("triage")
    assert judged.lines[0]["assessed"] == len(HANDFUL), judged.err
    return path


def table(bare: Path, query: str) -> list[tuple[object, ...]]:
    """Rows of the warehouse."""
    with sqlite3.connect(bare / "var" / "tocsin.db") as database:
        return database.execute(query).fetchall()


def test_each_source_is_collected_by_its_name_and_once(tocsin: Run, kept: Path) -> None:
    (again,) = tocsin("collect", ARCHIVES=str(kept)).lines
    named = tocsin("collect", again["source"], ARCHIVES=str(kept))
    assert named.lines == [again]
    assert (again["inserted"], again["updated"], again["quarantined"]) == (0, 0, 0)
    wrong = tocsin("collect", "myspace", ARCHIVES=str(kept))
    assert wrong.status == 2
    assert "myspace" in wrong.err
    assert again["source"] in wrong.err


def test_sources_tell_what_is_collected_what_is_missing_and_the_last_run(tocsin: Run, kept: Path) -> None:
    told = json.loads(tocsin("sources", "--json", ARCHIVES=str(kept)).out)
    by_platform = {each["platform"]: each for each in told}
    assert by_platform["archive"]["configured"]
    assert by_platform["archive"]["last_outcome"] == "completed"
    assert by_platform["archive"]["last_success_at"]
    assert "TOCSIN_X_BEARER_TOKEN" in by_platform["x"]["note"]
    assert not by_platform["snapchat"]["configured"]
    for each in told:
        known = ["last_success_at", "lag_s", "last_outcome", "backlog"]
        volume = ["volume_on", "seen", "expected_least", "expected_most", "volume"]
        assert list(each) == ["name", "platform", "configured", "note", *known, *volume, "used"]
    assert 0 <= by_platform["archive"]["lag_s"] < 3600
    assert (by_platform["x"]["lag_s"], by_platform["x"]["backlog"]) == (None, False)
    shown = tocsin("sources", ARCHIVES=str(kept))
    assert shown.status == 0, shown.err
    assert "completed" in shown.out
    assert "TOCSIN_REDDIT_CLIENT_SECRET" in shown.out  # a name that is cut can not be set


@pytest.mark.parametrize(
    ("seconds", "told"), [(None, ""), (59, "0 min"), (3599, "59 min"), (172_799, "47 h"), (172_800, "2 days")]
)
def test_the_lag_of_a_source_is_told_in_a_unit_that_fits(seconds: int | None, told: str) -> None:
    assert _lag(seconds) == told


def test_what_a_source_brought_is_told_beside_what_it_should() -> None:
    bounds = {"expected_least": 0, "expected_most": 5_000, "volume": "above"}
    assert _volume({**bounds, "seen": 7_000}) == "7,000 of 0 to 5,000: above"
    assert _volume({**bounds, "seen": None}) == "0 to 5,000 expected"
    assert not _volume({"expected_most": None})


def test_a_setting_that_cannot_be_used_is_named(tocsin: Run) -> None:
    for words in (("collect",), ("report", "--day", "2026-10-01")):
        said = tocsin(*words, FEEDS_URLS="not-an-address")
        assert "Traceback" not in said.err
        assert said.status == (2 if words == ("collect",) else 0)
        assert "TOCSIN_FEEDS_URLS" in said.err or words != ("collect",)
    assert "TOCSIN_FEEDS_URLS" in tocsin("sources", "--json", FEEDS_URLS="not-an-address").out
    assert "TOCSIN_X_PAGES" in tocsin("sources", X_PAGES="0").err


def test_the_report_of_a_day_and_of_no_day(tocsin: Run, kept: Path) -> None:
    said = tocsin("report", "--day", "2026-10-01")
    page = Path(said.out.strip())
    assert page.name == "2026-10-01.html"
    assert "TOC-1001" in page.read_text(encoding="utf-8")
    assert Path(tocsin("report").out.strip()).exists()
    wrong = tocsin("report", "--day", "1 Oct")
    assert wrong.status == 2
    assert "2026-10-31" in wrong.err


@pytest.mark.usefixtures("kept")
def test_what_is_held_of_a_person_is_told_and_audited(tocsin: Run, bare: Path) -> None:
    held = json.loads(tocsin("privacy", "export", "x", "@Example_Writer", *WHY).out)
    assert {row["native_id"] for row in held["mentions"]} == {"1", "2", "3"}
    assert [row["handle"] for row in held["authors"]] == ["example_writer"]
    pseudonym = held["authors"][0]["author"]
    assert json.loads(tocsin("privacy", "reveal", pseudonym, *WHY).out)["handle"] == "example_writer"
    rows = table(bare, "SELECT action, actor, reason FROM audit ORDER BY rowid")
    assert rows == [("export", "dpo", "asked for by letter"), ("reveal", "dpo", "asked for by letter")]


@pytest.mark.usefixtures("kept")
def test_erasure_removes_what_no_incident_rests_on(tocsin: Run, bare: Path) -> None:
    gone = json.loads(tocsin("privacy", "erase", "x", "example_writer", "--yes", *WHY).out)
    assert (gone["mentions"], gone["held"]) == (3, [])
    held = json.loads(tocsin("privacy", "erase", "x", "example_menacer", "--yes", *WHY).out)
    assert (held["mentions"], held["held"], held["incidents"]) == (0, [f"x:{THREAT['id']}"], ["TOC-1001"])
    assert table(bare, "SELECT count(*) FROM mentions") == [(2,)]
    assert PRAISE["text"] not in str(table(bare, "SELECT text FROM mentions"))


@pytest.mark.usefixtures("kept")
def test_erasure_asks_first_and_every_access_has_a_reason(tocsin: Run, bare: Path) -> None:
    refused = tocsin("privacy", "erase", "x", "example_writer", *WHY, stdin="n\n")
    assert refused.status != 0
    assert "Traceback" not in refused.err
    for words in (("export", "x", "example_writer"), ("erase", "x", "example_writer", "--yes"), ("reveal", "p")):
        for reason in ((), ("--reason", " ")):
            said = tocsin("privacy", *words, *reason)
            assert said.status == 2
            assert "--reason" in said.err
    for words in (("export", "x", "nobody_here"), ("erase", "x", "nobody_here", "--yes"), ("reveal", "p-none")):
        said = tocsin("privacy", *words, *WHY)
        assert said.status == 2
        assert "Traceback" not in said.err
    assert table(bare, "SELECT count(*) FROM mentions") == [(len(HANDFUL),)]


def test_retention_deletes_what_is_past_its_term_and_holds_evidence(tocsin: Run, bare: Path, kept: Path) -> None:
    assert tocsin("retention").lines[0]["mentions"] == 0
    with sqlite3.connect(bare / "var" / "tocsin.db") as database:
        database.execute("UPDATE mentions SET collected_at = '2020-01-01 00:00:00.000000'")
    (counts,) = tocsin("retention").lines
    assert (counts["mentions"], counts["held"]) == (3, 2)
    assert sorted(table(bare, "SELECT native_id FROM mentions")) == [("4",), ("5",)]
    assert tocsin("retention").lines[0]["mentions"] == 0


def test_migrate_makes_the_warehouse_and_leaves_it_alone_afterwards(tocsin: Run, bare: Path) -> None:
    for _ in range(2):
        said = tocsin("migrate")
        assert said.status == 0
        assert "tocsin.db is up to date" in said.out
    assert table(bare, "SELECT count(*) FROM mentions") == [(0,)]


def test_a_database_that_is_none_is_told(tocsin: Run, bare: Path) -> None:
    (bare / "notes.txt").write_text("not a database, only some words " * 50, encoding="utf-8")
    for url, status, told in (
        (f"sqlite:///{bare / 'notes.txt'}", 1, "notes.txt"),
        ("mysql://localhost/x", 2, "TOCSIN_DATABASE_URL"),
        ("nonsense", 2, "TOCSIN_DATABASE_URL"),
    ):
        said = tocsin("migrate", DATABASE_URL=url)
        assert said.status == status
        assert told in said.err
        assert "Traceback" not in said.err


def test_help_is_there_for_every_command(tocsin: Run) -> None:
    said = tocsin("--help").out
    for command in ("run", "collect", "classify", "triage", "deliver", "report", "incident", "policy", "privacy"):
        assert command in said
        assert tocsin(command, "--help").status == 0


def test_edited_posts_are_judged_again(tocsin: Run, archive: Callable[..., Path]) -> None:
    path = archive(PRAISE, COMPLAINT)
    assert tocsin("collect", "--archive", str(path)).lines[0]["inserted"] == 2
    assert tocsin("triage").lines[0]["assessed"] == 2
    edited = archive(post(1, "DWP: sorry, I take that back."), name="newer.jsonl")
    assert tocsin("collect", "--archive", str(edited)).lines[0]["updated"] == 1
    # The later post by the same author too: what stood before it is another text now.
    assert tocsin("triage").lines[0]["assessed"] == 2
    assert tocsin("triage").lines[0]["assessed"] == 0


def test_a_run_is_estimated_and_stops_before_its_budget_is_exceeded(tocsin: Run) -> None:
    given = {"X_BEARER_TOKEN": "invented", "X_BUDGET": "$50", "HACKERNEWS_BASE_URL": "http://127.0.0.1:9"}
    x, hackernews = json.loads(tocsin("sources", "--estimate", "--json", **given).out)
    assert (x["source"], x["calls_left"]) == ("x", 100)
    assert 0 < x["calls_least"] <= x["calls_most"]
    assert float(x["usd_most"]) == x["calls_most"] * 0.5
    assert (hackernews["source"], float(hackernews["usd_most"]), hackernews["calls_left"]) == ("hackernews", 0.0, None)
    shown = tocsin("sources", "--estimate", **given).out
    assert "about" in shown
    assert "at most" not in shown, "comments are read in stages, and what replies answer is asked besides"
    spent = tocsin("collect", "hackernews", HACKERNEWS_BASE_URL="http://127.0.0.1:9", HACKERNEWS_BUDGET="0")
    assert (spent.status, "budget_spent" in spent.err) == (1, True)
    told = json.loads(tocsin("sources", "--json", **given).out)
    (row,) = (each for each in told if each["name"] == "hackernews")
    assert row["last_outcome"] == "budget_spent"
    assert row["used"][0] | {"own": False} == row["used"][0]
    assert [row["used"][0][name] for name in ("allowance", "used", "left")] == [
        "10,000 calls per hour",
        "0 calls",
        "10,000 calls",
    ]


def test_the_register_knows_what_the_command_shows(tocsin: Run, bare: Path) -> None:
    shown = {each["name"]: each for each in json.loads(tocsin("sources", "--json", X_BEARER_TOKEN="invented").out)}
    engine = connect(f"sqlite:///{bare / 'var' / 'tocsin.db'}")
    register = {row["source"]: row for row in read(engine, "source_register").to_dict("records")}
    engine.dispose()
    assert set(register) == set(shown)
    assert bool(register["x"]["configured"])
    assert register["x"]["access"]
    bounds = next(each.reach.volume for each in PLATFORMS if each.name == "x")
    assert (register["x"]["expected_least"], register["x"]["expected_most"]) == bounds
    assert (shown["x"]["expected_least"], shown["x"]["expected_most"]) == bounds
    assert register["archive"]["note"] == shown["archive"]["note"]
    assert not isinstance(register["pinterest"]["access"], str)
    assert register["pinterest"]["note"] == shown["pinterest"]["note"]
