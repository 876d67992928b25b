"""One run of YouTube: searches, then the comments of what they found, then the replies that those came without."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from collectors.admission import admit, refused
from collectors.backlog import Backlog
from collectors.collector import Checkpoint, UnexpectedResponse
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.pace import Pace
from collectors.stages import Followed, Owed
from collectors.timeline import Page, Record, Walk
from collectors.youtube_api import WHAT, NotShown, YouTubeApi
from collectors.youtube_post import PLATFORM, replies

KEEP = timedelta(days=30)  # how long the comments of a video are read after it was found
MOST_VIDEOS = 100  # each costs a call a run


# The part of each quota that collecting plans with. The rest is for calls that are tried again and runs by hand, and of
# the units for descriptions, re-checks and conversations.
OF_SEARCHES, OF_UNITS = 0.9, 0.7


@dataclass(frozen=True)
class Daily:
    """What the project's quotas allow in a day: searches, and units for all else. `now` is the clock that counts."""

    searches: int = 100
    units: int = 10_000
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `mark` makes a mention with its matched terms; `keeps` tells the texts that are worth it."""

    searches: tuple[str, ...]
    channels: tuple[str, ...]
    settle: timedelta
    daily: Daily
    mark: Callable[..., Mention]
    keeps: Callable[[str], bool]


class Run:
    """What one run reads in each stage, and what the next run must know besides."""

    def __init__(self, wanted: Wanted, api: YouTubeApi, kept: Mapping[str, Any]) -> None:
        """`kept` is the state of the checkpoint."""
        self._wanted = wanted
        self._api = api
        self._kept = kept
        daily, pace = wanted.daily, kept.get("pace", {})
        self._searching = Pace(daily.searches * OF_SEARCHES, pace.get("searches"), daily.now)
        self._commenting = Pace(daily.units * OF_UNITS, pace.get("comments"), daily.now)
        self._videos = Followed(kept.get("videos", {}), KEEP, MOST_VIDEOS, daily.now)
        self._owed = Owed(kept.get("owed", {}))
        self._threads: dict[str, dict[str, Any]] = {}
        self._seen: set[str] = set()  # replies that this run has yielded

    def notes(self) -> dict[str, Any]:
        """What the checkpoint keeps beside the listings."""
        pace = {"searches": self._searching.state, "comments": self._commenting.state}
        return {"videos": self._videos.state, "owed": self._owed.state, "pace": pace}

    @property
    def postponed(self) -> bool:
        """Whether a stage that this run leaves out has a backlog."""
        return (not self._searching.due and _is_behind(self._kept.get("found", {}))) or (
            not self._commenting.due and (_is_behind(self._kept.get("comments", {})) or bool(self._owed.state["due"]))
        )

    def found(self, former: Checkpoint | None) -> Backlog:
        """The searches, where they are due."""
        fetches = {query: partial(self._search, query) for query in self._wanted.searches if self._searching.due}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, now=self._wanted.daily.now, grain=GRAIN)

    def comments(self, former: Checkpoint | None) -> Backlog:
        """The comments of one's own channels, and of the videos that were found, where they are due."""
        if not self._commenting.due:
            return Backlog(PLATFORM, former, {})
        fetches = {channel: partial(self._of_channel, channel) for channel in self._wanted.channels}
        fetches |= {video_id: partial(self._of_video, video_id) for video_id in self._videos.ids}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, now=self._wanted.daily.now, grain=GRAIN)

    def replies(self, former: Checkpoint | None) -> Backlog:
        """The replies of threads that came with some of them only, where comments are due."""
        onward = self._owed.listings(self._of_thread) if self._commenting.due else {}
        return Backlog(PLATFORM, former, {}, onward=onward)

    def _search(self, query: str, walk: Walk) -> Page:
        after = moment_of(walk.above) if walk.above is not None else None
        before = moment_of(walk.top) + timedelta(seconds=1) if walk.top is not None else None
        self._searching.spend()
        answer = self._api.search(query, after, before, walk.cursor)
        with documented(WHAT):
            items, following = _listed(answer)
            ids = [item["id"]["videoId"] for item in items if _is_video(item)]
        try:
            whole = {item["id"]: item for item in self._api.videos(ids) if _is_named(item)} if ids else {}
        except NotShown:
            whole = {}  # what the search itself said of them stands
        return Page(tuple(self._video(item, whole) for item in items), following)

    def _video(self, item: Any, whole: dict[str, dict[str, Any]]) -> Record:
        if not _is_video(item):
            other = isinstance(item, dict) and isinstance(item.get("id"), dict)  # a channel or a playlist
            return Record(None, None if other else refused(f"{PLATFORM} without id", "no search result", item))
        native_id = item["id"]["videoId"]
        where = f"{PLATFORM} {native_id}"
        shown = admit(item, where, self._wanted.mark)
        if not isinstance(shown, Mention):
            return Record(None, shown)
        place = position(shown.created_at, shown.id)  # by what the search sorts by
        admitted = admit(whole[native_id], where, self._wanted.mark) if native_id in whole else shown
        mention = admitted if isinstance(admitted, Mention) else shown
        if not self._wanted.keeps(mention.text):
            return Record(place, None, shown.created_at)
        self._videos.add(mention.id, mention.created_at)
        return Record(place, mention)

    def _of_channel(self, channel: str, walk: Walk) -> Page:
        self._commenting.spend()
        return self._discussion(self._api.threads(walk.cursor, allThreadsRelatedToChannelId=channel))

    def _of_video(self, video_id: str, walk: Walk) -> Page:
        self._commenting.spend()
        try:
            answer = self._api.threads(walk.cursor, videoId=video_id)
        except NotShown as error:
            if error.reason != "commentsDisabled":
                self._videos.drop(video_id)
            return Page(())
        return self._discussion(answer)

    def _discussion(self, answer: Any) -> Page:
        with documented(WHAT):
            threads, following = _listed(answer)
        return Page(tuple(record for thread in threads for record in self._thread(thread)), following)

    def _thread(self, thread: Any) -> Iterator[Record]:
        native_id = thread.get("id") if isinstance(thread, dict) else None
        admitted = admit(thread, f"{PLATFORM} {native_id or 'without id'}", self._wanted.mark)
        if not isinstance(admitted, Mention):
            yield Record(None, admitted)
            return
        yield Record(position(admitted.created_at, admitted.id), admitted)
        carried = replies(thread)
        for reply in carried:
            yield from self._reply(reply, thread)
        total = admitted.metrics.replies or 0
        if total > len(carried):
            self._owed.owe(admitted.id, total, thread["snippet"].get("videoId"))
            self._threads[admitted.id] = thread

    def _reply(self, reply: Any, thread: dict[str, Any]) -> Iterator[Record]:
        """A reply has no place of its own in the listing, which is one of threads."""
        native_id = reply.get("id") if isinstance(reply, dict) else None
        if native_id not in self._seen:
            make = partial(self._wanted.mark, thread=thread)
            yield Record(None, admit(reply, f"{PLATFORM} {native_id or 'without id'}", make))
        if isinstance(native_id, str):
            self._seen.add(native_id)

    def _of_thread(self, thread_id: str, cursor: str | None) -> Stretch:
        self._commenting.spend()
        thread = self._threads.get(thread_id) or {"snippet": {"videoId": self._owed.under(thread_id)}}
        try:
            answer = self._asked(thread_id, cursor)
        except NotShown:
            answer = {"items": []}
        with documented(WHAT):
            found, following = _listed(answer)
        records = tuple(record for reply in found for record in self._reply(reply, thread))
        if following is None:
            self._owed.paid(thread_id)
        admitted = tuple(record.admitted for record in records if record.admitted is not None)
        return Stretch(admitted, following, following is not None)

    def _asked(self, thread_id: str, cursor: str | None) -> Any:
        try:
            return self._api.replies(thread_id, cursor)
        except UnexpectedResponse:
            if cursor is None:
                raise
            return self._api.replies(thread_id, None)  # a cursor of an earlier run may have expired


def _is_behind(stage: Mapping[str, Any]) -> bool:
    return any(timeline["gaps"] for timeline in stage.get("timelines", {}).values())


def _listed(answer: Any) -> tuple[list[Any], str | None]:
    items = answer["items"]
    if not isinstance(items, list):
        raise TypeError("the items are no list")
    return items, answer.get("nextPageToken")


def _is_video(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), dict) and isinstance(item["id"].get("videoId"), str)


def _is_named(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)
