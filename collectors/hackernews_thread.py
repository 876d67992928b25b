"""The whole tree under a story of Hacker News, by one call: GET /api/v1/items/{id} of its search."""

from collections.abc import Iterator
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted
from collectors.hackernews_item import PLATFORM, to_mention
from collectors.manners import documented
from collectors.wire import Declined, Wire

WHAT = "Hacker News"


def read(wire: Wire, seed: Seed) -> Thread:
    """The story and all that was said under it. Raises a CollectError; ConversationGone for a 404 in its words."""
    item = _item(wire, seed.conversation_id or seed.ids[0])
    with documented(WHAT):
        story = item.get("story_id")
        is_part = story is not None and story != item["id"]
    if is_part:
        item = _item(wire, str(story))
    with documented(WHAT):
        hits = [_hit(each, item["id"]) for each in _tree(item) if each.get("author")]  # a deleted one has none
    return Thread(admitted(hits, PLATFORM, to_mention, "objectID"))


def _item(wire: Wire, native_id: str) -> Any:
    try:
        return wire.get(f"api/v1/items/{native_id}")
    except Declined as error:
        if error.status == 404 and '"error"' in error.said:
            raise ConversationGone(str(error)) from error
        raise


def _tree(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An item and all below it, parents first; by hand, since threads grow deeper than calls may."""
    waiting = [item]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(each.get("children") or ())


def _hit(item: dict[str, Any], story: Any) -> dict[str, Any]:
    """An item as the search shows it."""
    comment = item.get("type") == "comment"
    text = {"comment_text" if comment else "story_text": item.get("text") or ""}
    told = {name: value for name, value in item.items() if name not in ("children", "text", "id")}
    return {**told, **text, "objectID": item["id"], "story_id": story}
