"""Behaviour over time: 10,000 new mentions beside 1,000,000 stored ones.

What is timed is all that looking back costs beyond judging: tracing the new mentions, looking up what was there before
each, and asking for contacts, pile-on and copies. Its peers are the same beside a tenth as many stored (as many a day,
for a tenth as long), in alternation, which tells whether the cost is that of the new posts or of the history; and a
scan of what is stored for each new one. The scan is let off: its posts are few and in memory.
"""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from benchmarks.measure import ROUNDS, Row
from benchmarks.stored_posts import KEY, answered, arrivals, fill
from classifiers.behaviour import copies, pile_on
from classifiers.behaviour.fingerprint import SIMILAR, similarity
from classifiers.behaviour.linking import stem
from classifiers.behaviour.past import Past, Post, people_of, post_of
from classifiers.conduct import WINDOW
from classifiers.history import account_of
from collectors.collector import Batch, Checkpoint
from collectors.mention import Mention
from warehouse.engine import connect, migrate
from warehouse.history import WarehouseHistory
from warehouse.mentions import MentionStore
from warehouse.traces import TraceStore

STORED, FEW, NEW, AT_ONCE = 1_000_000, 100_000, 10_000, 512
SCANNED, SCANS = 20_000, 40


def rows() -> Iterator[Row]:
    """Two rows a database; without the pgserver package the second is left out."""
    scan = _scan(SCANNED, SCANS)
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows("SQLite", [f"sqlite:///{folder}/{name}.db" for name in ("many", "few")], scan)
    if find_spec("pgserver") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        server = import_module("pgserver").get_server(Path(folder) / "data", cleanup_mode="delete")
        server.psql("CREATE DATABASE many; CREATE DATABASE few;")
        yield from _rows("PostgreSQL", [server.get_uri(name) for name in ("many", "few")], scan)
        server.cleanup()


def _rows(database: str, urls: Sequence[str], scan: float) -> Iterator[Row]:
    engines = [connect(url) for url in urls]
    for engine, stored in zip(engines, (STORED, FEW), strict=True):
        migrate(engine)
        began = time.perf_counter()
        fill(engine, stored)
        _say(f"{database}: {stored:,} mentions written in {time.perf_counter() - began:.0f} s")
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(ROUNDS):
        for engine, spent, stored in zip(engines, times, (STORED, FEW), strict=True):
            cpu, seconds = time.process_time(), measured(engine, round_, NEW)
            spent.append(seconds)
            _say(f"{database}: beside {stored:,}: {seconds:.1f} s, {time.process_time() - cpu:.1f} s of this CPU")
    for engine in engines:
        engine.dispose()
    ours, few = (NEW / median(spent) for spent in times)
    what = f"behaviour, {NEW:,} new beside {STORED:,} stored ({database})"
    yield Row(what, ours, f"the same beside {FEW:,} stored", few)
    yield Row(what, ours, f"a scan for each ({SCANNED:,} stored)", scan)


def measured(engine: Engine, round_: int, new: int) -> float:
    """Seconds in which a day's new mentions, stored before, are traced and looked back from."""
    arrived = arrivals(round_, new)
    store = MentionStore(engine, KEY)
    store.store(store.start_run("x", "x"), Batch(tuple(arrived), Checkpoint("x", {})))
    history, began = WarehouseHistory(engine, KEY), time.perf_counter()
    TraceStore(engine, KEY).trace()
    for first in range(0, new, AT_ONCE):
        some = arrived[first : first + AT_ONCE]
        past = history.before(some)
        for mention in some:
            _look_back(past, mention)
    return time.perf_counter() - began


def _look_back(past: Past, mention: Mention) -> None:
    person = answered(mention)
    past.contacts(mention, person, mention.created_at - WINDOW)
    past.towards(mention, person, mention.created_at - pile_on.WINDOW)
    past.copies(mention, mention.created_at - copies.WINDOW)


def _scan(stored: int, scans: int) -> float:
    """New mentions a second, each compared with every stored one."""
    posts = [post_of(mention, account_of(mention)) for mention in arrivals(0, stored)]
    arrived = arrivals(1, scans)
    began = time.perf_counter()
    for mention in arrived:
        _compare(posts, post_of(mention, account_of(mention)))
    return scans / (time.perf_counter() - began)


def _compare(posts: Sequence[Post], new: Post) -> list[Post]:
    people, common = people_of(new), stem(new.handle)
    return [
        post
        for post in posts
        if post.account == new.account
        or (stem(post.handle) == common and common is not None)
        or people & {post.answers}
        or similarity(post.text, new.text) >= SIMILAR
    ]


def _say(told: str) -> None:
    print(told, file=sys.stderr, flush=True)
