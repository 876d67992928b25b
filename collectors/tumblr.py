"""Tumblr: posts under a pack's tags, and the posts of named blogs, by its API over httpx (pytumblr is not kept up).

Endpoints: GET /v2/tagged, 20 posts a page, one query a tag; GET /v2/blog/{blog}/posts, 20 a page; for the
conversation of an open incident GET /v2/blog/{blog}/notes.
Auth: an API key (the OAuth consumer key of a registered application).
Quota: 1,000 calls an hour and 5,000 a day for a key; 300 a minute from one address.
Cannot see: posts that only hold a term in their text, replies and notes but those around an open incident's posts,
private and password-protected blogs, blogs that keep out of search.
Terms: what is deleted must be deleted here; a deleted post is a 404.
Source, read on 2026-11-21: https://www.tumblr.com/docs/en/api/v2
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import tumblr_thread
from collectors.budget import Quota
from collectors.collector import AccessDenied
from collectors.conversation import Conversation, Seed, told
from collectors.instant import position
from collectors.manners import Manners, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.sites import Listing, Reading, SiteCollector, paged_by_second, until_second
from collectors.timeline import Page, Record, Walk
from collectors.tumblr_post import PLATFORM, posted_at, to_mention
from collectors.tumblr_thread import REPLIES, is_missing
from collectors.wire import Declined
from policies.policy import Policy

PAGE_SIZE = 20
# Of every call for posts, listing and re-check alike: in the older format a post says other words than in this.
BLOCKS = {"npf": "true"}


class TumblrSettings(HttpSection):
    """The settings of Tumblr."""

    prefix = "tumblr"
    base_url: BaseUrl = Field("https://api.tumblr.com", description="Base URL of the API")
    api_key: SecretStr = needed("API key: the OAuth consumer key of a registered application")
    blogs: Listed = Field((), description="Blogs that are read whole, by their names, comma-separated")


class Tumblr(SiteCollector):
    """Tags, and blogs that are read whole."""

    platform = PLATFORM
    what = "Tumblr"
    fix = "Check TOCSIN_TUMBLR_API_KEY, the OAuth consumer key of a registered application."
    settle = timedelta(hours=6)  # the overlap window: posts are tagged late, and queued ones keep their time
    at_once = 100  # stored posts: each is a call
    a_run = 500

    def __init__(
        self, base_url: str, api_key: str, policies: Sequence[Policy], *, blogs: Sequence[str] = (), **options: Any
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, site="", **options)
        self._key = api_key
        self._blogs = blogs

    @classmethod
    def from_settings(
        cls, settings: TumblrSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Tumblr, ...]":
        """Raises ValueError, naming the setting, where there is no key."""
        own, key = settings.required(), settings.api_key.get_secret_value()
        return (cls(own.base_url, key, policies, blogs=tuple(dict.fromkeys(own.blogs)), manners=manners),)

    def listings(self) -> Mapping[str, Listing]:
        """A tag has spaces, and neither # nor @."""
        tags = dict.fromkeys(term.lstrip("#@").casefold() for term in self.terms.spoken())
        blogs: dict[str, Listing] = {f"blog {blog}": partial(self._blog, blog) for blog in self._blogs}
        return {**{f"#{tag}": partial(self._tagged, tag) for tag in tags}, **blogs}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch posts with the replies and reblogs that say something. Raises a CollectError."""
        with self.reading() as run:
            yield from told(run.visit, seeds, partial(tumblr_thread.read, partial(self._ask, run)))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there, one a call, as far as the run's calls go. Raises a CollectError.

        A reply cannot be asked for alone, and what could not follow a deletion must go: it counts as gone. A post that
        is refused is not known to be gone: its blog is private now. AccessDenied where a tag is refused too.
        """
        gone: list[str] = []
        present: list[Mention] = []
        with self.reading() as run, run.visit.billed():
            for native_id in ids:
                blog, _, number = native_id.partition("/")
                if run.visit.spent:
                    break
                if REPLIES in native_id:
                    gone.append(native_id)
                    continue
                try:
                    answer = self._ask(run, f"blog/{blog}/posts", {"id": number, **BLOCKS})
                except AccessDenied:
                    run.only_this(partial(self._any, run))
                    continue
                except Declined as error:
                    if not is_missing(error):
                        raise
                    gone.append(native_id)
                    continue
                with documented(self.what):
                    posts = answer["posts"]
                    if not isinstance(posts, list):
                        raise TypeError("the posts are no list")
                present += (self.named(found) for post in posts for found in legible(post, native_id, to_mention))
            return Rechecked(tuple(gone), tuple(present), run.visit.requests)

    def _any(self, run: Reading) -> None:
        """Look at the first of the listings, a tag."""
        next(iter(self.listings().values()))(run, Walk(None, None))

    def _tagged(self, tag: str, run: Reading, walk: Walk) -> Page:
        posts = self._ask(run, "tagged", {"tag": tag, **BLOCKS, **_until(walk)})
        return self._page(posts, walk)

    def _blog(self, blog: str, run: Reading, walk: Walk) -> Page:
        asked = {"reblog_info": "true", **BLOCKS, **_until(walk)}
        answer = self._ask(run, f"blog/{blog}/posts", asked)
        with documented(self.what):
            posts = answer["posts"]
        return self._page(posts, walk)

    def _page(self, posts: Any, walk: Walk) -> Page:
        with documented(self.what):
            if not isinstance(posts, list):
                raise TypeError("the posts are no list")
        return paged_by_second([self._record(post) for post in posts], walk, full=len(posts) >= PAGE_SIZE)

    def _record(self, post: Any) -> Record:
        """A pinned post stands above younger ones, in no order; of a featured tag the order is its own."""
        native_id = f"{post.get('blog_name')}/{post.get('id')}" if isinstance(post, dict) and post.get("id") else ""
        found = self.record(post, native_id, to_mention)
        if not isinstance(found.admitted, Mention):
            return found
        if post.get("is_pinned"):
            return Record(None, found.admitted)
        featured = post.get("featured_timestamp")
        if isinstance(featured, int) and featured > 0:
            moment = posted_at({"timestamp": featured})
            return Record(position(moment, found.admitted.id), found.admitted)
        return found

    def _ask(self, run: Reading, path: str, asked: Mapping[str, Any]) -> Any:
        answer = run.wire.get(f"v2/{path}", {"api_key": self._key, "limit": PAGE_SIZE, **asked})
        with documented(self.what):
            return answer["response"]


def _until(walk: Walk) -> dict[str, Any]:
    """`before` leaves its own second out, which others may share."""
    until = until_second(walk)
    return {"before": until + 1 if until is not None else None}


ENTRY = Platform(
    name=PLATFORM,
    access="posts under tags, and named blogs",
    settings=TumblrSettings,
    make=Tumblr.from_settings,
    reach=Reach(
        endpoint="GET /v2/tagged and /v2/blog/{blog}/posts, by httpx",
        auth="an API key",
        cannot_see="posts that hold a term in their text alone; replies and notes, but those around an open incident's "
        "posts; private blogs, and those that keep out of search",
        terms="what is deleted must be deleted here; a deleted post answers 404",
        conversation="the first post and ours, and /notes with mode=conversation: replies, and what reblogs add; ten "
        "pages",
        documents="https://www.tumblr.com/docs/en/api/v2",
        checked=date(2026, 11, 21),
        quotas=(Quota(1_000, 3_600), Quota(5_000, 86_400)),
        volume=(0, 5_000),
    ),
)
