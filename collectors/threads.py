"""Threads: public posts that hold a pack's terms, and those that mention one's own account, by Meta's Threads API.

Endpoints: GET /keyword_search, most recent first, one query a term; GET /me/mentions; 100 posts a page.
Auth: a user's token (TOCSIN_THREADS_ACCESS_TOKEN) with threads_basic, threads_keyword_search and, for the mentions,
threads_manage_mentions. Before Meta's review of the app the search finds one's own posts only.
Quota: 2,200 searches that find something in 24 hours, for a user.
Cannot see: private accounts, words that Meta holds to be sensitive (the search is empty then), likes, authors' ids.
Terms: Meta's Platform Terms: what is deleted there must go here; nobody tells us which.
Source, read on 2026-11-21: https://developers.facebook.com/docs/threads/keyword-search
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors.admission import admit
from collectors.budget import Quota
from collectors.collector import AccessDenied, RateLimited, Unavailable
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import MISSHAPEN, Manners, Visit, documented, judge
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, needed
from collectors.threads_post import FIELDS, PLATFORM, to_mention
from collectors.timeline import Page, Record, Walk
from collectors.wire import Wire
from policies.policy import Policy

WHAT = "Threads"
FIX = "Check TOCSIN_THREADS_ACCESS_TOKEN and its permissions (TOCSIN_THREADS_MENTIONS=false does without mentions)."
API = "https://graph.threads.net/v1.0"
PAGE_SIZE = 100
SETTLE = timedelta(hours=1)  # the overlap window: the index runs behind
BEGAN = 1_688_540_400  # Threads' first day, before which the search may not be asked
# Meta's error codes, which come with a 400 as often as not.
PACED = {4, 17, 32, 613}
DENIED = {10, 102, 190, *range(200, 300)}
PASSING = {1, 2}

Read = Callable[[Wire, Walk], Page]


class ThreadsSettings(HttpSection):
    """The settings of Threads."""

    prefix = "threads"
    base_url: BaseUrl = Field(API, description="Base URL of the API, with its version")
    access_token: SecretStr = needed("Long-lived token of a user")
    mentions: bool = Field(True, description="Whether to read the account's mentions too (threads_manage_mentions)")


class Threads(SearchCollector[Wire, Read]):
    """Search on Threads, and an account's mentions."""

    platform = PLATFORM
    settle = SETTLE
    grain = GRAIN

    def __init__(
        self,
        access_token: str,
        policies: Sequence[Policy],
        *,
        mentions: bool = True,
        base_url: str = API,
        **options: Any,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, **options)
        self._reads_mentions = mentions
        self._token = access_token

    @classmethod
    def from_settings(
        cls, settings: ThreadsSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Threads, ...]":
        """Raises ValueError, naming the setting, where there is no token."""
        own = settings.required()
        token = own.access_token.get_secret_value()
        return (cls(token, policies, mentions=own.mentions, base_url=own.base_url, manners=manners),)

    def listings(self) -> Mapping[str, Read]:
        """A search a term, and the mentions."""
        reads: dict[str, Read] = {term: partial(self._search, term) for term in self.terms.spoken()}
        return reads | ({"mentions": self._mentions} if self._reads_mentions else {})

    def speak(self, visit: Visit) -> Wire:
        """JSON over HTTP; the token goes with each call."""
        return Wire(visit, WHAT, FIX, self.base_url, judging=judged)

    def page(self, client: Wire, listing: Read, walk: Walk) -> Page:
        """One page of a listing, in its own way."""
        return listing(client, walk)

    def _search(self, term: str, wire: Wire, walk: Walk) -> Page:
        """The search has no cursor: further pages are asked for by time, until one brings nothing older."""
        until = int(walk.cursor) if walk.cursor else _second(walk.top) + 1 if walk.top is not None else None
        since = max(BEGAN, _second(walk.above)) if walk.above is not None else None
        if since is not None and until is not None:
            since = min(since, until - 1)  # which the API wants to be the lesser
        mode = {"search_mode": "TAG", "q": term[1:]} if term.startswith("#") else {"search_mode": "KEYWORD", "q": term}
        posts = self._asked(wire, "keyword_search", {**mode, "search_type": "RECENT", "since": since, "until": until})[
            0
        ]
        records = tuple(map(self._record, posts))
        places = [record.position for record in records if record.position is not None]
        if len(posts) < PAGE_SIZE and walk.seen.issuperset(places):
            return Page(tuple(record for record in records if record.position is None))
        with documented(WHAT):
            oldest = min(record.moment for record in records if record.moment)
        return Page(records, str(min(int(oldest.timestamp()) + 1, int(datetime.now(UTC).timestamp()))))

    def _mentions(self, wire: Wire, walk: Walk) -> Page:
        """The mentions have a cursor, and one to nothing at their end."""
        posts, after = self._asked(wire, "me/mentions", {"after": walk.cursor})
        return Page(tuple(map(self._record, posts)), after if posts else None)

    def _asked(self, wire: Wire, path: str, params: Mapping[str, str | int | None]) -> tuple[list[Any], str | None]:
        answer = wire.get(path, {**params, "fields": FIELDS, "limit": PAGE_SIZE, "access_token": self._token})
        with documented(WHAT):
            posts = answer["data"]
            if not isinstance(posts, list):
                raise TypeError("the posts are no list")
            return posts, ((answer.get("paging") or {}).get("cursors") or {}).get("after")

    def _record(self, post: Any) -> Record:
        native_id = post.get("id") if isinstance(post, dict) else None
        admitted = admit(post, f"{PLATFORM} {native_id or 'without id'}", self._found)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        return Record(position(admitted.created_at, admitted.id), self.sought(admitted), admitted.created_at)

    def _found(self, post: dict[str, Any]) -> Mention:
        return self.named(to_mention(post))


def judged(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """Meta says by a code in the body what its status does not tell."""
    code, said = _code(body) if status >= 400 else (None, "")
    if code in PACED:
        raise RateLimited(f"{what}: {said}")
    if code in DENIED:
        raise AccessDenied(f"{what}: {said}. {fix}")
    if code in PASSING:
        raise Unavailable(f"{what}: {said}")
    judge(status, headers, body, what, fix)


def _code(body: bytes) -> tuple[int | None, str]:
    try:
        error = json.loads(body[:100_000])["error"]
        return int(error["code"]), f"error {error['code']}, {error.get('message')}"[:300]
    except MISSHAPEN:
        return None, ""


def _second(place: int) -> int:
    return int(moment_of(place).timestamp())


ENTRY = Platform(
    name=PLATFORM,
    access="search of public posts, and the account's mentions",
    settings=ThreadsSettings,
    make=Threads.from_settings,
    reach=Reach(
        endpoint="GET /keyword_search and /me/mentions of graph.threads.net, by httpx",
        auth="a user's token with threads_keyword_search and threads_manage_mentions, of an app that Meta has reviewed",
        cannot_see="private accounts; terms that Meta holds to be sensitive; likes; authors' ids",
        terms="what is deleted there must go here; nobody tells which",
        conversation="none: Meta shows the replies to one's own posts alone",
        documents="https://developers.facebook.com/docs/threads/keyword-search",
        checked=date(2026, 11, 21),
        quotas=(Quota(2_200, 86_400),),
        volume=(0, 20_000),
    ),
)
