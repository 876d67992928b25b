"""A media object of one's own on Instagram with its comments and their replies: /{media}, /{media}/comments.

Of others' media Meta shows no comments but those that mention the account, so their conversations are refused by name.
"""

from functools import partial
from typing import Any

from collectors.admission import Admitted, admit
from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.graph import Graph, NoSuchObject, onward
from collectors.instagram_post import PLATFORM, comment_to_mention, replies, to_mention
from collectors.manners import documented

PAGE_SIZE = 50
MOST_PAGES = 10
WHAT = "Instagram"


def read(graph: Graph, media_fields: str, comment_fields: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where Meta shows the media object no more."""
    media_id = seed.conversation_id or seed.ids[0]

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        return graph.page(media_id, "comments", cursor=cursor, fields=comment_fields, limit=PAGE_SIZE)

    try:
        media = graph.get(media_id, fields=media_fields)
        comments, whole = paged(page, MOST_PAGES)
    except NoSuchObject as error:
        raise ConversationGone(str(error)) from error
    found: list[Admitted] = [admit(media, f"{PLATFORM} {media_id}", to_mention)]
    for comment in comments:
        found += admitted([comment], PLATFORM, partial(comment_to_mention, media=media))
        below = replies(comment)
        found += admitted(below, PLATFORM, partial(comment_to_mention, media=media, answered=comment))
        with documented(WHAT):  # what a comment does not carry along of its replies is left out, and said
            whole = whole and not (below and onward(comment["replies"], ()))
    return Thread(tuple(found), whole)
