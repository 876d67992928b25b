"""Stack Exchange: questions and answers that hold a pack's terms, and comments where there is a key.

Endpoints: GET /2.3/search/excerpts, 100 a page, one query a term and site; GET /2.3/posts/{ids} for authors and whole
texts, 100 a call, and /2.3/questions/{ids} for the titles of what is asked about again; with a key also GET
/2.3/comments, read whole and kept where a term stands in it.
Auth: none; a key (an app registered at stackapps.com) for the greater quota. TOCSIN_STACKEXCHANGE_BASE_URL
(https://api.stackexchange.com) turns it on.
Quota: 300 calls a day from one address, 10,000 with a key; `backoff` in an answer is obeyed.
Cannot see: comments without a key, or those older than the first run's day; what is deleted; chats; closed Teams.
Terms: contributions are under CC BY-SA, with attribution; what is deleted is missing when it is asked for by its id.
Source, read on 2026-11-21: https://api.stackexchange.com/docs
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import stackexchange_thread
from collectors.budget import Quota
from collectors.collector import AccessDenied, RateLimited, Unavailable
from collectors.conversation import Conversation, Seed, told
from collectors.instant import moment_of
from collectors.manners import MISSHAPEN, Manners, asked_to_wait, documented
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.sites import Listing, Reading, SiteCollector
from collectors.stackexchange_item import PLATFORM, number_of, to_mention
from collectors.timeline import Page, Walk
from policies.policy import Policy

PAGE_SIZE = 100
HISTORY = timedelta(days=1)  # how far back the first run reads comments
REFUSED = {401, 402, 403, 405, 406}  # error_id: no access, or a key that is not good
HURRIED = 502  # error_id: too many calls


class StackExchangeSettings(HttpSection):
    """The settings of Stack Exchange."""

    prefix = "stackexchange"
    base_url: BaseUrl = needed("Base URL of its API: https://api.stackexchange.com turns it on")
    sites: Listed = Field(("stackoverflow",), description="Sites by their names in the API, comma-separated")
    api_key: SecretStr = Field(SecretStr(""), description="Key of an app; empty: 300 calls a day, and no comments")


class StackExchange(SiteCollector):
    """The search of one site, and its comments where there is a key."""

    platform = PLATFORM
    what = "Stack Exchange"
    fix = "Check TOCSIN_STACKEXCHANGE_API_KEY and the names in TOCSIN_STACKEXCHANGE_SITES."
    settle = timedelta(hours=1)  # the overlap window: the search's index runs behind

    def __init__(self, base_url: str, policies: Sequence[Policy], *, key: str = "", **options: Any) -> None:
        """`site` is the site's name in the API. Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, **options)
        self._key = key

    @classmethod
    def from_settings(
        cls, settings: StackExchangeSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[StackExchange, ...]":
        """A collector a site. Raises ValueError, naming the setting, where there is no address."""
        own, key = settings.required(), settings.api_key.get_secret_value()
        return tuple(
            cls(own.base_url, policies, key=key, site=site, manners=manners) for site in dict.fromkeys(own.sites)
        )

    def listings(self) -> Mapping[str, Listing]:
        """A search a term, and all comments."""
        found: dict[str, Listing] = {term: partial(self._search, quoted(term)) for term in self.terms.spoken()}
        return found | ({"comments": self._comments} if self._key else {})

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch questions with answers and comments. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(stackexchange_thread.read, partial(self._ask, run), self.site))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which are still shown, 100 a call, and for the titles of questions. Raises a CollectError.

        A question without its title is unknown still: it would seem edited.
        """
        shown: dict[str, Any] = {}
        with self.reading() as run, run.visit.billed():
            for kind in ("posts", "comments"):
                start = f"{self.site}/{kind}/"
                numbers = [each.removeprefix(start) for each in ids if each.startswith(start)]
                for item in self._titled(run, list(self._by_number(run, kind, numbers))):
                    with documented(self.what):
                        number = item["comment_id"] if kind == "comments" else number_of(item)
                        shown[f"{start}{int(number)}"] = item
        gone = tuple(each for each in ids if each not in shown)
        make = partial(to_mention, site=self.site)
        whole = {each: item for each, item in shown.items() if not _untitled(item)}
        present = (self.named(found) for each, item in whole.items() for found in legible(item, each, make))
        return Rechecked(gone, tuple(present), run.visit.requests)

    def judging(self, status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
        """Whatever is wrong is answered with 400; the body says what."""
        if status == 400:
            try:
                said = json.loads(body)
                number, message = said["error_id"], f"{what}: {said.get('error_name')}: {said.get('error_message')}"
            except MISSHAPEN:
                return
            if number == HURRIED:
                raise RateLimited(message, _seconds_named(message) or asked_to_wait(headers))
            if number in REFUSED:
                raise AccessDenied(f"{message}. {fix}")
            if number >= 500:
                raise Unavailable(message)
        super().judging(status, headers, body, what, fix)

    def _search(self, query: str, run: Reading, walk: Walk) -> Page:
        items, more = self._ask(run, "search/excerpts", {"q": query, "sort": "creation", **_bounds(walk)})
        whole = self._whole(run, items)
        return self._page([whole.get(_number(item), item) for item in items], more, whole=False)

    def _comments(self, run: Reading, walk: Walk) -> Page:
        bounds = _bounds(walk)
        if walk.above is None:
            bounds["fromdate"] = int((datetime.now(UTC) - HISTORY).timestamp())
        items, more = self._ask(run, "comments", {"filter": "withbody", "sort": "creation", **bounds})
        return self._page(items, more, whole=True)

    def _page(self, items: list[Any], more: bool, *, whole: bool) -> Page:
        make = partial(to_mention, site=self.site)
        records = tuple(self.record(item, _where(item), make, whole=whole) for item in items)
        places = [record.position for record in records if record.position is not None]
        return Page(records, str(int(moment_of(min(places)).timestamp())) if more and places else None)

    def _whole(self, run: Reading, items: list[Any]) -> dict[str, Any]:
        """What the search found by number, with the author, the link and the text that it shows only in part."""
        parts = {_number(item): item for item in items if _number(item) and "owner" not in item}
        full = {_number(post): post for post in self._by_number(run, "posts", list(parts))}
        return {number: {**part, **full.get(number, {})} for number, part in parts.items()}

    def _titled(self, run: Reading, items: list[Any]) -> list[Any]:
        """What was asked for by number, questions with what `/posts` leaves out of them."""
        bare = [_number(item) for item in items if _untitled(item)]
        full = {_number(question): question for question in self._by_number(run, "questions", bare)}
        return [{**full.get(_number(item), {}), **item} if _untitled(item) else item for item in items]

    def _by_number(self, run: Reading, kind: str, numbers: Sequence[str]) -> Iterable[Any]:
        for first in range(0, len(numbers), PAGE_SIZE):
            some = ";".join(numbers[first : first + PAGE_SIZE])
            items, _ = self._ask(run, f"{kind}/{some}", {"filter": "withbody"})
            yield from items

    def _ask(self, run: Reading, path: str, asked: Mapping[str, Any]) -> tuple[list[Any], bool]:
        """The items of an answer, and whether there are more. What it says of pace holds for the next call."""
        own = {"site": self.site, "key": self._key or None, "order": "desc", "pagesize": PAGE_SIZE}
        answer = run.wire.get(f"2.3/{path}", {**own, **asked})
        with documented(self.what):
            items, more = answer["items"], bool(answer.get("has_more"))
            if not isinstance(items, list):
                raise TypeError("the items are no list")
            wait = _until_midnight() if answer.get("quota_remaining") == 0 else int(answer.get("backoff") or 0)
        if wait:
            run.visit.heed({"x-ratelimit-remaining": "0", "retry-after": str(wait)})
        return items, more


def _bounds(walk: Walk) -> dict[str, Any]:
    """Both bounds are inclusive; pages are asked for by time, since their numbers shift and end early."""
    until = walk.cursor or (int(moment_of(walk.top).timestamp()) if walk.top is not None else None)
    since = int(moment_of(walk.above).timestamp()) if walk.above is not None else None
    return {"todate": until, "fromdate": since}


def _number(item: Any) -> str:
    try:
        return str(int(number_of(item)))
    except MISSHAPEN:
        return ""


def _untitled(item: Any) -> bool:
    return isinstance(item, dict) and item.get("post_type") == "question" and not item.get("title")


def _where(item: Any) -> str:
    comment = item.get("comment_id") if isinstance(item, dict) else None
    number = _number(item)
    return f"comments/{comment}" if comment else f"posts/{number}" if number else ""


def _seconds_named(message: str) -> float | None:
    """ "… more requests available in 72825 seconds"."""
    before, said, _ = message.partition(" seconds")
    last = before.rpartition(" ")[2]
    return float(last) if said and last.isascii() and last.isdigit() else None


def _until_midnight() -> int:
    """Seconds until the quota of the day, which is UTC's, begins anew."""
    now = datetime.now(UTC)
    return int(86_400 - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()) + 1


ENTRY = Platform(
    name=PLATFORM,
    access="search of questions and answers of its sites; with a key all comments",
    settings=StackExchangeSettings,
    make=StackExchange.from_settings,
    reach=Reach(
        endpoint="GET /2.3/search/excerpts, /posts/{ids} and /comments of api.stackexchange.com, by httpx",
        auth="none; a key for the greater quota and for comments",
        cannot_see="comments without a key; chats; closed Teams; what is deleted",
        terms="CC BY-SA, with attribution; what is deleted is missing when it is asked for by its id, and deleted here",
        conversation="the question, its answers, and the comments on all of them; 99 answers, 300 comments",
        documents="https://api.stackexchange.com/docs",
        checked=date(2026, 11, 21),
        quotas=(Quota(300, 86_400),),
        volume=(0, 2_000),
    ),
)
