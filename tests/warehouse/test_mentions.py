"""Batches go in whole or not at all, and once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table

from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Mention
from warehouse.engine import connect
from warehouse.mentions import MentionStore, StoreCounts
from warehouse.operations_schema import days
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import authors, checkpoints, mentions, metadata, payloads, quarantine, revisions, runs, unassessed

Post = Callable[..., Mention]
Keep = Callable[..., StoreCounts]
Rows = Callable[[Table], list[dict[str, Any]]]


def test_a_new_mention_is_stored_in_every_table(keep: Keep, post: Post, rows: Rows, pseudonyms: Pseudonyms) -> None:
    record = {
        "kind": "reply",
        "url": "https://example.org/1",
        "lang": "en",
        "conversation_id": "c1",
        "in_reply_to": {"id": "p1", "author": {"handle": "@jo_invented"}, "text": "Any news?"},
        "media": [{"type": "image", "alt_text": "a queue"}],
        "links": ["https://example.org/queue"],
        "metrics": {"likes": 3, "rating": 4.5},
        "matched_terms": ["Example Office"],
        "something_else": {"kept": True},
    }
    assert keep(post(1, **record)) == StoreCounts(1, 0, 0, 0)
    [row] = rows(mentions)
    author = pseudonyms.of_handle("x", "nobody") and row["author"]
    now = datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
    expected = {
        "mention_id": "x:1",
        "kind": "reply",
        "parent_id": "p1",
        "parent_author": pseudonyms.of_handle("x", "jo_invented"),
        "parent_author_handle": "jo_invented",
        "parent_text": "Any news?",
        "likes": 3,
        "views": None,
        "rating": 4.5,
        "media": [{"type": "image", "alt_text": "a queue"}],
        "links": ["https://example.org/queue"],
        "matched_terms": ["Example Office"],
        "source": "test",
        "posted_at": datetime(2026, 10, 1, 9, 0, tzinfo=UTC),
        "posted_on": date(2026, 10, 1),
        "collected_at": now,
        "loaded_at": now,
        "revision": 0,
    }
    assert {name: row[name] for name in expected} == expected
    [person] = rows(authors)
    assert (person["author"], person["native_id"], person["handle"]) == (author, "a1", "invented_1")
    assert rows(payloads)[0]["payload"]["something_else"] == {"kept": True}
    assert [row["mention_id"] for row in rows(unassessed)] == ["x:1"]
    the_28_before_the_post, of_the_run = date(2026, 9, 3), date(2026, 10, 12)
    until = (of_the_run - the_28_before_the_post).days
    assert sorted(row["day"] for row in rows(days)) == [
        the_28_before_the_post + timedelta(number) for number in range(until + 1)
    ]
    assert rows(checkpoints)[0]["state"] == {"at": 1}


def test_the_same_batch_again_changes_nothing(keep: Keep, post: Post, rows: Rows, clock: Any) -> None:
    keep(post(1), post(2))
    before = {table.name: rows(table) for table in (mentions, payloads, revisions, unassessed, days)}
    clock.pass_by(hours=1)
    assert keep(post(1), post(2)) == StoreCounts(0, 0, 2, 0)
    assert {name: rows(metadata.tables[name]) for name in before} == before


def test_an_edit_keeps_the_former_text_and_waits_again(
    keep: Keep, post: Post, rows: Rows, clock: Any, judge_all: Any, judgement: Any
) -> None:
    keep(post(1, text="first"))
    judge_all(lambda mention: judgement(mention.mention_id))
    assert rows(unassessed) == []
    clock.pass_by(hours=1)
    assert keep(post(1, text="second")) == StoreCounts(0, 1, 0, 0)
    clock.pass_by(hours=1)
    assert keep(post(1, text="third")) == StoreCounts(0, 1, 0, 0)
    [row] = rows(mentions)
    assert (row["text"], row["revision"], row["loaded_at"]) == ("third", 2, clock())
    assert row["collected_at"] == datetime(2026, 10, 12, 12, 0, tzinfo=UTC)
    assert [(former["revision"], former["text"]) for former in rows(revisions)] == [(0, "first"), (1, "second")]
    assert [waiting["mention_id"] for waiting in rows(unassessed)] == ["x:1"]


def test_new_metrics_are_an_update_that_nobody_needs_to_judge(
    keep: Keep, post: Post, rows: Rows, judge_all: Any, judgement: Any
) -> None:
    keep(post(1, metrics={"likes": 1, "views": 10}))
    judge_all(lambda mention: judgement(mention.mention_id))
    assert keep(post(1, metrics={"likes": 9})) == StoreCounts(0, 1, 0, 0)
    [row] = rows(mentions)
    assert (row["likes"], row["views"], row["revision"]) == (9, 10, 0)
    assert rows(unassessed) == []
    assert rows(revisions) == []


def test_of_the_same_mention_twice_in_a_batch_the_last_tells(keep: Keep, post: Post, rows: Rows) -> None:
    twice = (post(1, text="early", matched_terms=["one"]), post(1, text="late", matched_terms=["two"]))
    assert keep(*twice) == StoreCounts(1, 0, 0, 0)
    [row] = rows(mentions)
    assert (row["text"], row["matched_terms"], row["revision"]) == ("late", ["one", "two"], 0)
    assert rows(payloads)[0]["payload"]["text"] == "late"


def test_two_queries_that_find_one_post_add_their_terms(keep: Keep, post: Post, rows: Rows) -> None:
    keep(post(1, matched_terms=["one"]))
    assert keep(post(1, matched_terms=["two", "one"]), source="other") == StoreCounts(0, 1, 0, 0)
    [row] = rows(mentions)
    assert (row["matched_terms"], row["source"]) == (["one", "two"], "test")


def test_a_profile_is_brought_up_to_date_and_forgets_nothing(keep: Keep, post: Post, rows: Rows) -> None:
    keep(post(1, author={"id": "a1", "handle": "before", "bio": "An invented person", "followers": 5}))
    keep(post(2, author={"id": "a1", "handle": "after", "followers": 9}))
    [person] = rows(authors)
    assert (person["handle"], person["bio"], person["followers"]) == ("after", "An invented person", 9)


def test_a_withheld_author_is_no_author(keep: Keep, post: Post, rows: Rows) -> None:
    keep(post(1, author={}))
    assert rows(authors) == []
    assert rows(mentions)[0]["author"] is None


def test_the_refused_are_kept_once_with_their_reason(keep: Keep, rows: Rows) -> None:
    refused = (
        Quarantined("posts.jsonl:17", "created_at is not a plausible time", '{"id": "\x00"}'),
        Quarantined("posts.jsonl:18", "text holds a null byte", "half a \ud83d"),
    )
    assert keep(quarantined=refused) == StoreCounts(0, 0, 0, 2)
    assert keep(quarantined=refused, at=2).quarantined == 2
    kept = {row["location"]: row["payload"] for row in rows(quarantine)}
    assert kept == {"posts.jsonl:17": '{"id": "␀"}', "posts.jsonl:18": "half a \\ud83d"}


def test_a_payload_that_postgres_would_refuse_is_kept(keep: Keep, post: Post, rows: Rows) -> None:
    keep(post(1, raw_name="a\x00b", raw_half="\ud83d", raw_number=float("nan")))
    payload = rows(payloads)[0]["payload"]
    assert (payload["raw_name"], payload["raw_half"], payload["raw_number"]) == ("a␀b", "\\ud83d", "nan")


def test_a_handle_longer_than_an_index_can_hold(keep: Keep, post: Post, rows: Rows) -> None:
    handle = "".join(chr(0x4E00 + number % 20_000) for number in range(6000))
    keep(post(1, author={"id": "a1", "handle": handle}))
    assert rows(authors)[0]["handle"] == handle[:500]
    assert rows(payloads)[0]["payload"]["author"]["handle"] == handle


def test_a_batch_that_fails_leaves_nothing_at_all(store: MentionStore, post: Post, batch: Any, rows: Rows) -> None:
    refused = (Quarantined("here", "because", "it"),)
    with pytest.raises(KeyError, match="no run"):
        store.store("never started", batch(post(1), quarantined=refused))
    assert all(rows(table) == [] for table in metadata.sorted_tables if table.name != "marts_made")
    assert store.checkpoint("test") is None


def test_a_run_counts_what_its_batches_brought(store: MentionStore, post: Post, batch: Any, rows: Rows) -> None:
    run_id = store.start_run("test", "x")
    store.store(run_id, batch(post(1), post(2), post(2), requests=2, more=True))
    store.store(run_id, batch(post(1), post(2, text="edited"), at=2, requests=1))
    store.finish_run(run_id, "rate_limited", error="wait \x00 an hour", more=True)
    [run] = rows(runs)
    counted = {name: run[name] for name in ("collected", "inserted", "updated", "unchanged", "requests", "more")}
    assert counted == {"collected": 5, "inserted": 2, "updated": 1, "unchanged": 1, "requests": 3, "more": True}
    assert (run["outcome"], run["error"]) == ("rate_limited", "wait ␀ an hour")
    assert store.checkpoint("test") == Checkpoint("test", {"at": 2})


def test_an_empty_run_is_a_row_too(store: MentionStore, batch: Any, rows: Rows, clock: Any) -> None:
    run_id = store.start_run("quiet", "feeds")
    store.store(run_id, batch(source="quiet"))
    clock.pass_by(seconds=3)
    store.finish_run(run_id, "completed")
    [run] = rows(runs)
    assert (run["outcome"], run["collected"], run["error"]) == ("completed", 0, None)
    assert (run["finished_at"] - run["started_at"]).total_seconds() == 3


def test_a_run_that_was_killed_is_called_interrupted(store: MentionStore, rows: Rows) -> None:
    killed, other = store.start_run("killed", "x"), store.start_run("other", "x")
    store.finish_run(store.start_run("done", "x"), "completed")
    assert store.close_interrupted_runs("killed") == 1
    assert {run["run_id"]: run["outcome"] for run in rows(runs)}[other] == "running"
    assert store.close_interrupted_runs() == 1
    assert store.close_interrupted_runs() == 0
    outcomes = {run["source"]: run["outcome"] for run in rows(runs)}
    assert outcomes == {"killed": "interrupted", "other": "interrupted", "done": "completed"}
    store.finish_run(killed, "completed")
    with pytest.raises(KeyError, match="no run"):
        store.finish_run("never started", "completed")


def test_totals_and_span(store: MentionStore, keep: Keep, post: Post, judge_all: Any, judgement: Any) -> None:
    assert store.span() is None
    keep(post(1), post(2, created_at="2026-09-01T23:59:59Z"), quarantined=(Quarantined("a", "b", "c"),))
    judge_all(lambda mention: judgement(mention.mention_id, "threat") if mention.id == "1" else None)
    totals = store.totals()
    assert (totals.mentions, totals.authors, totals.assessed, totals.unassessed) == (2, 1, 1, 1)
    assert (totals.findings, totals.incidents, totals.quarantined, totals.alerts) == (1, 0, 1, 0)
    assert store.span() == (date(2026, 9, 1), date(2026, 10, 1))


def test_sources_that_find_the_same_posts_at_once(
    warehouse_url: str, pseudonyms: Pseudonyms, post: Post, rows: Rows
) -> None:
    """Three writers, the same posts in opposite orders: no deadlock, no loss, nothing twice."""
    posts = [post(number) for number in range(60)]
    counts: list[StoreCounts] = []
    failures: list[Exception] = []

    def run(source: str, order: list[Mention]) -> None:
        engine = connect(warehouse_url)
        store = MentionStore(engine, pseudonyms)
        try:
            run_id = store.start_run(source, "x")
            for start in range(0, 60, 20):
                terms = [
                    mention.model_copy(update={"matched_terms": (source,)}) for mention in order[start : start + 20]
                ]
                counts.append(store.store(run_id, Batch(tuple(terms), Checkpoint(source, {"at": start}))))
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        engine.dispose()

    orders = {"one": posts, "two": posts[::-1], "three": posts[30:] + posts[:30]}
    threads = [threading.Thread(target=run, args=pair) for pair in orders.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(count.inserted for count in counts) == 60
    assert len(rows(unassessed)) == 60
    assert all(sorted(row["matched_terms"]) == ["one", "three", "two"] for row in rows(mentions))
