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
deleted and the protected in bulk and for nothing (collectors/x_compliance.py), where X lets the app have it. Read in
November 2026; the current developer agreement prevails.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import tweepy
from pydantic import Field, SecretStr

from collectors import x_thread
from collectors.admission import admit, refused
from collectors.backlog import Backlog
from collectors.budget import Price, Quota
from collectors.collector import Batch, Checkpoint, UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented, unintelligible
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import queries, quoted
from collectors.recheck import Rechecked
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Page, Record, Walk
from collectors.vocabulary import Matcher, Terms
from collectors.x_client import client_of, said
from collectors.x_compliance import STORAGE, ComplianceJobs
from collectors.x_post import PLATFORM, Includes, lost, now_at, to_mention
from policies.policy import Policy

PAGE_SIZE = 100
LONGEST_QUERY = 512  # characters, on self-serve access
LONGEST_ARCHIVE_QUERY = 1024
ARCHIVE_PACE_S = 1.0  # full-archive search takes one call a second
LONGEST_ID = 20  # digits; ids are 64-bit
OPERATOR = re.compile(r"[@#]\w+")  # a name that X has an operator of its own for
WANTED = {
    "tweet_fields": "attachments,author_id,conversation_id,created_at,entities,id,in_reply_to_user_id,lang,note_tweet,"
    "public_metrics,referenced_tweets,text",
    "user_fields": "created_at,description,id,name,public_metrics,username",
    "media_fields": "alt_text,media_key,preview_image_url,type,url,variants",
    "expansions": "author_id,in_reply_to_user_id,attachments.media_keys,referenced_tweets.id,"
    "referenced_tweets.id.author_id",
}


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
    compliance_storage_url: BaseUrl = Field(STORAGE, description="Where compliance jobs take ids and leave results")


class X:
    """Search on X. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
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
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        self._bearer_token = bearer_token
        self._queries = spoken(terms, LONGEST_ARCHIVE_QUERY if archive_since else LONGEST_QUERY)
        self._since = archive_since
        self.a_run = recheck_posts
        self._matcher = terms.matcher()
        self._base_url = base_url
        self.pages = pages
        self._manners = manners or Manners()
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
            token, storage = own.bearer_token.get_secret_value(), own.compliance_storage_url
            x.compliance = ComplianceJobs(token, own.base_url, storage, manners)
        return (x,)

    @property
    def queries(self) -> tuple[str, ...]:
        """Each query costs at least one call a run."""
        return self._queries

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        client = client_of(self._bearer_token, self._base_url, visit)
        with client.session:
            # Each day to search back to is a listing of its own: what was read of seven days says nothing of before.
            back = f"since {self._since}: " if self._since else ""
            fetches = {f"{back}{query}": partial(self._page, client, query) for query in self._queries}
            yield from Backlog(self.source, checkpoint, fetches).batches(self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch conversations, 100 posts a call, each at the price of a read. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        client = client_of(self._bearer_token, self._base_url, visit)
        in_full = self._since is not None
        look_up, search = partial(_looked_up, client), partial(self._replies, client)
        with client.session:
            if self.conversation_pages:
                yield from told(
                    visit, seeds, partial(x_thread.read, look_up, search, self.conversation_pages, all_=in_full)
                )

    def _replies(self, client: Any, query: str, cursor: str | None) -> Any:
        try:
            return self._search(client, query, None, None, cursor)
        except tweepy.BadRequest as error:
            raise UnexpectedResponse(f"X did not accept the query {query!r}: {error}") from error

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there and public, 100 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        client = client_of(self._bearer_token, self._base_url, visit)
        gone: list[str] = []
        present: list[Mention] = []
        with visit.billed(), client.session:
            for start in range(0, len(ids), PAGE_SIZE):
                some = [native_id for native_id in ids[start : start + PAGE_SIZE] if native_id.isdigit()]
                answer = _looked_up(client, some)
                with documented("X"):
                    gone += lost(answer, some)
                    includes = Includes.of(answer)
                    shown = now_at(answer, some)
                found = [admit(post, post["id"], lambda it: _found(it, includes, self._matcher)) for post in shown]  # noqa: B023
                present += [each for each in found if isinstance(each, Mention)]
        return Rechecked(tuple(gone), tuple(present), visit.requests)

    def _page(self, client: Any, query: str, walk: Walk) -> Page:
        try:
            return self._read(self._search(client, query, walk.above, walk.top, walk.cursor))
        except tweepy.BadRequest as error:
            return self._beyond_reach(client, query, walk, error)

    def _beyond_reach(self, client: Any, query: str, walk: Walk, error: tweepy.BadRequest) -> Page:
        """X refuses positions older than its seven days: read what it still has, and name what is gone."""
        said = str(error)
        if walk.top is not None and "until_id" in said:
            return Page((_gone(query, walk.above, walk.top, said),))
        if walk.above is not None and "since_id" in said:
            page = self._read(self._search(client, query, None, walk.top, walk.cursor))
            return Page((*page.records, _gone(query, walk.above, None, said)), page.following)
        raise UnexpectedResponse(f"X did not accept the query {query!r}: {said}") from error

    def _search(self, client: Any, query: str, above: int | None, below: int | None, cursor: str | None) -> Any:
        """One call for a page. Raises a CollectError, or tweepy.BadRequest for a query that X does not take."""
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
            records = tuple(_record(post, includes, self._matcher) for post in posts)
            return Page(records, meta.get("next_token"))
        except (KeyError, TypeError, AttributeError) as error:
            raise unintelligible("X", error) from error


def spoken(terms: Terms, longest: int = LONGEST_QUERY) -> tuple[str, ...]:
    """The terms in X's query language. An official account is searched for as mentioned and as author."""
    alone = [name if OPERATOR.fullmatch(name) else quoted(name) for name in terms.names]
    alone += [f"#{tag}" for tag in terms.hashtags]
    alone += [f"{operator}{handle}" for handle in terms.handles for operator in ("@", "from:")]
    return queries({part.casefold(): part for part in alone}.values(), terms.pairs, longest)


def _looked_up(client: Any, ids: Sequence[str]) -> Any:
    try:
        return said(lambda: client.get_tweets(list(ids), **WANTED))
    except tweepy.BadRequest as error:
        raise UnexpectedResponse(f"X did not take the ids of stored posts: {error}") from error


def _record(post: Any, includes: Includes, matcher: Matcher) -> Record:
    post_id = str(post.get("id", "")) if isinstance(post, dict) else ""
    admitted = admit(post, f"{PLATFORM} {post_id or 'without id'}", lambda whole: _found(whole, includes, matcher))
    numbered = post_id.isascii() and post_id.isdigit() and len(post_id) < LONGEST_ID
    return Record(int(post_id) if numbered else None, admitted)


def _found(post: dict[str, Any], includes: Includes, matcher: Matcher) -> Mention:
    mention = to_mention(post, includes)
    return mention.model_copy(update={"matched_terms": matcher(mention.text)})


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
        documents="https://docs.x.com/x-api/posts/search/introduction",
        checked=date(2026, 11, 21),
        quotas=(Quota(450, 900),),
        price=Price(usd_per_mention=Decimal("0.005"), page=PAGE_SIZE),
    ),
)
