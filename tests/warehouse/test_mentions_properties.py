"""Batches interrupted and repeated anyhow end as if each had been stored once; whatever people write comes back."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table

from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Author, Media, Mention, Parent
from warehouse.encoding import to_json
from warehouse.judgements import JudgementStore
from warehouse.mentions import MentionStore
from warehouse.operations_schema import days
from warehouse.schema import authors, checkpoints, mentions, metadata, payloads, quarantine, revisions, unassessed

Rows = Callable[[Table], list[dict[str, Any]]]
on_both = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

posts = st.builds(
    lambda number, text, likes, terms, who: Mention.from_record(
        {
            "platform": "x",
            "id": number,
            "text": text,
            "created_at": "2026-10-01T09:00:00Z",
            "author": {"id": f"a{who}", "handle": f"invented_{who}", "followers": likes},
            "metrics": {"likes": likes},
            "matched_terms": terms,
        }
    ),
    st.integers(1, 6),
    st.sampled_from(["a", "b", "c"]),
    st.none() | st.integers(0, 3),
    st.lists(st.sampled_from(["one", "two", "three"]), max_size=2, unique=True),
    st.integers(1, 3),
)
refused = st.builds(Quarantined, st.sampled_from(["here", "there"]), st.just("because"), st.text(max_size=3))
batches = st.lists(st.tuples(st.lists(posts, max_size=6), st.lists(refused, max_size=2)), min_size=1, max_size=5)
# What befalls each batch: crashes before the commit, and repeats after a commit that nobody heard of.
fates = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=5, max_size=5)


def _emptied(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "marts_made":
                connection.execute(table.delete())


def _state(rows: Rows) -> dict[str, Any]:
    state: dict[str, Any] = {
        table.name: rows(table) for table in (authors, mentions, payloads, revisions, checkpoints, days)
    }
    state["waiting"] = sorted(row["mention_id"] for row in rows(unassessed))
    state["refused"] = sorted(row["quarantine_id"] for row in rows(quarantine))
    return state


@on_both
@given(given_batches=batches, befall=fates)
def test_interrupted_and_repeated_is_the_same_as_once(
    engine: Engine, store: MentionStore, rows: Rows, given_batches: Any, befall: list[tuple[int, int]]
) -> None:
    told = [
        Batch(tuple(found), Checkpoint("test", {"at": number}), tuple(bad))
        for number, (found, bad) in enumerate(given_batches)
    ]
    _emptied(engine)
    run_id = store.start_run("test", "x")
    for batch in told:
        store.store(run_id, batch)
    once = _state(rows)

    _emptied(engine)
    run_id = store.start_run("test", "x")
    for batch, (crashes, repeats) in zip(told, befall, strict=False):
        for _ in range(crashes):
            with suppress(KeyError):
                store.store("a run that is not there", batch)
        for _ in range(repeats):
            store.store(run_id, batch)
    assert _state(rows) == once


world_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
world_json = st.dictionaries(
    st.text(st.characters(exclude_categories=())),
    st.none() | st.text(st.characters(exclude_categories=())) | st.floats(),
)
world_posts = st.builds(
    lambda text, name, answered, links, raw, moment: (text, name, answered, links, raw, moment),
    world_text,
    world_text,
    st.none() | world_text.filter(bool),
    st.lists(world_text, max_size=2),
    world_json,
    st.datetimes(datetime(1990, 1, 2), datetime(2026, 9, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
)


@on_both
@given(written=st.lists(world_posts, min_size=1, max_size=8))
def test_whatever_people_write_comes_back(
    engine: Engine, store: MentionStore, judge: JudgementStore, rows: Rows, written: list[Any]
) -> None:
    told = tuple(
        Mention(
            platform="x",
            id=f"{number} {name}",
            text=text,
            created_at=moment,
            author=Author(id=f"a{number}", name=name, bio=text),
            in_reply_to=Parent(text=answered) if answered else None,
            links=tuple(links),
            media=tuple(Media(type="image", alt_text=link) for link in links),
            matched_terms=tuple(dict.fromkeys(links)),
            _raw=raw,
        )
        for number, (text, name, answered, links, raw, moment) in enumerate(written)
    )
    _emptied(engine)
    store.store(store.start_run("test", "x"), Batch(told, Checkpoint("test", {})))
    [(first, last)] = judge.waiting(100)
    with judge.claim(first, last, 100) as claim:
        back = {mention.mention_id: mention for mention in claim.mentions}
    assert back == {mention.mention_id: mention.model_copy(update={"raw": {}}) for mention in told}
    kept = {row["mention_id"]: to_json(row["payload"]) for row in rows(payloads)}
    assert kept == {mention.mention_id: to_json(mention.raw) for mention in told if mention.raw}
