"""A conversation on X: its first post and ours by /2/tweets, the replies by a search for `conversation_id:`.

Each post costs as a post read. Recent search reaches seven days; what is older is there with full-archive search alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.x_post import PLATFORM, Includes, moment_of, to_mention

IN_REACH = timedelta(days=7)  # of recent search
WHAT = "X"


def read(
    look_up: Callable[[list[str]], Any], search: Callable[[str, str | None], Any], pages: int, seed: Seed, *, all_: bool
) -> Thread:
    """`look_up` takes ids, `search` a query and a cursor; `all_`: the search reaches back for ever.

    Raises a CollectError; ConversationGone where X shows neither the first post nor a reply.
    """
    first = seed.conversation_id or seed.ids[0]
    answer = look_up(list(dict.fromkeys([first, *seed.ids]))[:100])
    with documented(WHAT):
        answers, posts = [answer], answer.get("data") or []

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        found = search(f"conversation_id:{first}", cursor)
        answers.append(found)
        with documented(WHAT):
            return found.get("data") or [], (found.get("meta") or {}).get("next_token")

    replies, whole = paged(page, pages)
    if not posts and not replies:
        raise ConversationGone(f"{WHAT} shows neither {first} nor a reply to it")
    with documented(WHAT):
        includes = Includes.of({"includes": _joined(answers)})
        began = moment_of(first)
    in_reach = all_ or (began is not None and began > datetime.now(UTC) - IN_REACH)
    return Thread(admitted([*posts, *replies], PLATFORM, partial(to_mention, includes=includes)), whole and in_reach)


def _joined(answers: list[Any]) -> dict[str, list[Any]]:
    kinds = ("users", "tweets", "media", "polls")
    return {
        kind: [each for answer in answers for each in (answer.get("includes") or {}).get(kind) or ()] for kind in kinds
    }
