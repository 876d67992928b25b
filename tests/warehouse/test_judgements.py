"""The queue: claimed by one, released by a crash, emptied in the transaction that writes the judgement."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from classifiers.finding import Judgement
from collectors.mention import Mention
from policies.policy import Policy
from warehouse.judgements import JudgementStore
from warehouse.schema import assessments, findings, policy_versions, topics, unassessed

Post = Callable[..., Mention]
Rows = Callable[[Table], list[dict[str, Any]]]
Said = Callable[..., Judgement]


def test_a_judgement_is_written_and_its_mention_leaves_the_queue(
    keep: Any, post: Post, judge_all: Any, judgement: Said, rows: Rows, clock: Any
) -> None:
    keep(post(1), post(2))
    assert judge_all(lambda mention: judgement(mention.mention_id, "threat", "doxxing")) == 2
    assert rows(unassessed) == []
    row = rows(assessments)[0]
    stamps = {name: row[name] for name in ("policy", "policy_version", "model", "assessed_at")}
    assert stamps == {"policy": "dwp", "policy_version": "0123456789ab", "model": "test@1", "assessed_at": clock()}
    assert (row["sentiment"], row["sentiment_score"], row["identity_attack"]) == ("negative", -0.5, 0.25)
    assert [(row["topic_group"], row["topic"]) for row in rows(topics)] == [("service", "queues")] * 2
    assert sorted(row["category"] for row in rows(findings)) == ["doxxing", "doxxing", "threat", "threat"]
    finding = rows(findings)[0]
    assert (finding["clauses"], finding["spans"], finding["incident_id"]) == (["DWP-SMP 4.1"], [[0, 3]], None)


def test_the_claim_gives_back_the_whole_mention(keep: Any, post: Post, judge: JudgementStore) -> None:
    written = post(
        1,
        kind="reply",
        url="https://example.org/1",
        author={"id": "a1", "handle": "invented_1", "followers": 7, "created_at": "2020-02-02T02:02:02Z"},
        in_reply_to={"id": "p1", "author": {"handle": "jo_invented"}, "text": "Any news?"},
        media=[{"type": "video", "url": "https://example.org/v", "alt_text": "a queue"}],
        metrics={"views": 100, "rating": 1.5},
        matched_terms=["Example Office"],
    )
    keep(written)
    [(first, last)] = judge.waiting(10)
    with judge.claim(first, last, 10) as claim:
        assert claim.mentions == [written.model_copy(update={"raw": {}})]


def test_the_queue_is_cut_into_ranges(keep: Any, post: Post, judge: JudgementStore) -> None:
    assert judge.waiting(4) == []
    keep(*(post(number) for number in range(10)))
    ranges = judge.waiting(4)
    assert [last - first + 1 for first, last in ranges] == [4, 4, 2]
    with judge.claim(*ranges[1], limit=3) as claim:
        assert len(claim.mentions) == 3


def test_a_crash_releases_the_claim(keep: Any, post: Post, judge: JudgementStore, judgement: Said, rows: Rows) -> None:
    keep(post(1), post(2))
    [(first, last)] = judge.waiting(10)
    with pytest.raises(ZeroDivisionError), judge.claim(first, last, 10):
        raise ZeroDivisionError
    with judge.claim(first, last, 10) as claim:
        assert len(claim.mentions) == 2
        assert claim.write([judgement("x:1")]) == 1
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:2"]  # of which nothing was said


@pytest.mark.postgres
def test_on_postgres_a_crash_takes_back_what_was_written(
    postgres_engine: Engine, pseudonyms: Any, post: Post, batch: Any, judgement: Said
) -> None:
    from warehouse.mentions import MentionStore

    store, judge = MentionStore(postgres_engine, pseudonyms), JudgementStore(postgres_engine, pseudonyms)
    store.store(store.start_run("test", "x"), batch(post(1)))
    [(first, last)] = judge.waiting(10)
    with pytest.raises(ZeroDivisionError), judge.claim(first, last, 10) as claim:  # noqa: PT012
        claim.write([judgement("x:1", "threat")])
        raise ZeroDivisionError
    assert (store.totals().assessed, store.totals().unassessed, store.totals().findings) == (0, 1, 0)


@pytest.mark.postgres
def test_on_postgres_no_two_claim_the_same(postgres_engine: Engine, pseudonyms: Any, post: Post, batch: Any) -> None:
    from warehouse.mentions import MentionStore

    store, judge = MentionStore(postgres_engine, pseudonyms), JudgementStore(postgres_engine, pseudonyms)
    store.store(store.start_run("test", "x"), batch(*(post(number) for number in range(10))))
    [(first, last)] = judge.waiting(10)
    with judge.claim(first, last, 6) as one, judge.claim(first, last, 6) as two, judge.claim(first, last, 6) as three:
        claimed = [{mention.id for mention in claim.mentions} for claim in (one, two, three)]
    assert [len(ids) for ids in claimed] == [6, 4, 0]
    assert len(set.union(*claimed)) == 10


def test_on_sqlite_two_may_judge_the_same_and_it_is_written_once(
    sqlite_engine: Engine, pseudonyms: Any, post: Post, batch: Any, judgement: Said
) -> None:
    from warehouse.mentions import MentionStore

    store, judge = MentionStore(sqlite_engine, pseudonyms), JudgementStore(sqlite_engine, pseudonyms)
    store.store(store.start_run("test", "x"), batch(post(1)))
    [(first, last)] = judge.waiting(10)
    with judge.claim(first, last, 10) as one, judge.claim(first, last, 10) as two:
        store.store(store.start_run("other", "x"), batch(post(2), source="other"))  # nobody holds the write lock
        assert one.write([judgement("x:1", "threat")]) == 1
        assert two.write([judgement("x:1", "doxxing")]) == 0
    assert (store.totals().findings, store.totals().unassessed) == (1, 1)


def test_on_sqlite_a_text_that_changed_meanwhile_stays_in_the_queue(
    sqlite_engine: Engine, pseudonyms: Any, post: Post, batch: Any, judgement: Said
) -> None:
    from warehouse.mentions import MentionStore

    store, judge = MentionStore(sqlite_engine, pseudonyms), JudgementStore(sqlite_engine, pseudonyms)
    run_id = store.start_run("test", "x")
    store.store(run_id, batch(post(1, text="old"), post(2)))
    [(first, last)] = judge.waiting(10)
    with judge.claim(first, last, 10) as claim:
        store.store(run_id, batch(post(1, text="new"), at=2))
        assert claim.write([judgement("x:1", "threat"), judgement("x:2")]) == 1
    assert (store.totals().findings, store.totals().unassessed) == (0, 1)


def test_a_judgement_of_something_else_is_refused(
    keep: Any, post: Post, judge: JudgementStore, judgement: Said
) -> None:
    keep(post(1), post(2))
    (first, last), _ = judge.waiting(1)
    with pytest.raises(KeyError, match="x:2"), judge.claim(first, last, 10) as claim:
        claim.write([judgement("x:2")])


def test_two_packs_judge_one_mention(keep: Any, post: Post, judge: JudgementStore, judgement: Said, rows: Rows) -> None:
    keep(post(1))
    [(first, last)] = judge.waiting(10)
    with judge.claim(first, last, 10) as claim:
        both = [judgement("x:1", "threat"), judgement("x:1", "threat", policy="other@ba9876543210")]
        assert claim.write(both) == 2
    assert [(row["policy"], row["policy_version"]) for row in rows(assessments)] == [
        ("dwp", "0123456789ab"),
        ("other", "ba9876543210"),
    ]
    assert len({row["finding_id"] for row in rows(findings)}) == 2


def test_judged_again_a_finding_is_renewed_removed_or_kept_for_its_incident(
    keep: Any, post: Post, judge_all: Any, judgement: Said, rows: Rows, clock: Any, incident: Any
) -> None:
    keep(post(1, text="first"))
    judge_all(lambda mention: judgement(mention.mention_id, "threat", "doxxing", "trolling"))
    first = {row["category"]: row for row in rows(findings)}
    incident(first["doxxing"])
    clock.pass_by(days=1)
    keep(post(1, text="second"))
    again = judgement("x:1", "threat", policy="dwp@ffffffffffff", topics=(("service", "phones"),))
    judge_all(lambda _mention: again)
    second = {row["category"]: row for row in rows(findings)}
    assert set(second) == {"threat", "doxxing"}
    assert second["doxxing"]["incident_id"] == "TOC-1001"
    assert second["threat"]["policy_version"] == "ffffffffffff"
    assert second["threat"]["found_at"] == first["threat"]["found_at"]
    assert [row["topic"] for row in rows(topics)] == ["phones"]
    assert [row["policy_version"] for row in rows(assessments)] == ["ffffffffffff"]


def test_a_new_pack_is_shown_everything_and_a_new_version_is_not(
    keep: Any,
    post: Post,
    judge: JudgementStore,
    judge_all: Any,
    judgement: Said,
    rows: Rows,
    pack: Callable[..., Policy],
) -> None:
    judge.register(pack("dwp"))
    keep(post(1), post(2))
    judge_all(lambda mention: judgement(mention.mention_id))
    judge.register(pack("dwp"))
    judge.register(pack("dwp", version="ffffffffffff"))
    assert rows(unassessed) == []
    keep(post(3))
    judge.register(pack("other"))
    assert sorted(row["mention_id"] for row in rows(unassessed)) == ["x:1", "x:2", "x:3"]
    versions = [(row["policy"], row["policy_version"]) for row in rows(policy_versions)]
    assert versions == [("dwp", "0123456789ab"), ("dwp", "ffffffffffff"), ("other", "0123456789ab")]
    assert Policy.model_validate(rows(policy_versions)[0]["content"]) == pack("dwp")
