"""Bluesky: posts that hold a pack's terms or mention its accounts, by atproto.

Endpoint: app.bsky.feed.searchPosts, sorted by time, 100 posts a page; one query a term. What became of posts, and their
threads, is asked of the public AppView (TOCSIN_BLUESKY_APPVIEW_URL), which takes no login.
Auth: a handle and an app password (TOCSIN_BLUESKY_HANDLE, TOCSIN_BLUESKY_APP_PASSWORD), for the search alone.
Quota: 3,000 calls in 5 minutes from one address; `RateLimit-*` headers. Logins of one account: 30 in 5 minutes, and
300 a day (of late 100). Each run logs in once, since a session is a credential and is kept nowhere: 96 times a day.
Cannot see: posts that a backdated `createdAt` sorts below the overlap window, posts of accounts that were taken down
or that ask not to be shown to strangers, direct messages.
Terms: a deletion must be followed; what is gone is missing from app.bsky.feed.getPosts.
Source, read on 2026-11-21: https://docs.bsky.app/docs/api/app-bsky-feed-search-posts
and https://docs.bsky.app/docs/advanced-guides/rate-limits

The client's `login` would move on to the account's own server; every call here goes to the configured address, which
passes it on. Answers are read as JSON, not as the client's models, so that one odd post costs no page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import bluesky_thread
from collectors.admission import admit
from collectors.bluesky_post import PLATFORM, sorted_at, to_mention
from collectors.budget import Quota
from collectors.collector import AccessDenied, CollectError, UnexpectedResponse
from collectors.conversation import Conversation, Seed, told
from collectors.instant import GRAIN, moment_of, position
from collectors.manners import MISSHAPEN, Manners, Visit, documented, unintelligible
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked, legible
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Page, Record, Walk
from collectors.transport import PoliteTransport
from policies.policy import Policy

WHAT = "Bluesky"
FIX = "Check TOCSIN_BLUESKY_HANDLE and TOCSIN_BLUESKY_APP_PASSWORD (an app password, not the account's own)."
FIX_APPVIEW = "Check TOCSIN_BLUESKY_APPVIEW_URL: it must answer without a login."
APPVIEW = "https://public.api.bsky.app"
PAGE_SIZE = 100
MOST_AT_ONCE = 25
SETTLE = timedelta(hours=6)  # the overlap window: the index runs behind, and clients' clocks are off
MILLISECOND = timedelta(milliseconds=1)


class BlueskySettings(HttpSection):
    """The settings of Bluesky."""

    prefix = "bluesky"
    base_url: BaseUrl = Field("https://bsky.social", description="Base URL of the account's server")
    appview_url: BaseUrl = Field(APPVIEW, description="Base URL of the AppView that shows posts without a login")
    handle: str = needed("Handle of an account: example.bsky.social")
    app_password: SecretStr = needed("App password of that account")


class Bluesky(SearchCollector[Any, str]):
    """Search on Bluesky."""

    platform = PLATFORM
    settle = SETTLE
    grain = GRAIN

    def __init__(
        self,
        handle: str,
        app_password: str,
        policies: Sequence[Policy],
        *,
        base_url: str = "https://bsky.social",
        appview_url: str = APPVIEW,
        **options: Any,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, **options)
        self._login = {"identifier": handle, "password": app_password}
        self._appview_url = appview_url

    @classmethod
    def from_settings(
        cls, settings: BlueskySettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Bluesky, ...]":
        """Raises ValueError, naming the settings, where handle or password is missing."""
        own = settings.required()
        password = own.app_password.get_secret_value()
        addresses = {"base_url": own.base_url, "appview_url": own.appview_url}
        return (cls(own.handle, password, policies, manners=manners, **addresses),)

    def listings(self) -> Mapping[str, str]:
        """A search a term; tags and accounts have a syntax of their own."""
        queries = (term if term[0] in "#@" else quoted(term) for term in self.terms.spoken())
        return {query: query for query in queries}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch threads, one a call. Raises a CollectError."""
        with self._public() as (visit, ask):
            yield from told(visit, seeds, partial(bluesky_thread.read, ask))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there, 25 a call. Raises a CollectError."""
        shown: dict[str, Any] = {}
        with self._public() as (visit, ask), visit.billed():
            for start in range(0, len(ids), MOST_AT_ONCE):
                answer = ask("app.bsky.feed.getPosts", {"uris": list(ids[start : start + MOST_AT_ONCE])})
                with documented(WHAT):
                    shown |= {post["uri"]: post for post in answer["posts"]}
        gone = tuple(native_id for native_id in ids if native_id not in shown)
        present = tuple(each for uri, post in shown.items() for each in legible(post, uri, self._found))
        return Rechecked(gone, present, visit.requests)

    @contextmanager
    def _public(self) -> Iterator[tuple[Visit, Callable[[str, dict[str, Any]], Any]]]:
        """A run at the public AppView, and how a method is asked there.

        Nobody logs in: the logins of a day are few, and the search needs them. And who has blocked the account, or was
        blocked by it, is shown all the same, and not taken for gone.
        """
        visit = Visit(self._manners, self._appview_url)
        with closing(self._request(visit, FIX_APPVIEW)) as request:
            yield visit, partial(_asked, request, self._appview_url)

    def speak(self, visit: Visit) -> AbstractContextManager[Any]:
        """The client, logged in."""
        import atproto_client  # noqa: PLC0415 - over a second; only who reads Bluesky waits for it
        from atproto_client.client.base import ClientBase  # noqa: PLC0415

        request = self._request(visit, FIX)
        client = ClientBase(self.base_url, request)
        login = atproto_client.models.ComAtprotoServerCreateSession.Data(**self._login)
        with visit.apart():
            session = _said(lambda: client.invoke_procedure("com.atproto.server.createSession", data=login))
        with documented(WHAT):
            request.add_additional_header("Authorization", f"Bearer {session['accessJwt']}")
        return closing(request)

    def _request(self, visit: Visit, fix: str) -> Any:
        from atproto_client.request import Request  # noqa: PLC0415 - as above

        request = Request(transport=PoliteTransport(visit, WHAT, fix))
        request.set_additional_headers({"User-Agent": self._manners.user_agent})
        return request

    def page(self, client: Any, listing: str, walk: Walk) -> Page:
        """One page; what is asked for by time too."""
        asked = {"q": listing, "sort": "latest", "limit": PAGE_SIZE}
        if walk.cursor:
            asked["cursor"] = walk.cursor
        if walk.above is not None:
            asked["since"] = _written(walk.above)
        if walk.top is not None:
            asked["until"] = _written(walk.top, MILLISECOND)  # which is not inclusive
        answer = _asked(client, self.base_url, "app.bsky.feed.searchPosts", asked)
        with documented(WHAT):
            posts = answer["posts"]
            if not isinstance(posts, list):
                raise TypeError("the posts are no list")
            return Page(tuple(map(self._record, posts)), answer.get("cursor"))

    def _record(self, post: Any) -> Record:
        uri = post.get("uri") if isinstance(post, dict) else None
        admitted = admit(post, f"{PLATFORM} {uri or 'without uri'}", self._found)
        if not isinstance(admitted, Mention):
            return Record(None, admitted)
        moment = sorted_at(post)
        return Record(position(moment, admitted.id), self.sought(admitted), moment)

    def _found(self, post: dict[str, Any]) -> Mention:
        return self.named(to_mention(post))


def _asked(request: Any, base_url: str, method: str, params: dict[str, Any]) -> Any:
    return _said(lambda: request.get(f"{base_url}/xrpc/{method}", params=params))


def _said(send: Any) -> Any:
    """One call through the client, as JSON. Raises a CollectError."""
    from atproto_client.exceptions import AtProtocolError, UnauthorizedError  # noqa: PLC0415 - as above

    try:
        return send().content
    except CollectError:
        raise
    except UnauthorizedError as error:
        raise AccessDenied(f"{WHAT}: {error}. {FIX}"[:1000]) from error
    except AtProtocolError as error:
        raise UnexpectedResponse(f"{WHAT}: {error!r}"[:1000]) from error
    except MISSHAPEN as error:
        raise unintelligible(WHAT, error) from error


def _written(place: int, later: timedelta = timedelta(0)) -> str:
    return (moment_of(place) + later).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ENTRY = Platform(
    name=PLATFORM,
    access="search of posts, logged in",
    settings=BlueskySettings,
    make=Bluesky.from_settings,
    reach=Reach(
        endpoint="app.bsky.feed.searchPosts, by atproto; getPosts and getPostThread of the public AppView",
        auth="a handle and an app password, a login a run (300 a day at most, of late 100); none for the AppView",
        cannot_see="posts backdated below the overlap window; accounts that ask not to be shown to strangers; messages",
        terms="a deletion must be followed: what is gone is missing from app.bsky.feed.getPosts",
        conversation="app.bsky.feed.getPostThread of the first post; what one answer holds",
        documents="https://docs.bsky.app/docs/api/app-bsky-feed-search-posts",
        checked=date(2026, 11, 21),
        quotas=(Quota(3_000, 300),),
        volume=(0, 50_000),
    ),
)
