"""Meta's Graph API, through facebook-business and with a visit's manners: one call, one page, errors by their names.

Pages are asked for by hand: the client's own cursor stops in silence at a page that has no `cursors.after`, and Pages'
feeds have none. It would send every call to one address for the whole process, too; here each run has its own.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from collectors.closing import Closing
from collectors.collector import AccessDenied, CollectError, RateLimited, Unavailable, UnexpectedResponse
from collectors.instant import GRAIN
from collectors.manners import MISSHAPEN, Visit, documented, judge, unintelligible
from collectors.timeline import Page, Record, Walk
from collectors.transport import polite_session

BASE_URL = "https://graph.facebook.com"
TEMPORARY = {1, 2}
THROTTLED = {4, 17, 32, 341, 613, *range(80000, 80015)}
REFUSED = {3, 10, 102, 190, *range(200, 300)}
GONE = {(100, 33), (803, None)}  # code and subcode of an object that does not exist, or that we may not see
SECRETS = {"access_token", "appsecret_proof"}
AT_ONCE = 50  # calls in one batch
OK = 200
USAGE = "x-business-use-case-usage"


@dataclass(frozen=True)
class Account:
    """A Page or an Instagram account of one's own, and what its calls are signed with.

    `app_secret` is for apps that demand it (`appsecret_proof`); "": unsigned.
    """

    native_id: str
    token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    base_url: str = BASE_URL


class NoSuchObject(UnexpectedResponse):
    """What was asked about is gone, or is not shown to us."""


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """Meta's own code says more than the status: a limit comes as 400 or 403, a bad token as 400."""
    error = _error(body)
    code, subcode = error.get("code"), error.get("error_subcode")
    said = f"{what} answered {status}: {error.get('message')} (code {code})"[:500]
    if code in THROTTLED:
        raise RateLimited(said, _regained(headers))
    if code in REFUSED:
        raise AccessDenied(f"{said}. {fix}")
    if code in TEMPORARY or error.get("is_transient") is True:
        raise Unavailable(said)
    if (code, subcode) in GONE:
        raise NoSuchObject(f"{said}. If it exists: {fix}")
    judge(status, headers, body, what, fix)


class Graph(Closing):
    """One run's calls. Use it as a context manager, which closes its connections. Methods raise CollectErrors."""

    def __init__(self, visit: Visit, what: str, fix: str, account: Account) -> None:
        from facebook_business.api import FacebookAdsApi  # noqa: PLC0415 - only who reads Meta's platforms waits
        from facebook_business.session import FacebookSession  # noqa: PLC0415 - as above

        session = FacebookSession(access_token=account.token, app_secret=account.app_secret or None)
        self._http = polite_session(visit, what, fix, judging=judged)
        self._http.params.update(session.requests.params)
        session.requests.close()
        session.requests, session.GRAPH = self._http, account.base_url.rstrip("/")
        self._api = FacebookAdsApi(session)
        self._what = what
        self._fix = fix

    def get(self, *path: str, **params: Any) -> Any:
        """The JSON at a path of the newest version that the client knows. Parameters that are None are left out."""
        return self._said("GET", path, {name: value for name, value in params.items() if value is not None})

    def gone(self, ids: Sequence[str]) -> set[str]:
        """Those ids that are shown to us no more, asked for 50 a call."""
        found: set[str] = set()
        for start in range(0, len(ids), AT_ONCE):
            part = list(ids[start : start + AT_ONCE])
            batch = [{"method": "GET", "relative_url": f"{native_id}?fields=id"} for native_id in part]
            answers = self._said("POST", (), {"batch": batch, "include_headers": False})
            with documented(self._what):
                for native_id, answer in zip(part, answers, strict=True):
                    found |= {native_id} if self._is_gone(answer) else set()
        return found

    def _is_gone(self, answer: dict[str, Any] | None) -> bool:
        """An answer within a batch; None where Meta ran out of time. Errors of the whole API are raised."""
        if answer is None or answer["code"] == OK:
            return False
        try:
            judged(answer["code"], {}, str(answer.get("body") or "").encode(), self._what, self._fix)
        except NoSuchObject:
            return True
        return False

    def _said(self, method: str, path: tuple[str, ...], params: dict[str, Any]) -> Any:
        from facebook_business.exceptions import FacebookError  # noqa: PLC0415 - as above

        try:
            return self._api.call(method, path, params=params).json()
        except CollectError:
            raise
        except FacebookError as error:  # its text would quote the call, and what it was signed with
            raise UnexpectedResponse(f"{self._what}: {_words(error)}"[:1000]) from None
        except MISSHAPEN as error:
            raise unintelligible(self._what, error) from None

    def page(self, *path: str, cursor: str | None = None, **params: Any) -> tuple[list[Any], str | None]:
        """One page of an edge, and the cursor to the next: what is told of it, without what we are signed with."""
        answer = self.get(*path, **{**params, **dict(parse_qsl(cursor or ""))})
        with documented(self._what):
            data = answer["data"]
            if not isinstance(data, list):
                raise TypeError("the data are no list")
            return data, onward(answer, params)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def onward(answer: Mapping[str, Any], given: Collection[str]) -> str | None:
    """The cursor of a page, as a query; without secrets, and without the parameters that every call is given anyway."""
    address = (answer.get("paging") or {}).get("next")
    query = parse_qsl(urlsplit(address).query) if address else []
    return urlencode({name: value for name, value in query if name not in {*SECRETS, *given, "pretty"}}) or None


def backdated(page: Page, walk: Walk) -> Page:
    """A page of a listing where old posts appear anew, as a tag is added to them: those below the mark are kept too."""
    positions = [record.position for record in page.records if record.position is not None]
    above = walk.above
    if above is None or not positions:
        return page
    records = (replace(record, position=None) if _is_old(record, above) else record for record in page.records)
    return Page(tuple(records), page.following if positions[-1] // GRAIN >= above // GRAIN else None)


def _is_old(record: Record, above: int) -> bool:
    return record.position is not None and record.position <= above


def _error(body: bytes) -> dict[str, Any]:
    if b'"error"' not in body[:1000]:
        return {}
    try:
        error = json.loads(body)["error"]
    except MISSHAPEN:
        return {}
    return error if isinstance(error, dict) else {}


def _words(error: Any) -> str:
    words = getattr(error, "api_error_message", None)
    return str(words() if callable(words) else type(error).__name__)


def _regained(headers: Mapping[str, str]) -> float | None:
    """Seconds until calls are allowed again; Meta tells them in minutes, for each kind of use."""
    try:
        told = json.loads(headers.get(USAGE) or "{}")
        minutes = [use.get("estimated_time_to_regain_access", 0) for uses in told.values() for use in uses]
        return 60.0 * max(minutes) if any(minutes) else None
    except MISSHAPEN:
        return None
