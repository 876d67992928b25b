"""A topic of a Discourse forum: GET /t/{id}.json, its first posts and the numbers of all; /t/{id}/posts.json, more."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted
from collectors.discourse_post import PLATFORM, to_mention, withdrawn
from collectors.manners import documented
from collectors.wire import Declined, Wire

AT_ONCE = 20
MOST_CALLS = 10  # of a longer topic the posts nearest to ours are read
MISSING = '"not_found"'
WHAT = "Discourse"


def read(wire: Wire, address: str, site: str, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the forum says, in its own words, that there is no such topic."""
    topic = (seed.conversation_id or "").rpartition("/")[2]
    try:
        answer = wire.get(f"t/{topic}.json")
    except Declined as error:
        if MISSING in error.said:
            raise ConversationGone(str(error)) from error
        raise
    own = {int(each.rpartition("/")[2]) for each in seed.ids}
    with documented(WHAT):
        told = {"topic_title": answer.get("title"), "topic_slug": answer.get("slug"), "topic_id": answer["id"]}
        posts: list[Any] = list(answer["post_stream"]["posts"])
        shown = {post["id"] for post in posts}
        left = [number for number in answer["post_stream"].get("stream") or () if number not in shown]
    wanted = nearest(left, own)[: AT_ONCE * MOST_CALLS]
    for start in range(0, len(wanted), AT_ONCE):
        numbers = "&".join(f"post_ids[]={int(number)}" for number in sorted(wanted[start : start + AT_ONCE]))
        more = wire.get(f"t/{topic}/posts.json?{numbers}")
        with documented(WHAT):
            posts += more["post_stream"]["posts"]
    with documented(WHAT):
        rows = [{**told, **post} for post in posts if not withdrawn(post)]
    make = partial(to_mention, address=address, site=site)
    return Thread(admitted(rows, PLATFORM, make), len(wanted) == len(left))


def nearest(numbers: Sequence[int], own: set[int]) -> list[int]:
    """Posts of a topic by how near they stand to one of ours, the nearest first."""
    return sorted(numbers, key=lambda number: min((abs(number - each) for each in own), default=0))
