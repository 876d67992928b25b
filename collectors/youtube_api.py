"""The calls of the YouTube Data API that we make, through google-api-python-client and with a visit's manners."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collectors.collector import AccessDenied, CollectError, RateLimited, UnexpectedResponse
from collectors.google_http import GoogleApi, GoogleHttp
from collectors.manners import MISSHAPEN, Visit, documented, judge

WHAT = "YouTube"
FIX = "Check TOCSIN_YOUTUBE_API_KEY, and that the YouTube Data API v3 is enabled for its project."
PAGE_SIZE = 50  # of search and of videos
COMMENTS_PAGE_SIZE = 100
RESETS = ZoneInfo("America/Los_Angeles")  # daily quotas begin anew at midnight there
DAILY = {"quotaExceeded", "dailyLimitExceeded"}
PACED = {"rateLimitExceeded", "userRateLimitExceeded"}
NOT_SHOWN = {"commentsDisabled", "videoNotFound", "commentThreadNotFound", "commentNotFound", "channelNotFound"}


class NotShown(UnexpectedResponse):
    """What was asked about is gone, or has its comments switched off. `reason` is YouTube's own word for it."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """A 403 may mean that a quota is used up, or that one video takes no comments; a 400 that the key is bad."""
    reason = _reason(body)
    if status == 403 and reason in DAILY:
        raise RateLimited(f"{what}: the quota of the day is used up ({reason})", _until_midnight())
    if status in (403, 429) and reason in PACED:
        raise RateLimited(f"{what}: {reason}")
    if status in (403, 404) and reason in NOT_SHOWN:
        raise NotShown(f"{what} answered {status}: {reason}", reason)
    if status == 400 and (reason == "keyInvalid" or b"API_KEY_INVALID" in body or b"API key not valid" in body):
        raise AccessDenied(f"{what} does not know the key. {fix}")
    judge(status, headers, body, what, fix)


class YouTubeApi(GoogleApi):
    """One run's calls. Every method raises CollectErrors."""

    what = WHAT

    def __init__(self, visit: Visit, base_url: str, api_key: str) -> None:
        super().__init__(GoogleHttp(visit, WHAT, FIX, judged), "youtube v3", base_url, developerKey=api_key)

    def search(self, query: str, after: datetime | None, before: datetime | None, token: str | None) -> Any:
        """Videos, newest first; both bounds are inclusive."""
        bounds = {"publishedAfter": _written(after), "publishedBefore": _written(before)}
        asked = {"part": "snippet", "type": "video", "order": "date", "maxResults": PAGE_SIZE, "safeSearch": "none"}
        given = {name: value for name, value in {**bounds, "pageToken": token}.items() if value}
        return self.said(self._service.search().list(q=query, **asked, **given))

    def videos(self, ids: Sequence[str]) -> list[Any]:
        """Videos by id, at most 50; what is gone or private is missing."""
        answer = self.said(self._service.videos().list(part="snippet,statistics", id=",".join(ids)))
        return _items(answer)

    def threads(self, token: str | None, **of: str) -> Any:
        """Comment threads of a video or of all of a channel's videos, newest first, with up to five replies each."""
        return self.said(
            self._service.commentThreads().list(
                part="snippet,replies",
                order="time",
                maxResults=COMMENTS_PAGE_SIZE,
                textFormat="plainText",
                **of,
                **({"pageToken": token} if token else {}),
            )
        )

    def replies(self, thread_id: str, token: str | None) -> Any:
        """All replies of one thread."""
        given = {"pageToken": token} if token else {}
        asked = {"part": "snippet", "maxResults": COMMENTS_PAGE_SIZE, "textFormat": "plainText"}
        return self.said(self._service.comments().list(parentId=thread_id, **asked, **given))

    def comments(self, ids: Sequence[str]) -> list[Any]:
        """Comments by id, at most 50; what is gone is missing."""
        asked = self._service.comments().list(part="snippet", textFormat="plainText", id=",".join(ids))
        return _items(self.said(asked))

    def refusal(self, status: int, reason: str) -> CollectError:
        """A 404 is about what was asked for."""
        return (
            NotShown(f"{WHAT} answered 404: {reason}", "notFound") if status == 404 else super().refusal(status, reason)
        )


def _items(answer: Any) -> list[Any]:
    with documented(WHAT):
        items = answer.get("items", [])
        if not isinstance(items, list):
            raise TypeError("the items are no list")
        return items


def _reason(body: bytes) -> str:
    try:
        error = json.loads(body[:100_000])["error"]
        first: dict[str, Any] = next(iter(error.get("errors") or ()), {})
        return str(first.get("reason", ""))
    except MISSHAPEN:
        return ""


def _until_midnight() -> float:
    """Seconds until the daily quotas begin anew, and a minute for good measure."""
    now = datetime.now(RESETS)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return (midnight.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


def _written(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
