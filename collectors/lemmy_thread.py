"""A post of Lemmy with its comments: GET /api/v3/post, and /api/v3/comment/list, 50 a page, oldest first."""

from collections.abc import Callable
from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.lemmy_view import PLATFORM, to_mention, withdrawn
from collectors.manners import documented
from collectors.wire import Wire

PAGE_SIZE = 50
MOST_PAGES = 10
WHAT = "Lemmy"


def read(wire: Wire, view: Callable[[str], dict[str, Any] | None], site: str, seed: Seed) -> Thread:
    """`view` gives a post or comment by its id, None where the instance knows of none. Raises a CollectError."""
    above = seed.conversation_id or seed.ids[0]
    post = view(above)
    if post is None or withdrawn(post):
        raise ConversationGone(f"{WHAT} no longer shows {above}")
    asked: dict[str, Any] = {"post_id": above.rpartition("/")[2], "type_": "All", "sort": "Old", "limit": PAGE_SIZE}

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        number = int(cursor or 1)
        answer = wire.get("api/v3/comment/list", {**asked, "page": number})
        with documented(WHAT):
            comments: list[Any] = answer["comments"]
            return comments, str(number + 1) if len(comments) >= PAGE_SIZE else None

    comments, whole = paged(page, MOST_PAGES)
    with documented(WHAT):
        shown = [post, *(each for each in comments if not withdrawn(each))]
    return Thread(admitted(shown, PLATFORM, partial(to_mention, site=site)), whole)
