"""Reading a newest-first listing in instalments, so that nothing between two runs is ever skipped.

A platform shows its newest posts first and only a few pages a run. What lies between the pages that were read and the
newest post of the run before is a gap. The first page of a run opens one, each further page narrows it from above,
and a gap that is still open when the run ends, for whatever reason, stands in the checkpoint for the next run. So the
checkpoint that follows a page is always exact, and an error needs no care of its own.

Positions are integers that grow with time: the number in an X post's id, a Reddit id read in base 36.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.admission import Admitted
from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, Quarantined, UnexpectedResponse
from collectors.manners import Visit
from collectors.mention import Mention

MOST_GAPS = 50  # a timeline's older gaps are merged beyond this; what lies between them is read twice, never skipped


@dataclass(frozen=True)
class Record:
    """One record of a page. `position` is None where the record is too broken to have one."""

    position: int | None
    admitted: Admitted


@dataclass(frozen=True)
class Page:
    """One page, newest first. `following` is the platform's cursor to the next, None where the listing ends."""

    records: tuple[Record, ...]
    following: str | None = None


@dataclass
class Walk:
    """One gap being read from the top: the posts with above < position < below. None: without that bound.

    `cursor` is the platform's own and is not kept between runs; `below` says the same and does not expire. `top` is
    `below` as the run found it: a cursor is good only with the bounds that it was given for.
    """

    above: int | None
    below: int | None
    top: int | None = field(init=False)
    cursor: str | None = None
    seen: set[int] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.top = self.below


Fetch = Callable[[Walk], Page]


class Timeline:
    """One listing: the newest position read (`mark`) and the gaps below it, newest first."""

    def __init__(self, fetch: Fetch, state: Mapping[str, Any], settle: timedelta = timedelta(0)) -> None:
        self._fetch = fetch
        self._settle = settle
        self._seen: set[int] = set()  # what this run has yielded
        self.mark: int | None = state.get("mark")
        self.walks = [Walk(gap["above"], gap["below"]) for gap in state.get("gaps", ())]

    @property
    def state(self) -> dict[str, Any]:
        """What the checkpoint keeps, as JSON."""
        gaps = [{"above": walk.above, "below": walk.below} for walk in self.walks if walk.below is not None]
        return {"mark": self.mark, "gaps": _merged(gaps)}

    def pages(self) -> Iterator[tuple[Admitted, ...]]:
        """Yield what each page newly holds, until no gap is left. Raises a CollectError."""
        self.walks.insert(0, Walk(self.mark, None))
        newest = True
        while self.walks:
            # The newest posts and the oldest backlog take turns, so that neither starves.
            yield self._read(self.walks[0] if newest else self.walks[-1])
            newest = not newest

    def _read(self, walk: Walk) -> tuple[Admitted, ...]:
        page = self._fetch(walk)
        positions = [record.position for record in page.records if record.position is not None]
        self._must_progress(walk, page, positions)
        fresh = [record for record in page.records if self._is_new(record, walk)]
        first = walk.below is None
        self._narrow(walk, page, positions)
        if first:
            self._raise_mark(fresh, gap_below=walk in self.walks)
        self._seen.update(record.position for record in fresh if record.position is not None)
        return tuple(record.admitted for record in fresh)

    def _must_progress(self, walk: Walk, page: Page, positions: list[int]) -> None:
        if positions and walk.seen.issuperset(positions):
            raise UnexpectedResponse("the listing repeats a page that this run has read")
        if not positions and page.following in walk.followed:
            raise UnexpectedResponse(f"the listing's cursor goes in circles: {page.following}")

    def _is_new(self, record: Record, walk: Walk) -> bool:
        position = record.position
        if position is None:
            return True
        return position not in self._seen and (walk.above is None or position > walk.above)

    def _raise_mark(self, fresh: list[Record], *, gap_below: bool) -> None:
        """Move the mark to the newest post that has settled: an index may still slip others in below a younger one.

        Where none has, the mark stays, and all is read again; but a gap below must lie below the mark.
        """
        numbered = [(record.position, record.admitted) for record in fresh if record.position is not None]
        settled_by = datetime.now(UTC) - self._settle
        marks = [at for at, item in numbered if not isinstance(item, Mention) or item.created_at <= settled_by]
        if gap_below and numbered:
            marks.append(min(at for at, _ in numbered))
        self.mark = max([*marks, *([] if self.mark is None else [self.mark])], default=None)

    def _narrow(self, walk: Walk, page: Page, positions: list[int]) -> None:
        reached = walk.above is not None and bool(positions) and positions[-1] <= walk.above
        if page.following is None or reached:
            self.walks.remove(walk)
            return
        walk.cursor = page.following
        walk.followed.add(page.following)
        walk.seen.update(positions)
        if positions:
            walk.below = min(positions[-1], walk.below) if walk.below is not None else positions[-1]


class Backlog:
    """The timelines of one source, read in turn within one page limit."""

    def __init__(
        self,
        source: str,
        checkpoint: Checkpoint | None,
        fetches: Mapping[str, Fetch],
        settle: timedelta = timedelta(0),
    ) -> None:
        """`fetches` names each listing (a query, a subreddit) for good: its state is found again under that name."""
        kept = checkpoint.state.get("timelines", {}) if checkpoint else {}
        self._source = source
        self._timelines = {name: Timeline(fetch, kept.get(name, {}), settle) for name, fetch in fetches.items()}

    def batches(self, pages: int, visit: Visit) -> Iterator[Batch]:
        """Yield one batch a page, at most `pages` (but one of news, and of backlog where there is one, a listing).

        A listing that is refused or makes no sense does not stop the others; its error is raised after them. Any
        other CollectError ends the run at once.
        """
        limit = max(pages, sum(2 if timeline.walks else 1 for timeline in self._timelines.values()))
        reading = [timeline.pages() for timeline in self._timelines.values()]
        failures: list[CollectError] = []
        while reading and limit and not visit.spent:
            turn = reading.pop(0)
            before = visit.requests
            try:
                admitted = next(turn, None)
            except (AccessDenied, UnexpectedResponse) as error:
                failures.append(error)
                continue
            if admitted is not None:
                limit -= 1
                reading.append(turn)
                yield self._batch(admitted, visit.requests - before)
        if failures:
            raise failures[0]

    def _batch(self, admitted: tuple[Admitted, ...], requests: int) -> Batch:
        states = {name: timeline.state for name, timeline in self._timelines.items()}
        return Batch(
            mentions=tuple(item for item in admitted if isinstance(item, Mention)),
            quarantined=tuple(item for item in admitted if isinstance(item, Quarantined)),
            checkpoint=Checkpoint(self._source, {"timelines": states}),
            more=any(state["gaps"] for state in states.values()),
            requests=requests,
        )


def _merged(gaps: list[dict[str, int | None]]) -> list[dict[str, int | None]]:
    if len(gaps) <= MOST_GAPS:
        return gaps
    kept, oldest = gaps[: MOST_GAPS - 1], gaps[MOST_GAPS - 1 :]
    return [*kept, {"above": oldest[-1]["above"], "below": oldest[0]["below"]}]
