"""`tocsin silence` and what it does to the list of incidents, through the command."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL
from tocsin import assessing, pipeline


@pytest.fixture
def cases(archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tocsin: Run) -> None:
    """A warehouse with two incidents of which one is silenced, TOC-1001 being critical."""
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    assert pipeline.raise_incidents()["opened"] == 2
    said = tocsin("silence", "add", "8h", "--phrase", "you", "--reason", "a drill", "--by", "sam")
    assert said.status == 0, said.err
    assert "SIL-1 is in force until" in said.out


@pytest.mark.usefixtures("cases")
def test_what_is_quiet_is_listed_with_its_silence(tocsin: Run) -> None:
    listed = {each["id"]: each for each in json.loads(tocsin("incident", "list", "--json").out)}
    rang = pipeline.deliver()["delivered"]
    after = {each["id"]: each for each in json.loads(tocsin("incident", "list", "--json").out)}
    assert set(listed) == set(after) == {"TOC-1001", "TOC-1002"}
    quiet = [each for each, told in after.items() if told.get("silenced_by") == "SIL-1"]
    assert rang == 1 + 2 - len(quiet)
    assert "TOC-1001" not in quiet
    of = [each["id"] for each in json.loads(tocsin("incident", "list", "--of", "sil-1", "--json").out)]
    assert of == quiet
    (silence,) = json.loads(tocsin("silence", "list", "--json").out)
    assert (silence["id"], silence["owner"], silence["reason"]) == ("SIL-1", "sam", "a drill")
    assert silence["kept_quiet"] == len(quiet)
    assert "T" in silence["ends_at"], "a moment as ISO 8601 writes it"


@pytest.mark.usefixtures("cases")
def test_it_is_ended_by_somebody_with_a_reason(tocsin: Run) -> None:
    said = tocsin("silence", "end", "sil-1", "--why", "over", "--by", "alex")
    assert said.status == 0, said.err
    assert "SIL-1 is over" in said.out
    assert "No silences." in tocsin("silence", "list").out
    assert "over since" in tocsin("silence", "list", "--all").out
    again = tocsin("silence", "end", "SIL-1", "--reason", "over", "--by", "alex")
    assert (again.status, "over already" in again.err) == (2, True)


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("8h", "--reason", "why"), "says what it is about"),
        (("90d", "--reason", "why", "--category", "trolling"), "30 days at most"),
        (("soon", "--reason", "why", "--category", "trolling"), "write it as 8h or 3d"),
        (("8h", "--reason", " ", "--category", "trolling"), "say why"),
        (("8h", "--reason", "why", "--category", "safeguarding"), "never silenced"),
        (("8h", "--reason", "why", "--author", "@nobody_at_all"), "nobody is known as"),
        (("8h", "--reason", "why", "--category", "trolling", "--policy", "other"), "say which policy"),
    ],
)
def test_what_cannot_be_is_refused_with_the_fix(tocsin: Run, words: tuple[str, ...], said: str) -> None:
    answer = tocsin("silence", "add", *words)
    assert answer.status == 2
    assert said in answer.err
