"""Reading a newest-first listing in instalments, so that nothing between two runs is ever skipped.

A platform shows its newest posts first and only a few pages a run. What lies between the pages that were read and the
newest post of the run before is a gap. The first page of a run opens one, each further page narrows it from above,
and a gap that is still open when the run ends, for whatever reason, stands in the checkpoint for the next run. So the
checkpoint that follows a page is always exact, and an error needs no care of its own.

Positions are integers that grow in the order of the listing: the number in an X post's id, a Reddit id read in base
36. Where posts are ordered by time alone, `collectors/instant.py` makes one of the time and the id.

Posts that come late, slipped in below younger ones, are found by the overlap window (`settle`): what is younger than
it is read again by the next run. Where a gap lies so high that the next run starts above a part of that window, the
part is read again `later`, once, when all of it has settled.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.admission import Admitted
from collectors.collector import UnexpectedResponse
from collectors.mention import Mention

MOST_GAPS = 50  # a timeline's older gaps are merged beyond this; what lies between them is read twice, never skipped


@dataclass(frozen=True)
class Record:
    """One record of a page. `position` is None where the record is too broken to have one.

    `admitted` is None for what nobody asked for: it has its place in the listing, and is not kept. `moment` is when it
    came into the listing; a mention without one came when it was created, and what does not say came with the nearest
    above it that does, or at the top of a page with the nearest below. While that is young it holds the overlap window
    open.
    """

    position: int | None
    admitted: Admitted | None
    moment: datetime | None = None


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

    def __init__(
        self,
        fetch: Fetch,
        state: Mapping[str, Any],
        settle: timedelta = timedelta(0),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        grain: int = 1,
    ) -> None:
        """`grain`: positions of one grain stand in no order (1: all do; `instant.GRAIN` where time alone orders)."""
        self._grain = grain
        self._fetch = fetch
        self._now = now
        self._settle = settle
        self._seen: set[int] = set()  # what this run has yielded
        self.mark: int | None = state.get("mark")
        self.later: list[dict[str, Any]] = []
        self.walks = [Walk(gap["above"], gap["below"]) for gap in state.get("gaps", ())]
        for part in state.get("later", ()):
            if part["due"] <= now().timestamp():
                self.walks.append(Walk(part["above"], part["below"]))
            else:
                self.later.append(part)

    @property
    def turns(self) -> int:
        """The pages that a run reads of it, however low its limit: one of news, one of backlog where there is one."""
        return 2 if self.walks else 1

    @property
    def behind(self) -> bool:
        """Whether a gap is open."""
        return bool(self.state["gaps"])

    @property
    def state(self) -> dict[str, Any]:
        """What the checkpoint keeps, as JSON."""
        gaps = [{"above": walk.above, "below": walk.below} for walk in self.walks if walk.below is not None]
        later = {"later": _merged(self.later)} if self.later else {}
        return {"mark": self.mark, "gaps": _merged(gaps), **later}

    def pages(self) -> Iterator[tuple[Admitted, ...]]:
        """Yield what each page newly holds, until no gap is left. Raises a CollectError."""
        self.walks.insert(0, Walk(self.mark, None))
        newest = True
        while self.walks:
            # The newest posts and the oldest backlog take turns, so that neither starves.
            yield self._read(self.walks[0] if newest else self.walks[-1])
            newest = not newest

    def _read(self, walk: Walk) -> tuple[Admitted, ...]:
        """One page; more where a platform that cannot start right below a gap's top shows what is above it again."""
        first, fresh = walk.below is None, list[Record]()
        while True:
            page = self._fetch(walk)
            positions = [record.position for record in page.records if record.position is not None]
            self._must_progress(walk, page, positions)
            found = [record for record in page.records if self._is_new(record, walk)]
            self._seen.update(record.position for record in found if record.position is not None)
            fresh += found
            self._narrow(walk, page, positions)
            if walk not in self.walks or walk.top is None or not positions or min(positions) < self._edge(walk.top):
                break
        if first:
            self._raise_mark(fresh, gap_below=walk in self.walks)
        return tuple(record.admitted for record in fresh if record.admitted is not None)

    def _edge(self, top: int) -> int:
        """Where the reading of a gap makes progress: below its top, or below the whole moment that the top is in."""
        return top if self._grain == 1 else (top - 1) // self._grain * self._grain

    def _must_progress(self, walk: Walk, page: Page, positions: list[int]) -> None:
        if positions and walk.seen.issuperset(positions):
            raise UnexpectedResponse("the listing repeats a page that this run has read")
        if not positions and page.following in walk.followed:
            raise UnexpectedResponse(f"the listing's cursor goes in circles: {page.following}")

    def _is_new(self, record: Record, walk: Walk) -> bool:
        position = record.position
        if position is None:
            return True
        inside = (walk.above is None or position > walk.above) and (walk.top is None or position < walk.top)
        return inside and position not in self._seen

    def _raise_mark(self, fresh: list[Record], *, gap_below: bool) -> None:
        """Move the mark to the newest post that has settled: an index may still slip others in below a younger one.

        Where none has, the mark stays, and all is read again; but a gap below must lie below the mark, and what that
        takes out of the overlap window is read again later.
        """
        placed = _placed(fresh)
        now = self._now()
        marks = [] if self.mark is None else [self.mark]
        marks += [at for at, came in placed if came is None or came <= now - self._settle]
        settled = max(marks, default=None)
        lowest = min((at for at, _ in placed), default=None) if gap_below else None
        if lowest is not None and (settled is None or lowest > settled):
            due = (now + self._settle).timestamp()
            self.later.append({"above": settled, "below": lowest + 1, "due": due})
            settled = lowest
        self.mark = settled

    def _narrow(self, walk: Walk, page: Page, positions: list[int]) -> None:
        reached = walk.above is not None and bool(positions) and self._is_below(positions[-1], walk.above)
        if page.following is None or reached:
            self.walks.remove(walk)
            return
        walk.cursor = page.following
        walk.followed.add(page.following)
        walk.seen.update(positions)
        if positions:
            end = positions[-1] if self._grain == 1 else (positions[-1] // self._grain + 1) * self._grain
            walk.below = min(end, walk.below) if walk.below is not None else end

    def _is_below(self, position: int, above: int) -> bool:
        """Whether nothing above that bound can come after this position."""
        return position <= above if self._grain == 1 else position // self._grain < above // self._grain


def _merged(gaps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most `MOST_GAPS` gaps, newest first: the oldest become one."""
    if len(gaps) <= MOST_GAPS:
        return gaps
    gaps = sorted(gaps, key=lambda gap: gap["below"], reverse=True)
    kept, oldest = gaps[: MOST_GAPS - 1], gaps[MOST_GAPS - 1 :]
    bounds = [gap["above"] for gap in oldest]
    whole = {"above": None if None in bounds else min(bounds), "below": oldest[0]["below"]}
    return [*kept, whole | ({"due": max(gap["due"] for gap in oldest)} if "due" in oldest[0] else {})]


def _placed(records: list[Record]) -> list[tuple[int, datetime | None]]:
    """The positions, newest first, each with when it came; None where no record says."""
    numbered = [(record.position, _came(record)) for record in records if record.position is not None]
    numbered.sort(key=lambda each: each[0], reverse=True)
    near = next((came for _, came in numbered if came is not None), None)
    return [(at, near := came or near) for at, came in numbered]


def _came(record: Record) -> datetime | None:
    if record.moment is None and isinstance(record.admitted, Mention):
        return record.admitted.created_at
    return record.moment
