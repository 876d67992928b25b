"""PeerTube's lists, 100 a page by `start`, and its words for what it does not show."""

from collections.abc import Mapping
from typing import Any

from collectors.manners import documented
from collectors.wire import Declined, Wire

WHAT = "PeerTube"
PAGE_SIZE = 100
# Its own words for what is gone; any other 404 may be an instance that moved.
MISSING = ("Video not found", "Video comment thread not found", "No comments were found")


def listed(wire: Wire, path: str, asked: Mapping[str, Any], cursor: str | None) -> tuple[list[Any], str | None]:
    """The rows of a page and the cursor of the next. Raises a CollectError."""
    start = int(cursor or 0)
    answer = wire.get(f"api/v1/{path}", {**asked, "start": start, "count": PAGE_SIZE})
    with documented(WHAT):
        rows, total = answer["data"], int(answer["total"])
        if not isinstance(rows, list):
            raise TypeError("the data are no list")
    reached = start + len(rows)
    return rows, str(reached) if rows and reached < total else None


def is_gone(error: Declined) -> bool:
    """Whether the instance says, in its own words, that it shows this no more."""
    return any(word in error.said for word in MISSING)


def shown(wire: Wire, path: str) -> Any:
    """One video or thread; None where the instance says that there is none. Raises a CollectError."""
    try:
        return wire.get(f"api/v1/{path}")
    except Declined as error:
        if is_gone(error):
            return None
        raise


def threads(video: str) -> str:
    """The path of a video's threads; with a number after it, of one of them."""
    return f"videos/{video}/comment-threads"
