"""`tocsin policy diff`: what a changed pack would do to what is stored, told, and nothing of it done."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from policies.check import PACKS, load
from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL, HOSTILE, THREAT, post
from tocsin import assessing, pipeline
from tocsin.house import open_house

ALL = ("--days", "36500")
DWP = (PACKS / "dwp.yaml").read_text(encoding="utf-8")
Edit = Callable[..., str]


def dumped(url: str) -> bytes:
    """Every row of every table, byte by byte, as the database itself writes it out."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return "\n".join(connection.iterdump()).encode()
    with psycopg.connect(url) as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        written = b""
        for (table,) in sorted(connection.execute(tables)):
            query = f'COPY (SELECT t.* FROM "{table}" AS t ORDER BY t::text) TO STDOUT'
            with connection.cursor().copy(query) as copy:
                written += table.encode() + b"\n" + b"".join(copy)
        return written + repr(connection.execute("SELECT * FROM pg_sequences ORDER BY 1, 2").fetchall()).encode()


@pytest.fixture
def stored(warehouse_url: str, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> str:
    """A warehouse with two open incidents, TOC-1001 and TOC-1002, both threats; its URL. On each database in turn."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", warehouse_url)
    return _filled(archive, monkeypatch, warehouse_url)


@pytest.fixture
def on_sqlite(sqlite_url: str, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> str:
    """The same on SQLite alone, for what does not depend on the database."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", sqlite_url)
    return _filled(archive, monkeypatch, sqlite_url)


def _filled(archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    assert pipeline.raise_incidents()["opened"] == 2
    return url


@pytest.fixture
def edited(bare: Path) -> Edit:
    """Writes `next.yaml`: the Department's pack with parts of the section that begins with `after` replaced."""

    def write(*changes: tuple[str, str, str]) -> str:
        text = DWP
        for after, old, new in changes:
            start = text.index(old, text.index(after))
            text = text[:start] + new + text[start + len(old) :]
        (bare / "next.yaml").write_text(text, encoding="utf-8")
        return "./next.yaml"

    return write


STRICTER = ("\n  threat:\n", "threshold: 0.5", "threshold: 1.0")
OFF = ("\n  threat:\n", "threshold: 0.5", "enabled: false")
GRAVER = ("\n  threat:\n", "severity: critical", "severity: high")
ELSEWHERE = ("\n  threat:\n", "route: sirt", "route: line_manager")
WORDED = ("id: DWP-SMP 4.1\n", "will not tolerate", "will never tolerate")


def test_a_stricter_pack_loses_what_is_open_today_and_changes_not_a_byte(
    tocsin: Run, stored: str, edited: Edit
) -> None:
    new = edited(WORDED, STRICTER)
    open_house().engine.dispose()
    before = dumped(stored)
    said = tocsin("policy", "diff", "dwp", new, *ALL)
    told = json.loads(tocsin("policy", "diff", "dwp", new, *ALL, "--json").out)
    open_house().engine.dispose()
    assert dumped(stored) == before
    assert (said.status, said.err) == (0, ""), "no bar in a pipe"
    assert "clause DWP-SMP 4.1: text “" in said.out
    assert "will never tolerate" in said.out
    assert "category threat: threshold 0.5 becomes 1.0" in said.out
    assert "Lost (2); open today: TOC-1001, TOC-1002" in said.out
    assert "Nothing was changed" in said.out
    assert told["total"] == {"old": 2, "new": 0, "gained": 0, "lost": 2, "changed": 0, "same": 0}
    assert told["categories"]["threat"] == told["total"]
    assert {one["open_incident"] for one in told["incidents"]} == {"TOC-1001", "TOC-1002"}
    assert (told["old"], told["new"]) == (load("dwp").stamp, load(new).stamp)
    assert (told["posts"], told["days"]) == (len(HANDFUL), 36500)
    assert told["differences"][0]["place"] == ["clauses", "DWP-SMP 4.1", "text"]


def test_what_a_pack_would_gain_is_told_beside_what_stands(tocsin: Run, stored: str, edited: Edit) -> None:
    told = json.loads(tocsin("policy", "diff", edited(OFF), "dwp", *ALL, "--json").out)
    assert (told["total"]["gained"], told["total"]["lost"]) == (2, 0)
    gained = {one["mention_ids"][0]: one for one in told["incidents"]}
    assert set(gained) == {f"x:{THREAT['id']}", f"x:{HOSTILE['id']}"}
    one = gained[f"x:{THREAT['id']}"]
    assert (one["kind"], one["category"], one["open_incident"]) == ("gained", "threat", "TOC-1001")
    assert one["clauses"][0] in one["why"]
    assert one["author"].startswith("au_")
    assert stored


@pytest.mark.usefixtures("on_sqlite")
def test_another_severity_and_route_are_a_change_and_neither_gain_nor_loss(tocsin: Run, edited: Edit) -> None:
    new = edited(GRAVER, ELSEWHERE)
    said = tocsin("policy", "diff", "dwp", new, *ALL)
    assert "route: sirt becomes line_manager" in said.out
    assert "severity: critical becomes high" in said.out
    told = json.loads(tocsin("policy", "diff", "dwp", new, *ALL, "--json").out)
    assert told["total"] == {"old": 2, "new": 2, "gained": 0, "lost": 0, "changed": 2, "same": 0}
    assert told["incidents"][0]["changes"]["route"] == {"old": "sirt", "new": "line_manager"}


def test_names_that_accounts_show_and_words_tell_are_masked(
    tocsin: Run, edited: Edit, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", sqlite_url)
    text = "I will break your legs tonight at the DWP jobcentre, Tamsin Kestrel. Signed, Oswin, yours Wildermuth"
    menacer = {"id": "a9", "handle": "example_menacer", "name": "Oswin Wildermuth"}
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive({**post(9, text), "author": menacer})))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    for words in ((), ("--json",)):
        shown = tocsin("policy", "diff", "dwp", edited(STRICTER), *ALL, *words).out
        assert "break your legs" in shown
        assert not [name for name in ("Tamsin", "Kestrel", "Oswin", "Wildermuth") if name in shown], shown


@pytest.mark.usefixtures("on_sqlite")
def test_no_person_and_no_control_character_is_shown(tocsin: Run, edited: Edit) -> None:
    new = edited(STRICTER)
    for words in ((), ("--json",)):
        shown = tocsin("policy", "diff", "dwp", new, *ALL, *words).out
        for private in (
            "example_coach",
            "example_clerk",
            "example_menacer",
            "example_painter",
            "\x1b",
            "\x9b",
            "\u202e",
        ):
            assert private not in shown
    assert "break your legs" in tocsin("policy", "diff", "dwp", new, *ALL).out
    none = json.loads(tocsin("policy", "diff", "dwp", new, *ALL, "--json", "--examples", "0").out)
    assert [(one["why"], one["excerpt"]) for one in none["incidents"]] == [(None, None)] * 2
    one = tocsin("policy", "diff", "dwp", new, *ALL, "--examples", "1").out
    assert "and 1 more of threat" in one


@pytest.mark.usefixtures("on_sqlite")
def test_a_stored_version_is_compared_with_its_changed_file(tocsin: Run, edited: Edit) -> None:
    version = load("dwp").stamp
    new = edited(STRICTER)
    for old in (version, version[:-4]):
        told = json.loads(tocsin("policy", "diff", old, new, *ALL, "--json").out)
        assert (told["old"], told["total"]["lost"]) == (version, 2)
    alike = tocsin("policy", "diff", version, "dwp", *ALL)
    assert (alike.status, "differ in nothing" in alike.out) == (0, True)


@pytest.mark.usefixtures("on_sqlite")
def test_what_cannot_be_compared_exits_2_with_the_fix(tocsin: Run, edited: Edit) -> None:
    new = edited(STRICTER)
    for words, told in (
        (("dwp@ffffffffffff", new), f"no stored version dwp@ffffffffffff; stored are: {load('dwp').stamp} (first used"),
        (("starter@ffff", "starter"), "'starter' has judged nothing here yet"),
        (("dwp", "starter"), "different ids, and a diff compares two versions of one: give the changed pack the line"),
        (("dwp", new, "--days", "1"), "no posts are stored of the last 1 day ("),
        (("dwp", new, "--days", "0"), "--days"),
        (("dwp", "dpw"), "dwp"),
        (("dwp", "./nosuch.yaml"), "not found"),
        (("dwp",), "NEW"),
    ):
        said = tocsin("policy", "diff", *words)
        assert said.status == 2, words
        assert told in " ".join(said.err.split()), words
        assert "Traceback" not in said.err


def test_an_empty_warehouse_says_that_there_is_nothing_to_judge(tocsin: Run, edited: Edit) -> None:
    said = tocsin("policy", "diff", "dwp", edited(STRICTER))
    assert (said.status, "nothing is stored at all yet" in said.err) == (2, True)


def test_the_help_teaches(tocsin: Run) -> None:
    page = tocsin("policy", "diff", "--help").out
    for words in ("dwp@3f2a9c01b7de", "Changes nothing", "--examples", "--days", "tocsin policy adopt"):
        assert words in page


@pytest.mark.usefixtures("stored")
def test_every_finding_points_at_the_exact_text_that_it_was_judged_by(tocsin: Run) -> None:
    found: list[Any] = open_house().casebook.incidents()
    assert len(found) == 2
    for exhibit in (each.exhibit for incident in found for each in open_house().casebook.evidence(incident.id)):
        pack = open_house().adoptions.pack(f"{exhibit.policy}@{exhibit.policy_version}")
        assert pack == load("dwp")
        shown = tocsin("policy", "show", pack.stamp).out
        for clause in exhibit.clauses:
            assert pack.clause(clause).text.split("\n")[0] in shown


def test_a_pack_that_changes_while_work_waits_is_stored_before_it_judges(
    sqlite_url: str, archive: Callable[..., Path], edited: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    batches = assessing.list_batches()
    new = edited(GRAVER)
    monkeypatch.setenv("TOCSIN_POLICIES", new)
    assert assessing.tell(assessing.assess(first, last) for first, last in batches) == len(HANDFUL)
    judged_by = {each.policy_version for each in open_house().casebook.ungrouped("dwp")}
    assert judged_by == {load(new).version}
    assert open_house().adoptions.pack(load(new).stamp) == load(new)
