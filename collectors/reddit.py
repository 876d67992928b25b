"""Reddit: submissions that hold a pack's terms, anywhere, and all that is said in the pack's subreddits, by praw.

Endpoints: GET /r/all/search (sort=new) for each query; GET /r/{subreddit}/new and /r/{subreddit}/comments for each
subreddit of a pack, kept whole, since a comment in a thread about us seldom repeats our name. 100 records a page.
GET /api/info tells of stored posts and comments, 100 a call, which are deleted or removed.
Auth: an app's id and secret, read-only (TOCSIN_REDDIT_CLIENT_ID, TOCSIN_REDDIT_CLIENT_SECRET).
Quota: about 100 calls a minute, averaged over ten, for free non-commercial use; more by contract.
`x-ratelimit-*` headers are obeyed.
Cannot see: comments outside the pack's subreddits (Reddit has no search of comments), anything beyond the newest
1,000 of a listing (a listing that ends before it meets the last post read is named in quarantine), private and
quarantined subreddits, chats.
Terms: what users or moderators remove must be deleted, within 48 hours, and so must the author's name where an account
is deleted. The current Data API terms prevail.
Source, read on 2026-11-21: https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr

from collectors import reddit_thread
from collectors.admission import admit, refused
from collectors.budget import Quota
from collectors.collector import UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented, unintelligible
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import queries, quoted
from collectors.recheck import Rechecked
from collectors.reddit_client import App, asked, speaking
from collectors.reddit_post import PLATFORM, is_gone, to_mention
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, beside, needed
from collectors.timeline import Page, Record, Walk
from collectors.vocabulary import Terms
from policies.policy import Policy

if TYPE_CHECKING:
    import praw

PAGE_SIZE = 100
LONGEST_QUERY = 512  # characters
FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,13}")  # what may be asked about: comments and submissions
LONGEST_ID = 13  # base-36 digits of 64 bits
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Listing = tuple[str, dict[str, str]]  # a path and its parameters


class RedditSettings(HttpSection):
    """The settings of Reddit."""

    prefix = "reddit"
    client_id: str = needed("Reddit script or web app id")
    client_secret: SecretStr = needed("Reddit app secret")
    user_agent: str = Field("tocsin (brand monitoring)", description="Reddit asks that every app names itself")
    base_url: BaseUrl = Field("https://www.reddit.com", description="Base URL of Reddit (OAuth token)")
    oauth_url: BaseUrl = Field(
        "",
        description="Base URL of Reddit's OAuth API; empty: Reddit's own, or the base URL where that is another server",
    )
    pages: int = Field(60, ge=1, description="Pages of 100 records that one run may read from Reddit")


class Reddit(SearchCollector["praw.Reddit", Listing]):
    """Search and subreddits on Reddit."""

    platform = PLATFORM
    settle = timedelta(minutes=10)  # the search index and the spam filter let posts in late

    def __init__(self, app: App, policies: Sequence[Policy], *, pages: int = 60, **options: Any) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(app.base_url, policies, pages=pages, **options)
        self._app = app

    @classmethod
    def from_settings(
        cls, settings: RedditSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Reddit, ...]":
        """Raises ValueError, naming the settings, where id or secret is missing."""
        own = settings.required()
        secret = own.client_secret.get_secret_value()
        oauth_url = own.oauth_url or beside(own.base_url, App.oauth_url, "reddit.com")
        app = App(own.client_id, secret, own.user_agent, own.base_url, oauth_url)
        return (cls(app, policies, pages=own.pages, manners=manners),)

    def listings(self) -> Mapping[str, Listing]:
        """The searches, and of each subreddit what is new and what is commented."""
        return listings(self.terms)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where tokens are given, and where the API is."""
        return (self._app.base_url, self._app.oauth_url)

    def speak(self, visit: Visit) -> "AbstractContextManager[praw.Reddit]":
        """The client, which fetches its token with the first call."""
        return speaking(visit, self._app)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch submissions with their comments, 500 a call. Raises a CollectError."""
        with self.speaking() as (visit, client):
            yield from told(visit, seeds, partial(reddit_thread.read, partial(asked, client)))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts and comments are still there, 100 a call. Raises a CollectError."""
        known = [name for name in ids if FULLNAME.fullmatch(name)]
        gone: list[str] = []
        present: list[Mention] = []
        with self.speaking() as (visit, client), visit.billed():
            for start in range(0, len(known), PAGE_SIZE):
                some = known[start : start + PAGE_SIZE]
                told = {child["data"]["name"]: child for child in self._info(client, some)}
                with documented("Reddit"):
                    gone += [name for name in some if name not in told or is_gone(told[name])]
                    alive = [told[name] for name in some if name not in gone]
                admitted = [self._record(child).admitted for child in alive]
                present += [each for each in admitted if isinstance(each, Mention)]
        return Rechecked(tuple(gone), tuple(present), visit.requests)

    def _info(self, client: "praw.Reddit", names: Sequence[str]) -> list[dict[str, Any]]:
        answer = asked(client, "api/info", {"id": ",".join(names)})
        with documented("Reddit"):
            children: list[dict[str, Any]] = answer["data"]["children"]
            if answer["kind"] != "Listing" or not all(child["data"]["name"] for child in children):
                raise TypeError("no listing of posts")
        return children

    def page(self, client: "praw.Reddit", listing: Listing, walk: Walk) -> Page:
        """One page; from the top, where the post that we stopped at may be gone."""
        path, params = listing
        page = self._read(client, path, params, walk.cursor or _after(path, walk.top))
        if walk.cursor is None and walk.top is not None and not page.records:
            # The post that we stopped at may be gone, and a listing after a post that is gone is empty: from the top.
            page = self._read(client, path, params, None)
        return _unless_cut_short(page, path, walk.above)

    def _read(self, client: "praw.Reddit", path: str, params: Mapping[str, str], after: str | None) -> Page:
        answer = asked(client, path, {**params, "limit": str(PAGE_SIZE), **({"after": after} if after else {})})
        try:
            if answer["kind"] != "Listing":
                raise UnexpectedResponse(f"Reddit answered /{path} with a {answer['kind']!r}, not a listing")
            children, following = answer["data"]["children"], answer["data"]["after"]
            return Page(tuple(self._record(child) for child in children), following)
        except (KeyError, TypeError) as error:
            raise unintelligible("Reddit", error) from error

    def _record(self, child: Any) -> Record:
        data = child.get("data") if isinstance(child, dict) else None
        name = data.get("name") if isinstance(data, dict) else None
        return Record(_position(name), admit(child, f"{PLATFORM} {name or 'without id'}", self._found))

    def _found(self, child: dict[str, Any]) -> Mention:
        return self.named(to_mention(child))


def listings(terms: Terms) -> dict[str, Listing]:
    """Every listing that is read: its lasting name, its path and its parameters."""
    words = [*terms.names, *(f"#{tag}" for tag in terms.hashtags), *(f"@{handle}" for handle in terms.handles)]
    found: dict[str, Listing] = {}
    for query in queries(map(quoted, words), terms.pairs, LONGEST_QUERY, both=" AND "):
        search = {"q": query, "sort": "new", "syntax": "lucene", "t": "all", "type": "link", "restrict_sr": "false"}
        found[f"search {query}"] = ("r/all/search", search)
    for subreddit in terms.subreddits:
        for listing in ("new", "comments"):
            found[f"r/{subreddit}/{listing}"] = (f"r/{subreddit}/{listing}", {})
    return found


def _position(name: Any) -> int | None:
    """The number in a fullname (t3_abc): Reddit counts submissions, and comments, in base 36."""
    number = name.partition("_")[2] if isinstance(name, str) else ""
    return int(number, 36) if number and len(number) <= LONGEST_ID and set(number) <= set(DIGITS) else None


def _after(path: str, position: int | None) -> str | None:
    """The fullname at a position, which is also Reddit's cursor to what is older."""
    if position is None:
        return None
    digits = ""
    while position:
        position, digit = divmod(position, 36)
        digits = DIGITS[digit] + digits
    return f"{'t1' if path.endswith('/comments') else 't3'}_{digits or '0'}"


def _unless_cut_short(page: Page, path: str, above: int | None) -> Page:
    """Name the loss where a listing ends before it meets the last post that was read."""
    positions = [record.position for record in page.records if record.position is not None]
    if above is None or page.following is not None or (positions and positions[-1] <= above):
        return page
    reason = "the listing ended before it met the last post read: that one is gone, or over 1,000 came since"
    note = refused(f"{PLATFORM} /{path} after {_after(path, above)}", reason, path)
    return Page((*page.records, Record(None, note)))


ENTRY = Platform(
    name=PLATFORM,
    access="search, and the packs' subreddits with their comments",
    settings=RedditSettings,
    make=Reddit.from_settings,
    reach=Reach(
        endpoint="GET /r/all/search, /r/{subreddit}/new, /r/{subreddit}/comments, by praw",
        auth="app id and secret, read-only; free for non-commercial use, commercial use by contract",
        cannot_see="comments outside the pack's subreddits; more than the newest 1,000 of a listing; private "
        "subreddits; chats",
        terms="what is deleted or removed must be deleted within 48 hours, an author's name with the account; "
        "/api/info tells",
        conversation="the submission with its comments by /comments/{id}, and by /api/info what that leaves out; 500 "
        "and 500 comments",
        documents="https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki",
        checked=date(2026, 11, 21),
        quotas=(Quota(1000, 600),),
    ),
)
