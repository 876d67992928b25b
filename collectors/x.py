"""X (Twitter): posts of the last seven days that hold a pack's terms, by tweepy.

Endpoint: GET /2/tweets/search/recent, newest first, 100 posts a page; a query takes 512 characters, so a long
vocabulary is several queries, each a timeline of its own.
Auth: an app-only bearer token (TOCSIN_X_BEARER_TOKEN).
Quota: 450 calls per 15 minutes for an app on the older tiers, 60 for a user; pay-per-use at about $0.005 a post read,
capped at 2 million a month. `x-rate-limit-*` headers are obeyed.
Cannot see: anything older than seven days (a gap that grows older is named in quarantine, not dropped in silence),
protected accounts, direct messages, deleted posts, posts whose picture alone names the organisation.
Terms: content that is deleted, edited or made protected must follow on our side; `/2/compliance/jobs` says which. Read
in November 2026; the current developer agreement prevails.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import tweepy
from pydantic import Field, SecretStr

from collectors.admission import admit, refused
from collectors.backlog import Backlog
from collectors.budget import Price, Quota
from collectors.collector import Batch, Checkpoint, CollectError, UnexpectedResponse
from collectors.manners import Manners, Visit, unintelligible
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import queries, quoted
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Page, Record, Walk
from collectors.transport import polite_session
from collectors.vocabulary import Matcher, Terms
from collectors.x_post import PLATFORM, Includes, to_mention
from policies.policy import Policy

HOSTS = ("https://api.twitter.com", "https://api.x.com")  # tweepy has one of them built in
FIX = "Check TOCSIN_X_BEARER_TOKEN: it must be the app-only bearer token of an app with access to recent search."
PAGE_SIZE = 100
LONGEST_QUERY = 512  # characters, on self-serve access
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


class X:
    """Recent search on X. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM

    def __init__(
        self,
        bearer_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://api.x.com",
        pages: int = 10,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        self._bearer_token = bearer_token
        self._queries = spoken(terms)
        self._matcher = terms.matcher()
        self._base_url = base_url
        self.pages = pages
        self._manners = manners or Manners()

    @classmethod
    def from_settings(cls, settings: XSettings, policies: Sequence[Policy], manners: Manners) -> "tuple[X, ...]":
        """Raises ValueError, naming the setting, where there is no token."""
        token = settings.required().bearer_token.get_secret_value()
        return (cls(token, policies, base_url=settings.base_url, pages=settings.pages, manners=manners),)

    @property
    def queries(self) -> tuple[str, ...]:
        """Each query costs at least one call a run."""
        return self._queries

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        client = tweepy.Client(bearer_token=self._bearer_token, return_type=dict)
        client.user_agent = self._manners.user_agent
        client.session = polite_session(visit, "X", FIX, dict.fromkeys(HOSTS, self._base_url))
        with client.session:
            fetches = {query: partial(self._page, client, query) for query in self._queries}
            yield from Backlog(self.source, checkpoint, fetches).batches(self.pages, visit)

    def _page(self, client: Any, query: str, walk: Walk) -> Page:
        try:
            return self._read(_search(client, query, walk.above, walk.top, walk.cursor))
        except tweepy.BadRequest as error:
            return self._beyond_reach(client, query, walk, error)

    def _beyond_reach(self, client: Any, query: str, walk: Walk, error: tweepy.BadRequest) -> Page:
        """X refuses positions older than its seven days: read what it still has, and name what is gone."""
        said = str(error)
        if walk.top is not None and "until_id" in said:
            return Page((_gone(query, walk.above, walk.top, said),))
        if walk.above is not None and "since_id" in said:
            page = self._read(_search(client, query, None, walk.top, walk.cursor))
            return Page((*page.records, _gone(query, walk.above, None, said)), page.following)
        raise UnexpectedResponse(f"X did not accept the query {query!r}: {said}") from error

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


def spoken(terms: Terms) -> tuple[str, ...]:
    """The terms in X's query language. An official account is searched for as mentioned and as author."""
    alone = [name if OPERATOR.fullmatch(name) else quoted(name) for name in terms.names]
    alone += [f"#{tag}" for tag in terms.hashtags]
    alone += [f"{operator}{handle}" for handle in terms.handles for operator in ("@", "from:")]
    return queries({part.casefold(): part for part in alone}.values(), terms.pairs, LONGEST_QUERY)


def _search(client: Any, query: str, above: int | None, below: int | None, cursor: str | None) -> Any:
    """One call through tweepy. Raises a CollectError, or tweepy.BadRequest for a query that X does not take."""
    try:
        return client.search_recent_tweets(
            query, since_id=above, until_id=below, next_token=cursor, max_results=PAGE_SIZE, **WANTED
        )
    except (CollectError, tweepy.BadRequest):
        raise
    except tweepy.HTTPException as error:
        raise UnexpectedResponse(f"X: {error}. Check TOCSIN_X_BASE_URL.") from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise unintelligible("X", error) from error


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
    access="API v2 recent search",
    settings=XSettings,
    make=X.from_settings,
    reach=Reach(
        endpoint="GET /2/tweets/search/recent, by tweepy",
        auth="app-only bearer token",
        cannot_see="posts older than seven days; protected accounts; messages; a picture that alone names you",
        terms="what is deleted, edited or protected must follow; /2/compliance/jobs tells",
        documents="https://docs.x.com/x-api/posts/search/introduction",
        checked=date(2026, 11, 1),
        quotas=(Quota(450, 900),),
        price=Price(usd_per_mention=Decimal("0.005"), page=PAGE_SIZE),
    ),
)
