"""X (Twitter): posts that hold a pack's terms or mention its accounts, by tweepy.

Endpoints: GET /2/tweets/search/recent, the last seven days; with TOCSIN_X_ARCHIVE_SINCE instead GET
/2/tweets/search/all, everything since that day. Newest first, 100 posts a page; a query takes 512 characters (1,024),
so a long vocabulary is several queries, each a timeline of its own. A query of @handle finds what the mentions
timeline of that account would show, so that timeline is not read. GET /2/tweets tells of stored posts, 100 a call,
which are gone, protected or edited.
Auth: an app-only bearer token (TOCSIN_X_BEARER_TOKEN).
Quota: 450 calls per 15 minutes for an app on the older tiers, 60 for a user; pay-per-use at about $0.005 a post read,
capped at 2 million a month; a stored post that is asked about again costs as one read (TOCSIN_X_RECHECK_POSTS bounds
that). Full-archive search: 300 calls per 15 minutes, one a second. `x-rate-limit-*` headers are obeyed.
Cannot see: without full-archive search anything older than seven days (a gap that grows older is named in quarantine,
not dropped in silence), protected accounts, direct messages, deleted posts, posts whose picture alone names the
organisation.
Terms: content that is deleted, edited or made protected must follow on our side. `/2/compliance/jobs` tells of the
deleted and the protected in bulk and for nothing (collectors/x_compliance.py), where X lets the app have it. The
current developer agreement prevails.
Source, read on 2026-11-21: https://docs.x.com/x-api/posts/search/introduction
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import x_thread
from collectors.admission import admit, refused
from collectors.budget import Price, Quota
from collectors.collector import UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented, unintelligible
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, beside, needed
from collectors.timeline import Page, Record, Walk
from collectors.x_client import WANTED, NotTaken, client_of, looked_up, said
from collectors.x_compliance import STORAGE, ComplianceJobs
from collectors.x_post import PLATFORM, Includes, lost, now_at, to_mention
from collectors.x_query import LONGEST_ARCHIVE_QUERY, LONGEST_QUERY, spoken
from policies.policy import Policy

PAGE_SIZE = 100
ARCHIVE_PACE_S = 1.0  # full-archive search takes one call a second
LONGEST_ID = 20  # digits; ids are 64-bit


class XSettings(HttpSection):
    """The settings of X."""

    prefix = "x"
    bearer_token: SecretStr = needed("X API v2 bearer token (app-only)")
    base_url: BaseUrl = Field("https://api.x.com", description="Base URL of the X API")
    pages: int = Field(10, ge=1, description="Pages of 100 posts that one run may read from X")
    archive_since: date | None = Field(
        None, description="Search the full archive from this day on (2026-01-31), which X must allow; empty: seven days"
    )
    recheck_posts: int = Field(
        100, ge=0, description="Stored posts that one recheck asks about; each costs as a post read"
    )
    conversation_pages: int = Field(
        1, ge=0, description="Pages of 100 posts of an open incident's conversation at each asking; 0: never ask"
    )
    compliance: bool = Field(True, description="Ask X by compliance jobs, where it allows them, which posts are gone")
    compliance_storage_url: BaseUrl = Field(
        "",
        description="Where compliance jobs take ids and leave results; empty: storage.googleapis.com, or the base URL "
        "where that is another server",
    )


class X(SearchCollector[Any, str]):
    """Search on X."""

    platform = PLATFORM
    tells_parents = True  # what a reply does not bring along is gone or protected

    def __init__(
        self,
        bearer_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://api.x.com",
        pages: int = 10,
        archive_since: date | None = None,
        recheck_posts: int = 100,
        **options: Any,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, pages=pages, **options)
        self._bearer_token = bearer_token
        self._since = archive_since
        self.a_run = recheck_posts
        self.compliance: ComplianceJobs | None = None
        self.conversation_pages = 1

    @classmethod
    def from_settings(cls, settings: XSettings, policies: Sequence[Policy], manners: Manners) -> "tuple[X, ...]":
        """Raises ValueError, naming the setting, where there is no token."""
        own = settings.required()
        x = cls(
            own.bearer_token.get_secret_value(),
            policies,
            base_url=own.base_url,
            pages=own.pages,
            archive_since=own.archive_since,
            recheck_posts=own.recheck_posts,
            manners=manners,
        )
        x.conversation_pages = own.conversation_pages
        if own.compliance:
            token = own.bearer_token.get_secret_value()
            storage = own.compliance_storage_url or beside(own.base_url, STORAGE, "x.com", "twitter.com")
            x.compliance = ComplianceJobs(token, own.base_url, storage, manners)
        return (x,)

    @property
    def queries(self) -> tuple[str, ...]:
        """Each query costs at least one call a run."""
        return spoken(self.terms, LONGEST_ARCHIVE_QUERY if self._since else LONGEST_QUERY)

    def listings(self) -> Mapping[str, str]:
        """A listing a query, and a day to search back to: what was read of seven days says nothing of before."""
        back = f"since {self._since}: " if self._since else ""
        return {f"{back}{query}": query for query in self.queries}

    @contextmanager
    def speak(self, visit: Visit) -> Iterator[Any]:
        """The client; its token goes with each call."""
        client = client_of(self._bearer_token, self.base_url, visit)
        with client.session:
            yield client

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch conversations, 100 posts a call, each at the price of a read. Raises a CollectError."""
        in_full = self._since is not None
        with self.speaking() as (visit, client):
            look_up, search = partial(looked_up, client), partial(self._replies, client)
            if self.conversation_pages:
                yield from told(
                    visit, seeds, partial(x_thread.read, look_up, search, self.conversation_pages, all_=in_full)
                )

    def _replies(self, client: Any, query: str, cursor: str | None) -> Any:
        try:
            return self._search(client, query, None, None, cursor)
        except NotTaken as error:
            raise UnexpectedResponse(f"X did not accept the query {query!r}: {error}") from error

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there and public, 100 a call. Raises a CollectError."""
        gone: list[str] = []
        present: list[Mention] = []
        with self.speaking() as (visit, client), visit.billed():
            for start in range(0, len(ids), PAGE_SIZE):
                some = [native_id for native_id in ids[start : start + PAGE_SIZE] if native_id.isdigit()]
                answer = looked_up(client, some)
                with documented("X"):
                    gone += lost(answer, some)
                    includes = Includes.of(answer)
                    shown = now_at(answer, some)
                found = [admit(post, post["id"], lambda it: self._found(it, includes)) for post in shown]  # noqa: B023
                present += [each for each in found if isinstance(each, Mention)]
        return Rechecked(tuple(gone), tuple(present), visit.requests)

    def page(self, client: Any, listing: str, walk: Walk) -> Page:
        """One page; what X no longer reaches back to is named."""
        try:
            return self._read(self._search(client, listing, walk.above, walk.top, walk.cursor))
        except NotTaken as error:
            return self._beyond_reach(client, listing, walk, error)

    def _beyond_reach(self, client: Any, query: str, walk: Walk, error: NotTaken) -> Page:
        """X refuses positions older than its seven days: read what it still has, and name what is gone."""
        said = str(error)
        if walk.top is not None and "until_id" in said:
            return Page((_gone(query, walk.above, walk.top, said),))
        if walk.above is not None and "since_id" in said:
            page = self._read(self._search(client, query, None, walk.top, walk.cursor))
            return Page((*page.records, _gone(query, walk.above, None, said)), page.following)
        raise UnexpectedResponse(f"X did not accept the query {query!r}: {said}") from error

    def _search(self, client: Any, query: str, above: int | None, below: int | None, cursor: str | None) -> Any:
        """One call for a page. Raises a CollectError, NotTaken for a query that X does not take."""
        asked: dict[str, Any] = {
            "since_id": above,
            "until_id": below,
            "next_token": cursor,
            "max_results": PAGE_SIZE,
            **WANTED,
        }
        if self._since is None:
            return said(lambda: client.search_recent_tweets(query, **asked))
        if above is None:  # X does not take both, and goes back thirty days where it gets neither
            asked["start_time"] = datetime.combine(self._since, time(), UTC)
        self._manners.sleep(ARCHIVE_PACE_S)
        return said(lambda: client.search_all_tweets(query, **asked))

    def _read(self, answer: Any) -> Page:
        try:
            meta, posts = answer["meta"], answer.get("data") or []
            if meta["result_count"] and not posts:
                raise UnexpectedResponse(f"X counts {meta['result_count']} posts and sends none")
            includes = Includes.of(answer)
            records = tuple(self._record(post, includes) for post in posts)
            return Page(records, meta.get("next_token"))
        except (KeyError, TypeError, AttributeError) as error:
            raise unintelligible("X", error) from error

    def _record(self, post: Any, includes: Includes) -> Record:
        post_id = str(post.get("id", "")) if isinstance(post, dict) else ""
        admitted = admit(post, f"{PLATFORM} {post_id or 'without id'}", lambda whole: self._found(whole, includes))
        numbered = post_id.isascii() and post_id.isdigit() and len(post_id) < LONGEST_ID
        return Record(int(post_id) if numbered else None, admitted)

    def _found(self, post: dict[str, Any], includes: Includes) -> Mention:
        return self.named(to_mention(post, includes))


def _gone(query: str, above: int | None, below: int | None, said: str) -> Record:
    reason = f"older than recent search reaches, so unread: {said}"
    where = f"{PLATFORM} posts after {above} and before {below or 'the oldest in reach'}"
    return Record(None, refused(where, reason, query))


ENTRY = Platform(
    name=PLATFORM,
    access="API v2 search: seven days, or the full archive where X allows it",
    settings=XSettings,
    make=X.from_settings,
    reach=Reach(
        endpoint="GET /2/tweets/search/recent (or /all) and /2/tweets, by tweepy",
        auth="app-only bearer token",
        cannot_see="posts older than seven days, without full-archive search; protected accounts; messages; a picture "
        "that alone names you",
        terms="what is deleted, edited or protected must follow; compliance jobs tell, or /2/tweets at the price of a "
        "read",
        conversation="the first post and ours by /2/tweets, replies by a search for `conversation_id:`; "
        "TOCSIN_X_CONVERSATION_PAGES (1) of 100 posts, each at the price of a read; seven days without "
        "full-archive search",
        documents="https://docs.x.com/x-api/posts/search/introduction",
        checked=date(2026, 11, 21),
        quotas=(Quota(450, 900),),
        price=Price(usd_per_mention=Decimal("0.005"), page=PAGE_SIZE),
    ),
)
