"""Subject access, erasure and reveal: complete, explained and audited."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from collectors.mention import Mention
from warehouse.case_schema import evidence
from warehouse.privacy import UnknownAuthor, erase, export, reveal
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, authors, findings, mentions, metadata, payloads, revisions

Post = Callable[..., Mention]
Rows = Callable[[Table], list[dict[str, Any]]]

ANOTHER = {"id": "a2", "handle": "invented_2"}
REASON = "asked in writing"


@pytest.fixture
def filled(keep: Any, post: Post, judge_all: Any, judgement: Any) -> None:
    """Two posts by invented_1, one of them edited; one by invented_2 that answers invented_1."""
    parent = {"id": "1", "author": {"handle": "invented_1"}, "text": "said by the first"}
    keep(post(1, text="said by the first"), post(2), post(3, author=ANOTHER, in_reply_to=parent))
    keep(post(1, text="said by the first, edited"))
    judge_all(lambda m: judgement(m.mention_id, "threat") if m.id == "1" else judgement(m.mention_id))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("named", ["a1", "invented_1", "@Invented_1"])
def test_an_author_is_exported_whole_by_whatever_name(engine: Engine, rows: Rows, clock: Any, named: str) -> None:
    told = export(engine, "x", named, "officer", REASON, clock)
    assert json.loads(json.dumps(told)) == told
    assert [row["handle"] for row in told["authors"]] == ["invented_1"]
    assert [row["mention_id"] for row in told["mentions"]] == ["x:1", "x:2"]
    assert told["payloads"][0]["payload"]["text"] == "said by the first, edited"
    assert [row["text"] for row in told["revisions"]] == ["said by the first"]
    assert [row["category"] for row in told["findings"]] == ["threat"]
    assert {name: len(told[name]) for name in ("assessments", "topics", "evidence", "incidents", "quoted_by")} == {
        "assessments": 2,
        "topics": 2,
        "evidence": 0,
        "incidents": 0,
        "quoted_by": 1,
    }
    [line] = rows(audit)
    assert (line["actor"], line["action"], line["reason"], line["at"]) == ("officer", "export", REASON, clock())
    assert line["subject"] == told["authors"][0]["author"]
    assert line["rows"] == sum(len(part) for part in told.values())


@pytest.mark.usefixtures("filled")
def test_erasure_leaves_no_trace_but_the_audit(engine: Engine, rows: Rows) -> None:
    erasure = erase(engine, "x", "invented_1", "officer", REASON)
    assert (erasure.mentions, erasure.held, erasure.complete) == (2, (), True)
    assert [row["mention_id"] for row in rows(mentions)] == ["x:3"]
    assert [row["handle"] for row in rows(authors)] == ["invented_2"]
    everything = json.dumps([[table.name, rows(table)] for table in metadata.sorted_tables], default=str)
    assert "said by the first" not in everything
    assert "invented_1" not in everything
    assert [(line["action"], line["rows"]) for line in rows(audit)] == [("erase", 2)]


@pytest.mark.usefixtures("filled")
def test_evidence_on_hold_is_kept_and_said_so(engine: Engine, rows: Rows, incident: Callable[..., str]) -> None:
    incident_id = incident(rows(findings)[0])
    erasure = erase(engine, "x", "a1", "officer", REASON)
    assert (erasure.mentions, erasure.held, erasure.incidents) == (1, ("x:1",), (incident_id,))
    assert not erasure.complete
    assert [row["mention_id"] for row in rows(mentions)] == ["x:1", "x:3"]
    assert len(rows(authors)) == 2
    assert len(rows(evidence)) == 1
    assert len(rows(revisions)) == 1


@pytest.mark.parametrize(
    ("author", "parent"),
    [
        ({"id": "a1", "handle": "invented_1"}, {"id": "1", "text": "said"}),
        ({"id": "a1", "handle": "invented_1"}, {"author": {"handle": "@Invented_1"}, "text": "said"}),
        ({"id": "a1", "handle": "invented_1"}, {"author": {"id": "a1"}, "text": "said"}),
        ({"handle": "invented_1"}, {"author": {"handle": "invented_1"}, "text": "said"}),
    ],
)
def test_others_keep_their_replies_without_the_words_they_answer(
    engine: Engine, keep: Any, post: Post, rows: Rows, author: dict[str, Any], parent: dict[str, Any]
) -> None:
    """However the platform told whom they answer: by post, by handle or by id."""
    elsewhere = post(1, platform="reddit", author=ANOTHER, in_reply_to={"id": "1", "text": "another post"})
    keep(post(1, author=author, text="said"), post(2, author=ANOTHER, in_reply_to=parent), elsewhere)
    assert erase(engine, "x", "invented_1", "officer", REASON).quoted == 1
    other, reply = rows(mentions)
    assert (reply["mention_id"], reply["parent_id"]) == ("x:2", parent.get("id"))
    assert reply["parent_author"] is reply["parent_author_handle"] is reply["parent_text"] is None
    assert [row["mention_id"] for row in rows(payloads)] == ["reddit:1"]
    assert other["parent_text"] == "another post"


@pytest.mark.usefixtures("filled")
def test_a_pseudonym_is_revealed_with_a_reason_and_on_record(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows
) -> None:
    who = rows(mentions)[0]["author"]
    assert reveal(engine, who, "investigator", "TOC-1001")["handle"] == "invented_1"
    assert [(line["action"], line["subject"]) for line in rows(audit)] == [("reveal", who)]
    with pytest.raises(UnknownAuthor):
        reveal(engine, pseudonyms.of_handle("x", "nobody_invented") or "", "investigator", "TOC-1001")


@pytest.mark.usefixtures("filled")
def test_who_and_why_are_not_optional_and_a_stranger_is_named(engine: Engine, rows: Rows) -> None:
    with pytest.raises(ValueError, match="reason"):
        export(engine, "x", "invented_1", "officer", " ")
    with pytest.raises(ValueError, match="actor"):
        erase(engine, "x", "invented_1", "", REASON)
    for platform, name in (("x", "nobody_invented"), ("reddit", "invented_1"), ("x", ""), ("x", "@")):
        with pytest.raises(UnknownAuthor, match="nothing is held"):
            erase(engine, platform, name, "officer", REASON)
    assert len(rows(mentions)) == 3
    assert rows(audit) == []
