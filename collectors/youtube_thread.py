"""What is said around ours on YouTube: the thread of a comment with all its replies; of a video its newest threads.

GET /comments, 100 replies a call; of a video /videos and /commentThreads, 100 a call with up to five replies each.
"""

from typing import Any

from collectors.admission import Admitted, admit
from collectors.conversation import ConversationGone, Seed, Thread, paged
from collectors.manners import documented
from collectors.youtube_api import WHAT, NotShown, YouTubeApi
from collectors.youtube_post import PLATFORM, replies, to_mention

MOST_PAGES = 5  # of replies, and of threads
VIDEO_ID = 11  # characters; a comment's id is longer


def read(api: YouTubeApi, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where neither the video nor any of the threads is shown."""
    tops = list(dict.fromkeys(each.partition(".")[0] for each in seed.ids if len(each) > VIDEO_ID))
    video = seed.conversation_id if seed.conversation_id and len(seed.conversation_id) == VIDEO_ID else None
    found = [_admitted(item) for item in (api.videos([video]) if video else ())]
    whole = True
    for top in tops:
        posts, all_read = _thread(api, top, video)
        found, whole = [*found, *posts], whole and all_read
    if video and video in seed.ids:
        posts, all_read = _discussion(api, video)
        found, whole = [*found, *posts], whole and all_read
    if not found:
        raise ConversationGone(f"{WHAT} shows neither the video nor the comments of {', '.join(seed.ids)}")
    return Thread(tuple(found), whole)


def _thread(api: YouTubeApi, top: str, video: str | None) -> tuple[list[Admitted], bool]:
    """One comment with all its replies."""
    shown = api.comments([top])
    thread = {"snippet": {"videoId": video, "topLevelComment": shown[0]}} if shown else None

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        answer = api.replies(top, cursor)
        with documented(WHAT):
            return answer["items"], answer.get("nextPageToken")

    try:
        below, whole = paged(page, MOST_PAGES) if shown else ([], True)
    except NotShown:
        below, whole = [], True
    with_video = [{**each, "snippet": {**each["snippet"], "videoId": video}} if video else each for each in shown]
    return [*map(_admitted, with_video), *(_admitted(each, thread) for each in below)], whole


def _discussion(api: YouTubeApi, video: str) -> tuple[list[Admitted], bool]:
    """The newest threads under a video; a thread of more than five replies is not read to its end."""

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        answer = api.threads(cursor, videoId=video)
        with documented(WHAT):
            return answer["items"], answer.get("nextPageToken")

    try:
        threads, whole = paged(page, MOST_PAGES)
    except NotShown:
        return [], True  # comments are switched off
    found: list[Admitted] = []
    with documented(WHAT):
        for thread in threads:
            carried = replies(thread)
            found += [_admitted(thread), *(_admitted(each, thread) for each in carried)]
            whole = whole and thread["snippet"].get("totalReplyCount", 0) <= len(carried)
    return found, whole


def _admitted(resource: Any, thread: dict[str, Any] | None = None) -> Admitted:
    where = f"{PLATFORM} {resource.get('id') if isinstance(resource, dict) else resource}"
    return admit(resource, where, lambda each: to_mention(each, thread))
