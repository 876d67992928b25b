"""What was said around a message in a channel of Discord: GET /channels/{id}/messages?around=, 100 in one call.

A channel has no end: the window is all that is read of it. A thread is a channel of its own there.
"""

import re
from collections.abc import Callable
from typing import Any

from collectors.admission import Admitted
from collectors.collector import UnexpectedResponse
from collectors.conversation import ConversationGone, Seed, Thread
from collectors.manners import documented
from collectors.wire import Declined, Wire

AROUND = 100
ADDRESS = re.compile(r"https://discord\.com/channels/(?P<guild>\d+)/(?P<channel>\d+)/\d+")
UNKNOWN_CHANNEL = re.compile(r'"code": ?10003\b')


def read(wire: Wire, make: Callable[[Any, str, str, bool], Admitted | None], seed: Seed) -> Thread:
    """`make` reads a message of a channel, a server, and of a thread or not; None for a notice.

    Raises a CollectError; ConversationGone where Discord knows no such channel.
    """
    address = ADDRESS.fullmatch(seed.url or "")
    if address is None or not seed.ids[0].isdigit():
        raise UnexpectedResponse(f"the channel of {seed.ids[0]} is not known: its address is {seed.url!r}")
    channel, guild = address["channel"], address["guild"]
    try:
        answer = wire.get(f"channels/{channel}/messages", {"around": seed.ids[0], "limit": AROUND})
    except Declined as error:
        if UNKNOWN_CHANNEL.search(error.said):
            raise ConversationGone(str(error)) from error
        raise
    with documented("Discord"):
        if not isinstance(answer, list):
            raise TypeError("the messages are no list")
        thread = seed.conversation_id == channel
        read = (make(each, channel, guild, thread) for each in reversed(answer))
        return Thread(tuple(each for each in read if each is not None), window=True)
