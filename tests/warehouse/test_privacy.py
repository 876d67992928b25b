"""Subject access, erasure and reveal: complete, explained and audited."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Table, update

from collectors.mention import Mention
from warehouse.blanking import PERSON
from warehouse.case_schema import evidence
from warehouse.custody_schema import custody
from warehouse.people import StaffStore
from warehouse.privacy import Request, UnknownAuthor, erase, export, reveal
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import audit, authors, findings, mentions, metadata, payloads, revisions
from warehouse.withdrawal import withdraw

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
def test_an_author_is_exported_whole_by_whatever_name(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows, clock: Any, named: str
) -> None:
    told = export(engine, pseudonyms, Request("x", named, "officer", REASON), clock)
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
def test_erasure_leaves_no_trace_but_the_audit(engine: Engine, pseudonyms: Pseudonyms, rows: Rows) -> None:
    erasure = erase(engine, pseudonyms, Request("x", "invented_1", "officer", REASON))
    assert (erasure.mentions, erasure.held, erasure.complete) == (2, (), True)
    assert [row["mention_id"] for row in rows(mentions)] == ["x:3"]
    assert [row["handle"] for row in rows(authors)] == ["invented_2"]
    everything = json.dumps([[table.name, rows(table)] for table in metadata.sorted_tables], default=str)
    assert "said by the first" not in everything
    assert "invented_1" not in everything
    assert [(line["action"], line["rows"]) for line in rows(audit)] == [("erase", 2)]


@pytest.mark.usefixtures("filled")
def test_evidence_on_hold_is_kept_and_said_so(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows, incident: Callable[..., str]
) -> None:
    incident_id = incident(rows(findings)[0])
    erasure = erase(engine, pseudonyms, Request("x", "a1", "officer", REASON))
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
    engine: Engine,
    pseudonyms: Pseudonyms,
    keep: Any,
    post: Post,
    rows: Rows,
    author: dict[str, Any],
    parent: dict[str, Any],
) -> None:
    """However the platform told whom they answer: by post, by handle or by id."""
    elsewhere = post(1, platform="reddit", author=ANOTHER, in_reply_to={"id": "1", "text": "another post"})
    keep(post(1, author=author, text="said"), post(2, author=ANOTHER, in_reply_to=parent), elsewhere)
    assert erase(engine, pseudonyms, Request("x", "invented_1", "officer", REASON)).quoted == 1
    other, reply = rows(mentions)
    assert (reply["mention_id"], reply["parent_id"]) == ("x:2", parent.get("id"))
    assert reply["parent_author"] is reply["parent_author_handle"] is reply["parent_text"] is None
    assert [row["mention_id"] for row in rows(payloads)] == ["reddit:1"]
    assert other["parent_text"] == "another post"


@pytest.mark.parametrize(
    ("platform", "stored", "named"),
    [
        ("mastodon", "alice_invented", "@Alice_invented@social.example"),
        ("mastodon", "alice_invented@social.example", "@alice_invented"),
        ("reddit", "bob_invented", "u/bob_invented"),
        ("reddit", "bob_invented", "/u/Bob_invented"),
    ],
)
def test_a_handle_is_found_however_its_holder_writes_it(
    *, engine: Engine, pseudonyms: Pseudonyms, keep: Any, post: Post, rows: Rows, platform: str, stored: str, named: str
) -> None:
    register = StaffStore(engine, pseudonyms, homes={"mastodon": "social.example"})
    quoted = {"author": {"handle": stored}, "text": "said"}
    reply = post(2, platform=platform, author=ANOTHER, in_reply_to=quoted)
    keep(post(1, platform=platform, author={"handle": stored}), reply)
    asked = Request(platform, named, "officer", REASON)
    assert len(export(engine, pseudonyms, asked, register=register)["mentions"]) == 1
    erasure = erase(engine, pseudonyms, asked, register=register)
    assert (erasure.mentions, erasure.quoted) == (1, 1)
    assert stored not in json.dumps([rows(table) for table in (authors, mentions, payloads)], default=str)


@pytest.mark.usefixtures("filled")
def test_access_tells_what_was_told_of_a_post_and_what_became_of_it(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows, incident: Callable[..., str]
) -> None:
    incident(rows(findings)[0])
    withdraw(engine, ["x:1"], "x")
    told = export(engine, pseudonyms, Request("x", "a1", "officer", REASON))
    assert [row["card"]["excerpt"] for row in told["outbox"]] == ["as it stood"]
    assert [row["kind"] for row in told["post_changes"]] == ["deleted"]
    assert told["held_bells"] == told["sightings"] == []


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
def test_who_and_why_are_not_optional_and_a_stranger_is_named(
    engine: Engine, pseudonyms: Pseudonyms, rows: Rows
) -> None:
    with pytest.raises(ValueError, match="reason"):
        export(engine, pseudonyms, Request("x", "invented_1", "officer", " "))
    with pytest.raises(ValueError, match="actor"):
        erase(engine, pseudonyms, Request("x", "invented_1", "", REASON))
    for platform, name in (("x", "nobody_invented"), ("reddit", "invented_1"), ("x", ""), ("x", "@")):
        with pytest.raises(UnknownAuthor, match="nothing is held"):
            erase(engine, pseudonyms, Request(platform, name, "officer", REASON))
    assert len(rows(mentions)) == 3
    assert rows(audit) == []


@pytest.mark.parametrize("who", ["urn:li:person:1", "invented_1"])
def test_posts_whose_authors_name_had_to_go_are_found_by_the_pseudonym_made_anew(
    engine: Engine, pseudonyms: Pseudonyms, keep: Any, post: Post, rows: Rows, clock: Any, who: str
) -> None:
    """By the id, which the pseudonym is made of; by the handle, where a reply tells whose it was."""
    person = {"id": "urn:li:person:1", "handle": "invented_1"}
    told = {"id": "1", "author": person, "text": "said"}
    posts = (post(1, author=person), post(2, author=ANOTHER, in_reply_to=told))
    keep(*(Mention.from_record(each.model_dump() | {"platform": "linkedin"}) for each in posts))
    with engine.begin() as connection:
        connection.execute(update(authors).values(dict.fromkeys(PERSON)))
    request = Request("linkedin", who, "officer", REASON)
    held = export(engine, pseudonyms, request)
    assert [row["mention_id"] for row in held["mentions"]] == ["linkedin:1"]
    assert [row["mention_id"] for row in held["quoted_by"]] == ["linkedin:2"]
    erasure = erase(engine, pseudonyms, request)
    assert (erasure.mentions, erasure.quoted) == (1, 1)
    assert [row["author"] for row in rows(authors)] == [pseudonyms.of_id("linkedin", "a2")]
    assert {line["subject"] for line in rows(audit)} == {pseudonyms.of_id("linkedin", "urn:li:person:1")}
    with pytest.raises(UnknownAuthor):
        erase(engine, pseudonyms, request)


@pytest.mark.parametrize(
    ("author", "who"),
    [
        ({"id": "a9"}, "a9"),
        ({"handle": "quoted_9"}, "@Quoted_9"),
        ({"id": "a9", "handle": "Quoted_9"}, "quoted_9"),
        ({"id": "a9", "handle": "quoted_9"}, "a9"),
    ],
)
def test_who_is_only_quoted_is_found_too(
    engine: Engine, pseudonyms: Pseudonyms, keep: Any, post: Post, rows: Rows, author: dict[str, Any], who: str
) -> None:
    """Their own posts never came, or have expired."""
    keep(post(2, author=ANOTHER, in_reply_to={"id": "9", "author": author, "text": "said by the ninth"}))
    with pytest.raises(UnknownAuthor):
        export(engine, pseudonyms, Request("reddit", who, "officer", REASON))
    request = Request("x", who, "officer", REASON)
    told = export(engine, pseudonyms, request)
    assert [row["parent_text"] for row in told["quoted_by"]] == ["said by the ninth"]
    assert told["mentions"] == []
    assert erase(engine, pseudonyms, request).quoted == 1
    [reply] = rows(mentions)
    assert reply["parent_author"] is reply["parent_author_handle"] is reply["parent_text"] is None
    assert [line["action"] for line in rows(audit)] == ["export", "erase"]
    with pytest.raises(UnknownAuthor):
        export(engine, pseudonyms, request)


def test_who_was_once_called_so_is_not_erased_for_another(
    engine: Engine, pseudonyms: Pseudonyms, keep: Any, post: Post, rows: Rows
) -> None:
    """A reply has the handle as it was; whose profile tells another now is somebody else than who asks."""
    told = {"id": "1", "author": {"id": "a1", "handle": "invented_0"}, "text": "said"}
    keep(post(1), post(2, author=ANOTHER, in_reply_to=told))
    assert erase(engine, pseudonyms, Request("x", "invented_0", "officer", REASON)).quoted == 1
    assert [row["mention_id"] for row in rows(mentions)] == ["x:1", "x:2"]
    assert {line["subject"] for line in rows(audit)} == {pseudonyms.of_handle("x", "invented_0")}


@pytest.fixture
def resting(keep: Any, post: Post, judge_all: Any, judgement: Any, incident: Any, rows: Rows) -> str:
    """An incident that rests on one of two replies to somebody of whom nothing else is held."""
    told = {"id": "9", "author": {"handle": "quoted_9"}, "text": "said by the ninth"}
    keep(*(post(number, author=ANOTHER, in_reply_to=told) for number in (2, 3)))
    judge_all(lambda m: judgement(m.mention_id, "threat") if m.id == "2" else None)
    return str(incident(rows(findings)[0]))


def test_a_reply_that_is_evidence_keeps_whom_it_quotes_and_says_so(
    engine: Engine, pseudonyms: Pseudonyms, resting: str, rows: Rows
) -> None:
    erasure = erase(engine, pseudonyms, Request("x", "quoted_9", "officer", REASON))
    assert (erasure.quoted, erasure.quoted_held, erasure.incidents) == (1, ("x:2",), (resting,))
    assert not erasure.complete
    assert [row["parent_text"] for row in rows(mentions)] == ["said by the ninth", None]
    assert [line["act"] for line in rows(custody)] == ["erasure_refused"]
