"""How LinkedIn pages: `elements`, 100 at once, and the place where the next begin, as Rest.li has it."""

from typing import Any

from collectors.manners import documented
from collectors.wire import Wire

WHAT = "LinkedIn"
PAGE_SIZE = 100
GONE = 404, 410


def listed(wire: Wire, path: str, cursor: str | None) -> tuple[list[Any], str | None]:
    """A page of `elements`, and where the next begins. Raises a CollectError."""
    start = int(cursor or 0)
    answer = wire.get(f"{path}{'&' if '?' in path else '?'}start={start}&count={PAGE_SIZE}")
    with documented(WHAT):
        elements, paging = answer["elements"], answer.get("paging") or {}
        if not isinstance(elements, list):
            raise TypeError("the elements are no list")
        onward = any(link.get("rel") == "next" for link in paging.get("links") or ())
        onward = onward or start + len(elements) < (paging.get("total") or 0)
    return elements, str(start + max(len(elements), 1)) if onward else None
