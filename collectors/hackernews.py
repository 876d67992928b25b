"""Hacker News: stories and comments that hold a pack's terms, by the search that Algolia runs for it.

Endpoint: GET /api/v1/search_by_date, newest first, 100 hits a page; one query a term, since the search has no OR.
Of stored items GET /v0/item/{id}.json of the official API tells whether they are still shown, one a call.
Auth: none. TOCSIN_HACKERNEWS_BASE_URL (https://hn.algolia.com) turns it on.
Quota: 10,000 calls an hour from one address; the first 1,000 hits of a query, so further pages are asked for by time.
Cannot see: flagged and dead items, polls' options, what the search has not indexed yet.
Terms: what its author deletes disappears from the search, and the item has no text any more.
Source, read on 2026-11-21: https://hn.algolia.com/api
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field

from collectors import hackernews_thread
from collectors.admission import admit
from collectors.budget import Quota
from collectors.collector import UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.hackernews_item import PLATFORM, edition, is_gone, to_mention
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, beside, needed
from collectors.timeline import Page, Record, Walk
from collectors.wire import Wire
from policies.policy import Policy

WHAT = "Hacker News"
FIX = "It takes no credentials: check TOCSIN_HACKERNEWS_BASE_URL."
PAGE_SIZE = 100
ITEMS = "https://hacker-news.firebaseio.com"  # the official API
KINDS = "(story,comment,poll,job)"


class HackerNewsSettings(HttpSection):
    """The settings of Hacker News."""

    prefix = "hackernews"
    base_url: BaseUrl = needed("Base URL of its search: https://hn.algolia.com turns it on")
    items_url: BaseUrl = Field(
        "", description="Base URL of its official API; empty: its own, or the base URL where that is another server"
    )


class HackerNews(SearchCollector[Wire, str]):
    """Search on Hacker News."""

    platform = PLATFORM
    settle = timedelta(hours=1)  # the overlap window: items are indexed late, and revived ones later
    grain = GRAIN
    at_once = 250  # stored items: each is a call
    a_run = 2_500

    def __init__(
        self,
        base_url: str,
        policies: Sequence[Policy],
        *,
        items_url: str = ITEMS,
        **options: Any,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, **options)
        self._items_url = items_url

    @classmethod
    def from_settings(
        cls, settings: HackerNewsSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[HackerNews, ...]":
        """Raises ValueError, naming the setting, where there is no address."""
        own = settings.required()
        items_url = own.items_url or beside(own.base_url, ITEMS, "algolia.com")
        return (cls(own.base_url, policies, items_url=items_url, manners=manners),)

    def listings(self) -> Mapping[str, str]:
        """A search a term."""
        return {query: query for query in map(quoted, self.terms.spoken())}

    def speak(self, visit: Visit) -> Wire:
        """JSON over HTTP, without a login."""
        return Wire(visit, WHAT, FIX, self.base_url)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch stories with all that was said under them, a call each, or two. Raises a CollectError."""
        with self.speaking() as (visit, wire):
            yield from told(visit, seeds, partial(hackernews_thread.read, wire))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which items are still shown, one a call. Raises a CollectError. An item that it answers with null for
        is not known to be gone: nothing that was ever posted there is without its record."""
        visit = Visit(self._manners, self._items_url)
        gone: list[str] = []
        present: list[Mention] = []
        with visit.billed(), Wire(visit, WHAT, FIX, self._items_url) as wire:
            for native_id in (each for each in ids if each.isascii() and each.isdigit()):
                item = wire.get(f"v0/item/{native_id}.json")
                if item is None:
                    continue
                if not isinstance(item, dict) or str(item.get("id")) != native_id:
                    raise UnexpectedResponse(f"{WHAT} answered item {native_id} with something else: {item!r}"[:300])
                if is_gone(item):
                    gone.append(native_id)
                elif isinstance(mention := admit(item, f"{PLATFORM} {native_id}", edition), Mention):
                    present.append(mention)
        return Rechecked(tuple(gone), tuple(present), visit.requests)

    def page(self, wire: Wire, query: str, walk: Walk) -> Page:
        """Pages are asked for by time, never by number: numbers end at 1,000 hits, and shift as items come in."""
        until = walk.cursor or (_second(walk.top) if walk.top is not None else None)
        bounds = [f"created_at_i<={until}"] if until is not None else []
        bounds += [f"created_at_i>={_second(walk.above)}"] if walk.above is not None else []
        asked = {"query": query, "tags": KINDS, "advancedSyntax": "true", "typoTolerance": "false"}
        answer = wire.get(
            "api/v1/search_by_date", {**asked, "hitsPerPage": PAGE_SIZE, "numericFilters": ",".join(bounds) or None}
        )
        with documented(WHAT):
            hits, more = answer["hits"], answer["nbPages"] > 1
            oldest = hits[-1]["created_at_i"] if hits else None
            return Page(tuple(map(self._record, hits)), str(oldest) if more else None)

    def _record(self, hit: Any) -> Record:
        native_id = hit.get("objectID") if isinstance(hit, dict) else None
        admitted = admit(hit, f"{PLATFORM} {native_id or 'without id'}", self._found)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        return Record(position(admitted.created_at, admitted.id), self.sought(admitted), admitted.created_at)

    def _found(self, hit: dict[str, Any]) -> Mention:
        return self.named(to_mention(hit))


def _second(place: int) -> int:
    return int(moment_of(place).timestamp())


ENTRY = Platform(
    name=PLATFORM,
    access="search of stories and comments",
    settings=HackerNewsSettings,
    make=HackerNews.from_settings,
    reach=Reach(
        endpoint="GET /api/v1/search_by_date of hn.algolia.com, by httpx",
        auth="none",
        cannot_see="flagged and dead items; polls' options; what is not indexed yet",
        terms="what is deleted disappears from the search; the item itself is then without text",
        conversation="/api/v1/items/{story} of its search, the whole tree; what one answer holds",
        documents="https://hn.algolia.com/api",
        checked=date(2026, 11, 21),
        quotas=(Quota(10_000, 3_600),),
        volume=(0, 2_000),
    ),
)
