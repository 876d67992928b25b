"""Settings that cannot be: one line that names the setting and the fix, and exit status 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

from policies.check import path_of
from tests.tocsin.conftest import Run
from tests.tocsin.posts import PRAISE


def test_a_key_of_pseudonyms_that_is_none(tocsin: Run, bare: Path) -> None:
    short = tocsin("people", "list", PSEUDONYM_KEY="short")
    assert (short.status, short.out) == (2, "")
    assert short.err.startswith("tocsin: TOCSIN_PSEUDONYM_KEY needs at least")
    (bare / "var" / "pseudonym.key").write_text("half a key")
    broken = tocsin("people", "list")
    assert broken.status == 2
    assert "Restore it from a back-up" in broken.err


@pytest.mark.parametrize("command", ["collect", "doctor"])
def test_a_source_that_is_none(tocsin: Run, archive: Callable[..., Path], command: str) -> None:
    settings = {"ARCHIVES": str(archive(PRAISE)), "SOURCES": "archive,mastadon"}
    said = tocsin(command, **settings)
    assert said.status == (2 if command == "collect" else 1)
    assert "TOCSIN_SOURCES names mastadon" in said.err + said.out
    assert "there are: archive:" in said.err + said.out
    unconfigured = tocsin(command, SOURCES="mastadon")
    assert unconfigured.status == said.status
    assert "there are: none is configured" in unconfigured.err + unconfigured.out
    assert "sample archive" not in unconfigured.err
    assert tocsin(command, **settings | {"SOURCES": "archive"}).status == 0


@pytest.mark.parametrize("words", [("collect",), ("classify",), ("evaluate", "posts.jsonl"), ("policy", "list")])
def test_no_pack_at_all(tocsin: Run, words: tuple[str, ...]) -> None:
    said = tocsin(*words, POLICIES=" ,")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("tocsin: TOCSIN_POLICIES is ' ,' and names no pack")


def test_two_packs_of_one_id(tocsin: Run, bare: Path) -> None:
    (bare / "dwp-next.yaml").write_text(path_of("dwp").read_text())
    said = tocsin("collect", POLICIES="dwp,./dwp-next.yaml")
    assert (said.status, said.out) == (2, "")
    assert "TOCSIN_POLICIES: ./dwp-next.yaml is another pack of the id 'dwp'" in said.err


@pytest.mark.parametrize("name", ["none.jsonl", "n" * 300], ids=["missing", "overlong"])
def test_an_archive_that_cannot_be_reached(tocsin: Run, name: str) -> None:
    said = tocsin("run", "--archive", name)
    assert (said.status, said.out) == (2, "")
    assert said.err.strip() == f"tocsin: no file or folder can be reached at '{name}'; check the path"


def test_a_path_with_a_comma_is_not_cut_in_two(tocsin: Run, bare: Path) -> None:
    (bare / "a,b.jsonl").write_text("")
    (bare / "mine,ours.yaml").write_text(path_of("dwp").read_text())
    for words in (("--archive", "a,b.jsonl"), ("--policy", "mine,ours.yaml"), ("--policy", "dwp,airlines")):
        said = tocsin("run", *words)
        assert (said.status, said.out) == (2, "")
        assert said.err.startswith(f"tocsin: {words[0]} ")
        assert "has a comma in it" in said.err


@pytest.mark.parametrize(("name", "told"), [("c.foo", ".svg or .png"), ("c", ".svg or .png"), ("no/c.svg", "folder")])
def test_curves_that_cannot_be_drawn_are_told_before_the_evaluation(tocsin: Run, name: str, told: str) -> None:
    said = tocsin("evaluate", "not-yet-read.jsonl", "--curves", name)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(f"tocsin: --curves {name}: ")
    assert told in said.err
