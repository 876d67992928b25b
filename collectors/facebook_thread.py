"""A post that one's own Page may see, with its comments and their replies: /{post} and /{post}/comments, 100 a call."""

from functools import partial
from typing import Any

from collectors.admission import Admitted, admit
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.facebook_post import PLATFORM, comment_id, comment_to_mention, to_mention
from collectors.graph import Graph, NoSuchObject
from collectors.manners import MISSHAPEN

PAGE_SIZE = 100
MOST_PAGES = 5


def read(graph: Graph, post_fields: str, comment_fields: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where Meta shows the post no more."""
    post_id = seed.conversation_id or seed.ids[0]
    asked = {"filter": "stream", "order": "chronological", "limit": PAGE_SIZE, "fields": comment_fields}

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        return graph.page(post_id, "comments", cursor=cursor, **asked)

    try:
        post = graph.get(post_id, fields=post_fields)
        comments, whole = paged(page, MOST_PAGES)
    except NoSuchObject as error:
        raise ConversationGone(str(error)) from error
    make = partial(comment_to_mention, post_id=post_id)
    found: list[Admitted] = [admit(post, f"{PLATFORM} {post_id}", to_mention)]
    found += [admit(comment, f"{PLATFORM} {_named(comment)}", make) for comment in comments]
    return Thread(tuple(found), whole)


def _named(comment: Any) -> str:
    try:
        return comment_id(comment)
    except MISSHAPEN:
        return "without id"
