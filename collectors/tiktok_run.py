"""One run of TikTok: the videos of one stretch of days after the other, then the comments under those found."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Self

from collectors.admission import Admitted, admit
from collectors.backlog import Backlog
from collectors.collector import Checkpoint
from collectors.instant import GRAIN, position
from collectors.manners import MISSHAPEN, documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.stages import Followed
from collectors.tiktok_api import PAGE_SIZE, WHAT, TikTokApi
from collectors.tiktok_post import PLATFORM, comment_to_mention, to_mention, video_id
from collectors.timeline import Page, Record, Walk
from collectors.wire import Declined

LONGEST = timedelta(days=29)  # of a stretch; its first and its last day count both
SETTLE = timedelta(days=4)  # the overlap window: the archive runs two days behind, and more where it stalls
KEEP = timedelta(days=30)  # how long the comments of a video are read after it was found
MOST_VIDEOS = 50  # each costs a call a run, of 1,000 a day
MOST_COMMENTS = 1_000  # TikTok shows no more of a video
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What is asked for, in TikTok's own terms, and what tells the terms that a text holds."""

    query: Mapping[str, Any]
    matcher: Callable[[str], tuple[str, ...]]
    keeps: Callable[[str], bool]
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Place:
    """A place in a search of some days, both inclusive. A search that is begun reaches as far as it can."""

    begins: date
    ends: date
    start: int = 0
    search_id: str | None = None

    @classmethod
    def read(cls, cursor: str | None, today: date) -> Self:
        """The place where a run goes on; a first run begins as far back as one search reaches."""
        if cursor is None:
            return cls(today - LONGEST, today)
        begins, ends, start, search_id = json.loads(cursor)
        begun = bool(start or search_id)
        last = date.fromisoformat(ends) if begun else min(date.fromisoformat(begins) + LONGEST, today)
        return cls(date.fromisoformat(begins), last, start, search_id)

    @property
    def written(self) -> str:
        """The place as a cursor."""
        return json.dumps([self.begins.isoformat(), self.ends.isoformat(), self.start, self.search_id])

    def anew(self) -> Self:
        """The beginning of the same search."""
        return type(self)(self.begins, self.ends)

    def after(self, answer: Mapping[str, Any], today: date) -> Self:
        """The place after a page: on this search's next, in the next stretch, or where the next run begins."""
        if answer["has_more"]:
            return type(self)(self.begins, self.ends, int(answer["cursor"]), answer.get("search_id"))
        begins = self.ends + A_DAY if self.ends < today else today - SETTLE
        return type(self)(begins, today)


class Run:
    """What one run reads in each stage, and what the next run must know besides."""

    def __init__(self, wanted: Wanted, api: TikTokApi, kept: Mapping[str, Any]) -> None:
        """`kept` is the state of the checkpoint."""
        self._wanted = wanted
        self._api = api
        self._followed = Followed(kept.get("videos", {}), KEEP, MOST_VIDEOS, wanted.now)
        self._names: dict[str, str | None] = {}  # whose the videos are that this run has found

    def notes(self) -> dict[str, Any]:
        """What the checkpoint keeps beside the listings."""
        return {"videos": self._followed.state}

    def found(self, former: Checkpoint | None) -> Backlog:
        """The videos."""
        return Backlog(PLATFORM, former, {}, onward={"videos": self._videos})

    def comments(self, former: Checkpoint | None) -> Backlog:
        """The comments under them."""
        fetches = {video: partial(self._below, video) for video in self._followed.ids}
        return Backlog(PLATFORM, former, fetches, grain=GRAIN)

    def _videos(self, cursor: str | None) -> Stretch:
        """A page of one stretch of days. In which order it comes is not documented, so each stretch is read whole."""
        today = self._wanted.now().astimezone(UTC).date()
        place = Place.read(cursor, today)
        try:
            answer = self._searched(place)
        except Declined:
            if not place.start:
                raise
            place = place.anew()  # the search of an earlier run has expired
            answer = self._searched(place)
        with documented(WHAT):
            onward = place.after(answer, today)
            return Stretch(
                tuple(self._admitted(answer["videos"])),
                onward.written,
                more=bool(answer["has_more"]) or place.ends < today,
            )

    def _searched(self, place: Place) -> Any:
        begins, ends = (f"{day:%Y%m%d}" for day in (place.begins, place.ends))
        return self._api.videos(self._wanted.query, begins, ends, place.start, place.search_id)

    def _admitted(self, videos: list[Any]) -> Iterator[Admitted]:
        seen: set[str] = set()  # one may stand twice on a page
        for video in videos:
            native_id = _named(video)
            admitted = admit(video, f"{PLATFORM} {native_id or 'without id'}", self._marked(to_mention))
            if isinstance(admitted, Mention):
                if admitted.id in seen or not self._wanted.keeps(admitted.text):
                    continue
                seen.add(admitted.id)
                self._followed.add(admitted.id, admitted.created_at)
                self._names[admitted.id] = admitted.author.handle
            yield admitted

    def _below(self, video: str, walk: Walk) -> Page:
        try:
            answer = self._api.comments(video, int(walk.cursor or 0))
        except Declined:
            self._followed.drop(video)  # it is gone, or its comments are switched off
            return Page(())
        make = partial(comment_to_mention, username=self._names.get(video))
        with documented(WHAT):
            records = tuple(self._comment(comment, make, walk.above) for comment in answer["comments"])
            onward = int(answer["cursor"]) if answer["has_more"] else MOST_COMMENTS
        return Page(records, str(onward) if onward + PAGE_SIZE <= MOST_COMMENTS else None)

    def _comment(self, comment: Any, make: Callable[[dict[str, Any]], Mention], above: int | None) -> Record:
        """In which order comments come is not documented: those read before come again, and do not end the listing."""
        native_id = comment.get("id") if isinstance(comment, dict) else None
        admitted = admit(comment, f"{PLATFORM} {native_id or 'without id'}", self._marked(make))
        place = position(admitted.created_at, admitted.id) if isinstance(admitted, Mention) else None
        return Record(None if place is not None and above is not None and place <= above else place, admitted)

    def _marked(self, make: Callable[[dict[str, Any]], Mention]) -> Callable[[dict[str, Any]], Mention]:
        def marked(record: dict[str, Any]) -> Mention:
            mention = make(record)
            return mention.model_copy(update={"matched_terms": self._wanted.matcher(mention.text)})

        return marked


def _named(video: Any) -> str | None:
    try:
        return video_id(video)
    except MISSHAPEN:
        return None
