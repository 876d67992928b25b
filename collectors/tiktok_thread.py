"""A video of TikTok with its comments, and the replies to some of them, by the Research API: at most six calls.

POST /v2/research/video/query/ for the one id, on the days around its making, which the upper bits of an id tell;
/v2/research/video/comment/list/ by `video_id`, and by `comment_id` for replies. Who wrote a comment is not told. Few
calls, of 1,000 a day. What is stored must be refreshed every 15 days: what was not shown again by then is emptied, as
all of this platform is. Read on developers.tiktok.com/doc/research-api-specs-query-video-comments in November 2026.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from collectors.admission import Admitted, admit
from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.manners import documented
from collectors.mention import Mention
from collectors.tiktok_api import WHAT, TikTokApi
from collectors.tiktok_post import PLATFORM, comment_to_mention, to_mention, video_id

MOST_PAGES = 2  # of comments, 100 each
MOST_ANSWERED = 3  # comments whose replies are asked for, those of ours first
A_DAY = timedelta(days=1)


def read(api: TikTokApi, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where TikTok shows neither the video nor a comment."""
    native_id = seed.conversation_id or seed.ids[0]
    videos = _videos(api, native_id)
    rows, whole = paged(partial(_page, partial(api.comments, native_id)), MOST_PAGES)
    name = next((each.author.handle for each in videos if isinstance(each, Mention)), None)
    make = partial(comment_to_mention, username=name)
    said = admitted(rows, PLATFORM, make)
    if not videos and not said:
        raise ConversationGone(f"{WHAT} shows neither the video {native_id} nor a comment on it")
    answered = _answered(said, seed.ids)
    for comment in answered[:MOST_ANSWERED]:
        below, following = _page(partial(api.replies, comment), None)
        said += admitted(below, PLATFORM, make)
        whole = whole and following is None
    return Thread((*videos, *said), whole and len(answered) <= MOST_ANSWERED)


def _videos(api: TikTokApi, native_id: str) -> list[Admitted]:
    """The one video; none where it is not shown."""
    with documented(WHAT):
        made = datetime.fromtimestamp(int(native_id) >> 32, UTC)
        begins, ends = (f"{day:%Y%m%d}" for day in (made - A_DAY, made + A_DAY))
    wanted = {"and": [{"operation": "EQ", "field_name": "video_id", "field_values": [native_id]}]}
    answer = api.videos(wanted, begins, ends, 0, None)
    with documented(WHAT):
        shown = [each for each in answer["videos"] if video_id(each) == native_id]
    return [admit(each, f"{PLATFORM} {native_id}", to_mention) for each in shown]


def _page(ask: Callable[[int], Any], cursor: str | None) -> tuple[list[Any], str | None]:
    answer = ask(int(cursor or 0))
    with documented(WHAT):
        return list(answer["comments"]), str(int(answer["cursor"])) if answer["has_more"] else None


def _answered(said: tuple[Admitted, ...], ours: tuple[str, ...]) -> list[str]:
    """The comments of which more replies are told than shown; first those that are ours, or that ours answer."""
    shown = [each for each in said if isinstance(each, Mention)]
    parents = [each.in_reply_to.id for each in shown if each.in_reply_to]
    missing = [each.id for each in shown if (each.metrics.replies or 0) > parents.count(each.id)]
    near = {*ours, *(each.in_reply_to.id for each in shown if each.in_reply_to and each.id in ours)}
    return sorted(missing, key=lambda native_id: native_id not in near)
