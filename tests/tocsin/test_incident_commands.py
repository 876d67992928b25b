"""`tocsin incident`: the life of an incident through the command, on a warehouse made by the pipeline's own steps."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL, HOSTILE, THREAT
from tocsin import assessing, pipeline

CONTRACT = ["id", "category", "severity", "status", "clauses", "authors", "targets", "mention_ids", "opened_at", "why"]


@pytest.fixture
def cases(archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A warehouse with two incidents, TOC-1001 and TOC-1002."""
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    for source in pipeline.list_sources():
        pipeline.collect(source)
    for first, last in assessing.list_batches():
        assessing.assess(first, last)
    assert pipeline.raise_incidents()["opened"] == 2
    assert pipeline.deliver()["delivered"] == 2


@pytest.mark.usefixtures("cases")
def test_the_list_is_in_the_contracts_shape(tocsin: Run) -> None:
    told = json.loads(tocsin("incident", "list", "--json").out)
    assert [list(each) for each in told] == [CONTRACT, CONTRACT]
    newest, oldest = told
    assert (oldest["id"], oldest["category"], oldest["status"]) == ("TOC-1001", "threat", "open")
    assert oldest["authors"] == [THREAT["author"]["handle"]]
    assert oldest["targets"] == ["example_coach"]
    assert oldest["mention_ids"] == [f"x:{THREAT['id']}"]
    assert newest["mention_ids"] == [f"x:{HOSTILE['id']}"]
    assert tocsin("incident", "list", "--status", "open", "--json").out == tocsin("incident", "list", "--json").out
    assert json.loads(tocsin("incident", "list", "--status", "resolved", "--json").out) == []
    assert "TOC-1001" in tocsin("incident", "list").out
    assert "No incidents." in tocsin("incident", "list", "--status", "dismissed").out


@pytest.mark.usefixtures("cases")
def test_one_incident_from_open_to_reopened_with_who_and_why(tocsin: Run) -> None:
    for words, status in (
        (("ack", "--by", "sam"), "acknowledged"),
        (("assign", "--to", "alex", "--by", "sam"), "acknowledged"),
        (("investigate", "--by", "alex"), "under investigation"),
        (("escalate", "--by", "alex", "--reason", "the police asked"), "escalated"),
        (("resolve", "--by", "alex"), "resolved"),
        (("reopen", "--by", "sam", "--why", "it goes on"), "open"),
        (("dismiss", "--by", "sam", "--reason", "False_positive", "--note", "a film quotation"), "dismissed"),
    ):
        said = tocsin("incident", words[0], "TOC-1001", *words[1:])
        assert said.status == 0, said.err
        assert f"TOC-1001 is {status}" in said.out
    whole = json.loads(tocsin("incident", "show", "TOC-1001", "--json").out)
    assert whole["status"] == "dismissed"
    assert [(event["act"], event["actor"]) for event in whole["events"]][1:] == [
        ("acknowledged", "sam"),
        ("assigned", "sam"),
        ("investigating", "alex"),
        ("escalated", "alex"),
        ("escalated", "tocsin"),
        ("resolved", "alex"),
        ("reopened", "sam"),
        ("dismissed", "sam"),
    ]
    assert whole["events"][-1]["reason"] == "false positive: a film quotation"
    assert {event["origin"] for event in whole["events"][1:] if event["actor"] != "tocsin"} == {"cli"}
    assert [exhibit["intact"] for exhibit in whole["evidence"]] == [True]
    assert "dismissed by sam (cli): false positive: a film quotation" in tocsin("incident", "show", "TOC-1001").out


@pytest.mark.usefixtures("cases")
def test_what_cannot_be_done_exits_2_and_says_what_can(tocsin: Run) -> None:
    assert tocsin("incident", "resolve", "TOC-1001", "--by", "sam").status == 0
    for words, told in (
        (("ack", "TOC-1001"), "reopen"),
        (("reopen", "TOC-1002"), "acknowledge"),
        (("dismiss", "TOC-1002"), "say which of false positive, wrong clause"),
        (("dismiss", "TOC-1002", "--reason", " "), "reason"),
        (("dismiss", "TOC-1002", "--reason", "a film quotation"), "handled elsewhere; your own words go into --note"),
        (("dismiss", "TOC-1002", "--reason", "x\x1b[2J: duplicate"), "is none of false positive, wrong clause"),
        (("assign", "TOC-1002", "--to", " "), "to whom"),
        (("assign", "TOC-1002"), "--to"),
        (("ack", "TOC-9999"), "no incident TOC-9999; `tocsin incident list`"),
        (("merge", "TOC-9999", "--into", "TOC-1002", "--reason", "one case"), "`tocsin incident list`"),
        (("list", "--of", "TOC-1002"), "neither a digest (DIG-3) nor a silence"),
        (("list", "--csv", "--json"), "not both"),
        (("show", "no\x1b[2Jsuch"), "no"),
    ):
        said = tocsin("incident", *words)
        assert said.status == 2, words
        assert told in said.err
        assert "\x1b" not in said.err
        assert "Traceback" not in said.err
    (left,) = json.loads(tocsin("incident", "list", "--status", "open", "--json").out)
    assert left["id"] == "TOC-1002"


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("words", [("show", "TOC-1002"), ("show", "TOC-1002", "--json"), ("list",), ("list", "--json")])
def test_hostile_text_reaches_no_terminal(tocsin: Run, words: tuple[str, ...]) -> None:
    assert tocsin("incident", "assign", "TOC-1002", "--to", "\x1b[2Jalex\n[red]x[/red]").status == 0
    said = tocsin("incident", *words)
    assert said.status == 0, said.err
    for character in ("\x1b", "\x9b", "\x07", "\u202e"):
        assert character not in said.out
    if words == ("show", "TOC-1002"):
        assert "[bold red]not ours[/bold red]" in said.out, "their markup is text"
        assert ":warning:" in said.out
        forged = next(line for line in said.out.splitlines() if "the_boss" in line)
        assert forged.startswith("  | "), "a line of theirs passes for one of ours"


@pytest.mark.usefixtures("cases")
def test_a_narrow_terminal_cuts_no_name_short_and_an_id_may_be_typed_small(
    tocsin: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    told = tocsin("incident", "list").out
    assert "…" not in told
    assert "TOC-1001 is acknowledged" in tocsin("incident", "ack", "toc-1001").out
    assert (
        "TOC-1002 goes on in TOC-1001"
        in tocsin("incident", "merge", "toc-1002", "--into", "toc-1001", "--why", "x").out
    )
    assert "captured" in tocsin("evidence", "log", "toc-1001").out


@pytest.mark.usefixtures("cases")
def test_two_that_are_one_case_are_merged_and_parted_again(tocsin: Run) -> None:
    graver, lighter = "TOC-1001", "TOC-1002"
    by = ("--by", "sam", "--reason", "the same person")
    assert (
        f"{lighter} goes on in {graver}, which is critical and open"
        in tocsin("incident", "merge", lighter, "--into", graver, *by).out
    )
    told = {each["id"]: each for each in json.loads(tocsin("incident", "list", "--json").out)}
    assert (told[lighter]["status"], told[lighter]["merged_into"]) == ("merged", graver)
    row = next(line for line in tocsin("incident", "list").out.splitlines() if line.startswith(lighter))
    assert row.rstrip().endswith(graver)
    assert f"merged into {graver}" in tocsin("incident", "show", lighter).out
    shown = tocsin("incident", "show", graver).out
    assert f"Merged into it, each with its own evidence: {lighter}" in shown
    assert f"absorbed ({lighter}) by sam (cli): the same person" in shown
    refused = tocsin("incident", "ack", lighter)
    assert refused.status == 2
    assert f"merged into {graver} by sam" in refused.err
    assert f"{lighter} stands for itself again and is open" in tocsin("incident", "unmerge", lighter).out
    assert tocsin("incident", "unmerge", lighter).status == 2
    for words, why in (((graver, "--into", graver, *by), "cannot be merged into itself"), ((graver,), "--into")):
        said = tocsin("incident", "merge", *words)
        assert said.status == 2
        assert why in said.err
        assert "Traceback" not in said.err


def test_posts_without_author_and_address_are_reported(
    tocsin: Run, archive: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = [{each: post[each] for each in ("platform", "id", "text", "created_at")} for post in HANDFUL]
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*bare)))
    for words in (("collect",), ("triage",)):
        assert tocsin(*words).status == 0
    said = tocsin("report", "--day", THREAT["created_at"][:10])
    assert said.status == 0, said.err
    page = Path(said.out.strip()).read_text(encoding="utf-8")
    assert "break your legs" in page
    assert "author nan" not in page
