"""Bluesky: posts that hold a pack's terms or mention its accounts, by atproto.

Endpoint: app.bsky.feed.searchPosts, sorted by time, 100 posts a page; one query a term.
Auth: a handle and an app password (TOCSIN_BLUESKY_HANDLE, TOCSIN_BLUESKY_APP_PASSWORD).
Quota: 3,000 calls in 5 minutes from one address; `RateLimit-*` headers.
Cannot see: posts that a backdated `createdAt` sorts below the overlap window, posts of accounts that were taken down
or that ask not to be shown to strangers, direct messages.
Terms: a deletion must be followed; what is gone is missing from app.bsky.feed.getPosts.
Source, read on 2026-11-21: https://docs.bsky.app/docs/api/app-bsky-feed-search-posts

The client's `login` would move on to the account's own server; every call here goes to the configured address, which
passes it on. Answers are read as JSON, not as the client's models, so that one odd post costs no page.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
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
PAGE_SIZE = 100
MOST_AT_ONCE = 25
SETTLE = timedelta(hours=6)  # the overlap window: the index runs behind, and clients' clocks are off
MILLISECOND = timedelta(milliseconds=1)


class BlueskySettings(HttpSection):
    """The settings of Bluesky."""

    prefix = "bluesky"
    base_url: BaseUrl = Field("https://bsky.social", description="Base URL of the account's server")
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
        **options: Any,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, **options)
        self._login = {"identifier": handle, "password": app_password}

    @classmethod
    def from_settings(
        cls, settings: BlueskySettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Bluesky, ...]":
        """Raises ValueError, naming the settings, where handle or password is missing."""
        own = settings.required()
        password = own.app_password.get_secret_value()
        return (cls(own.handle, password, policies, base_url=own.base_url, manners=manners),)

    def listings(self) -> Mapping[str, str]:
        """A search a term; tags and accounts have a syntax of their own."""
        queries = (term if term[0] in "#@" else quoted(term) for term in self.terms.spoken())
        return {query: query for query in queries}

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch threads, one a call. Raises a CollectError."""
        with self.speaking() as (visit, client):
            yield from told(visit, seeds, partial(bluesky_thread.read, partial(self._asked, client)))

    def _asked(self, client: Any, method: str, params: dict[str, Any]) -> Any:
        return _said(lambda: client.request.get(f"{self.base_url}/xrpc/{method}", params=params))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there, 25 a call. Raises a CollectError."""
        shown: dict[str, Any] = {}
        with self.speaking() as (visit, client), visit.billed():
            for start in range(0, len(ids), MOST_AT_ONCE):
                asked = {"uris": list(ids[start : start + MOST_AT_ONCE])}
                answer = self._asked(client, "app.bsky.feed.getPosts", asked)
                with documented(WHAT):
                    shown |= {post["uri"]: post for post in answer["posts"]}
        gone = tuple(native_id for native_id in ids if native_id not in shown)
        present = tuple(each for uri, post in shown.items() for each in legible(post, uri, self._found))
        return Rechecked(gone, present, visit.requests)

    def speak(self, visit: Visit) -> AbstractContextManager[Any]:
        """The client, logged in."""
        import atproto_client  # noqa: PLC0415 - over a second; only who reads Bluesky waits for it
        from atproto_client.client.base import ClientBase  # noqa: PLC0415
        from atproto_client.request import Request  # noqa: PLC0415

        request = Request(transport=PoliteTransport(visit, WHAT, FIX))
        client = ClientBase(self.base_url, request)
        request.set_additional_headers({"User-Agent": self._manners.user_agent})
        login = atproto_client.models.ComAtprotoServerCreateSession.Data(**self._login)
        session = _said(lambda: client.invoke_procedure("com.atproto.server.createSession", data=login))
        with documented(WHAT):
            request.add_additional_header("Authorization", f"Bearer {session['accessJwt']}")
        return _closing(client)

    def page(self, client: Any, listing: str, walk: Walk) -> Page:
        """One page; what is asked for by time too."""
        asked = {"q": listing, "sort": "latest", "limit": PAGE_SIZE}
        if walk.cursor:
            asked["cursor"] = walk.cursor
        if walk.above is not None:
            asked["since"] = _written(walk.above)
        if walk.top is not None:
            asked["until"] = _written(walk.top, MILLISECOND)  # which is not inclusive
        answer = self._asked(client, "app.bsky.feed.searchPosts", asked)
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


@contextmanager
def _closing(client: Any) -> Iterator[Any]:
    try:
        yield client
    finally:
        client.request.close()


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
        endpoint="app.bsky.feed.searchPosts, by atproto",
        auth="a handle and an app password",
        cannot_see="posts backdated below the overlap window; accounts that ask not to be shown to strangers; messages",
        terms="a deletion must be followed: what is gone is missing from app.bsky.feed.getPosts",
        conversation="app.bsky.feed.getPostThread of the first post; what one answer holds",
        documents="https://docs.bsky.app/docs/api/app-bsky-feed-search-posts",
        checked=date(2026, 11, 21),
        quotas=(Quota(3_000, 300),),
        volume=(0, 50_000),
    ),
)
