"""WordPress: posts and comments of any site that hold a pack's terms, by the site's own REST API.

Endpoints: GET /wp-json/wp/v2/posts and /wp-json/wp/v2/comments, 100 a page, one query a term; at WordPress.com the
same under https://public-api.wordpress.com/wp/v2/sites/{site}; at a site with plain addresses, as ?rest_route=.
Auth: none; what a site shows to everybody. TOCSIN_WORDPRESS_BASE_URL (one site or several) turns it on.
Quota: each host's own.
Cannot see: posts behind a password, drafts, comments that wait for approval longer than the overlap window, pages and
other kinds than posts, sites that closed their API; a phrase that markup breaks in two is not found by the search.
Terms: each site's own; what is withdrawn is missing when it is asked for again by its id.
Source, read on 2026-11-21: https://developer.wordpress.org/rest-api/reference/posts/
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from collectors import wordpress_thread
from collectors.conversation import Conversation, Seed, told
from collectors.instant import moment_of
from collectors.manners import documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrls, needed
from collectors.sites import Listing, Reading, SiteCollector, SitesSection, shortest_terms
from collectors.timeline import Page, Walk
from collectors.wire import Declined
from collectors.wordpress_api import Api
from collectors.wordpress_record import PLATFORM, comment_id, post_id, to_mention

PAGE_SIZE = 100
EMBEDDED = "author,up,in-reply-to,wp:featuredmedia"
PAST_THE_END = "invalid_page_number"
SECOND = timedelta(seconds=1)


class WordPressSettings(SitesSection):
    """The settings of WordPress."""

    prefix = "wordpress"
    base_url: BaseUrls = needed("Addresses of WordPress sites, comma-separated")


class WordPress(SiteCollector):
    """Posts and comments of one site."""

    platform = PLATFORM
    what = "WordPress"
    fix = "It takes no credentials: check in TOCSIN_WORDPRESS_BASE_URL that the site shows /wp-json to everybody."
    settle = timedelta(days=2)  # the overlap window: comments wait for approval and keep their date

    def listings(self) -> Mapping[str, Listing]:
        """Posts are searched for a phrase, comments for the characters as they stand."""
        terms = shortest_terms(self.terms.spoken())
        posts: dict[str, Listing] = {f"posts {term}": partial(self._page, "posts", quoted(term)) for term in terms}
        comments: dict[str, Listing] = {f"comments {term}": partial(self._page, "comments", term) for term in terms}
        return posts | comments

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch posts with their comments, 100 a call. Raises a CollectError."""
        with self.reading() as run:
            read = partial(wordpress_thread.read, self._api(run), EMBEDDED, self.site)
            yield from told(run.visit, seeds, read)

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts and comments are still shown, 100 a call. Raises a CollectError."""
        gone: list[str] = []
        present: list[Mention] = []
        make = partial(to_mention, site=self.site)
        with self.reading() as run, run.visit.billed():
            for kind, named in (("posts", post_id), ("comments", comment_id)):
                start = named(self.site, "")
                own = [each for each in ids if each.startswith(start)]
                for first in range(0, len(own), PAGE_SIZE):
                    some = own[first : first + PAGE_SIZE]
                    numbers = ",".join(each.removeprefix(start) for each in some)
                    shown = {named(self.site, number): row for number, row in self._shown(run, kind, include=numbers)}
                    # Where not one is shown, the site may have closed its API, which answers with an empty list too.
                    if shown or self._shown(run, kind):
                        gone += [each for each in some if each not in shown]
                    present += (self.named(found) for each, row in shown.items() for found in legible(row, each, make))
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _shown(self, run: Reading, kind: str, **asked: str) -> list[tuple[int, Any]]:
        """What the site shows, each row with its number."""
        rows = self._api(run).get(kind, {"per_page": PAGE_SIZE if asked else 1, "_embed": EMBEDDED, **asked})
        with documented(self.what):
            return [(int(row["id"]), row) for row in rows]

    def _page(self, kind: str, query: str, run: Reading, walk: Walk) -> Page:
        number = int(walk.cursor or 1)
        asked: dict[str, Any] = {
            "search": query,
            "orderby": "date" if kind == "posts" else "date_gmt",
            "order": "desc",
            "per_page": PAGE_SIZE,
            "page": number,
            "_embed": EMBEDDED,
            # Neither bound is inclusive, and both are of whole seconds.
            "before": _written(walk.top, SECOND) if walk.top is not None else None,
            "after": _written(walk.above, -SECOND) if walk.above is not None else None,
        }
        try:
            rows = self._api(run).get(kind, asked)
        except Declined as error:
            if number > 1 and PAST_THE_END in error.said:
                return Page(())  # something was withdrawn meanwhile, and the page before became the last
            raise
        with documented(self.what):
            if not isinstance(rows, list):
                raise TypeError(f"the {kind} are no list")
            last = int(run.wire.headers.get("x-wp-totalpages") or number + (len(rows) >= PAGE_SIZE))
        make = partial(to_mention, site=self.site)
        records = (self.record(row, f"{kind}/{row.get('id')}" if isinstance(row, dict) else "", make) for row in rows)
        return Page(tuple(records), str(number + 1) if number < last else None)

    def _api(self, run: Reading) -> Api:
        api: Api = run.known.setdefault("api", Api(run.wire, self.base_url))
        return api


def _written(place: int, later: timedelta) -> str:
    return (moment_of(place) + later).strftime("%Y-%m-%dT%H:%M:%SZ")


ENTRY = Platform(
    name=PLATFORM,
    access="posts and comments of any site that shows its REST API",
    settings=WordPressSettings,
    make=WordPress.from_settings,
    reach=Reach(
        endpoint="GET /wp-json/wp/v2/posts and /comments of each site, by httpx",
        auth="none",
        cannot_see="posts behind a password; pages and other kinds than posts; comments approved days later; sites "
        "that closed their API",
        terms="each site's own; what is withdrawn is missing when it is asked for by its id, and is deleted here",
        conversation="the post and its comments; 500 comments",
        documents="https://developer.wordpress.org/rest-api/reference/posts/",
        checked=date(2026, 11, 21),
        volume=(0, 2_000),
    ),
)
