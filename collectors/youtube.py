"""YouTube: videos that a search finds for a pack's terms, and what is said under them, by google-api-python-client.

Endpoints: GET /youtube/v3/search (newest first, 50 a page), and /videos for the whole description; /commentThreads of
each video found, for 30 days, and of your own channels; /comments for threads with more than five replies.
Auth: an API key of a Google Cloud project (TOCSIN_YOUTUBE_API_KEY).
Quota: 100 searches a day, and 10,000 units a day for all else, a unit a call; both begin anew at midnight Pacific time.
So all terms go into as few searches as fit, joined with `|`, and a run leaves out the searches, or the comments, where
those of the runs before it have used their part of the day: four searches come every 75 minutes, 100 videos' comments
every half hour. TOCSIN_YOUTUBE_SEARCHES_A_DAY and TOCSIN_YOUTUBE_UNITS_A_DAY say what your project may use.
Cannot see: comments that name you under videos that do not (there is no search of comments), comments held for review,
unlisted and private videos, live chat, what is spoken, a search's results beyond the first 500; replies that come more
than two days after their comment, once 100 newer comments stand above it.
Terms: what is stored must be refreshed or deleted after 30 days; what is deleted there must be deleted here: `recheck`.
Source, read on 2026-11-21: https://developers.google.com/youtube/v3/determine_quota_cost
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from pydantic import Field, SecretStr

from collectors import youtube_thread
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint, RateLimited
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit, documented
from collectors.mention import Mention
from collectors.platform import Platform, Reach
from collectors.query import queries, quoted
from collectors.recheck import Rechecked, legible
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.stages import APART, staged
from collectors.vocabulary import Terms
from collectors.youtube_api import PAGE_SIZE, WHAT, YouTubeApi
from collectors.youtube_post import PLATFORM, to_mention
from collectors.youtube_run import Daily, Run, Wanted
from policies.policy import Policy

BASE_URL = "https://youtube.googleapis.com"
LONGEST_QUERY = 400  # characters; YouTube names no limit
WHAT_GOOGLE_GIVES = Daily()
SETTLE = timedelta(days=2)  # the overlap window: videos are indexed late, and old threads get new replies
VIDEO_ID = 11  # characters; a comment's id is longer


class YouTubeSettings(HttpSection):
    """The settings of YouTube."""

    prefix = "youtube"
    base_url: BaseUrl = Field(BASE_URL, description="Base URL of the YouTube Data API")
    api_key: SecretStr = needed("API key of a Google Cloud project")
    channels: Listed = Field((), description="Ids of your own channels, whose comments are all read, comma-separated")
    searches_a_day: int = Field(Daily.searches, gt=0, description="Searches a day that the project's quota allows")
    units_a_day: int = Field(Daily.units, gt=0, description="Units a day that the project's quota allows for all else")


class YouTube:
    """Search and comments on YouTube. One run reads at most `pages` pages of each kind, and leaves the rest."""

    source = PLATFORM
    platform = PLATFORM
    pages = 40

    def __init__(
        self,
        api_key: str,
        policies: Sequence[Policy],
        *,
        base_url: str = BASE_URL,
        channels: Sequence[str] = (),
        settle: timedelta = SETTLE,
        daily: Daily = WHAT_GOOGLE_GIVES,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        spoken = (term if term[0] in "#@" else quoted(term) for term in terms.spoken())
        searches = queries(spoken, (), LONGEST_QUERY, either="|")
        self._wanted = Wanted(searches, tuple(channels), settle, daily, self._marked, terms.wanted())
        self._matcher = terms.matcher()
        self.queries = (*searches, *channels)
        self._api_key = api_key
        self._base_url = base_url
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: YouTubeSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[YouTube, ...]":
        """Raises ValueError, naming the setting, where there is no key."""
        own = settings.required()
        key = own.api_key.get_secret_value()
        daily = Daily(own.searches_a_day, own.units_a_day)
        return (cls(key, policies, base_url=own.base_url, channels=own.channels, daily=daily, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        with YouTubeApi(visit, self._base_url, self._api_key) as api:
            run = Run(self._wanted, api, checkpoint.state if checkpoint else {})
            if checkpoint and run.postponed:
                yield Batch((), checkpoint, more=True)  # which a run that reads nothing at all would leave untold
            stages = {"found": run.found, "comments": run.comments, "replies": run.replies}
            # Searches have a quota of their own: where it is used up, comments can still be read.
            apart = (*APART, RateLimited)
            for batch in staged(checkpoint, self.source, stages, run.notes, self.pages, visit, apart):
                yield replace(batch, more=batch.more or run.postponed)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch comments with all their replies, and of a video its newest threads. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with YouTubeApi(visit, self._base_url, self._api_key) as api:
            yield from told(visit, seeds, partial(youtube_thread.read, api))

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask which videos and comments are still there, 50 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        shown: dict[str, Any] = {}
        with visit.billed(), YouTubeApi(visit, self._base_url, self._api_key) as api:
            kinds: dict[Callable[[Sequence[str]], list[Any]], list[str]] = {
                api.videos: [native_id for native_id in ids if len(native_id) == VIDEO_ID],
                api.comments: [native_id for native_id in ids if len(native_id) != VIDEO_ID],
            }
            for ask, asked in kinds.items():
                for start in range(0, len(asked), PAGE_SIZE):
                    with documented(WHAT):
                        shown |= {item["id"]: item for item in ask(asked[start : start + PAGE_SIZE])}
        gone = tuple(native_id for native_id in ids if native_id not in shown)
        present = tuple(each for native_id, item in shown.items() for each in legible(item, native_id, self._marked))
        return Rechecked(gone, present, visit.requests)

    def _marked(self, resource: dict[str, Any], thread: dict[str, Any] | None = None) -> Mention:
        mention = to_mention(resource, thread)
        return mention.model_copy(update={"matched_terms": self._matcher(mention.text)})


ENTRY = Platform(
    name=PLATFORM,
    access="search of videos, their comments, and all comments of your own channels",
    settings=YouTubeSettings,
    make=YouTube.from_settings,
    reach=Reach(
        endpoint="GET /youtube/v3/search (100 a day, a quota of its own: it sets how often), /videos, /commentThreads "
        "and /comments, by google-api-python-client",
        auth="an API key of a Google Cloud project",
        cannot_see="comments that name you under videos that do not; comments held for review; unlisted and private "
        "videos; live chat; what is spoken; more than 500 results of a search; comments of a video 30 days after "
        "it was found, and of more than 100 videos at a time; replies that come more than two days after their "
        "comment, once 100 newer comments stand above it",
        terms="refresh or delete after 30 days; what is deleted is missing from /videos and /comments, and goes here",
        conversation="of a comment its thread with all replies, of a video its newest threads; 500 replies, 500 "
        "threads with five replies each",
        documents="https://developers.google.com/youtube/v3/determine_quota_cost",
        checked=date(2026, 11, 21),
        quotas=(Quota(10_000, 86_400),),
        refresh_within=timedelta(days=30),
        volume=(0, 50_000),
    ),
)
