"""One run of PeerTube: the videos that were found, then the comments under them, then the replies to those."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Checkpoint, Gone
from collectors.instant import GRAIN
from collectors.manners import documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.peertube_api import WHAT, is_gone, listed, shown, threads
from collectors.peertube_post import branches, comment_id, to_mention, withdrawn
from collectors.sites import Reading
from collectors.stages import Followed, Owed
from collectors.timeline import Fetch, Page, Record, Walk
from collectors.wire import Declined

KEEP = timedelta(days=30)  # how long the comments of a video are read after it was found
MOST_VIDEOS = 100  # each costs a call a run


@dataclass(frozen=True)
class Site:
    """One instance. `record` admits a row under a name, by the function that makes a mention of it."""

    source: str
    name: str
    settle: timedelta
    record: Callable[..., Record]


class Run:
    """What one run reads in each stage, and what the next run must know besides."""

    def __init__(self, site: Site, reading: Reading, kept: Mapping[str, Any]) -> None:
        """`kept` is the state of the checkpoint."""
        self._site = site
        self._reading = reading
        self._videos = Followed(kept.get("videos", {}), KEEP, MOST_VIDEOS)
        self._owed = Owed(kept.get("owed", {}))

    def notes(self) -> dict[str, Any]:
        """What the checkpoint keeps beside the listings."""
        return {"videos": self._videos.state, "owed": self._owed.state}

    def found(self, searches: Mapping[str, Fetch], former: Checkpoint | None) -> Backlog:
        """The searches, whose videos are followed."""
        return self._backlog(former, {name: partial(self._noting, fetch) for name, fetch in searches.items()})

    def comments(self, former: Checkpoint | None) -> Backlog:
        """The threads under the videos that were found."""
        return self._backlog(former, {video: partial(self._threads, video) for video in self._videos.ids})

    def replies(self, former: Checkpoint | None) -> Backlog:
        """The replies in those threads."""
        return Backlog(self._site.source, former, {}, onward=self._owed.listings(self._replies))

    def _backlog(self, former: Checkpoint | None, fetches: Mapping[str, Fetch]) -> Backlog:
        return Backlog(self._site.source, former, fetches, self._site.settle, grain=GRAIN)

    def _noting(self, fetch: Fetch, walk: Walk) -> Page:
        page = fetch(walk)
        for record in page.records:
            if isinstance(record.admitted, Mention):
                self._videos.add(record.admitted.id.rpartition("/")[2], record.admitted.created_at)
        return page

    def _threads(self, video: str, walk: Walk) -> Page:
        try:
            rows, following = listed(self._reading.wire, threads(video), {"sort": "-createdAt"}, walk.cursor)
        except Declined as error:
            if not is_gone(error):
                raise
            self._videos.drop(video)
            return Page(())
        except AccessDenied:
            self._reading.only_this(self._let_in)
            self._videos.drop(video)  # made private
            return Page(())
        return Page(tuple(self._comment(video, row) for row in rows), following)

    def _comment(self, video: str, row: Any) -> Record:
        """A thread's first comment, or a reply. A deleted one has its place still, and its replies."""
        where = f"{video}/{row.get('id')}" if isinstance(row, dict) else video
        found = self._site.record(row, where, partial(to_mention, site=self._site.name, video=video))
        if found.position is None:
            return found
        native_id = comment_id(self._site.name, video, row)
        if row["id"] == row["threadId"] and row.get("totalReplies"):
            self._owed.owe(native_id, row["totalReplies"], video)
        return Record(found.position, Gone(native_id)) if withdrawn(row) else found

    def _replies(self, native_id: str, _cursor: str | None) -> Stretch:
        """All of a thread comes in one answer."""
        video, number = str(self._owed.under(native_id)), native_id.rpartition("/")[2]
        try:
            tree = shown(self._reading.wire, f"{threads(video)}/{number}")
        except AccessDenied:
            self._reading.only_this(self._let_in)
            tree = None
        with documented(WHAT):
            rows = list(branches(tree))[1:] if tree is not None else []
        records = [self._comment(video, row) for row in rows]
        self._owed.paid(native_id)
        return Stretch(tuple(each.admitted for each in records if each.admitted is not None), None, False)

    def _let_in(self) -> object:
        return self._reading.wire.get("api/v1/videos", {"count": 1})
