"""The instalments of a newest-first listing leave nothing out, whatever stops a run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, Gone, Quarantined, Unavailable
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.timeline import MOST_GAPS, Page, Record, Timeline, Walk

OLD = datetime(2026, 1, 1, tzinfo=UTC)


def record(position: int, created_at: datetime = OLD) -> Record:
    return Record(position, Mention(platform="x", id=str(position), text="a post", created_at=created_at))


class Listing:
    """A platform's newest-first listing of positions, in pages, with a trouble for some of the calls."""

    def __init__(self, size: int, troubles: list[CollectError | None] | None = None) -> None:
        self.size = size
        self.posts: list[int] = []
        self.troubles = troubles or []

    def __call__(self, walk: Walk) -> Page:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble:
            raise trouble
        below = int(walk.cursor) if walk.cursor else walk.top
        left = [post for post in sorted(self.posts, reverse=True) if below is None or post < below]
        shown = left[: self.size]
        return Page(tuple(map(record, shown)), str(shown[-1]) if len(left) > self.size else None)


def run(fetch: Callable[[Walk], Page], checkpoint: Checkpoint | None, pages: int) -> tuple[list[Batch], str]:
    batches: list[Batch] = []
    try:
        for batch in Backlog("x", checkpoint, {"all": fetch}).batches(pages, Visit(Manners())):
            batches.append(batch)
    except CollectError as error:
        return batches, error.outcome
    return batches, "done"


def ids(batches: list[Batch]) -> list[int]:
    return [int(mention.id) for batch in batches for mention in batch.mentions]


troubles = st.lists(st.sampled_from([None, None, Unavailable("cut"), AccessDenied("no")]), max_size=12)
growths = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5), troubles, st.booleans()), min_size=1, max_size=8)


@given(growths, st.integers(1, 4))
def test_every_post_is_read_though_runs_are_stopped_anywhere(
    growths: list[tuple[int, int, list[CollectError | None], bool]], pages: int
) -> None:
    listing, checkpoint, read = Listing(1), None, set[int]()
    for added, size, met, killed in growths:
        listing.size = size
        start = len(listing.posts)
        listing.posts += range(start + 1, start + added + 1)
        listing.troubles = list(met)
        batches, _ = run(listing, checkpoint, pages)
        if killed:  # between two transactions: the later batches never reached the warehouse
            batches = batches[: len(batches) // 2]
        read.update(ids(batches))
        checkpoint = batches[-1].checkpoint if batches else checkpoint
    listing.troubles = []
    for _ in range(len(listing.posts) + 2):
        batches, outcome = run(listing, checkpoint, pages)
        assert outcome == "done"
        read.update(ids(batches))
        checkpoint = batches[-1].checkpoint
    assert read == set(listing.posts)
    expected = {"mark": max(listing.posts, default=None), "gaps": []}
    assert checkpoint is not None
    assert checkpoint.state == {"timelines": {"all": expected}}
    assert ids(run(listing, checkpoint, pages)[0]) == []


def test_a_checkpoint_never_runs_ahead_of_its_batch() -> None:
    listing = Listing(2)
    listing.posts = list(range(1, 12))
    batches, _ = run(listing, None, 10)
    for count in range(1, len(batches) + 1):
        read = set(ids(batches[:count]))
        rest, _ = run(listing, batches[count - 1].checkpoint, 20)
        assert read | set(ids(rest)) == set(listing.posts)


def test_a_page_limit_leaves_a_gap_that_the_next_run_fills_beside_the_news() -> None:
    listing = Listing(2)
    listing.posts = list(range(1, 7))
    first, _ = run(listing, None, 1)
    assert ids(first) == [6, 5]
    assert first[-1].more
    assert first[-1].checkpoint.state["timelines"]["all"] == {"mark": 6, "gaps": [{"above": None, "below": 5}]}
    listing.posts += [7]
    second, _ = run(listing, first[-1].checkpoint, 1)
    assert ids(second) == [7, 4, 3]
    third, _ = run(listing, second[-1].checkpoint, 1)
    assert ids(third) == [2, 1]
    assert not third[-1].more


@pytest.mark.parametrize("cursor", ["same", None])
def test_a_repeated_page_is_named(cursor: str | None) -> None:
    calls: list[int] = []

    def stuck(walk: Walk) -> Page:
        calls.append(1)
        return Page((record(9), record(8)), cursor if len(calls) > 1 else "same")

    batches, outcome = run(stuck, None, 50)
    assert (ids(batches), outcome, len(calls)) == ([9, 8], "unexpected_response", 2)
    assert batches[-1].more, "the gap stays, for the platform may come to its senses"


def test_a_circle_of_empty_pages_is_named() -> None:
    batches, outcome = run(lambda walk: Page((), "same"), None, 50)
    assert (len(batches), outcome) == (1, "unexpected_response")


def test_a_circle_of_pages_is_named() -> None:
    pages = {None: Page((record(9),), "a"), "a": Page((record(8),), "b"), "b": Page((record(9),), "a")}
    batches, outcome = run(lambda walk: pages[walk.cursor], None, 50)
    assert (ids(batches), outcome) == ([9, 8], "unexpected_response")


def test_one_listing_that_is_refused_does_not_stop_the_others() -> None:
    good = Listing(5)
    good.posts = [1, 2, 3]

    def private(walk: Walk) -> Page:
        raise AccessDenied("private")

    batches = Backlog("reddit", None, {"private": private, "good": good}).batches(5, Visit(Manners()))
    assert ids([next(batches)]) == [3, 2, 1]
    with pytest.raises(AccessDenied):
        next(batches)


def test_a_young_post_does_not_hide_one_that_the_index_lets_in_late() -> None:
    now = datetime.now(UTC)
    shown = [record(9, now), record(5, OLD)]
    state: dict[str, Any] = {}
    for late in ([], [record(7, now)]):
        listed = sorted([*shown, *late], key=lambda item: item.position or 0, reverse=True)
        timeline = Timeline(lambda walk, listed=listed: Page(tuple(listed)), state, timedelta(minutes=10))
        read = [item for page in timeline.pages() for item in page]
        state = timeline.state
    assert [item.id for item in read if isinstance(item, Mention)] == ["9", "7"]
    assert state["mark"] == 5


@pytest.mark.parametrize("unkept", [None, Gone("8"), Quarantined("x 8", "no text", "{}")])
@pytest.mark.parametrize("at", [10, 8, 7], ids=["above all", "below a young one", "lowest of the young"])
def test_what_is_not_kept_and_tells_no_time_counts_as_young_beside_the_young(at: int, unkept: Any) -> None:
    now = datetime.now(UTC)
    shown = sorted([record(9, now), record(5, OLD), Record(at, unkept)], key=lambda item: -(item.position or 0))
    for settle, mark in ((timedelta(minutes=10), 5), (timedelta(0), max(9, at))):
        timeline = Timeline(lambda walk: Page(tuple(shown)), {}, settle)
        list(timeline.pages())
        assert timeline.state["mark"] == mark


def test_a_listing_of_which_nothing_is_kept_is_read_once() -> None:
    timeline = Timeline(lambda walk: Page((Record(9, None), Record(8, None))), {}, timedelta(minutes=10))
    list(timeline.pages())
    assert timeline.state["mark"] == 9


def test_a_checkpoint_stays_small_by_merging_its_oldest_gaps() -> None:
    gaps = [{"above": 10 * n, "below": 10 * n + 5} for n in range(2 * MOST_GAPS, 0, -1)]
    timeline = Timeline(Listing(1), {"mark": 10_000, "gaps": gaps})
    kept = timeline.state["gaps"]
    assert len(kept) == MOST_GAPS
    for gap in gaps:
        assert any(wide["above"] <= gap["above"] and gap["below"] <= wide["below"] for wide in kept)


def test_a_cursor_is_used_only_with_the_bounds_that_it_was_given_for() -> None:
    bounds: list[tuple[int | None, int | None, str | None]] = []
    listing = Listing(1)
    listing.posts = [1, 2, 3, 4]

    def watched(walk: Walk) -> Page:
        bounds.append((walk.above, walk.top, walk.cursor))
        return listing(walk)

    run(watched, Checkpoint("x", {"timelines": {"all": {"mark": 9, "gaps": [{"above": None, "below": 5}]}}}), 9)
    assert bounds[0] == (9, None, None)
    assert {bound[:2] for bound in bounds[1:]} == {(None, 5)}
