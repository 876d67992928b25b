"""Mastodon: posts of one instance that bear a pack's hashtags or hold its terms, by Mastodon.py.

Endpoints: GET /api/v1/timelines/tag/{tag}, 40 posts a page; with a token also GET /api/v2/search, 40 posts a page.
GET /api/v1/statuses tells of stored posts, 20 a call, which are still there (since 4.3); GET /api/v1/statuses/{id},
which are not.
Auth: none for most instances' tags; a token with read:search and read:statuses for the search.
TOCSIN_MASTODON_BASE_URL (any instance) turns it on.
Quota: 300 calls in 5 minutes for an account, and for an address; `X-RateLimit-*` headers are obeyed.
Cannot see: posts whose authors have not agreed to be found by search (they are still found by hashtag), posts that
this instance was never sent, followers-only and private posts.
Terms: each instance's own; a deleted post is a 404 or 410, and must be deleted here too. Read in November 2026.

Mastodon.py builds the requests and pages, after one call a run that asks the instance what it is. Its casting of every
field costs 2 ms a post and would lose the platform's own record, so what an answer holds is read from itself.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import mastodon
import requests
from pydantic import Field, SecretStr

from collectors import mastodon_thread
from collectors.admission import admit
from collectors.backlog import Backlog
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint, CollectError, UnexpectedResponse
from collectors.conversation import Conversation, ConversationGone, Seed, told
from collectors.manners import Manners, Visit, documented
from collectors.mastodon_status import PLATFORM, to_mention
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Fetch, Page, Record, Walk
from collectors.transport import polite_session
from collectors.vocabulary import Terms
from policies.policy import Policy

WHAT = "Mastodon"
FIX = "Check TOCSIN_MASTODON_ACCESS_TOKEN (read:search, read:statuses), and that the instance shows tags to strangers."
PAGE_SIZE = 40
MOST_AT_ONCE = 20
SETTLE = timedelta(hours=1)  # the overlap window: other instances' posts arrive late, below younger ones
KNOWN_VERSION = "4.3.0"  # the first that tells of several posts at once; said, so that the client need not ask

NOT_SAID = "Endpoint not found."  # what the client says of a 404 that is no JSON of Mastodon's
NO_RESULT = b'{"accounts": [], "statuses": [], "hashtags": []}'

Call = Callable[[mastodon.Mastodon, Walk], Any]


class MastodonSettings(HttpSection):
    """The settings of Mastodon."""

    prefix = "mastodon"
    base_url: BaseUrl = needed("Base URL of an instance, https://mastodon.social for one: turns Mastodon on")
    access_token: SecretStr = Field(SecretStr(""), description="Access token; empty: hashtags only, no search")


class Mastodon:
    """Hashtags and search of one instance. One run reads at most `pages` pages and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    at_once = 200  # stored posts: an old instance is asked about each alone, 300 calls in five minutes
    a_run = 2_000

    def __init__(
        self,
        base_url: str,
        policies: Sequence[Policy],
        *,
        access_token: str = "",
        pages: int = 60,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        self._calls: dict[str, Call] = {f"#{tag}": partial(_tag, tag) for tag in terms.hashtags}
        if access_token:
            self._calls |= {term: partial(_search, quoted(term)) for term in terms.spoken() if term[0] != "#"}
        if not self._calls:
            raise ValueError("Mastodon without TOCSIN_MASTODON_ACCESS_TOKEN reads hashtags, and no pack has any")
        self.queries = tuple(self._calls)  # each costs at least one call a run
        self._matcher = terms.matcher()
        self._wanted = terms.wanted()
        self._base_url = base_url
        self._token = access_token
        self.pages = pages
        self._settle = settle
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: MastodonSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Mastodon, ...]":
        """Raises ValueError, naming the setting, where there is no instance."""
        token = settings.access_token.get_secret_value()
        return (cls(settings.required().base_url, policies, access_token=token, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        with polite_session(visit, WHAT, FIX) as session:
            heard, client = Heard(session), self._client(session)
            fetches: dict[str, Fetch] = {
                name: partial(self._page, client, heard, call) for name, call in self._calls.items()
            }
            yield from Backlog(self.source, checkpoint, fetches, self._settle).batches(self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch what stands above and below posts, three calls each. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with polite_session(visit, WHAT, FIX) as session:
            heard, client = Heard(session), self._client(session)
            status = partial(_shown, heard, client.status)
            context = partial(_shown, heard, client.status_context)
            yield from told(visit, seeds, partial(mastodon_thread.read, status, context, known=bool(self._token)))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there, 20 a call; what is not among those is asked for alone: 404 or 410.

        Raises a CollectError.
        """
        visit = Visit(self._manners, self._base_url)
        gone, shown = list[str](), dict[str, Any]()
        with visit.billed(), polite_session(visit, WHAT, FIX) as session:
            heard, client = Heard(session), self._client(session)
            for start in range(0, len(ids), MOST_AT_ONCE):
                some = [native_id for native_id in ids[start : start + MOST_AT_ONCE] if native_id.isdigit()]
                told = _told(client, heard, some)
                shown |= {native_id: told[native_id] for native_id in some if told.get(native_id)}
                gone += [native_id for native_id in some if not told.get(native_id)]
        admitted = [admit(status, f"{PLATFORM} {native_id}", self._found) for native_id, status in shown.items()]
        return Rechecked(tuple(gone), tuple(each for each in admitted if isinstance(each, Mention)), visit.requests)

    def _client(self, session: requests.Session) -> mastodon.Mastodon:
        return mastodon.Mastodon(
            api_base_url=self._base_url,
            access_token=self._token or None,
            session=session,
            ratelimit_method="throw",  # the visit paces; the client's own waiting has no end
            mastodon_version=KNOWN_VERSION,
            version_check_mode="created",
            user_agent=self._manners.user_agent,
        )

    def _page(self, client: mastodon.Mastodon, heard: "Heard", call: Call, walk: Walk) -> Page:
        following = _asked(call, client, walk)
        with documented(WHAT):
            answer = json.loads(heard.body)
            statuses = answer if isinstance(answer, list) else answer["statuses"]
            if not isinstance(statuses, list):
                raise TypeError("the statuses are no list")
            return Page(tuple(map(self._record, statuses)), following(statuses))

    def _record(self, status: Any) -> Record:
        native_id = status.get("id") if isinstance(status, dict) else None
        admitted = admit(status, f"{PLATFORM} {native_id or 'without id'}", self._found)
        numbered = isinstance(native_id, str) and native_id.isascii() and native_id.isdigit() and len(native_id) < 20
        kept = admitted if not isinstance(admitted, Mention) or self._wanted(admitted.text) else None
        return Record(int(native_id) if numbered and native_id else None, kept)

    def _found(self, status: dict[str, Any]) -> Mention:
        mention = to_mention(status)
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})


class Heard:
    """The last answer of a session, as it was; the client gets an empty one to cast."""

    def __init__(self, session: requests.Session) -> None:
        self.body = b""
        session.hooks["response"].append(self._keep)

    def _keep(self, response: requests.Response, *_: Any, **__: Any) -> requests.Response:
        if response.ok:
            self.body = response.content
            response._content = NO_RESULT if self.body.lstrip()[:1] == b"{" else b"[]"
        return response


Following = Callable[[list[Any]], str | None]


def _tag(tag: str, client: mastodon.Mastodon, walk: Walk) -> Following:
    newest = walk.cursor or (str(walk.top) if walk.top is not None else None)
    answer = client.timeline_hashtag(tag, max_id=newest, since_id=walk.above, limit=PAGE_SIZE)
    onwards = getattr(answer, "_pagination_next", None) or {}
    return lambda statuses: str(onwards["max_id"]) if statuses and onwards.get("max_id") else None


def _search(query: str, client: mastodon.Mastodon, walk: Walk) -> Following:
    start = int(walk.cursor or 0)
    client.search_v2(
        query,
        resolve=False,
        result_type="statuses",
        offset=start,
        max_id=walk.top,
        min_id=walk.above,
        exclude_unreviewed=False,
        limit=PAGE_SIZE,
    )
    return lambda statuses: str(start + len(statuses)) if len(statuses) >= PAGE_SIZE else None


def _told(client: mastodon.Mastodon, heard: Heard, ids: Sequence[str]) -> dict[str, Any]:
    """The posts by id; what is gone has None. Raises a CollectError."""
    try:
        _said(lambda: client.statuses(list(ids)))
    except Missing:
        told = dict[str, Any]()  # an instance older than 4.3 knows no such call
    else:
        with documented(WHAT):
            told = {status["id"]: status for status in json.loads(heard.body)}
    for native_id in (each for each in ids if each not in told):
        try:
            _said(lambda: client.status(native_id))  # noqa: B023 - called at once
        except Missing as missing:
            if not missing.named:
                raise
            told[native_id] = None
        else:
            told |= _one(heard, native_id)
    return told


def _shown(heard: Heard, call: Callable[[str], Any], native_id: str) -> Any:
    """What a call about one post says. Raises a CollectError; ConversationGone where the instance knows of none."""
    try:
        _said(lambda: call(native_id))
    except Missing as missing:
        if missing.named:
            raise ConversationGone(str(missing)) from missing
        raise
    with documented(WHAT):
        return json.loads(heard.body)


def _one(heard: Heard, native_id: str) -> dict[str, Any]:
    with documented(WHAT):
        status = json.loads(heard.body)
        if status["id"] != native_id:
            raise ValueError(f"the answer is about {status['id']!r}, not {native_id!r}")
        return {native_id: status}


def _asked(call: Call, client: mastodon.Mastodon, walk: Walk) -> Following:
    """One call for a page. Raises a CollectError."""
    following: Following = _said(lambda: call(client, walk))
    return following


class Missing(UnexpectedResponse):
    """A 404 or 410. `named`: in the platform's own words, so that it is about the post and not about the address."""

    def __init__(self, message: str, *, named: bool) -> None:
        super().__init__(message)
        self.named = named


def _said(call: Callable[[], Any]) -> Any:
    """One call through the client. Raises a CollectError."""
    try:
        return call()
    except mastodon.MastodonNetworkError as error:
        if isinstance(error.__context__, CollectError):
            raise error.__context__ from None
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error
    except mastodon.MastodonAPIError as error:
        status, said = (*error.args, None, None, None, None)[1:4:2]
        if status in (404, 410):
            named = status == 410 or said not in (None, NOT_SAID)
            raise Missing(f"{WHAT}: {error}"[:1000], named=named) from error
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error
    except (mastodon.MastodonError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnexpectedResponse(f"{WHAT}: {error}"[:1000]) from error


ENTRY = Platform(
    name=PLATFORM,
    access="hashtags of one instance, and its search where there is a token",
    settings=MastodonSettings,
    make=Mastodon.from_settings,
    reach=Reach(
        endpoint="GET /api/v1/timelines/tag/{tag} and /api/v2/search of the instance, by Mastodon.py",
        auth="none for hashtags; an access token for the search",
        cannot_see="posts of authors who opted out of search, but for hashtags; what the instance was never sent; "
        "followers-only and private posts",
        terms="each instance's own; a deleted post answers 404, and is deleted here",
        documents="https://docs.joinmastodon.org/methods/search/",
        checked=date(2026, 11, 21),
        quotas=(Quota(300, 300),),
        volume=(0, 20_000),
    ),
)
