"""The manners, put under the platforms' own clients: those that speak through `requests`, and those through `httpx`.

tweepy, praw and Mastodon.py take a session of requests, atproto and our own small clients one of httpx. Every call of
`polite_session` and of `polite_client` passes through a `Visit`: to the configured hosts alone, timed, bounded in size,
retried, counted, and with refusals turned into CollectErrors before a client can stumble over them.
"""

import re
import ssl
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter

from collectors.collector import Unavailable
from collectors.manners import Judge, Visit, judge
from collectors.unlogged import keep_addresses_out_of_the_log

PIECE = 64 * 1024  # bytes read at a time
ENCODED = ("content-encoding", "content-length", "transfer-encoding")  # true of the body as it was sent, not as read
# Read by prawcore as a command to sleep for as long as they say; the visit has already heeded them.
PACING = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")
QUERY = re.compile(r"\?[^\s)'\"]+=[^\s)'\"]*")


class PoliteAdapter(HTTPAdapter):
    """Sends each request through a visit. `moved` maps a prefix of URLs to the one that takes its place."""

    def __init__(
        self, visit: Visit, what: str, fix: str, moved: Mapping[str, str] | None = None, judging: Judge = judge
    ) -> None:
        """`judging` says what a status means, where the platform has words of its own for it."""
        super().__init__()
        self._visit = visit
        self._what = what
        self._fix = fix
        self._moved = dict(moved or {})
        self._judging = judging

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises a CollectError in place of every transport error and every refusal."""
        for old, new in self._moved.items():
            if request.url and request.url.startswith(old):
                request.url = new.rstrip("/") + request.url[len(old) :]
        self._visit.permit(request.url or "")
        passed: dict[str, Any] = {name: kwargs[name] for name in ("verify", "cert", "proxies") if name in kwargs}
        return self._visit.ask(lambda: self._once(request, passed))

    def _once(self, request: requests.PreparedRequest, passed: dict[str, Any]) -> requests.Response:
        try:
            with super().send(request, stream=True, timeout=self._visit.manners.timeout_s, **passed) as streamed:
                body = self._visit.read(streamed.iter_content(PIECE))
        except requests.RequestException as error:
            raise Unavailable(f"{self._what} did not answer: {_without_query(str(error))}"[:500]) from error
        self._visit.heed(streamed.headers)
        self._judging(streamed.status_code, streamed.headers, body, self._what, self._fix)
        return _read_already(streamed, body)


def _without_query(message: str) -> str:
    """Some platforms take their token in the address, and requests quotes that in its errors."""
    return QUERY.sub("?…", message)


def _read_already(streamed: requests.Response, body: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason, response.url = streamed.status_code, streamed.reason, streamed.url
    response.request, response.encoding = streamed.request, streamed.encoding
    response.headers = streamed.headers
    for name in PACING:
        response.headers.pop(name, None)
    response.raw = BytesIO(body)
    return response


def polite_session(
    visit: Visit, what: str, fix: str, moved: Mapping[str, str] | None = None, judging: Judge = judge
) -> requests.Session:
    """A requests session whose every call, to whatever host, minds its manners."""
    session = requests.Session()
    adapter = PoliteAdapter(visit, what, fix, moved, judging)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


@cache
def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts, read once a process: reading the certificates takes longer than most calls."""
    return httpx.create_ssl_context()


class PoliteTransport(httpx.BaseTransport):
    """Sends each request of an httpx client through a visit, by a client that knows the machine's proxies."""

    def __init__(self, visit: Visit, what: str, fix: str, *, moves: bool = False, judging: Judge = judge) -> None:
        """`moves`: redirects are for the client to follow, within the configured hosts. `judging`: as above."""
        self._visit = visit
        self._what = what
        self._fix = fix
        self._moves = moves
        self._judging = judging
        self._inner = httpx.Client(verify=_trusted(), timeout=visit.manners.timeout_s, follow_redirects=False)
        keep_addresses_out_of_the_log()  # some platforms take a key in it

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises a CollectError in place of every transport error and every refusal."""
        self._visit.permit(str(request.url))
        request.extensions.pop("timeout", None)  # a client's own patience gives way to ours
        request.read()  # a retry sends the same body again
        return self._visit.ask(lambda: self._once(request))

    def _once(self, request: httpx.Request) -> httpx.Response:
        timeout = httpx.Timeout(self._visit.manners.timeout_s).as_dict()
        again = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            content=request.content,
            extensions={"timeout": timeout},
        )
        try:
            streamed = self._inner.send(again, stream=True)
            try:
                body = self._visit.read(streamed.iter_bytes())
            finally:
                streamed.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{self._what} did not answer: {error!r}"[:500]) from error
        self._visit.heed(streamed.headers)
        if not (self._moves and streamed.has_redirect_location):
            self._judging(streamed.status_code, streamed.headers, body, self._what, self._fix)
        told = [(name, value) for name, value in streamed.headers.multi_items() if name.lower() not in ENCODED]
        return httpx.Response(streamed.status_code, headers=told, content=body, request=request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def polite_client(visit: Visit, what: str, fix: str, judging: Judge = judge, **options: Any) -> httpx.Client:
    """An httpx client whose every call minds its manners. `options` are httpx.Client's own."""
    headers = {"User-Agent": visit.manners.user_agent, **options.pop("headers", {})}
    moves = options.get("follow_redirects", False)
    transport = PoliteTransport(visit, what, fix, moves=moves, judging=judging)
    return httpx.Client(transport=transport, headers=headers, **options)
