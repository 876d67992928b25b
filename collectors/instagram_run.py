"""One run of Instagram: tags, own media, hashtags and webhook notifications first, then comments on one's own media.

Comments are read down to those that are known. A reply under an older one would lie below that, so media that have been
answered since, by their own count, are read whole at last.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from collectors.admission import Admitted, admit, refused
from collectors.backlog import Backlog
from collectors.collector import Checkpoint, UnexpectedResponse
from collectors.graph import Graph, NoSuchObject, backdated, onward
from collectors.instagram_post import PLATFORM, comment_to_mention, replies, to_mention
from collectors.instant import GRAIN, position
from collectors.manners import MISSHAPEN, documented
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.stages import Followed, Owed
from collectors.timeline import Fetch, Page, Record, Walk

KEEP = timedelta(days=30)  # how long the comments of one's own media are read
MOST_MEDIA = 100  # each costs a call a run
PAGE_SIZE = 50
AT_ONCE = 20  # notifications of a batch, a call each
CHILDREN = "children{id,media_type,media_url,thumbnail_url}"
HASHTAG_FIELDS = f"id,caption,media_type,media_url,permalink,timestamp,comments_count,like_count,{CHILDREN}"
MEDIA_FIELDS = f"{HASHTAG_FIELDS},username"
OWN_FIELDS = f"{MEDIA_FIELDS},thumbnail_url,owner"
COMMENT = "id,text,timestamp,username,from,like_count,parent_id"
COMMENT_FIELDS = f"{COMMENT},replies.limit(50){{{COMMENT}}}"
MENTIONED_MEDIA = "id,caption,media_type,media_url,timestamp,username,owner,comments_count,like_count"
MENTIONED_COMMENT = "id,text,timestamp,username,like_count,media{id,permalink}"
WHAT = "Instagram"


@dataclass(frozen=True)
class Wanted:
    """What is asked for: the account, hashtags without #, and the file of its webhook's notifications."""

    account: str
    hashtags: tuple[str, ...]
    mentions: Path | None
    settle: timedelta
    matcher: Callable[[str], tuple[str, ...]]


class Run:
    """What one run reads in each stage, and what the next run must know besides."""

    def __init__(self, wanted: Wanted, graph: Graph, kept: Mapping[str, Any]) -> None:
        """`kept` is the state of the checkpoint."""
        self._wanted = wanted
        self._graph = graph
        self._own = Followed(kept.get("own", {}), KEEP, MOST_MEDIA)
        self._owed = Owed(kept.get("owed", {}))
        self._hashtags: dict[str, str] = dict(kept.get("hashtags", {}))  # name: id, which never changes
        self._media: dict[str, dict[str, Any]] = {}

    def notes(self) -> dict[str, Any]:
        """What the checkpoint keeps beside the listings."""
        return {"own": self._own.state, "owed": self._owed.state, "hashtags": dict(self._hashtags)}

    def found(self, former: Checkpoint | None) -> Backlog:
        """Media that tag the account, its own, those of hashtags, and what the webhook was told of."""
        fetches: dict[str, Fetch] = {"tags": self._tags, "media": self._published}
        fetches |= {f"#{tag}": partial(self._tagged, tag) for tag in self._wanted.hashtags}
        onward = {"mentions": self._mentions} if self._wanted.mentions else {}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, onward, grain=GRAIN)

    def comments(self, former: Checkpoint | None) -> Backlog:
        """Comments on the account's own media."""
        fetches = {media_id: partial(self._comments, media_id) for media_id in self._own.ids}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, grain=GRAIN)

    def whole(self, former: Checkpoint | None) -> Backlog:
        """All comments of those media that have more of them, or more replies, than when they were last read whole."""
        return Backlog(PLATFORM, former, {}, onward=self._owed.listings(self._whole))

    def _tags(self, walk: Walk) -> Page:
        return backdated(self._listed(walk, self._wanted.account, "tags", fields=MEDIA_FIELDS), walk)

    def _published(self, walk: Walk) -> Page:
        page = self._listed(walk, self._wanted.account, "media", fields=OWN_FIELDS)
        for record in page.records:
            if isinstance(record.admitted, Mention):
                self._own.add(record.admitted.id, record.admitted.created_at)
                self._media[record.admitted.id] = record.admitted.raw
        return page

    def _tagged(self, tag: str, walk: Walk) -> Page:
        if tag not in self._hashtags:
            data, _ = self._graph.page("ig_hashtag_search", user_id=self._wanted.account, q=tag)
            with documented(WHAT):
                self._hashtags[tag] = str(data[0]["id"])
        asked = {"user_id": self._wanted.account, "fields": HASHTAG_FIELDS}
        return self._listed(walk, self._hashtags[tag], "recent_media", **asked)

    def _listed(self, walk: Walk, *path: str, **asked: str) -> Page:
        data, following = self._graph.page(*path, cursor=walk.cursor, limit=PAGE_SIZE, **asked)
        return Page(tuple(self._record(media, to_mention) for media in data), following)

    def _comments(self, media_id: str, walk: Walk) -> Page:
        try:
            data, following = self._below(media_id, walk.cursor)
            if following and walk.cursor is None and walk.above is not None:
                self._owe(media_id)
        except NoSuchObject:
            self._own.drop(media_id)
            return Page(())
        return Page(tuple(self._threads(data, media_id)), following)

    def _below(self, media_id: str, cursor: str | None) -> tuple[list[Any], str | None]:
        return self._graph.page(media_id, "comments", cursor=cursor, fields=COMMENT_FIELDS, limit=PAGE_SIZE)

    def _owe(self, media_id: str) -> None:
        """Have a medium read whole where its count of comments, which counts replies too, has changed."""
        media = self._media.get(media_id) or self._graph.get(media_id, fields=OWN_FIELDS)
        with documented(WHAT):
            count = media.get("comments_count")
        self._media[media_id] = media
        # A reading that one run does not finish goes on, however many are added meanwhile.
        if isinstance(count, int) and media_id not in self._owed.state["due"]:
            self._owed.owe(media_id, count, None)

    def _whole(self, media_id: str, cursor: str | None) -> Stretch:
        try:
            data, following = self._on(media_id, cursor)
        except NoSuchObject:
            data, following = [], None
        if following is None:
            self._owed.paid(media_id)
        admitted = (record.admitted for record in self._threads(data, media_id))
        return Stretch(tuple(each for each in admitted if each is not None), following, following is not None)

    def _on(self, media_id: str, cursor: str | None) -> tuple[list[Any], str | None]:
        try:
            return self._below(media_id, cursor)
        except UnexpectedResponse as error:
            if cursor is None or isinstance(error, NoSuchObject):
                raise
            return self._below(media_id, None)  # a cursor of an earlier run may have expired

    def _threads(self, comments: list[Any], media_id: str) -> Iterator[Record]:
        media = self._media.get(media_id, {"id": media_id})
        for comment in comments:
            yield from self._thread(comment, media)

    def _thread(self, comment: Any, media: dict[str, Any]) -> Iterator[Record]:
        yield self._record(comment, partial(comment_to_mention, media=media))
        make = partial(comment_to_mention, media=media, answered=comment)
        for reply in self._replies(comment):  # has no place of its own in a listing of comments
            yield Record(None, self._admitted(reply, make))

    def _replies(self, comment: Any) -> Iterator[Any]:
        """Those that came with a comment, and those beyond: more than 50 are rare."""
        yield from (carried := replies(comment))
        given, cursor = {"fields": COMMENT, "limit": str(PAGE_SIZE)}, None
        with documented(WHAT):
            cursor = onward(comment["replies"], given) if carried else None
        followed: set[str] = set()
        while cursor and cursor not in followed:
            followed.add(cursor)
            data, cursor = self._graph.page(comment["id"], "replies", cursor=cursor, **given)
            yield from data

    def _mentions(self, cursor: str | None) -> Stretch:
        """What the webhook was told since the last run; the cursor is a place in its file, in bytes."""
        path, start = self._wanted.mentions, int(cursor or 0)
        if path is None or not path.exists():
            return Stretch((), cursor, more=False)
        with path.open("rb") as file:
            start = start if start <= path.stat().st_size else 0  # the file was begun anew
            file.seek(start)
            lines = [line for line in (file.readline() for _ in range(AT_ONCE)) if line.endswith(b"\n")]
            more = len(lines) == AT_ONCE and bool(file.read(1))
        admitted = tuple(item for line in lines for item in self._told(line))
        return Stretch(admitted, str(start + sum(map(len, lines))), more)

    def _told(self, line: bytes) -> Iterator[Admitted]:
        """The mentions of one notification, which says where they are and nothing else."""
        try:
            changes = [change for entry in json.loads(line)["entry"] for change in entry["changes"]]
            told = [change["value"] for change in changes if change["field"] == "mentions"]
        except MISSHAPEN as error:
            yield refused(f"{PLATFORM} webhook", f"no notification: {error!r}", line.decode("utf-8", "replace"))
            return
        for value in told:
            yield from self._mentioned(value)

    def _mentioned(self, value: Any) -> Iterator[Admitted]:
        ids = value if isinstance(value, dict) else {}
        comment_id = ids.get("comment_id")
        kind, native_id = ("comment", comment_id) if comment_id else ("media", ids.get("media_id"))
        if native_id is None or not str(native_id).isalnum():
            yield refused(f"{PLATFORM} webhook", "the notification names neither media nor comment", value)
            return
        wanted, make = (MENTIONED_COMMENT, comment_to_mention) if comment_id else (MENTIONED_MEDIA, to_mention)
        try:
            field = f"mentioned_{kind}"
            answer = self._graph.get(self._wanted.account, fields=f"{field}.{kind}_id({native_id}){{{wanted}}}")
        except NoSuchObject:
            return  # deleted since
        with documented(WHAT):
            yield self._admitted(answer[field], make)

    def _record(self, record: Any, make: Callable[[dict[str, Any]], Mention]) -> Record:
        admitted = self._admitted(record, make)
        place = position(admitted.created_at, admitted.id) if isinstance(admitted, Mention) else None
        return Record(place, admitted)

    def _admitted(self, record: Any, make: Callable[[dict[str, Any]], Mention]) -> Admitted:
        native_id = record.get("id") if isinstance(record, dict) else None

        def marked(shown: dict[str, Any]) -> Mention:
            mention = make(shown)
            return mention.model_copy(update={"matched_terms": self._wanted.matcher(mention.text)})

        return admit(record, f"{PLATFORM} {native_id or 'without id'}", marked)
