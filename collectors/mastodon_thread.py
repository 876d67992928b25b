"""What stands above and below a post of Mastodon: GET /api/v1/statuses/{id}/context, of the post and of its first.

An instance shows a stranger at most 40 posts above, and 60 below down to 20 replies; to an account 4,096 of each.
"""

from collections.abc import Callable
from typing import Any

from collectors.conversation import Seed, Thread, admitted
from collectors.manners import documented
from collectors.mastodon_status import PLATFORM, is_public, to_mention

ABOVE, BELOW = 40, 60  # as much as a stranger sees
WHAT = "Mastodon"


def read(status: Callable[[str], Any], context: Callable[[str], Any], seed: Seed, *, known: bool) -> Thread:
    """`status` and `context` give the platform's JSON. `known`: asked with a token. Raises a CollectError."""
    native_id = seed.ids[0]
    shown = [status(native_id)]
    around = context(native_id)
    with documented(WHAT):
        above, below = list(around["ancestors"]), list(around["descendants"])
        first = above[0]["id"] if above else None
    if first is not None:
        tree = context(first)
        with documented(WHAT):
            below += tree["descendants"]
    with documented(WHAT):
        found = {each["id"]: each for each in (*above, *shown, *below)}
        visible = [each for each in found.values() if is_public(each)]
    whole = known or (len(above) < ABOVE and len(below) < BELOW)
    return Thread(admitted(visible, PLATFORM, to_mention), whole)
