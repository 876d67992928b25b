"""What the runs of a platform have used: by the batches they stored, and by the calls that ended in an error."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from collectors.budget import Spent
from collectors.collector import Batch, Checkpoint
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def test_calls_are_counted_by_platform_and_window(engine: Engine) -> None:
    clock = [NOON]
    store = MentionStore(engine, Pseudonyms(b"k" * 32), clock=lambda: clock[0])
    for platform, requests, unbilled in (("x", 3, 2), ("reddit", 7, 0)):
        run = store.start_run(platform, platform)
        store.store(run, Batch((), Checkpoint(platform, {}), requests=requests))
        store.finish_run(run, "unavailable", error="cut", requests=unbilled)
    clock[0] = NOON + timedelta(hours=1)
    store.finish_run(store.start_run("x", "x"), "completed", requests=1)
    assert store.spent("x", NOON) == Spent(calls=6, mentions=0)
    assert store.spent("x", NOON + timedelta(minutes=1)) == Spent(calls=1, mentions=0)
    assert store.spent("reddit", NOON) == Spent(calls=7, mentions=0)
    assert store.spent("flickr", NOON) == Spent(calls=0, mentions=0)
