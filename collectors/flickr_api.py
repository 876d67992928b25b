"""The methods of Flickr's API that are read, and what its failures mean. They come as answers of 200."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.closing import Closing
from collectors.collector import AccessDenied, Unavailable, UnexpectedResponse
from collectors.manners import Visit, documented, judge
from collectors.wire import Params, Wire

WHAT = "Flickr"
FIX = "Check TOCSIN_FLICKR_API_KEY."
PAGE_SIZE = 100
# Of a photo: its address, its size and all that is said of it, so that it need not be asked for alone.
EXTRAS = "description,date_upload,owner_name,path_alias,tags,media,views,count_comments,count_faves,url_l,url_m"
NOT_FOUND, PRIVATE = 1, 2
DENIED = {95, 96, 97, 98, 99, 100}  # signature, token, key
PASSING = {0, 10, 105, 106}  # the search, the service or the operation is not to be had just now
LONGEST_FAILURE = 2_000  # bytes


class NotShown(UnexpectedResponse):
    """The photo is gone, or private."""


class FlickrApi(Closing):
    """One run's calls. Use it as a context manager."""

    def __init__(self, visit: Visit, base_url: str, api_key: str) -> None:
        self._key = api_key
        self._wire = Wire(visit, WHAT, FIX, base_url, judging=judged)

    def search(
        self, sought: Mapping[str, str], page: int, since: datetime | None, until: datetime | None
    ) -> dict[str, Any]:
        """A page of photos, the last posted first, of the seconds from `since` to `until`. Raises a CollectError."""
        bounds = {"min_upload_date": _second(since), "max_upload_date": _second(until)}
        asked = {"sort": "date-posted-desc", "per_page": PAGE_SIZE, "page": page, "extras": EXTRAS, **sought, **bounds}
        return self._asked("flickr.photos.search", "photos", asked)

    def comments(self, photo_id: str, since: datetime | None = None, until: datetime | None = None) -> list[Any]:
        """The comments on a photo, of the seconds from `since` to `until`. Raises a CollectError; NotShown of none."""
        asked = {"photo_id": photo_id, "min_comment_date": _second(since), "max_comment_date": _second(until)}
        answer = self._asked("flickr.photos.comments.getList", "comments", asked)
        with documented(WHAT):
            return list(answer.get("comment") or ())

    def photo(self, photo_id: str) -> list[Any]:
        """All about one photo, alone in a list. Raises a CollectError; NotShown where it is not shown."""
        return [self._asked("flickr.photos.getInfo", "photo", {"photo_id": photo_id})]

    def _asked(self, method: str, part: str, asked: Params) -> dict[str, Any]:
        named: Params = {"method": method, "api_key": self._key, "format": "json", "nojsoncallback": 1}
        answer = self._wire.get("services/rest/", {**named, **asked})
        with documented(WHAT):
            if answer["stat"] != "ok":
                said = f"{WHAT} answered {method} with {answer.get('code')}: {answer.get('message')}"
                raise NotShown(said) if answer.get("code") in (NOT_FOUND, PRIVATE) else UnexpectedResponse(said)
            told = answer[part]
            if not isinstance(told, dict):
                raise TypeError(f"{part} is no object")
        return told

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """As `judge`, and the failures that are matters of access, or pass. Raises a CollectError."""
    judge(status, headers, body, what, fix)
    code, said = _failure(body)
    if code in DENIED:
        raise AccessDenied(f"{what} answered {code}: {said}. {fix}")
    if code in PASSING:
        raise Unavailable(f"{what} answered {code}: {said}")


def _failure(body: bytes) -> tuple[Any, Any]:
    """The code and the words of a failure; None for an answer that is none."""
    if len(body) > LONGEST_FAILURE:
        return None, None
    try:
        answer = json.loads(body)
    except ValueError:
        return None, None
    failed = isinstance(answer, dict) and answer.get("stat") == "fail"
    return (answer.get("code"), answer.get("message")) if failed else (None, None)


def _second(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
