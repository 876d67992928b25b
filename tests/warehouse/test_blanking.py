"""Words and names that a platform's terms let us keep only so long without being shown them anew. Invented posts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Mention
from policies.policy import Policy
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.retention import ExpiryCounts, expire
from warehouse.schema import assessments, authors, findings, mentions, payloads, quarantine, revisions, unassessed
from warehouse.watching_schema import post_changes

Post = Callable[..., Mention]
Rows = Callable[[Table], list[dict[str, Any]]]

TWO_DAYS = timedelta(days=2)
LIMITS = {"linkedin": TWO_DAYS}


@pytest.fixture
def store(engine: Engine, pseudonyms: Pseudonyms, clock: Any) -> MentionStore:
    """A store that notes when LinkedIn shows a mention again."""
    return MentionStore(engine, pseudonyms, clock, limited=LIMITS)


@pytest.fixture
def show(store: MentionStore) -> Callable[..., None]:
    """The platform shows posts, to a run of its source."""

    def run(*posts: Mention, source: str = "linkedin", quarantined: tuple[Quarantined, ...] = ()) -> None:
        run_id = store.start_run(source, source.partition(":")[0])
        store.store(run_id, Batch(posts, Checkpoint(source, {}), quarantined=quarantined))
        store.finish_run(run_id, "completed")

    return run


@pytest.fixture
def said(post: Post) -> Post:
    """Makes an invented comment of LinkedIn that answers somebody."""

    def make(number: int = 1, **others: Any) -> Mention:
        parent = {"id": "9", "author": {"handle": "@invented_two"}, "text": "What do you say?"}
        return post(number, **{"platform": "linkedin", "in_reply_to": parent, "likes_of_ours": 3, **others})

    return make


@pytest.fixture
def pass_over(engine: Engine, pack: Callable[..., Policy], clock: Any) -> Callable[..., ExpiryCounts]:
    """Retention, so many hours after the clock began, with the clock left there."""
    began = clock()

    def run(hours: float) -> ExpiryCounts:
        clock.now = began + timedelta(hours=hours)
        return expire(engine, [pack()], clock(), LIMITS)

    return run


def texts(rows: Rows) -> dict[str, str]:
    return {row["mention_id"]: row["text"] for row in rows(mentions)}


def test_past_the_limit_the_words_go_and_the_judgement_stays(
    show: Any, said: Post, judge_all: Any, judgement: Any, pass_over: Any, rows: Rows
) -> None:
    show(said(1, text="An earlier wording"))
    show(said(1), quarantined=(Quarantined("here", "because", "it"),))
    judge_all(lambda mention: judgement(mention.mention_id, "threat"))
    before = rows(mentions)[0]
    assert pass_over(48).blanked == 0
    counts = pass_over(48.1)
    assert (counts.blanked, counts.unnamed, counts.quarantined, counts.mentions) == (1, 1, 1, 0)
    (row,) = rows(mentions)
    emptied = {"text": "", "parent_text": None, "parent_author_handle": None, "media": [], "links": []}
    assert row == before | emptied
    assert rows(payloads) == rows(revisions) == rows(quarantine) == []
    (author,) = rows(authors)
    assert author["author"] == row["author"]
    assert not any(author[name] for name in ("native_id", "handle", "name", "bio"))
    assert len(rows(assessments)) == len(rows(findings)) == 1
    assert pass_over(49).blanked == pass_over(49).unnamed == 0


def test_a_new_pack_leaves_what_was_emptied_its_judgement_and_reads_pictures_without_words(
    *,
    engine: Engine,
    pseudonyms: Pseudonyms,
    show: Any,
    said: Post,
    judge_all: Any,
    judgement: Any,
    pass_over: Any,
    rows: Rows,
    pack: Any,
) -> None:
    show(said(1))
    judge_all(lambda mention: judgement(mention.mention_id, "threat"))
    pass_over(48.1)
    show(said(2, text="", media=[{"type": "image"}]), said(3))
    judge_all(lambda mention: judgement(mention.mention_id))
    JudgementStore(engine, pseudonyms).register(pack().model_copy(update={"id": "another"}))
    assert [row["mention_id"] for row in rows(unassessed)] == ["linkedin:2", "linkedin:3"]


def test_what_is_shown_anew_is_kept_as_long_again(
    show: Any, said: Post, pass_over: Any, clock: Any, rows: Rows
) -> None:
    show(said(1), said(2, author={"id": "a2", "handle": "@invented_3"}))
    clock.pass_by(hours=30)
    show(said(2, author={"id": "a2", "handle": "@invented_3"}))  # as it was: nothing else notes that
    assert pass_over(60).blanked == 1
    assert texts(rows) == {"linkedin:1": "", "linkedin:2": said(2).text}
    assert [row["handle"] for row in rows(authors) if row["handle"]] == ["invented_3"]
    assert pass_over(79).blanked == 1


def test_what_comes_back_is_whole_again(show: Any, said: Post, pass_over: Any, rows: Rows) -> None:
    show(said(1))
    pass_over(49)
    assert rows(unassessed) == []
    show(said(1))
    (row,) = rows(mentions)
    assert (row["text"], row["parent_text"]) == (said(1).text, "What do you say?")
    assert rows(authors)[0]["name"] == "Invented One"
    assert len(rows(payloads)) == len(rows(unassessed)) == 1


def test_other_platforms_and_archives_have_no_limit(
    show: Any, said: Post, post: Post, pass_over: Any, rows: Rows
) -> None:
    show(post(1), source="x")
    show(said(2), source="archive:export.jsonl")
    counts = pass_over(500)
    assert (counts.blanked, counts.unnamed) == (0, 0)
    assert "" not in texts(rows).values()


def test_an_archive_neither_undoes_what_the_platform_tells_nor_renews_its_term(
    case: Any, show: Any, said: Post, pass_over: Any, clock: Any, rows: Rows
) -> None:
    case("open")
    clock.pass_by(hours=40)
    older = {"text": "As it was long ago", "author": {"id": "a1", "handle": "@former_name"}}
    show(said(1, **older), said(2, **older), source="archive:old.jsonl")
    assert texts(rows) == {"linkedin:1": said(1).text, "linkedin:2": "As it was long ago"}
    show(said(2, text="As it was before that"), source="archive:older.jsonl")
    assert [(row["mention_id"], row["text"]) for row in rows(revisions)] == [("linkedin:2", "As it was long ago")]
    assert rows(post_changes) == []
    assert pass_over(49).blanked == 1


@pytest.fixture
def case(engine: Engine, show: Any, said: Post, judge_all: Any, judgement: Any, incident: Any, rows: Rows) -> Any:
    """An incident that rests on one comment; called, it takes another status."""
    show(said(1))
    judge_all(lambda mention: judgement(mention.mention_id, "threat"))
    incident(rows(findings)[0], author=rows(mentions)[0]["author"])

    def become(status: str, closed_at: datetime | None = None) -> None:
        with engine.begin() as connection:
            connection.execute(incidents.update().values(status=status, closed_at=closed_at))

    return become


@pytest.mark.parametrize("status", ["open", "acknowledged", "escalated"])
def test_an_open_incident_keeps_its_exhibits_and_a_name_until_it_is_closed(
    case: Any, pass_over: Any, clock: Any, rows: Rows, status: str
) -> None:
    case(status)
    assert pass_over(49).blanked == 1
    assert rows(evidence)[0]["exhibit"] == {"text": "as it stood"}
    assert rows(authors)[0]["handle"] == "invented_1"
    case("resolved", clock())
    counts = pass_over(50)
    assert (counts.evidence, counts.cards, counts.unnamed) == (1, 1, 1)
    assert rows(evidence) == []
    assert rows(outbox)[0]["card"]["excerpt"] == ""
    assert len(rows(mentions)) == len(rows(incidents)) == len(rows(findings)) == 1


def test_a_closed_incident_keeps_its_exhibits_while_one_of_them_has_no_limit(
    case: Any, engine: Engine, pass_over: Any, clock: Any, rows: Rows
) -> None:
    elsewhere = {"evidence_id": "1" * 64, "finding_id": "2" * 64, "mention_id": "x:7"}
    with engine.begin() as connection:
        connection.execute(evidence.insert().values(rows(evidence)[0] | elsewhere))
    case("resolved", clock())
    assert (pass_over(500).evidence, len(rows(evidence))) == (0, 2)
    with engine.begin() as connection:
        connection.execute(evidence.delete().where(evidence.c.mention_id == "x:7"))
    assert (pass_over(501).evidence, len(rows(evidence))) == (1, 0)


@pytest.mark.usefixtures("case")
def test_what_was_emptied_and_is_shown_again_was_not_edited(show: Any, said: Post, pass_over: Any, rows: Rows) -> None:
    pass_over(49)
    show(said(1))
    assert texts(rows) == {"linkedin:1": said(1).text}
    assert [row["mention_id"] for row in rows(unassessed)] == ["linkedin:1"]
    assert rows(revisions) == rows(post_changes) == []


def test_a_closed_incident_keeps_what_is_still_shown(
    case: Any, show: Any, said: Post, pass_over: Any, clock: Any, rows: Rows
) -> None:
    case("dismissed", clock())
    clock.pass_by(hours=40)
    show(said(1))
    assert (pass_over(60).evidence, pass_over(60).blanked) == (0, 0)
    assert (pass_over(89).evidence, len(rows(evidence))) == (1, 0)
