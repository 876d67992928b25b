"""Listings that are ordered by time alone, and listings that are read onwards: nothing is left out, nothing loops."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.backlog import Backlog
from collectors.collector import Batch, Checkpoint, CollectError, RateLimited
from collectors.instant import EPOCH, GRAIN, MICROSECOND, moment_of, position
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.timeline import Page, Record, Walk

NOW = datetime.now(UTC).replace(microsecond=0)


def post(number: int, moment: datetime) -> Mention:
    return Mention(platform="x", id=str(number), text="an invented post", created_at=moment)


moments = st.integers(631_152_000_000_000, 4_102_444_800_000_000).map(lambda n: EPOCH + n * MICROSECOND)


@given(moments, moments, st.text(), st.text())
def test_a_position_grows_with_time_and_gives_it_back(one: datetime, other: datetime, id_: str, other_id: str) -> None:
    assert moment_of(position(one, id_)) == one
    if one < other:
        assert position(one, id_) < position(other, other_id)


def test_posts_of_one_moment_have_places_of_their_own() -> None:
    assert len({position(NOW, str(number)) for number in range(100)}) == 100


class ByTime:
    """A platform that sorts by time alone, newest first, and takes `until` and `since` with the moment itself."""

    def __init__(self) -> None:
        self.posts: dict[int, datetime] = {}

    def __call__(self, walk: Walk) -> Page:
        until = moment_of(walk.top) if walk.top is not None else NOW + timedelta(days=9)
        since = moment_of(walk.above) if walk.above is not None else NOW - timedelta(days=9)
        found = [number for number, moment in self.posts.items() if since <= moment <= until]
        found.sort(key=lambda number: (self.posts[number], -number), reverse=True)  # its order, which is not ours
        start = int(walk.cursor or 0)
        shown = found[start : start + 3]
        records = (Record(position(self.posts[n], str(n)), post(n, self.posts[n])) for n in shown)
        return Page(tuple(records), str(start + 3) if start + 3 < len(found) else None)


def read(source: Callable[[Walk], Page], checkpoint: Checkpoint | None, pages: int, now: datetime) -> list[Batch]:
    settle = timedelta(hours=1)
    return list(
        Backlog("x", checkpoint, {"all": source}, settle, now=lambda: now, grain=GRAIN).batches(pages, Visit(Manners()))
    )


seconds_ago = st.lists(st.integers(0, 3 * 3600), max_size=12)


@given(st.lists(seconds_ago, min_size=1, max_size=5), st.integers(1, 3))
def test_posts_that_come_late_by_less_than_the_overlap_are_found(rounds: list[list[int]], pages: int) -> None:
    source, checkpoint, found = ByTime(), None, set[str]()
    for ages in rounds:
        for age in ages:  # all but the first round's are at most an hour old when they appear: the overlap window
            late = age if checkpoint is None else age // 4
            source.posts[len(source.posts)] = NOW - timedelta(seconds=late)
        batches = read(source, checkpoint, pages, NOW)
        found |= {mention.id for batch in batches for mention in batch.mentions}
        checkpoint = batches[-1].checkpoint
    for _ in range(len(source.posts) + 1):
        batches = read(source, checkpoint, pages, NOW + timedelta(hours=2))
        found |= {mention.id for batch in batches for mention in batch.mentions}
        checkpoint = batches[-1].checkpoint
    assert found == {str(number) for number in source.posts}


class Room:
    """A chat room that is read onwards, three messages a call."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.trouble: CollectError | None = None

    def __call__(self, cursor: str | None) -> Stretch:
        start = int(cursor or 0)
        if self.trouble and start:
            raise self.trouble
        end = min(start + 3, self.size)
        return Stretch(tuple(post(n, NOW) for n in range(start, end)), str(end), more=end < self.size)


def follow(room: Callable[[str | None], Stretch], checkpoint: Checkpoint | None, pages: int = 99) -> list[Batch]:
    return list(Backlog("m", checkpoint, {}, onward={"room": room}).batches(pages, Visit(Manners())))


def test_a_room_is_read_on_from_where_it_was_left() -> None:
    room = Room(8)
    first = follow(room, None, pages=2)
    assert [len(batch.mentions) for batch in first] == [3, 3]
    assert first[-1].more
    room.size = 10
    second = follow(room, first[-1].checkpoint)
    assert [mention.id for batch in second for mention in batch.mentions] == ["6", "7", "8", "9"]
    assert not second[-1].more
    (third,) = follow(room, second[-1].checkpoint)
    assert third.mentions == ()


def test_an_error_leaves_the_cursor_with_the_data() -> None:
    room = Room(8)
    room.trouble = RateLimited("slow down", 999.0)
    reading = Backlog("m", None, {}, onward={"room": room}).batches(99, Visit(Manners()))
    first = next(reading)
    with pytest.raises(RateLimited):
        next(reading)
    room.trouble = None
    assert [m.id for batch in follow(room, first.checkpoint) for m in batch.mentions] == ["3", "4", "5", "6", "7"]


@pytest.mark.parametrize("cursor", ["same", None])
def test_a_cursor_that_does_not_move_ends_by_name(cursor: str | None) -> None:
    calls = []

    def looping(at: str | None) -> Stretch:
        calls.append(at)
        return Stretch((), cursor, more=True)

    with pytest.raises(CollectError, match="circles") as caught:
        follow(looping, None)
    assert caught.value.outcome == "unexpected_response"
    assert len(calls) <= 2
