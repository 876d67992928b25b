"""`tocsin policy adopt`, and who says so when a pack is in force that nobody adopted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.check import PACKS, load
from tests.tocsin.conftest import Run
from tests.tocsin.posts import PRAISE

STARTER = (PACKS / "starter.yaml").read_text(encoding="utf-8")


@pytest.fixture
def mine(bare: Path, monkeypatch: pytest.MonkeyPatch, archive: Callable[..., Path]) -> Path:
    """A pack of one's own, in force, and something to judge."""
    path = bare / "mine.yaml"
    path.write_text(STARTER, encoding="utf-8")
    monkeypatch.setenv("TOCSIN_POLICIES", "./mine.yaml")
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(PRAISE)))
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def on_each(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On each database in turn."""
    monkeypatch.setenv("TOCSIN_DATABASE_URL", request.getfixturevalue(f"{request.param}_url"))


def used(tocsin: Run) -> None:
    """One use of the pack in force."""
    assert tocsin("triage").status == 0


@pytest.mark.usefixtures("on_each")
def test_a_changed_pack_is_named_until_it_is_adopted(tocsin: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(mine)
    used(tocsin)
    assert "ok    adoption" in tocsin("doctor").out
    (mine.parent / "next.yaml").write_text(STARTER.replace("severity: medium", "severity: high", 1), encoding="utf-8")
    second = load(mine.parent / "next.yaml")
    monkeypatch.setenv("TOCSIN_POLICIES", "./next.yaml")
    warned = tocsin("doctor")
    assert warned.status == 0, "a warning is no failure"
    (line,) = [each for each in warned.out.splitlines() if each.startswith("warn  adoption")]
    assert f"{second.stamp} is in force and was never adopted; {first.stamp} was, by its first use" in line
    assert f"tocsin policy diff {first.stamp} ./next.yaml" in line
    assert "tocsin policy adopt ./next.yaml --by" in line
    listed = {row["pack"]: row for row in json.loads(tocsin("policy", "list", "--json").out)}
    assert listed["./next.yaml"]["adopted"]["version"] == first.version
    assert (listed["./next.yaml"]["in_force"], listed["dwp"]["adopted"]) == (True, None)

    done = tocsin("policy", "adopt", "./next.yaml", "--by", "Sam Example", "--why", "Security board")
    assert (done.status, done.err) == (0, "")
    assert f"{second.stamp} is adopted by Sam Example on" in done.out
    assert f"before it {first.stamp}" in done.out
    assert "ok    adoption" in tocsin("doctor").out
    assert "this version, by Sam Example on" in tocsin("policy", "list").out
    shown = tocsin("policy", "show", second.stamp).out
    assert "adopted, not used yet" in shown
    assert ": Security board" in shown
    assert "EXT 1" in shown
    again = tocsin("policy", "adopt", "./next.yaml", "--why", "Once more")
    assert (again.status, "is adopted already, by Sam Example" in again.err) == (2, True)


def test_run_says_that_nobody_adopted_what_is_in_force(
    tocsin: Run, mine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin.commands.whole import say_what_is_used
    from tocsin.house import open_house

    used(tocsin)
    say_what_is_used(open_house(), "")
    assert "Not adopted" not in capsys.readouterr().err
    (mine.parent / "next.yaml").write_text(STARTER.replace("severity: medium", "severity: high", 1), encoding="utf-8")
    monkeypatch.setenv("TOCSIN_POLICIES", "./next.yaml")
    say_what_is_used(open_house(), "")
    told = " ".join(capsys.readouterr().err.split())
    assert "Not adopted: starter@" in told
    assert "tocsin policy adopt ./next.yaml" in told


def test_an_adoption_keeps_the_numbers_of_its_diff(tocsin: Run, mine: Path) -> None:
    stamp = load(mine).stamp
    numbers = {"old": stamp, "new": stamp, "model": "m", "days": 90, "since": "2026-08-01", "posts": 3}
    numbers |= {"suppressed": {}, "total": {"gained": 1}, "categories": {}}
    told = json.dumps({**numbers, "incidents": ["left out"]})
    done = tocsin("policy", "adopt", "./mine.yaml", "--why", "As shown", "--diff", "-", stdin=told)
    assert done.status == 0, done.err
    from tocsin.house import open_house

    assert open_house().adoptions.adopted()["starter"].diff == numbers


def test_what_cannot_be_adopted_exits_2_with_the_fix(tocsin: Run, mine: Path, bare: Path) -> None:
    (bare / "diff.json").write_text(json.dumps({"new": "starter@000000000000"}), encoding="utf-8")
    whole = dict.fromkeys(("old", "model", "days", "since", "posts", "suppressed", "total", "categories"), 0)
    (bare / "other.json").write_text(json.dumps({**whole, "new": "starter@000000000000"}), encoding="utf-8")
    for words, said in (
        ((), "--why"),
        (("--why", " "), "who and why"),
        (("--why", "so", "--diff", "nosuch.json"), "nosuch.json cannot be read"),
        (("--why", "so", "--diff", "mine.yaml"), "is no JSON"),
        (("--why", "so", "--diff", "diff.json"), "is no policy diff, it lacks old"),
        (("--why", "so", "--diff", "other.json"), "is a diff of starter@000000000000, and you adopt starter@"),
    ):
        told = tocsin("policy", "adopt", f"./{mine.name}", *words)
        assert told.status == 2, words
        assert said in " ".join(told.err.split()), words
        assert "Traceback" not in told.err
    unknown = tocsin("policy", "adopt", "starter@ffff", "--why", "so")
    assert (unknown.status, "has judged nothing here yet" in unknown.err) == (2, True)


def test_what_is_adopted_and_not_in_force_is_said(tocsin: Run, mine: Path) -> None:
    other = tocsin("policy", "adopt", "dwp", "--why", "In advance")
    assert (other.status, "TOCSIN_POLICIES names no pack dwp" in other.err) == (0, True)
    (mine.parent / "next.yaml").write_text(STARTER.replace("severity: medium", "severity: high", 1), encoding="utf-8")
    later = tocsin("policy", "adopt", "./next.yaml", "--why", "In advance")
    assert (later.status, f"It is not in force: TOCSIN_POLICIES names {load(mine).stamp}" in later.err) == (0, True)
