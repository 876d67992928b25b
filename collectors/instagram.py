"""Instagram: media that tag or mention your own account, its own media's comments, and a pack's hashtags.

Endpoints, by facebook-business: GET /{user}/tags and /{user}/media, 50 a page; /{media}/comments of one's own media,
for 30 days, with their replies, and of more than a page of them anew where the medium's count has changed, for
replies under older ones; /ig_hashtag_search and /{hashtag}/recent_media, of the last 24 hours. Mentions in
captions and comments are told by webhook alone: TOCSIN_INSTAGRAM_MENTIONS names a file to which your webhook's endpoint
appends each notification as a line; /{user}?fields=mentioned_media and mentioned_comment then tell the rest.
Auth: a user's token (TOCSIN_INSTAGRAM_ACCESS_TOKEN) with instagram_basic, instagram_manage_comments and
pages_read_engagement, of an app that Meta has reviewed; for hashtags, Instagram Public Content Access.
Quota: 4,800 calls in 24 hours for each impression of the account; 30 different hashtags in seven days.
Cannot see: whatever names you in text alone (there is no keyword search), stories, private accounts, the authors of
media found by hashtag, comments on others' media; more than 30 hashtags.
Terms: what is deleted there, or whose author asks it, must be deleted here.
Source, read on 2026-11-21: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/mentions
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr

from collectors import instagram_thread
from collectors.budget import Quota
from collectors.collector import Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.graph import BASE_URL, Account, Graph
from collectors.instagram_post import PLATFORM
from collectors.instagram_run import COMMENT_FIELDS, OWN_FIELDS, Run, Wanted
from collectors.manners import Manners, Visit
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, needed
from collectors.stages import staged
from collectors.vocabulary import Terms
from policies.policy import Policy

WHAT = "Instagram"
FIX = (
    "Check TOCSIN_INSTAGRAM_ACCESS_TOKEN (instagram_basic, instagram_manage_comments, pages_read_engagement; for "
    "hashtags Instagram Public Content Access) and TOCSIN_INSTAGRAM_USER_ID."
)
MOST_HASHTAGS = 30
SETTLE = timedelta(days=1)  # the overlap window: a tag is added to a picture long after it was posted

OptionalPath = Annotated[Path | None, BeforeValidator(lambda value: value or None)]


class InstagramSettings(HttpSection):
    """The settings of Instagram."""

    prefix = "instagram"
    base_url: BaseUrl = Field(BASE_URL, description="Base URL of the Graph API")
    user_id: str = needed("Id of your own professional account, as the Graph API knows it")
    access_token: SecretStr = needed("User access token")
    app_secret: SecretStr = Field(SecretStr(""), description="The app's secret, where it demands signed calls")
    mentions: OptionalPath = Field(None, description="File of webhook notifications of mentions, one a line")


class Instagram:
    """One account. One run reads at most `pages` pages of media and as many of comments, and leaves the rest."""

    source = PLATFORM
    platform = PLATFORM

    def __init__(
        self,
        account: Account,
        policies: Sequence[Policy],
        *,
        mentions: Path | None = None,
        pages: int = 60,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs have no search terms, which here tell what a post is about."""
        terms = Terms.of(policies, PLATFORM)
        hashtags = terms.hashtags[:MOST_HASHTAGS]
        self._wanted = Wanted(account.native_id, hashtags, mentions, settle, terms.matcher())
        self.queries = ("tags", "media", *(f"#{tag}" for tag in hashtags))
        self.pages = pages
        self._account = account
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: InstagramSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[Instagram, ...]":
        """Raises ValueError, naming the settings, where account or token is missing."""
        own = settings.required()
        secret = own.app_secret.get_secret_value()
        account = Account(own.user_id, own.access_token.get_secret_value(), secret, own.base_url)
        return (cls(account, policies, mentions=own.mentions, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._account.base_url)
        with Graph(visit, WHAT, FIX, self._account) as graph:
            run = Run(self._wanted, graph, checkpoint.state if checkpoint else {})
            stages = {"found": run.found, "comments": run.comments, "whole": run.whole}
            yield from staged(checkpoint, self.source, stages, run.notes, self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch one's own media with their comments, 50 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._account.base_url)
        with Graph(visit, WHAT, FIX, self._account) as graph:
            yield from told(visit, seeds, partial(instagram_thread.read, graph, OWN_FIELDS, COMMENT_FIELDS))


ENTRY = Platform(
    name=PLATFORM,
    access="media that tag your own account, mentions by webhook, comments on your own media, hashtags",
    settings=InstagramSettings,
    make=Instagram.from_settings,
    reach=Reach(
        endpoint="GET /{user}/tags, /{user}/media, /{media}/comments, /{hashtag}/recent_media and /{user}?fields="
        "mentioned_media of the Graph API, by facebook-business",
        auth="a user's token of a reviewed app, for a professional account",
        cannot_see="whatever names you in text alone; stories; private accounts; authors of media found by hashtag; "
        "comments on others' media, but those that mention you; hashtags beyond 30, and before the last 24 hours",
        terms="what is deleted there, or whose author asks it, must go here; nobody tells which of others' are gone",
        conversation="one's own media and /{media}/comments; 500 comments with 50 replies each; others' media are "
        "refused by Meta",
        documents="https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login/mentions",
        checked=date(2026, 11, 21),
        quotas=(Quota(4_800, 86_400),),
        volume=(0, 20_000),
    ),
)
