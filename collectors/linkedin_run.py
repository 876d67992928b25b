"""One run of LinkedIn: an organisation's posts and notifications, then the comments on its posts, then replies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from collectors.admission import Admitted, admit, refused
from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Checkpoint, Gone
from collectors.instant import GRAIN, moment_of, position
from collectors.linkedin_listing import GONE, listed
from collectors.linkedin_post import (
    COMMENTED,
    PLATFORM,
    comment_to_mention,
    comment_urn,
    replies,
    to_mention,
    told_at,
    told_to_mention,
)
from collectors.manners import MISSHAPEN
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.stages import Followed, Owed
from collectors.timeline import Page, Record, Walk
from collectors.wire import Declined, Wire

KEEP = timedelta(days=30)  # how long the comments of a post are read
MOST_POSTS = 100  # each costs a call a run
RETAINED = timedelta(days=60)  # how long LinkedIn keeps notifications
ACTIONS = "List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,ADMIN_COMMENT,SHARE,SHARE_MENTION)"


@dataclass(frozen=True)
class Wanted:
    """The organisation, as a URN, and what tells the terms that a text holds."""

    organisation: str
    settle: timedelta
    matcher: Callable[[str], tuple[str, ...]]


class Run:
    """What one run reads in each stage, and what the next run must know besides."""

    def __init__(self, wanted: Wanted, wire: Wire, kept: Mapping[str, Any]) -> None:
        """`kept` is the state of the checkpoint."""
        self._wanted = wanted
        self._wire = wire
        self._posts = Followed(kept.get("posts", {}), KEEP, MOST_POSTS)
        self._owed = Owed(kept.get("owed", {}))

    def notes(self) -> dict[str, Any]:
        """What the checkpoint keeps beside the listings."""
        return {"posts": self._posts.state, "owed": self._owed.state}

    def found(self, former: Checkpoint | None) -> Backlog:
        """The organisation's own posts, and what it was notified of."""
        fetches = {"posts": self._published, "notifications": self._notified}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, grain=GRAIN)

    def comments(self, former: Checkpoint | None) -> Backlog:
        """Comments on its own posts."""
        fetches = {post_id: partial(self._below, post_id) for post_id in self._posts.ids}
        return Backlog(PLATFORM, former, fetches, self._wanted.settle, grain=GRAIN)

    def replies(self, former: Checkpoint | None) -> Backlog:
        """Replies to those comments."""
        return Backlog(PLATFORM, former, {}, onward=self._owed.listings(self._answers))

    def _published(self, walk: Walk) -> Page:
        author = quote(self._wanted.organisation, safe="")
        elements, following = listed(self._wire, f"posts?q=author&author={author}&sortBy=CREATED", walk.cursor)
        records = tuple(self._record(post, "id", to_mention) for post in elements)
        for record in records:
            if isinstance(record.admitted, Mention):
                self._posts.add(record.admitted.id, record.admitted.created_at)
        return Page(records, following)

    def _notified(self, walk: Walk) -> Page:
        """Bounded by the time by which they are placed, so that none ends the listing for being old."""
        now = datetime.now(UTC)
        start = moment_of(walk.above) if walk.above is not None else now - RETAINED
        end = moment_of(walk.top) if walk.top is not None else now
        within = f"&timeRange=(start:{_milliseconds(start)},end:{_milliseconds(end) + 1})"
        of = quote(self._wanted.organisation, safe="")
        asked = f"organizationalEntityNotifications?q=criteria&actions={ACTIONS}&organizationalEntity={of}{within}"
        elements, following = listed(self._wire, asked, walk.cursor)
        return Page(tuple(self._told(element) for element in elements), following)

    def _told(self, notification: Any) -> Record:
        told = notification if isinstance(notification, dict) else {}
        where = f"{PLATFORM} notification {told.get('notificationId', 'without id')}"
        if told.get("action") == "COMMENT_DELETE" and isinstance(told.get("generatedActivity"), str):
            return Record(None, Gone(_whole(told["generatedActivity"])))
        if told and not told.get("decoratedGeneratedActivity"):
            return self._undecorated(told, where)
        return _noticed(admit(notification, where, self._marked(told_to_mention)), notification)

    def _undecorated(self, told: dict[str, Any], where: str) -> Record:
        """A notification that only says where something was said: what it was is asked for."""
        try:
            commented, native_id = told["action"] in COMMENTED, str(told["generatedActivity"])
            post_id = quote(str(told.get("sourcePost")), safe="")
            comment_id = native_id.rstrip(")").rpartition(",")[2]
        except MISSHAPEN as error:
            return Record(None, refused(where, f"no notification: {error!r}", told))
        path = f"socialActions/{post_id}/comments/{comment_id}" if commented else f"posts/{quote(native_id, safe='')}"
        try:
            said = self._wire.get(path)
        except (AccessDenied, Declined) as error:
            return Record(None, refused(where, f"LinkedIn does not show it: {error}", told))
        make = self._marked(comment_to_mention if commented else to_mention)
        return _noticed(admit(said, f"{PLATFORM} {native_id}", make), told)

    def _below(self, post_id: str, walk: Walk) -> Page:
        """All comments of a post: in which order they come is not documented, so no page is the last but the last."""
        try:
            elements, following = listed(self._wire, f"socialActions/{quote(post_id, safe='')}/comments", walk.cursor)
        except Declined as error:
            if error.status not in GONE:
                raise
            self._posts.drop(post_id)
            return Page(())
        records = [self._commented(comment, post_id) for comment in elements]
        return Page(tuple(_anew(record, walk.above) for record in records), following)

    def _commented(self, comment: Any, post_id: str) -> Record:
        record = self._record(comment, "id", partial(comment_to_mention, post_id=post_id))
        if isinstance(record.admitted, Mention) and (total := replies(comment)):
            self._owed.owe(comment_urn(comment), total, post_id)
        return record

    def _answers(self, comment_id: str, cursor: str | None) -> Stretch:
        post_id = self._owed.under(comment_id)
        try:
            elements, following = listed(self._wire, f"socialActions/{quote(comment_id, safe='')}/comments", cursor)
        except Declined as error:
            if error.status not in GONE:
                raise
            elements, following = [], None
        if following is None:
            self._owed.paid(comment_id)
        return Stretch(tuple(self._answering(elements, comment_id, post_id)), following, following is not None)

    def _answering(self, elements: list[Any], comment_id: str, post_id: str | None) -> Iterator[Admitted]:
        for element in elements:
            reply = {"parentComment": comment_id, **element} if isinstance(element, dict) else element
            where = f"{PLATFORM} {reply.get('id', 'without id') if isinstance(reply, dict) else 'without id'}"
            yield admit(reply, where, self._marked(partial(comment_to_mention, post_id=post_id)))

    def _record(self, record: Any, key: str, make: Callable[[dict[str, Any]], Mention]) -> Record:
        native_id = record.get(key) if isinstance(record, dict) else None
        admitted = admit(record, f"{PLATFORM} {native_id or 'without id'}", self._marked(make))
        return Record(self._place(admitted), admitted)

    def _place(self, admitted: Admitted) -> int | None:
        return position(admitted.created_at, admitted.id) if isinstance(admitted, Mention) else None

    def _marked(self, make: Callable[[dict[str, Any]], Mention]) -> Callable[[dict[str, Any]], Mention]:
        def marked(record: dict[str, Any]) -> Mention:
            mention = make(record)
            return mention.model_copy(update={"matched_terms": self._wanted.matcher(mention.text)})

        return marked


def _noticed(admitted: Admitted, notification: Any) -> Record:
    """A record placed by when the organisation was told: what an edit tells of may be much older."""
    if not isinstance(admitted, Mention):
        return Record(None, admitted)
    try:
        moment = told_at(notification)
    except (*MISSHAPEN, OSError):  # what it tells of is good all the same; it has no place, and is told at each sight
        return Record(None, admitted)
    return Record(position(moment, admitted.id), admitted, moment)


def _anew(record: Record, above: int | None) -> Record:
    """What was read before comes again, for its edits, without ending the listing."""
    old = above is not None and record.position is not None and record.position <= above
    return replace(record, position=None) if old else record


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _whole(urn: str) -> str:
    """Notifications shorten the URN of a comment: urn:li:comment:(activity:1,2)."""
    return urn.replace("(activity:", "(urn:li:activity:")
