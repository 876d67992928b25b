"""A thread of Bluesky by one call: app.bsky.feed.getPostThread of its first post, 1,000 replies deep."""

from collections.abc import Callable, Iterator
from typing import Any

from collectors.bluesky_post import PLATFORM, to_mention
from collectors.conversation import ConversationGone, Seed, Thread, admitted
from collectors.manners import documented

DEEPEST = 1000
MOST_ASTRAY = 3  # posts of ours that are asked for alone
WHAT = "Bluesky"


def read(ask: Callable[[str, dict[str, Any]], Any], seed: Seed) -> Thread:
    """`ask` calls a method by its name. Raises a CollectError; ConversationGone where the first post is not found."""
    views = _views(ask, seed.conversation_id or seed.ids[0])
    # The first post may be gone and ours not, or the index may show a tree without ours.
    for uri in [each for each in seed.ids if each not in views][:MOST_ASTRAY]:
        views |= _views(ask, uri)
    if not views:
        raise ConversationGone(f"{WHAT} shows neither {seed.conversation_id} nor {seed.ids[0]}")
    with documented(WHAT):
        cut = any((view["post"].get("replyCount") or 0) > 0 and view.get("replies") is None for view in views.values())
        posts = [view["post"] for view in views.values()]
    return Thread(admitted(posts, PLATFORM, to_mention, "uri"), not cut)


def _views(ask: Callable[[str, dict[str, Any]], Any], uri: str) -> dict[str, dict[str, Any]]:
    thread = _thread(ask, uri)
    with documented(WHAT):
        return {view["post"]["uri"]: view for view in _tree(thread)}


def _thread(ask: Callable[[str, dict[str, Any]], Any], uri: str) -> dict[str, Any]:
    answer = ask("app.bsky.feed.getPostThread", {"uri": uri, "depth": DEEPEST, "parentHeight": DEEPEST})
    with documented(WHAT):
        thread: dict[str, Any] = answer["thread"]
        if not isinstance(thread, dict):
            raise TypeError("the thread is no object")
        return thread


def _tree(thread: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The views above a post, its own, and those below, by hand: threads grow deeper than calls may.

    What is blocked or not found has no post. Those above come without their replies, which are not asked for.
    """
    above, each = list[dict[str, Any]](), thread.get("parent")
    while each:
        above.append({**each, "replies": []})
        each = each.get("parent")
    waiting = [thread]
    yield from (view for view in reversed(above) if "post" in view)
    while waiting:
        view = waiting.pop()
        if "post" in view:
            yield view
        waiting += reversed(view.get("replies") or ())
