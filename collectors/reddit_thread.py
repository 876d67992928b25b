"""A submission of Reddit with its comments: GET /comments/{id}, 500 a call; what that leaves out by /api/info."""

from collections.abc import Callable, Iterator
from typing import Any

from collectors.admission import admit
from collectors.conversation import ConversationGone, Seed, Thread
from collectors.manners import documented
from collectors.reddit_post import PLATFORM, is_gone, to_mention

MOST = 500  # comments that Reddit shows at once
AT_ONCE = 100
MOST_CALLS = 5  # for those that it leaves out
WHAT = "Reddit"

Get = Callable[[str, dict[str, str]], Any]


def read(get: Get, seed: Seed) -> Thread:
    """`get` takes a path and parameters. Raises a CollectError; ConversationGone for a submission that was removed."""
    name = seed.conversation_id or seed.ids[0]
    answer = get(f"comments/{name.removeprefix('t3_')}", {"limit": str(MOST), "sort": "old", "threaded": "false"})
    with documented(WHAT):
        submission, listing = (part["data"]["children"] for part in answer)
        shown = [each for each in (*submission, *_tree(listing)) if each["kind"] in ("t1", "t3")]
        stubs = [each["data"] for each in _tree(listing) if each["kind"] == "more"]
        left = [f"t1_{native_id}" for stub in stubs for native_id in stub.get("children") or ()]
        below = any(
            (stub.get("count") or 0) > len(stub.get("children") or ()) or not stub["children"] for stub in stubs
        )
    for start in range(0, min(len(left), AT_ONCE * MOST_CALLS), AT_ONCE):
        more = get("api/info", {"id": ",".join(left[start : start + AT_ONCE])})
        with documented(WHAT):
            shown += more["data"]["children"]
    with documented(WHAT):
        alive = [each for each in shown if not is_gone(each)]
    if not alive:
        raise ConversationGone(f"{WHAT} no longer shows {name}, nor anything said under it")
    found = tuple(admit(each, f"{PLATFORM} {each['data'].get('name')}", to_mention) for each in alive)
    return Thread(found, not below and len(left) <= AT_ONCE * MOST_CALLS)


def _tree(children: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records of a listing and of the listings of replies inside them."""
    waiting = list(reversed(children))
    while waiting:
        each = waiting.pop()
        yield each
        replies = each["data"].get("replies")
        if isinstance(replies, dict):
            waiting += reversed(replies["data"]["children"])
