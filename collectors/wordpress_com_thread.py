"""A post of a blog at WordPress.com with its comments, oldest first, 100 a page.

GET /rest/v1.1/sites/{site}/posts/{id}, and /replies/ of it. Comments that wait for approval are not shown to strangers.
Read on developer.wordpress.com/docs/api/1.1/get/sites/%24site/posts/%24post_ID/replies/ in November 2026.
"""

from functools import partial
from typing import Any
from urllib.parse import quote

from collectors.collector import UnexpectedResponse
from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.wire import Declined, Wire
from collectors.wordpress_record import to_mention

PLATFORM, WHAT = "wordpresscom", "WordPress.com"
API = "rest/v1.1"
MISSING = ("unknown_post", "unknown_comment", "unknown_blog")  # its own words; any other 404 may be a server that moved
PAGE_SIZE = 100
MOST_PAGES = 5


def path_of(native_id: str) -> str:
    """Where a post or a comment is asked for, by its id here. Raises UnexpectedResponse for what is neither."""
    host, kind, number = [*native_id.rsplit("/", 2), "", ""][:3]
    if kind not in ("posts", "comments") or not number.isdigit():
        raise UnexpectedResponse(f"{native_id} is neither post nor comment of {WHAT}")
    return f"{API}/sites/{quote(host, safe='')}/{kind}/{number}"


def read(wire: Wire, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where WordPress.com says that there is no such post or blog."""
    post_id = seed.conversation_id or seed.ids[0]
    path = path_of(post_id)
    try:
        post = wire.get(path)
        comments, whole = paged(partial(_page, wire, f"{path}/replies/"), MOST_PAGES)
    except Declined as error:
        if any(word in error.said for word in MISSING):
            raise ConversationGone(str(error)) from error
        raise
    with documented(WHAT):
        if not isinstance(post, dict):
            raise TypeError("the post is no object")
    make = partial(to_mention, site=post_id.rsplit("/", 2)[0], platform=PLATFORM)
    return Thread((*admitted([post], PLATFORM, make, "ID"), *admitted(comments, PLATFORM, make, "ID")), whole)


def _page(wire: Wire, path: str, cursor: str | None) -> tuple[list[Any], str | None]:
    number = int(cursor or 1)
    answer = wire.get(path, {"number": PAGE_SIZE, "page": number, "order": "ASC"})
    with documented(WHAT):
        comments = answer["comments"]
        if not isinstance(comments, list):
            raise TypeError("the comments are no list")
        more = len(comments) >= PAGE_SIZE and number * PAGE_SIZE < int(answer["found"])
    return comments, str(number + 1) if more else None
