"""The listings of one source, read in turn within one page limit: a batch a page, each with the checkpoint after it.

Newest-first listings are read by `collectors/timeline.py`, oldest-first ones by `collectors/onward.py`; one source may
have both.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from collectors.admission import Admitted
from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, Gone, Quarantined, UnexpectedResponse
from collectors.manners import Visit
from collectors.mention import Mention
from collectors.onward import Follow, Trail
from collectors.timeline import Fetch, Timeline


class Reader(Protocol):
    """One listing, however it is ordered: `Timeline` newest first, `Trail` oldest first."""

    @property
    def turns(self) -> int: ...
    @property
    def behind(self) -> bool: ...
    @property
    def state(self) -> dict[str, Any]: ...
    def pages(self) -> Iterator[tuple[Admitted, ...]]:
        """Yield what each page newly holds."""
        ...


class Backlog:
    """The listings of one source, read in turn within one page limit."""

    def __init__(
        self,
        source: str,
        checkpoint: Checkpoint | None,
        fetches: Mapping[str, Fetch],
        settle: timedelta = timedelta(0),
        onward: Mapping[str, Follow] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        grain: int = 1,
    ) -> None:
        """`fetches` and `onward` name each listing (a query, a room) for good: its state is found again by that name.

        `settle` is the overlap window: what is younger is read again by the next run, for posts that come late.
        `grain` is `instant.GRAIN` where posts are ordered by time alone.
        """
        kept: Mapping[str, Any] = checkpoint.state if checkpoint else {}
        timelines, trails = kept.get("timelines", {}), kept.get("trails", {})
        self._source = source
        self._timelines = {
            name: Timeline(fetch, timelines.get(name, {}), settle, now, grain) for name, fetch in fetches.items()
        }
        self._trails = {name: Trail(follow, trails.get(name, {})) for name, follow in (onward or {}).items()}

    def batches(self, pages: int, visit: Visit) -> Iterator[Batch]:
        """Yield one batch a page, at most `pages` (but one of news, and of backlog where there is one, a listing).

        A listing that is refused or makes no sense does not stop the others; its error is raised after them. Any
        other CollectError ends the run at once. Each error says what calls it cost beyond those of the batches.
        """
        readers: list[Reader] = [*self._timelines.values(), *self._trails.values()]
        limit = max(pages, sum(reader.turns for reader in readers))
        reading = [reader.pages() for reader in readers]
        failures: list[CollectError] = []
        with visit.billed():
            while reading and limit and not visit.spent:
                turn = reading.pop(0)
                try:
                    admitted = next(turn, None)
                except (AccessDenied, UnexpectedResponse) as error:
                    failures.append(error)
                    continue
                if admitted is not None:
                    limit -= 1
                    reading.append(turn)
                    yield self._batch(admitted, visit.bill())
            if failures:
                raise failures[0]

    def _batch(self, admitted: tuple[Admitted, ...], requests: int) -> Batch:
        readers: list[Reader] = [*self._timelines.values(), *self._trails.values()]
        kinds: dict[str, Mapping[str, Reader]] = {"timelines": self._timelines, "trails": self._trails}
        states = {kind: {name: each.state for name, each in found.items()} for kind, found in kinds.items() if found}
        return Batch(
            mentions=tuple(item for item in admitted if isinstance(item, Mention)),
            quarantined=tuple(item for item in admitted if isinstance(item, Quarantined)),
            checkpoint=Checkpoint(self._source, states),
            more=any(reader.behind for reader in readers),
            requests=requests,
            gone=tuple(item.id for item in admitted if isinstance(item, Gone)),
        )
