"""Mastodon: posts of one instance that bear a pack's hashtags or hold its terms, by Mastodon.py.

Endpoints: GET /api/v1/timelines/tag/{tag}, 40 posts a page; with a token also GET /api/v2/search, 40 posts a page.
GET /api/v1/statuses tells of stored posts, 20 a call, which are still there (since 4.3); GET /api/v1/statuses/{id},
which are not.
Auth: none for most instances' tags; a token with read:search and read:statuses for the search.
TOCSIN_MASTODON_BASE_URL turns it on: any instance, and any other software that speaks this API (Pleroma, Akkoma,
GoToSocial, Pixelfed, Friendica).
Quota: 300 calls in 5 minutes for an account, and for an address; `X-RateLimit-*` headers are obeyed.
Cannot see: posts whose authors have not agreed to be found by search (they are still found by hashtag), posts that
this instance was never sent, followers-only and private posts.
Terms: each instance's own; a deleted post is a 404 or 410, and must be deleted here too.
Source, read on 2026-11-21: https://docs.joinmastodon.org/methods/search/

Mastodon.py builds the requests and pages, after one call a run that asks the instance what it is. Its casting of every
field costs 2 ms a post and would lose the platform's own record, so what an answer holds is read from itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from collectors import mastodon_thread
from collectors.admission import admit
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented
from collectors.mastodon_client import WHAT, Spoken, looked_up, said, shown, speaking
from collectors.mastodon_ids import id_at, place_of
from collectors.mastodon_status import PLATFORM, is_public, to_mention
from collectors.mention import Mention, known_time
from collectors.platform import Platform, Reach
from collectors.query import quoted
from collectors.recheck import Rechecked
from collectors.searching import SearchCollector
from collectors.section import BaseUrl, HttpSection, needed
from collectors.timeline import Page, Record, Walk
from policies.policy import Policy

if TYPE_CHECKING:
    import mastodon

PAGE_SIZE = 40
MOST_AT_ONCE = 20

Following = Callable[[list[Any]], str | None]
Call = Callable[["mastodon.Mastodon", Walk], Any]


class MastodonSettings(HttpSection):
    """The settings of Mastodon."""

    prefix = "mastodon"
    base_url: BaseUrl = needed("Base URL of an instance, https://mastodon.social for one: turns Mastodon on")
    access_token: SecretStr = Field(SecretStr(""), description="Access token; empty: hashtags only, no search")

    @property
    def home(self) -> str:
        """The instance that is read, by its name alone, as handles end with it."""
        return _host(self.base_url)


class Mastodon(SearchCollector[Spoken, Call]):
    """Hashtags and search of one instance."""

    platform = PLATFORM
    settle = timedelta(hours=1)  # the overlap window: other instances' posts arrive late, below younger ones
    at_once = 200  # stored posts: an old instance is asked about each alone, 300 calls in five minutes
    a_run = 2_000

    def __init__(
        self, base_url: str, policies: Sequence[Policy], *, access_token: str = "", pages: int = 60, **options: Any
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        super().__init__(base_url, policies, pages=pages, **options)
        self._token = access_token
        if not self.listings():
            raise ValueError("Mastodon without TOCSIN_MASTODON_ACCESS_TOKEN reads hashtags, and no pack has any")

    @classmethod
    def from_settings(
        cls, settings: MastodonSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Mastodon, ...]":
        """Raises ValueError, naming the setting, where there is no instance."""
        token = settings.access_token.get_secret_value()
        return (cls(settings.required().base_url, policies, access_token=token, manners=manners),)

    def listings(self) -> Mapping[str, Call]:
        """The hashtags, and with a token a search for each other term."""
        calls: dict[str, Call] = {f"#{tag}": partial(_tag, tag) for tag in self.terms.hashtags}
        if self._token:
            calls |= {term: partial(_search, quoted(term)) for term in self.terms.spoken() if term[0] != "#"}
        return calls

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint.

        The checkpoint names its instance: each numbers posts for itself, so another's marks mean nothing here, and its
        posts are read from the beginning.
        """
        home = _host(self.base_url)
        kept = checkpoint.state.get("instance", home) if checkpoint else home  # former checkpoints named none
        for batch in super().collect(checkpoint if kept == home else None):
            named = {**batch.checkpoint.state, "instance": home}
            yield replace(batch, checkpoint=Checkpoint(self.source, named))

    def speak(self, visit: Visit) -> AbstractContextManager[Spoken]:
        """The client, which logs in to nothing."""
        return speaking(visit, self.base_url, self._token)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch what stands above and below posts, three calls each. Raises a CollectError."""
        with self.speaking() as (visit, spoken):
            status = partial(shown, spoken.heard, spoken.client.status)
            context = partial(shown, spoken.heard, spoken.client.status_context)
            yield from told(visit, seeds, partial(mastodon_thread.read, status, context, known=bool(self._token)))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which posts are still there, 20 a call; what is not among those is asked for alone: 404 or 410.

        What is shown to our account and not to everybody is gone, too. Raises a CollectError.
        """
        gone, there = list[str](), dict[str, Any]()
        with self.speaking() as (visit, spoken), visit.billed():
            for start in range(0, len(ids), MOST_AT_ONCE):
                some = [native_id for native_id in ids[start : start + MOST_AT_ONCE] if place_of(native_id) is not None]
                found = {
                    each: status for each, status in looked_up(spoken, some).items() if status and is_public(status)
                }
                there |= {native_id: found[native_id] for native_id in some if native_id in found}
                gone += [native_id for native_id in some if native_id not in found]
        admitted = [admit(status, f"{PLATFORM} {native_id}", self._found) for native_id, status in there.items()]
        return Rechecked(tuple(gone), tuple(each for each in admitted if isinstance(each, Mention)), visit.requests)

    def page(self, client: Spoken, listing: Call, walk: Walk) -> Page:
        """One page, read from the answer itself."""
        following: Following = said(lambda: listing(client.client, walk))
        with documented(WHAT):
            answer = json.loads(client.heard.body)
            searched = not isinstance(answer, list)
            statuses = answer["statuses"] if searched else answer
            if not isinstance(statuses, list):
                raise TypeError("the statuses are no list")
            records = tuple(map(self._record, statuses))
            if searched and len(records) < PAGE_SIZE and walk.seen.issuperset(each.position for each in records):
                return Page((), None)  # GoToSocial's search, which takes no offset, begins again
            return Page(records, following(statuses))

    def _record(self, status: Any) -> Record:
        if not isinstance(status, dict):
            return Record(None, admit(status, f"{PLATFORM} without id", self._found))
        native_id, moment = status.get("id"), known_time(status.get("created_at"))
        if not is_public(status):
            return Record(place_of(native_id), None, moment)
        admitted = admit(status, f"{PLATFORM} {native_id or 'without id'}", self._found)
        kept = self.sought(admitted) if isinstance(admitted, Mention) else admitted
        return Record(place_of(native_id), kept, moment)

    def _found(self, status: dict[str, Any]) -> Mention:
        return self.named(to_mention(status))


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def _tag(tag: str, client: "mastodon.Mastodon", walk: Walk) -> Following:
    newest = walk.cursor or id_at(walk.top)
    answer = client.timeline_hashtag(tag, max_id=newest, since_id=id_at(walk.above), limit=PAGE_SIZE)
    onwards = getattr(answer, "_pagination_next", None) or {}
    return lambda statuses: str(onwards["max_id"]) if statuses and onwards.get("max_id") else None


def _search(query: str, client: "mastodon.Mastodon", walk: Walk) -> Following:
    """The search takes a bound for the second that it lies in, and leaves that out; so it gets the next one.

    It leaves what an account must not see out of a page that is cut already: only an empty one is the last.
    """
    start = int(walk.cursor or 0)
    client.search_v2(
        query,
        resolve=False,
        result_type="statuses",
        offset=start,
        max_id=id_at(walk.top, 1),
        min_id=id_at(walk.above, -1),
        exclude_unreviewed=False,
        limit=PAGE_SIZE,
    )
    return lambda statuses: str(start + PAGE_SIZE) if statuses else None


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
        conversation="/context of the post and of the first above it; 4,096 posts, without a token 40 above and 60 "
        "below",
        documents="https://docs.joinmastodon.org/methods/search/",
        checked=date(2026, 11, 21),
        quotas=(Quota(300, 300),),
        volume=(0, 20_000),
    ),
)
