"""Reading a platform in stages: first what is posted, then what is said under each of those posts.

Each stage is a `Backlog` of its own, opened when the stage before it is through, so that it knows what that one found.
One checkpoint holds them all: the state of each stage under its name, and what the platform's file notes besides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Batch, Checkpoint, CollectError, UnexpectedResponse
from collectors.manners import Visit
from collectors.onward import Follow, Stretch

Open = Callable[[Checkpoint | None], Backlog]
Notes = Callable[[], Mapping[str, Any]]

APART: tuple[type[CollectError], ...] = (AccessDenied, UnexpectedResponse)


def staged(
    checkpoint: Checkpoint | None,
    source: str,
    stages: Mapping[str, Open],
    notes: Notes,
    pages: int,
    visit: Visit,
    apart: tuple[type[CollectError], ...] = APART,
) -> Iterator[Batch]:
    """Yield the batches of stage after stage, at most `pages` of each (but one of every listing).

    `notes` is asked after each page, and must be JSON. An error of a kind in `apart` ends its stage alone and is raised
    after the last one; any other ends the run.
    """
    states: dict[str, Any] = dict(checkpoint.state) if checkpoint else {}
    behind: dict[str, bool] = {}
    failures: list[CollectError] = []
    for name, start in stages.items():
        try:
            for batch in _stage(start, Checkpoint(source, states[name]) if name in states else None, pages, visit):
                states[name], behind[name] = dict(batch.checkpoint.state), batch.more
                state = {**states, **notes()}
                yield replace(batch, checkpoint=Checkpoint(source, state), more=any(behind.values()))
        except CollectError as error:
            failures.append(error)
            if not isinstance(error, apart):
                break
    if failures:
        failures[0].requests = sum(error.requests for error in failures)
        raise failures[0]


def _stage(start: Open, former: Checkpoint | None, pages: int, visit: Visit) -> Iterator[Batch]:
    with visit.billed():
        backlog = start(former)
    yield from backlog.batches(pages, visit)


class Followed:
    """Posts whose comments are read as well: each for `keep` after it was found, of them the `most` newest."""

    def __init__(
        self,
        kept: Mapping[str, Any],
        keep: timedelta,
        most: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`kept` is `state` as the checkpoint has it."""
        self._now = now().timestamp()
        self._most = most
        since = self._now - keep.total_seconds()
        self._posts = {native_id: tuple(times) for native_id, times in kept.items() if times[0] > since}

    def add(self, native_id: str, posted: datetime) -> None:
        """Follow a post that was found."""
        self._posts.setdefault(native_id, (self._now, posted.timestamp()))

    def drop(self, native_id: str) -> None:
        """Follow it no longer: it is gone."""
        self._posts.pop(native_id, None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The posts to ask about, newest first."""
        newest = sorted(self._posts, key=lambda native_id: self._posts[native_id][1], reverse=True)
        return tuple(newest[: self._most])

    @property
    def state(self) -> dict[str, Any]:
        """What the checkpoint keeps, as JSON: of each post, when it was found and when it was posted."""
        return {native_id: list(times) for native_id, times in self._posts.items()}


class Owed:
    """Comments that came without all of their replies, until these are read; and how many there were when they were."""

    MOST = 2_000  # of which it is known how many replies were read

    def __init__(self, kept: Mapping[str, Any]) -> None:
        """`kept` is `state` as the checkpoint has it."""
        self._due: dict[str, list[Any]] = dict(kept.get("due", {}))
        self._read: dict[str, int] = dict(kept.get("read", {}))

    def owe(self, native_id: str, total: int, under: str | None) -> None:
        """Note a comment with so many replies, under a post; nothing is owed where as many have been read."""
        if self._read.get(native_id) != total:
            self._due[native_id] = [under, total]

    def paid(self, native_id: str) -> None:
        """All its replies are read."""
        self._read[native_id] = self._due.pop(native_id)[1]

    def under(self, native_id: str) -> str | None:
        """The post that it stands under, if known."""
        post: str | None = self._due[native_id][0]
        return post

    def listings(self, follow: Callable[[str, str | None], Stretch]) -> dict[str, Follow]:
        """A listing for each, for `Backlog`; more replies are another one, which begins at its beginning."""
        return {f"{native_id} {of[1]}": partial(follow, native_id) for native_id, of in self._due.items()}

    @property
    def state(self) -> dict[str, Any]:
        """What the checkpoint keeps, as JSON."""
        return {"due": dict(self._due), "read": dict(list(self._read.items())[-self.MOST :])}
