"""A warehouse with very many invented mentions, and others that arrive: what the benchmark of behaviour is run upon.

The stored ones go straight into the tables, keys and constraints let off meanwhile: filling is not what is measured.
They stand as judging would have left them: an author, a trace, a contact and eight bands each. Bands older than a week
are random numbers, as those of different texts are; nobody looks them up.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection, Engine, Table, inspect

from classifiers.behaviour import copies
from classifiers.behaviour.fingerprint import bands
from classifiers.behaviour.linking import stem
from collectors.mention import Author, Mention
from warehouse.behaviour_schema import contacts, fingerprints, traces
from warehouse.history import PERSON, STEM
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import authors, mentions
from warehouse.shelves import shelf

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEY = Pseudonyms(b"benchmark key of thirty-two bytes")
PEOPLE, AUTHORS, A_DAY = 5_000, 100_000, 2_740  # a million in a year
_AT_ONCE = 50_000
_TABLES = (authors, mentions, traces, contacts, fingerprints)

_PARTS = ("qua", "bre", "sti", "mo", "ler", "ta", "vin", "sol", "dra", "pel", "ku", "nor")
_ENDS = ("", "n", "st", "r", "ling")
_WORDS = [first + middle + last + end for end in _ENDS for first in _PARTS for middle in _PARTS for last in _PARTS]
# Few words are in many posts and most in few, after Zipf and Mandelbrot: that is how often strangers share a band.
_WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(1, len(_WORDS) + 1)))
_TELLING = 0.2  # of all posts say one of these; three of the five are hostile
_SAID = ("answer me", "shame on you", "thank you", "any update on my claim", "you are a joke")


def fill(engine: Engine, stored: int) -> None:
    """Write invented mentions into an empty warehouse, `A_DAY` a day, the last of them just before `NOW`."""
    chance = random.Random(7)  # noqa: S311
    with engine.begin() as connection:
        indexes = _unhindered(connection)
        _write(connection, authors, _authors())
        for first in range(0, stored, _AT_ONCE):
            posts = [_post(chance, number, stored) for number in range(first, min(first + _AT_ONCE, stored))]
            _write(connection, mentions, map(_mention, posts))
            _write(connection, traces, map(_trace, posts))
            _write(connection, contacts, (_contact(post, chance.random() < 0.1) for post in posts))
            _write(connection, fingerprints, (row for post in posts for row in _bands(chance, post)))
        for index in indexes:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def arrivals(round_: int, new: int) -> list[Mention]:
    """The new mentions of one day after `NOW`, spread over it; each round has a day and ids of its own."""
    chance, day = random.Random(round_), NOW + timedelta(days=round_)  # noqa: S311
    return [_new(chance, f"new{round_}-{number}", day + timedelta(days=number / new)) for number in range(new)]


def answered(mention: Mention) -> str:
    """The handle that a mention begins with."""
    return mention.text.partition(" ")[0].removeprefix("@")


def _post(chance: random.Random, number: int, stored: int) -> dict[str, Any]:
    when = NOW - timedelta(days=(stored - number) / A_DAY)
    person = chance.randrange(PEOPLE)
    return {"id": f"{number:09d}", "author": chance.randrange(AUTHORS), "person": person, "at": when} | {
        "text": _text(chance, person)
    }


def _new(chance: random.Random, native_id: str, when: datetime) -> Mention:
    text = _text(chance, chance.randrange(PEOPLE))
    author = Author(id=str(number := chance.randrange(AUTHORS)), handle=_handle(number))
    return Mention(platform="x", id=native_id, text=text, created_at=when, kind="reply", author=author)


def _text(chance: random.Random, person: int) -> str:
    words = chance.choices(_WORDS, cum_weights=_WEIGHTS, k=16)
    said = chance.choice(_SAID) if chance.random() < _TELLING else ""
    return f"@adviser_{person} {said} {' '.join(words)}"


def _handle(number: int) -> str:
    return f"invented_{_WORDS[number % len(_WORDS)]}{number}"


@cache
def _whose(number: int) -> tuple[str | None, str | None]:
    """The pseudonym of an author, and the hash of their handle's stem."""
    author = Author(id=str(number), handle=_handle(number))
    return KEY.of("x", author), KEY.of_handle(STEM, stem(author.handle))


@cache
def _person(number: int) -> str | None:
    return KEY.of_handle(PERSON, f"adviser_{number}")


def _authors() -> Iterator[Mapping[str, Any]]:
    for number in range(AUTHORS):
        told = {"author": _whose(number)[0], "platform": "x", "native_id": str(number), "handle": _handle(number)}
        yield told | {"first_collected_at": NOW, "last_collected_at": NOW}


def _mention(post: Mapping[str, Any]) -> Mapping[str, Any]:
    named = {"mention_id": f"x:{post['id']}", "platform": "x", "native_id": post["id"], "kind": "reply", "source": "x"}
    told = {"author": _whose(post["author"])[0], "text": post["text"], "media": [], "links": [], "matched_terms": []}
    when = {"posted_at": post["at"], "posted_on": post["at"].date(), "collected_at": NOW, "loaded_at": NOW}
    return named | told | when | {"revision": 0}


def _key(post: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"mention_id": f"x:{post['id']}", "posted_at": post["at"]}


def _trace(post: Mapping[str, Any]) -> Mapping[str, Any]:
    author, common = _whose(post["author"])
    return {**_key(post), "revision": 0, "author": author, "stem": common, "hostile": False}


def _contact(post: Mapping[str, Any], hostile: bool) -> Mapping[str, Any]:
    return {**_key(post), "person": _person(post["person"]), "hostile": hostile}


def _bands(chance: random.Random, post: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    looked_up = post["at"] >= NOW - copies.WINDOW
    numbers = bands(post["text"]) if looked_up else [chance.getrandbits(63) for _ in range(8)]
    return ({**_key(post), "band": key} for key in {shelf(number, post["at"]) for number in numbers})


def _unhindered(connection: Connection) -> Sequence[Any]:
    """Let off foreign keys and secondary indexes until the rows are there; the indexes that must be made again."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -200000")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    there = {index["name"] for table in _TABLES for index in inspect(connection).get_indexes(table.name)}
    indexes = [index for table in _TABLES for index in table.indexes if index.name in there]
    for index in indexes:
        index.drop(connection)
    return indexes


def _write(connection: Connection, into: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of the same columns, by the driver's own quickest way."""
    rest = iter(rows)
    first = next(rest)
    names = list(first)
    process = [into.c[name].type.bind_processor(connection.dialect) for name in names]
    marks = ", ".join("?" * len(names))
    driver: Any = connection.connection.driver_connection
    values = (
        tuple(_bound(row[name], bind) for name, bind in zip(names, process, strict=True))
        for several in ([first], rest)
        for row in several
    )
    if connection.dialect.name == "sqlite":
        while some := list(islice(values, _AT_ONCE)):
            driver.executemany(f"INSERT INTO {into.name} ({', '.join(names)}) VALUES ({marks})", some)  # noqa: S608
        return
    with driver.cursor().copy(f"COPY {into.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _bound(value: Any, bind: Any) -> Any:
    return bind(value) if bind else value
