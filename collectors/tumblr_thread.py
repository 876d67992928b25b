"""A post of Tumblr with what others said to it: replies, and reblogs that add words. Likes and bare reblogs are not.

GET /v2/blog/{blog}/posts for the post that began it, and /v2/blog/{blog}/notes with `mode=conversation`, newest first,
as the `_links` of each page lead on. The notes of a post are those of all its reblogs. Of a reblog they tell a summary
of what it adds, and of which blog its parent is; of a reply its words, not which of the reblogs it answers. A reply has
no number there, so its id here is the first post, the blog and the second. Read on www.tumblr.com/docs/en/api/v2
(github.com/tumblr/docs) in November 2026.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from collectors.admission import Admitted, admit
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.manners import documented
from collectors.mention import Mention
from collectors.tumblr_post import PLATFORM, to_mention
from collectors.wire import Declined

WHAT = "Tumblr"
MISSING = '"meta"'  # stands in Tumblr's own 404; any other may be a server that moved
MOST_PAGES = 10  # of notes
MOST_OWN = 4  # posts that are asked for alone: the first, and ours
REPLIES = "/replies/"

# (path, parameters): the response of an answer.
Ask = Callable[[str, dict[str, Any]], Any]


def read(ask: Ask, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where Tumblr shows neither the first post nor ours."""
    first = seed.conversation_id or seed.ids[0]
    wanted = list(dict.fromkeys([first, *seed.ids]))[:MOST_OWN]
    shown = {native_id: posts for native_id in wanted if (posts := _shown(ask, native_id))}
    if not shown:
        raise ConversationGone(f"{WHAT} shows neither {first} nor {seed.ids[0]}")
    notes, whole = paged(partial(_notes, ask, next(iter(shown))), MOST_PAGES)
    said = [_admitted(note, first) for note in notes if _speaks(note)]
    posts = [admit(post, f"{PLATFORM} {native_id}", to_mention) for native_id, own in shown.items() for post in own]
    # Posts come last: of those that are ours the notes tell a summary alone.
    return Thread((*said, *posts), whole)


def note_to_mention(note: dict[str, Any], first: str) -> Mention:
    """Read one note that says something, in the conversation that `first` began.

    Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed.
    """
    blog, second = note["blog_name"], float(note["timestamp"])
    reply = note["type"] == "reply"
    address = f"{(note.get('blog_url') or '').rstrip('/')}/post/{note['post_id']}" if not reply else None
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": f"{first}{REPLIES}{blog}/{int(second)}" if reply else f"{blog}/{note['post_id']}",
            "text": note["reply_text"] if reply else note["added_text"],
            "created_at": datetime.fromtimestamp(int(second), UTC),
            "url": address if address and address.startswith("http") else None,
            "kind": "reply" if reply else "quote",
            "author": {"id": note.get("blog_uuid") or blog, "handle": blog},
            "conversation_id": first,
            "in_reply_to": None if reply else _parent(note),
            "_raw": note,
        }
    )


def is_missing(error: Declined) -> bool:
    """Whether Tumblr says, in its own words, that there is no such post."""
    return error.status == 404 and MISSING in error.said


def _parent(note: dict[str, Any]) -> dict[str, Any] | None:
    blog, number = note.get("reblog_parent_blog_name"), note.get("reblog_parent_post_id")
    return {"id": f"{blog}/{number}" if number else None, "author": {"handle": blog}} if blog else None


def _speaks(note: Any) -> bool:
    """Likes and reblogs that add nothing stand in the roll-up; where one comes along it is no part of what was said."""
    return not isinstance(note, dict) or note.get("type") == "reply" or bool(note.get("added_text"))


def _shown(ask: Ask, native_id: str) -> list[Any]:
    """One post, in a list; none where it was deleted."""
    blog, _, number = native_id.partition("/")
    try:
        answer = ask(f"blog/{blog}/posts", {"id": number, "npf": "true"})
    except Declined as error:
        if is_missing(error):
            return []
        raise
    with documented(WHAT):
        return list(answer["posts"])


def _notes(ask: Ask, native_id: str, cursor: str | None) -> tuple[list[Any], str | None]:
    blog, _, number = native_id.partition("/")
    asked = {"id": number, "mode": "conversation", "before_timestamp": cursor, "limit": None}
    answer = ask(f"blog/{blog}/notes", asked)
    with documented(WHAT):
        onward = ((answer.get("_links") or {}).get("next") or {}).get("query_params") or {}
        following = onward.get("before_timestamp")
        return list(answer["notes"]), str(following) if following else None


def _admitted(note: Any, first: str) -> Admitted:
    name, at = (note.get("blog_name"), note.get("timestamp")) if isinstance(note, dict) else (None, None)
    return admit(note, f"{PLATFORM} {first}, note of {name} at {at}", partial(note_to_mention, first=first))
