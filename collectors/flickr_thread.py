"""A photo of Flickr with the comments on it: flickr.photos.getInfo, and flickr.photos.comments.getList.

Who answers whom is not told: all comments stand under the photo. Where as many come as Flickr shows at once, those
before them are asked for by time. Read on www.flickr.com/services/api/flickr.photos.comments.getList.html in November
2026.
"""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from collectors.collector import UnexpectedResponse
from collectors.conversation import ConversationGone, Seed, Thread, admitted, paged
from collectors.flickr_api import PAGE_SIZE, WHAT, FlickrApi, NotShown
from collectors.flickr_photo import PLATFORM, comment_to_mention, photo_of, to_mention
from collectors.mention import Mention

MOST_CALLS = 5  # for comments


def read(api: FlickrApi, seed: Seed) -> Thread:
    """Raises a CollectError; ConversationGone where the photo is gone, or private."""
    photo_id = seed.conversation_id or photo_of(seed.ids[0]) or seed.ids[0]
    try:
        photos = api.photo(photo_id)
        said, whole = comments(api, photo_id)
    except NotShown as error:
        raise ConversationGone(str(error)) from error
    make = partial(comment_to_mention, photo_id=photo_id)
    return Thread((*admitted(photos, PLATFORM, to_mention), *admitted(said, PLATFORM, make)), whole)


def comments(api: FlickrApi, photo_id: str) -> tuple[list[Any], bool]:
    """The comments on a photo, and whether they are all. Raises a CollectError; NotShown for a photo that is not."""
    make, seen = partial(comment_to_mention, photo_id=photo_id), set[str]()

    def page(cursor: str | None) -> tuple[list[Any], str | None]:
        """The newest comments up to a second; the cursor is the second of the oldest."""
        rows = api.comments(photo_id, until=datetime.fromtimestamp(int(cursor), UTC) if cursor else None)
        shown = [each for each in admitted(rows, PLATFORM, make) if isinstance(each, Mention)]
        fresh = [each for each in shown if each.id not in seen]
        seen.update(each.id for each in fresh)
        if not shown and len(rows) >= PAGE_SIZE:  # nobody may call a comment gone for an answer of which none was read
            raise UnexpectedResponse(f"{WHAT} tells comments on {photo_id} of which not one can be read")
        if not fresh or len(rows) < PAGE_SIZE:
            return rows, None
        return rows, str(int(min(each.created_at for each in shown).timestamp()))

    return paged(page, MOST_CALLS)
