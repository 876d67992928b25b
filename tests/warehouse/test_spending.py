"""What the runs of a platform have used: by the batches they stored, and by the calls that ended in an error.

And what they may still use: of two processes with one budget no call is paid for twice.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from collectors.budget import Budget, Price, Spent, allowance
from collectors.collector import Batch, Checkpoint
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
PRICE = Price(usd_per_mention=Decimal("0.005"))  # half a dollar a call at its dearest
SPENDER = """
import sys
import time
from datetime import UTC, datetime
from collectors.budget import Budget, Price, allowance
from warehouse.engine import connect
from warehouse.runs import RunLog

engine = connect(sys.argv[1])
october = datetime(2026, 10, 1, tzinfo=UTC)
claim = allowance(Budget(calls=int(sys.argv[2])), Price(), "x", RunLog(engine), lambda: october)
print("ready", flush=True)
sys.stdin.readline()
calls = 0
while claim():
    calls += 1
    time.sleep(0.005)  # as a call takes time: SQLite's lock is not a fair one
print(calls)
"""


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


@pytest.fixture
def store(engine: Engine) -> MentionStore:
    """A store at noon of the first of October."""
    return MentionStore(engine, Pseudonyms(b"k" * 32), clock=lambda: NOON)


def test_two_processes_together_make_as_many_calls_as_the_budget_pays_for(engine: Engine, store: MentionStore) -> None:
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", SPENDER, url, "200"]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    calls = [int(process.communicate(timeout=60)[0]) for process in both]
    assert sum(calls) == 200
    assert min(calls) > 0, "they were not at it at the same time"
    assert store.spent("x", OCTOBER) == Spent(calls=0, mentions=0, under_way=200)
    assert store.spent("x", OCTOBER - timedelta(days=30)).under_way == 0


def test_a_claim_is_settled_by_the_run_that_counts_it(store: MentionStore) -> None:
    claim = allowance(Budget(usd=Decimal(2)), PRICE, "x", store, lambda: NOON)
    run = store.start_run("x", "x")
    assert [claim() for _ in range(5)] == [True, True, True, True, False]
    store.store(run, Batch((), Checkpoint("x", {}), requests=3))  # which brought nothing, and cost nothing
    assert store.spent("x", OCTOBER) == Spent(calls=3, mentions=0, under_way=1)
    assert [claim() for _ in range(4)] == [True, True, True, False]
    assert store.spent("x", OCTOBER) == Spent(calls=3, mentions=0, under_way=4)


def test_calls_of_before_there_was_a_budget_are_calls(store: MentionStore) -> None:
    run = store.start_run("x", "x")
    store.store(run, Batch((), Checkpoint("x", {}), requests=7))
    claim = allowance(Budget(calls=9), Price(), "x", store, lambda: NOON)
    assert [claim(), claim(), claim()] == [True, True, False]
    assert store.spent("x", OCTOBER) == Spent(calls=7, mentions=0, under_way=2)
    november = allowance(Budget(calls=1), Price(), "x", store, lambda: NOON + timedelta(days=31))
    assert [november(), november()] == [True, False]
