"""A post of one's own organisation on LinkedIn with its comments and their replies, 100 a call.

GET /rest/posts/{urn}, /rest/socialActions/{urn}/comments of the post, and of each comment that has replies: the
Comments API and the Posts API of Community Management. Others' posts are refused by LinkedIn, and so are their
conversations, by name. Members' words may be kept for 48 hours: what was not shown again by then is emptied, as all of
this platform is. Read on learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api in
November 2026.
"""

from functools import partial
from typing import Any
from urllib.parse import quote

from collectors.admission import Admitted, admit
from collectors.collector import UnexpectedResponse
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.linkedin_listing import GONE, listed
from collectors.linkedin_post import PLATFORM, comment_to_mention, comment_urn, replies, to_mention
from collectors.manners import MISSHAPEN
from collectors.wire import Declined, Wire

MOST_PAGES = 5  # of comments
MOST_ANSWERED = 20  # comments whose replies are read, a page of each
OWN_WORDS = '"message"'  # stands in LinkedIn's own 404; any other may be a server that moved
POSTS = ("urn:li:share:", "urn:li:ugcPost:", "urn:li:activity:")


def read(wire: Wire, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where LinkedIn says that there is no such post."""
    post_id = seed.conversation_id or seed.ids[0]
    if not post_id.startswith(POSTS):
        raise UnexpectedResponse(f"the post that {seed.ids[0]} stands under is not known: {post_id}")
    try:
        post = wire.get(f"posts/{quote(post_id, safe='')}")
        comments, whole = paged(partial(listed, wire, _comments(post_id)), MOST_PAGES)
    except Declined as error:
        if error.status in GONE and OWN_WORDS in error.said:
            raise ConversationGone(str(error)) from error
        raise
    make = partial(comment_to_mention, post_id=post_id)
    found: list[Admitted] = [_admitted(post, to_mention), *(_admitted(each, make) for each in comments)]
    answered = list(filter(None, map(_answered, comments)))
    for comment_id in answered[:MOST_ANSWERED]:
        below, all_read = _replies(wire, comment_id)
        found += [_admitted(each, make) for each in below]
        whole = whole and all_read
    return Thread(tuple(found), whole and len(answered) <= MOST_ANSWERED)


def _replies(wire: Wire, comment_id: str) -> tuple[list[Any], bool]:
    """The replies to a comment; none where it was deleted meanwhile."""
    try:
        below, following = listed(wire, _comments(comment_id), None)
    except Declined as error:
        if error.status not in GONE:
            raise
        return [], True
    told = [{"parentComment": comment_id, **each} if isinstance(each, dict) else each for each in below]
    return told, following is None


def _answered(comment: Any) -> str | None:
    """The URN of a comment that has replies. What cannot be understood is quarantined elsewhere."""
    try:
        return comment_urn(comment) if replies(comment) else None
    except MISSHAPEN:
        return None


def _comments(urn: str) -> str:
    return f"socialActions/{quote(urn, safe='')}/comments"


def _admitted(record: Any, make: Any) -> Admitted:
    native_id = record.get("id") if isinstance(record, dict) else None
    return admit(record, f"{PLATFORM} {native_id or 'without id'}", make)
