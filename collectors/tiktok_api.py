"""The two calls of TikTok's Research API that we make, over our small JSON client, and what its errors mean."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.closing import Closing
from collectors.collector import AccessDenied, RateLimited, Unavailable, UnexpectedResponse
from collectors.manners import MISSHAPEN, Visit, documented, judge
from collectors.wire import Wire

WHAT = "TikTok"
FIX = "Check TOCSIN_TIKTOK_CLIENT_KEY and TOCSIN_TIKTOK_CLIENT_SECRET, and that TikTok has approved your research."
PAGE_SIZE = 100
COUNTS = "share_count,view_count,like_count,comment_count"
VIDEO_FIELDS = f"id,video_description,create_time,username,region_code,hashtag_names,{COUNTS}"
COMMENT_FIELDS = "id,video_id,text,like_count,reply_count,parent_comment_id,create_time"
DAILY = "daily_quota_limit_exceeded"
REFUSED = {"access_token_invalid", "scope_not_authorized", "scope_permission_missed", "invalid_client"}
TEMPORARY = {"internal_error", "timeout"}


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """TikTok's own code says whether it is the day's quota, and comes with any status, 200 among them."""
    code = _code(body)
    if code == DAILY:
        raise RateLimited(f"{what}: the quota of the day is used up", _until_midnight())
    if code == "rate_limit_exceeded":
        raise RateLimited(f"{what}: {code}")
    if code in REFUSED:
        raise AccessDenied(f"{what} answered {status}: {code}. {fix}")
    if code in TEMPORARY:
        raise Unavailable(f"{what} answered {status}: {code}")
    judge(status, headers, body, what, fix)


class TikTokApi(Closing):
    """One run's calls. Use it as a context manager, which closes its connections. Methods raise CollectErrors."""

    def __init__(self, visit: Visit, base_url: str, client_key: str, client_secret: str) -> None:
        self._visit = visit
        self._base_url = base_url
        self._login = {
            "client_key": client_key,
            "client_secret": client_secret,
            "grant_type": "client_credentials",
        }
        self._wire: Wire | None = None

    def videos(self, query: Mapping[str, Any], begins: str, ends: str, start: int, search_id: str | None) -> Any:
        """A page of `videos` of some days (YYYYMMDD, both inclusive, at most 30), from a place of a search on."""
        onward = {"search_id": search_id} if search_id else {}
        body = {"query": query, "start_date": begins, "end_date": ends, "max_count": PAGE_SIZE, "cursor": start}
        return self._asked(f"v2/research/video/query/?fields={VIDEO_FIELDS}", {**body, **onward})

    def comments(self, video: str, start: int) -> Any:
        """A page of `comments` of one video; TikTok shows the first 1,000."""
        return self._said("video_id", video, start)

    def replies(self, comment: str, start: int) -> Any:
        """A page of `comments` that answer one comment."""
        return self._said("comment_id", comment, start)

    def _said(self, under: str, native_id: str, start: int) -> Any:
        body = {under: int(native_id), "max_count": PAGE_SIZE, "cursor": start}
        return self._asked(f"v2/research/video/comment/list/?fields={COMMENT_FIELDS}", body)

    def _asked(self, path: str, body: Mapping[str, Any]) -> Any:
        if self._wire is None:
            self._wire = self._logged_in()
        answer = self._wire.post(path, body)
        with documented(WHAT):
            code = (answer.get("error") or {}).get("code", "ok")
            if code != "ok":
                raise UnexpectedResponse(f"{WHAT}: {code}: {answer['error'].get('message')}"[:500])
            return answer["data"]

    def _logged_in(self) -> Wire:
        with Wire(self._visit, WHAT, FIX, self._base_url, judging=judged) as wire:
            answer = wire.form("v2/oauth/token/", self._login)
        with documented(WHAT):
            headers = {"Authorization": f"Bearer {answer['access_token']}"}
        return Wire(self._visit, WHAT, FIX, self._base_url, headers=headers, judging=judged)

    def close(self) -> None:
        """Close the connections."""
        if self._wire is not None:
            self._wire.close()


def _code(body: bytes) -> str:
    if b'"error"' not in body:
        return ""
    try:
        error = json.loads(body)["error"]
        return str(error.get("code") if isinstance(error, dict) else error)
    except MISSHAPEN:
        return ""


def _until_midnight() -> float:
    """Seconds until the quota begins anew, at midnight UTC, and a minute for good measure."""
    now = datetime.now(UTC)
    return ((now + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0) - now).total_seconds()
