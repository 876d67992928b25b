"""The rooms of Matrix in the order in which their server came to know of what was said: news first, then the gaps.

A sync tells the news of all rooms at once, and no more than so many of one room. What it leaves out is a gap between
two tokens, read backwards by /messages until nothing is left. Both stand in one cursor, so that a checkpoint is exact.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from collectors.admission import MISSHAPEN, Admitted, admit, refused
from collectors.collector import AccessDenied, CollectError, Gone, UnexpectedResponse
from collectors.manners import documented
from collectors.matrix_event import ENCRYPTED, MESSAGES, PLATFORM, REDACTION, edited, redacted, replaced, to_mention
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.vocabulary import Matcher
from collectors.wire import Declined, Wire

WHAT = "Matrix"
API = "_matrix/client/v3"
NEWS_SIZE = 50  # messages of one room in a sync; what is more is read as a gap
PAGE_SIZE = 100
SENDERS = {"lazy_load_members": True, "include_redundant_members": True}  # those alone, but in each answer: for names
FILTER = {"types": [*MESSAGES, ENCRYPTED, REDACTION], **SENDERS}
MEMBERS = {"types": ["m.room.member"], **SENDERS}
NOTHING = {"types": list[str]()}


@dataclass(frozen=True)
class Gap:
    """What a sync left out of one room: from one token backwards to another; None: from the end, to the beginning."""

    room: str
    above: str | None
    until: str | None


@dataclass(frozen=True)
class Place:
    """How far a bot's rooms are read: up to the token `since`, but for the gaps. `rooms` are those known by then.

    `shut` are the rooms that the bot is told to read and is not in: they are not asked for again until it joins them,
    and then read from their beginning.
    """

    since: str | None = None
    rooms: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    shut: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cursor: str | None) -> "Place":
        """Read what `written` gives."""
        if cursor is None:
            return cls()
        kept = json.loads(cursor)
        gaps = tuple(Gap(*gap) for gap in kept["gaps"])
        return cls(kept["since"], frozenset(kept["rooms"]), gaps, frozenset(kept.get("shut", ())))

    def written(self) -> str:
        """As the checkpoint keeps it."""
        gaps = [[gap.room, gap.above, gap.until] for gap in self.gaps]
        shut = {"shut": sorted(self.shut)} if self.shut else {}
        return json.dumps({"since": self.since, "rooms": sorted(self.rooms), "gaps": gaps, **shut})


@dataclass
class Reading:
    """One run: the news of all rooms first, then the gaps that are left, a page at a time.

    A gap that is refused does not stop the others; its error is raised after them.
    """

    wire: Wire
    rooms: tuple[str, ...]
    matcher: Matcher
    synced: bool = field(default=False, init=False)
    latest: set[str] = field(default_factory=set, init=False)  # messages whose edited form this run has read
    refusals: dict[Gap, CollectError] = field(default_factory=dict, init=False)  # of gaps, in this run

    def follow(self, cursor: str | None) -> Stretch:
        """The next page, and the cursor after it."""
        place, admitted = Place.of(cursor), tuple[Admitted, ...]()
        if not self.synced:
            self.synced = True
            news, admitted = self._news(place)
            if news != place or not news.gaps:
                return Stretch(admitted, news.written(), more=bool(news.gaps))
        place, older = self._older(place)
        return Stretch((*admitted, *older), place.written(), more=bool(place.gaps))

    def _news(self, place: Place) -> tuple[Place, tuple[Admitted, ...]]:
        asked: dict[str, str | int | None] = {"since": place.since, "timeout": 0, "set_presence": "offline"}
        answer = self.wire.get(f"{API}/sync", asked | {"filter": self._wanted})
        with documented(WHAT):
            rooms = answer.get("rooms") or {}
            joined, left = rooms.get("join") or {}, rooms.get("leave") or {}
            told = {**left, **joined}
            gaps = [gap for room in told if (gap := _left_out(room, told[room].get("timeline") or {}, place))]
            shut = (place.shut & set(self.rooms)) - joined.keys()
            gaps += [Gap(room, None, None) for room in self.rooms if room not in place.rooms | joined.keys() | shut]
            known = (place.rooms | joined.keys() | set(self.rooms)) - left.keys() - shut
            events = {room: (each.get("timeline") or {}).get("events") or [] for room, each in told.items()}
            state = {room: (each.get("state") or {}).get("events") or [] for room, each in told.items()}
            news = Place(_text(answer["next_batch"]), frozenset(known), (*place.gaps, *gaps), frozenset(shut))
            found = tuple(item for room in told for item in self.read(room, events[room], state[room]))
        return news, found

    def _older(self, place: Place) -> tuple[Place, tuple[Admitted, ...]]:
        """A page of the first gap that this run was not refused, which goes to the end. Raises where none is left."""
        while any(gap not in self.refusals for gap in place.gaps):
            first, *others = place.gaps
            if first not in self.refusals:
                try:
                    return self._gap(place)
                except (AccessDenied, UnexpectedResponse) as error:
                    self.refusals[first] = error
            place = replace(place, gaps=(*others, first))
        raise next(iter(self.refusals.values()))

    def _gap(self, place: Place) -> tuple[Place, tuple[Admitted, ...]]:
        """A page of the first gap. Gaps take turns, so that one long history does not hold up the others."""
        gap, others = place.gaps[0], place.gaps[1:]
        asked: dict[str, str | int | None]
        asked = {"dir": "b", "limit": PAGE_SIZE, "from": gap.above, "to": gap.until, "filter": json.dumps(FILTER)}
        try:
            answer = self.wire.get(f"{API}/rooms/{quote(gap.room, safe='')}/messages", asked)
        except AccessDenied as error:
            if self._is_in(gap.room):
                raise
            lost = refused(
                f"{PLATFORM} {gap.room}", f"the bot is not in the room, whose history is closed: {error}", asked
            )
            return replace(place, gaps=others, rooms=place.rooms - {gap.room}, shut=place.shut | {gap.room}), (lost,)
        with documented(WHAT):
            chunk, end = answer["chunk"], answer.get("end")
            over = end is None or (not chunk and end == gap.above)  # some servers repeat the token at the beginning
            rest = () if over else (replace(gap, above=_text(end)),)
            found = self.read(gap.room, list(reversed(chunk)), answer.get("state") or [])
        return replace(place, gaps=(*others, *rest)), tuple(found)

    def _is_in(self, room: str) -> bool:
        answer = self.wire.get(f"{API}/joined_rooms")
        with documented(WHAT):
            return room in answer["joined_rooms"]

    @property
    def _wanted(self) -> str:
        room: dict[str, Any] = {"timeline": {**FILTER, "limit": NEWS_SIZE}, "state": MEMBERS}
        room |= {"ephemeral": NOTHING, "account_data": NOTHING} | ({"rooms": self.rooms} if self.rooms else {})
        return json.dumps({"room": room, "presence": NOTHING, "account_data": NOTHING})

    def read(self, room: str, events: list[Any], state: list[Any]) -> list[Admitted]:
        """What the events of one room are, oldest first. Of several edits of one message the last counts.

        They are read from the newest on, so that an edit stands for the original that comes with it.
        """
        whole = [{**event, "room_id": room} if isinstance(event, dict) else event for event in events]
        names = _names([*state, *whole])
        others = {_id(event): event for event in whole if _id(event)}
        last = {edit: _id(event) for event in whole if (edit := _edit(event))}
        read = [
            self._admitted(event, names, others)
            for event in reversed(whole)
            if last.get(_edit(event), _id(event)) == _id(event)
        ]
        return [item for item in reversed(read) if item is not None]

    def _admitted(self, event: Any, names: dict[str, str], others: dict[str, Any]) -> Admitted | None:
        where = f"{PLATFORM} {_id(event) or 'without id'}"
        try:
            whole = self._edited(event, others) if _edit(event) else event
            if (gone := redacted(whole)) is not None:
                return Gone(gone)
            if whole["type"] == ENCRYPTED:
                return refused(where, "is end-to-end encrypted: only the members' own clients can read it", event)
            if whole["type"] not in MESSAGES or (not _edit(event) and _id(whole) in self.latest):
                return None
        except MISSHAPEN as error:
            return refused(where, f"{type(error).__name__}: {error}", event)
        self.latest |= {_id(whole)} if _edit(event) else set()
        admitted = admit(whole, where, lambda one: to_mention(one, names, others))
        if not isinstance(admitted, Mention):
            return admitted
        return admitted.model_copy(update={"matched_terms": self.matcher(admitted.text)})

    def _edited(self, edit: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
        """The edited original. An edit of what nobody shows us any more stands for itself."""
        room, target = edit["room_id"], _edit(edit)
        original = others.get(target)
        if original is None:
            try:
                original = self.wire.get(f"{API}/rooms/{quote(room, safe='')}/event/{quote(target, safe='')}")
            except (Declined, AccessDenied):
                return {**edit, "content": edit["content"]["m.new_content"]}
        return replaced({**original, "room_id": room}, edit)


def resolved(wire: Wire, room: str) -> str:
    """A room's id. Raises a CollectError for an alias that leads nowhere."""
    if not room.startswith("#"):
        return room
    answer = wire.get(f"{API}/directory/room/{quote(room, safe='')}")
    with documented(WHAT):
        return _text(answer["room_id"])


def _left_out(room: str, timeline: dict[str, Any], place: Place) -> Gap | None:
    """What lies between the last sync and this one; for a room that is new to us, all that was said in it before."""
    new = room not in place.rooms
    if not timeline.get("limited") and not (new and place.since and timeline.get("prev_batch")):
        return None
    return Gap(room, _text(timeline["prev_batch"]), None if new else place.since)


def _names(events: list[Any]) -> dict[str, str]:
    """Display names by user id, as far as an answer tells them."""
    members = [event for event in events if isinstance(event, dict) and event.get("type") == "m.room.member"]
    told = {event.get("state_key"): (event.get("content") or {}).get("displayname") for event in members}
    return {str(user): name for user, name in told.items() if isinstance(name, str) and name}


def _id(event: Any) -> str:
    native_id = event.get("event_id") if isinstance(event, dict) else None
    return native_id if isinstance(native_id, str) else ""


def _edit(event: Any) -> str:
    """The id of the message that an event edits, or "", for whatever the event is."""
    try:
        return edited(event) or ""
    except MISSHAPEN:
        return ""


def _text(token: Any) -> str:
    if not isinstance(token, str):
        raise TypeError(f"{token!r} is no token")
    return token
