"""TikTok: videos that hold a pack's terms, and the comments under them, by the Research API over httpx.

Endpoints: POST /v2/research/video/query/, 100 a page, for a stretch of at most 30 days;
/v2/research/video/comment/list/ of each video found, for 30 days, and for the conversation of an open incident.
Auth: key and secret of a research client (TOCSIN_TIKTOK_CLIENT_KEY, TOCSIN_TIKTOK_CLIENT_SECRET). TikTok approves
researchers of non-profit institutions alone: whoever monitors for a company or an authority may not use it.
Quota: 1,000 calls a day, which begins anew at midnight UTC.
Cannot see: what was posted in the last two days, in part (the archive runs behind); creators below 18; Canada; what is
spoken or shown; who wrote a comment; a video's comments beyond the first 1,000. Numbers in comments are masked.
Terms: what is stored must be refreshed every 15 days, and what is gone then deleted.
Source, read on 2026-11-21: https://developers.tiktok.com/doc/research-api-specs-query-videos/
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from pydantic import Field, SecretStr

from collectors import tiktok_thread
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.manners import Manners, Visit
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, needed
from collectors.stages import staged
from collectors.tiktok_api import TikTokApi
from collectors.tiktok_post import PLATFORM
from collectors.tiktok_run import Run, Wanted
from collectors.vocabulary import Terms
from policies.policy import Policy

BASE_URL = "https://open.tiktokapis.com"


class TikTokSettings(HttpSection):
    """The settings of TikTok."""

    prefix = "tiktok"
    base_url: BaseUrl = Field(BASE_URL, description="Base URL of the TikTok API")
    client_key: str = needed("Key of a research client")
    client_secret: SecretStr = needed("Secret of that client")


class TikTok:
    """Search on TikTok. One run reads at most `pages` pages of videos and as many of comments, and leaves the rest."""

    source = PLATFORM
    platform = PLATFORM

    def __init__(
        self,
        client_key: str,
        client_secret: str,
        policies: Sequence[Policy],
        *,
        base_url: str = BASE_URL,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs give nothing to search for."""
        terms = Terms.of(policies, PLATFORM)
        keywords = [term for term in terms.spoken() if term[0] != "#"]
        fields = {"keyword": keywords, "hashtag_name": list(terms.hashtags)}
        conditions = [
            {"operation": "IN", "field_name": name, "field_values": values} for name, values in fields.items() if values
        ]
        self._wanted = Wanted({"or": conditions}, terms.matcher(), terms.wanted(), now)
        self.queries = ("videos",)
        self.pages = 60
        self._login = (base_url, client_key, client_secret)
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: TikTokSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[TikTok, ...]":
        """Raises ValueError, naming the settings, where key or secret is missing."""
        own = settings.required()
        secret = own.client_secret.get_secret_value()
        return (cls(own.client_key, secret, policies, base_url=own.base_url, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._login[0])
        with TikTokApi(visit, *self._login) as api:
            run = Run(self._wanted, api, checkpoint.state if checkpoint else {})
            stages = {"found": run.found, "comments": run.comments}
            yield from staged(checkpoint, self.source, stages, run.notes, self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch videos with their comments, at most six calls each. Raises a CollectError."""
        visit = Visit(self._manners, self._login[0])
        with TikTokApi(visit, *self._login) as api:
            yield from told(visit, seeds, partial(tiktok_thread.read, api))


ENTRY = Platform(
    name=PLATFORM,
    access="search of videos and their comments, for approved non-profit research alone",
    settings=TikTokSettings,
    make=TikTok.from_settings,
    reach=Reach(
        endpoint="POST /v2/research/video/query/ and /v2/research/video/comment/list/, by httpx",
        auth="key and secret of a research client; TikTok approves researchers of non-profit institutions alone",
        cannot_see="part of what was posted in the last two days; creators below 18; Canada; what is spoken or shown; "
        "who wrote a comment; comments beyond the first 1,000 of a video, or 30 days after it was found",
        terms="refresh every 15 days, and delete what is gone by then; for approved research and nothing else",
        conversation="the video, its comments by video_id and replies by comment_id; 200 comments, 100 replies to each"
        " of three, those of ours first",
        documents="https://developers.tiktok.com/doc/research-api-specs-query-videos/",
        checked=date(2026, 11, 21),
        quotas=(Quota(1_000, 86_400),),
        refresh_within=timedelta(days=15),
        volume=(0, 20_000),
    ),
)
