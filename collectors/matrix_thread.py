"""What was said around a message in a room of Matrix: GET /rooms/{room}/context/{event}, 25 before and 25 after.

A room has no end: the window is all that is read of it. Where ours stands in a thread, or others answer it, GET
/rooms/{room}/relations/{event} brings those too, wherever in the room they stand.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from collectors.admission import Admitted
from collectors.collector import AccessDenied, UnexpectedResponse
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.manners import documented
from collectors.wire import Declined, Wire

API, RELATIONS = "_matrix/client/v3", "_matrix/client/v1"
AROUND = 50  # messages
PAGE_SIZE = 50
MOST_PAGES = 4
MISSING = "M_NOT_FOUND"
ADDRESS = re.compile(r"https://matrix\.to/#/(?P<room>[^/]+)/(?P<event>[^/?]+)")
WHAT = "Matrix"


def read(wire: Wire, make: Callable[[str, list[Any], list[Any]], list[Admitted]], seed: Seed) -> Thread:
    """`make` reads the events of a room, with its state. Raises a CollectError; ConversationGone in Matrix's words."""
    address = ADDRESS.fullmatch(seed.url or "")
    if address is None:
        raise UnexpectedResponse(f"the room of {seed.ids[0]} is not known: its address is {seed.url!r}")
    room = unquote(address["room"])
    where = f"rooms/{quote(room, safe='')}"
    try:
        around = wire.get(f"{API}/{where}/context/{quote(seed.ids[0], safe='')}", {"limit": AROUND})
    except Declined as error:
        if MISSING in error.said:
            raise ConversationGone(str(error)) from error
        raise
    with documented(WHAT):
        before, after = list(around.get("events_before") or ()), list(around.get("events_after") or ())
        events = [*reversed(before), around["event"], *after]
        state = list(around.get("state") or ())
    related = _related(wire, where, seed.conversation_id or seed.ids[0])
    with documented(WHAT):
        known = {event["event_id"] for event in events}
        events += [event for event in related if event["event_id"] not in known]
        return Thread(tuple(make(room, events, state)), window=True)


def _related(wire: Wire, where: str, event_id: str) -> list[Any]:
    """The messages of a thread, and those that answer a message; none where the server knows of no such call."""

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        asked = {"limit": PAGE_SIZE, "from": cursor, "dir": "f", "recurse": True}
        answer = wire.get(f"{RELATIONS}/{where}/relations/{quote(event_id, safe='')}", asked)
        with documented(WHAT):
            return answer["chunk"], answer.get("next_batch")

    try:
        return paged(page, MOST_PAGES)[0]
    except (Declined, AccessDenied):
        return []  # the first message may be redacted, or from before the bot joined
