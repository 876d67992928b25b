"""A post of a WordPress site with its comments: GET /posts/{id}, and /comments?post={id}, 100 a page, oldest first."""

from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.wire import Declined
from collectors.wordpress_api import Api
from collectors.wordpress_record import PLATFORM, to_mention

PAGE_SIZE = 100
MOST_PAGES = 5
MISSING = "rest_post_invalid_id"
WHAT = "WordPress"


def read(api: Api, embedded: str, site: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone in the site's own words."""
    number = (seed.conversation_id or seed.ids[0]).rpartition("/")[2]
    try:
        post = api.get(f"posts/{number}", {"_embed": embedded})
    except Declined as error:
        if MISSING in error.said:
            raise ConversationGone(str(error)) from error
        raise
    with documented(WHAT):
        if not isinstance(post, dict):
            raise TypeError("the post is no object")
    asked: dict[str, Any] = {
        "post": number,
        "orderby": "date_gmt",
        "order": "asc",
        "per_page": PAGE_SIZE,
        "_embed": embedded,
    }

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        at = int(cursor or 1)
        rows: list[Any] = api.get("comments", {**asked, "page": at})
        with documented(WHAT):
            if not isinstance(rows, list):
                raise TypeError("the comments are no list")
            last = int(api.headers.get("x-wp-totalpages") or at + (len(rows) >= PAGE_SIZE))
        return rows, str(at + 1) if at < last else None

    comments, whole = paged(page, MOST_PAGES)
    make = partial(to_mention, site=site)
    return Thread((*admitted([post], PLATFORM, make), *admitted(comments, PLATFORM, make)), whole)
