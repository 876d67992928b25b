"""Behaviour over time: 10,000 new mentions beside 1,000,000 stored, beside a scan of what is stored for each new one.

What is timed is all that looking back costs beyond judging: tracing the new mentions, looking up what was there before
each, and asking for contacts, pile-on and copies. The stored ones are written straight into the tables; their
fingerprints are random numbers, as those of different texts are. The scan is let off: its posts are few and in memory.
"""

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.measure import Row
from classifiers.behaviour import copies, pile_on
from classifiers.behaviour.fingerprint import SIMILAR, similarity
from classifiers.behaviour.linking import stem
from classifiers.behaviour.past import Past, Post, people_of, post_of
from classifiers.conduct import WINDOW
from classifiers.history import account_of
from collectors.collector import Batch, Checkpoint
from collectors.mention import Author, Mention
from warehouse.behaviour_schema import contacts, fingerprints, traces
from warehouse.bulk import load
from warehouse.engine import connect, migrate
from warehouse.history import PERSON, STEM, WarehouseHistory
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.rows import author_row, mention_row
from warehouse.schema import authors, mentions
from warehouse.traces import TraceStore

STORED, NEW, AT_ONCE = 1_000_000, 10_000, 512
SCANNED, SCANS = 20_000, 40
PEOPLE, AUTHORS = 5_000, 100_000
DAYS = 365

_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_KEY = Pseudonyms(b"benchmark key of thirty-two bytes")
_WORDS = [first + last for first in ("qua", "bre", "sti", "mo", "ler", "ta", "vin", "sol") for last in "abcdefghijkl"]
_SAID = ("answer me", "shame on you", "thank you", "any update on my claim", "you are a joke")


def rows() -> Iterator[Row]:
    """One row a database; without the pgserver package the second is left out."""
    scan = _scan(SCANNED, SCANS)
    with tempfile.TemporaryDirectory() as folder:
        yield _row("SQLite", f"sqlite:///{folder}/tocsin.db", scan)
        if find_spec("pgserver") is None:
            return
        server = import_module("pgserver").get_server(Path(folder) / "data", cleanup_mode="delete")
        yield _row("PostgreSQL", server.get_uri(), scan)
        server.cleanup()


def _row(database: str, url: str, scan: float) -> Row:
    engine = connect(url)
    migrate(engine)
    fill(engine, STORED)
    rate = measured(engine, NEW)
    engine.dispose()
    what = f"behaviour, {NEW:,} new beside {STORED:,} stored ({database})"
    return Row(what, rate, f"a scan for each ({SCANNED:,} stored)", scan)


def fill(engine: Engine, stored: int, part: int = 20_000) -> None:
    """Write invented mentions of a year, and their traces, in the order of time."""
    chance = random.Random(7)  # noqa: S311
    for first in range(0, stored, part):
        year = timedelta(days=DAYS)
        numbers = range(first, min(first + part, stored))
        posts = [_post(chance, number, _NOW - year * (1 - number / stored)) for number in numbers]
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA cache_size = -400000")
            whose = {str(_author_of(post)): author_row(post, str(_author_of(post)), _NOW) for post in posts}
            load(connection, authors, list(whose.values()))
            load(connection, mentions, [mention_row(post, "x", _KEY, _NOW) for post in posts])
            load(connection, traces, [_key(post) | _trace(post) for post in posts])
            load(connection, contacts, [_key(post) | _contact(post, chance.random() < 0.1) for post in posts])
            bands = [_key(post) | {"band": chance.getrandbits(63)} for post in posts for _ in range(4)]
            load(connection, fingerprints, bands)


def measured(engine: Engine, new: int) -> float:
    """New mentions a second, traced and looked back from."""
    chance = random.Random(8)  # noqa: S311
    arrived = [_post(chance, STORED + number, _NOW + timedelta(seconds=number)) for number in range(new)]
    store = MentionStore(engine, _KEY)
    store.store(store.start_run("x", "x"), Batch(tuple(arrived), Checkpoint("x", {})))
    history, began = WarehouseHistory(engine, _KEY), time.perf_counter()
    TraceStore(engine, _KEY).trace()
    for first in range(0, new, AT_ONCE):
        some = arrived[first : first + AT_ONCE]
        past = history.before(some)
        for mention in some:
            _look_back(past, mention)
    return new / (time.perf_counter() - began)


def _look_back(past: Past, mention: Mention) -> None:
    person = _answered(mention)
    past.contacts(mention, person, mention.created_at - WINDOW)
    past.towards(mention, person, mention.created_at - pile_on.WINDOW)
    past.copies(mention, mention.created_at - copies.WINDOW)


def _scan(stored: int, scans: int) -> float:
    """New mentions a second, each compared with every stored one."""
    chance = random.Random(7)  # noqa: S311
    before = [_post(chance, number, _NOW - timedelta(minutes=number)) for number in range(stored)]
    posts = [post_of(mention, account_of(mention)) for mention in before]
    arrived = [_post(chance, stored + number, _NOW) for number in range(scans)]
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


def _post(chance: random.Random, number: int, when: datetime) -> Mention:
    author, person = chance.randrange(AUTHORS), chance.randrange(PEOPLE)
    return Mention.model_construct(
        platform="x",
        id=str(number),
        text=f"@adviser_{person} {chance.choice(_SAID)} {' '.join(chance.choices(_WORDS, k=14))}",
        created_at=when,
        kind="reply",
        author=_author(author),
        in_reply_to=None,
        raw={},
    )


def _author(number: int) -> Author:
    return Author.model_construct(id=str(number), handle=f"invented_{_WORDS[number % len(_WORDS)]}{number}")


def _answered(mention: Mention) -> str:
    return mention.text.partition(" ")[0].removeprefix("@")


def _author_of(post: Mention) -> str | None:
    return _KEY.of(post.platform, post.author)


def _key(post: Mention) -> dict[str, object]:
    return {"mention_id": post.mention_id, "posted_at": post.created_at}


def _trace(post: Mention) -> dict[str, object]:
    common = _KEY.of_handle(STEM, stem(post.author.handle))
    return {"revision": 0, "author": _author_of(post), "stem": common, "hostile": False}


def _contact(post: Mention, hostile: bool) -> dict[str, object]:
    return {"person": _KEY.of_handle(PERSON, _answered(post)), "hostile": hostile}
