"""The book of canaries on both databases: one a place and day, found by its words, followed for a week."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, func, select

from collectors.collector import Batch, Checkpoint
from collectors.mention import Mention
from warehouse.canaries import CanaryBook
from warehouse.mentions import MentionStore
from warehouse.pseudonyms import Pseudonyms
from warehouse.schema import mentions

NOW = datetime.now(UTC)


def marker(number: int) -> str:
    return f"tocsin-canary-{NOW:%Y%m%d}-{number:08x}"


def bring_in(engine: Engine, *texts: str) -> None:
    posts = [Mention(platform="matrix", id=f"${n}", text=words, created_at=NOW) for n, words in enumerate(texts)]
    store = MentionStore(engine, Pseudonyms(b"k" * 32))
    store.store(store.start_run("matrix", "matrix"), Batch(tuple(posts), Checkpoint("matrix", {})))


def test_a_place_has_one_a_day(engine: Engine) -> None:
    book = CanaryBook(engine)
    first = book.of_day("matrix", marker(1), NOW)
    assert book.of_day("matrix", marker(2), NOW) == first
    assert book.of_day("isso", marker(3), NOW).marker == marker(3)
    tomorrow = book.of_day("matrix", marker(4), NOW + timedelta(days=1))
    assert book.latest(["matrix", "mastodon"]) == {"matrix": tomorrow}


def test_what_is_stored_but_not_in_the_mart_is_noted_and_stays(engine: Engine) -> None:
    book = CanaryBook(engine)
    book.of_day("matrix", marker(1), NOW - timedelta(seconds=5))
    book.planted(marker(1), "$0", NOW - timedelta(seconds=5))
    bring_in(engine, f"about nothing {marker(1)}", f"another's {marker(9)}", "tocsin-canary-% is no marker")
    (seen,) = book.follow(NOW)
    assert (seen.native_id, seen.source, seen.seconds_to_judge, seen.seconds_to_mart) == ("$0", "matrix", None, None)
    assert seen.seconds_to_store is not None
    assert seen.seconds_to_store > 0
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(mentions)) == 3


def test_one_that_is_old_is_followed_no_more(engine: Engine) -> None:
    book = CanaryBook(engine)
    book.of_day("matrix", marker(1), NOW - timedelta(days=8))
    assert book.follow(NOW) == []
