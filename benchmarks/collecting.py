"""Platforms' records as mentions: each adapter alone, and whole runs through the real clients.

The peer of an adapter is pandas, which flattens the same JSON and checks nothing; that of a run is the same pages
fetched by httpx and parsed, no more. Counted in seconds of this process's CPU: the servers are another process.
"""

import gc
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pandas as pd

from benchmarks.further_records import ALL
from benchmarks.measure import Row, compare
from benchmarks.platforms import serving
from benchmarks.records import Sample
from collectors.bluesky import Bluesky
from collectors.collector import Collector
from collectors.hackernews import HackerNews
from collectors.manners import Manners
from collectors.mastodon import Mastodon
from collectors.x import X
from policies.policy import Organisation, Policy, Vocabulary

RECORDS = 2_000
RUN = 4_000  # posts of one run
STREAM = 1_000_000  # mentions for which memory must stay flat
MEBIBYTE = 1 << 20

POLICY = Policy(
    id="quillmere",
    title="Invented",
    organisation=Organisation(name="Quillmere Water"),
    clauses=(),
    vocabulary=Vocabulary(names=("Quillmere Water",), hashtags=("quillmere",)),
    accounts=(),
    categories={},
    routes={},
    version="0" * 12,
)
NAMED = POLICY.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",))})
MANNERS = Manners(requests=10_000)


@dataclass(frozen=True)
class Memory:
    """The resident memory of this process, in MiB, early in a long stream of mentions and at its end."""

    mentions: int
    early: float
    late: float


def rows() -> Iterator[Row]:
    """One row an adapter, one a client."""
    for sample in ALL:
        yield _adapter(sample)
    with serving(RUN) as url:
        for name, make in _collectors(url).items():
            yield _run(name, make, url)


def memory(stream: int = STREAM) -> Memory:
    """Stream mentions through the adapters, round and round, and look at the memory after a tenth and at the end."""
    early, done = 0.0, 0
    while done < stream:
        sample = ALL[done // RECORDS % len(ALL)]
        for record in json.loads(_page(sample, done)):
            sample.make(record)
        done += RECORDS
        if not early and done >= stream // 10:
            early = _resident()
    return Memory(done, early, _resident())


def _adapter(sample: Sample) -> Row:
    page = _page(sample, 0)

    def ours() -> None:
        for record in json.loads(page):
            sample.make(record)

    def theirs() -> None:
        pd.json_normalize(json.loads(page))

    peer = "json.loads and pandas.json_normalize"
    return compare(f"{sample.platform}: record to mention", RECORDS, ours, peer, theirs, RECORDS, time.process_time)


def _run(name: str, make: Callable[[], Collector], url: str) -> Row:
    found = sum(len(batch.mentions) for batch in make().collect(None))
    if found != RUN:
        raise RuntimeError(f"{name} found {found} of {RUN} posts")
    pages = RUN // 100

    def ours() -> None:
        for _ in make().collect(None):
            pass

    def theirs() -> None:
        with httpx.Client() as client:
            for number in range(pages):
                client.get(f"{url}/2/tweets/search/recent?next_token={number * 100}").json()

    return compare(f"{name}: a whole run", RUN, ours, "the pages of X by httpx", theirs, RUN, time.process_time)


def _collectors(url: str) -> dict[str, Callable[[], Collector]]:
    ended, most = timedelta(0), 10_000
    return {
        "x by tweepy": lambda: X("token", [NAMED], base_url=url, pages=most, manners=MANNERS),
        "mastodon by Mastodon.py": lambda: Mastodon(url, [POLICY], settle=ended, pages=most, manners=MANNERS),
        "bluesky by atproto": lambda: Bluesky(
            "invented.example", "secret", [NAMED], base_url=url, settle=ended, pages=most, manners=MANNERS
        ),
        "hackernews by httpx": lambda: HackerNews(url, [NAMED], settle=ended, pages=most, manners=MANNERS),
    }


def _page(sample: Sample, first: int) -> bytes:
    return json.dumps([sample.record(first + number) for number in range(RECORDS)]).encode()


def _resident() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / MEBIBYTE
