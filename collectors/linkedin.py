"""LinkedIn: posts that mention your own organisation or share its posts, and the comments on its posts, by httpx.

Endpoints of the Community Management API, 100 a page: GET /rest/organizationalEntityNotifications?q=criteria,
/rest/posts?q=author, /rest/socialActions/{urn}/comments of each own post, for 30 days, and of comments with replies;
for the conversation of an open incident GET /rest/posts/{urn} and the same comments.
Auth: an access token of a member who administers the Page (TOCSIN_LINKEDIN_ACCESS_TOKEN) with rw_organization_admin and
r_organization_social, of an app that LinkedIn has admitted.
Quota: not published; a day's calls are counted for the app and for the member, and a 429 ends the run.
Cannot see: whatever names you without mentioning the Page (there is no search of posts), mentions in comments on
others' posts, names of members, what is more than 60 days old.
Terms: members' social activity may be kept for 48 hours, a member's profile for 24, unless LinkedIn agrees otherwise;
set the retention accordingly. A deleted comment is told by a notification.
Source, read on 2026-11-21: https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from pydantic import Field, SecretStr

from collectors import linkedin_thread
from collectors.collector import Batch, Checkpoint
from collectors.conversation import Conversation, Seed, told
from collectors.linkedin_listing import WHAT
from collectors.linkedin_post import PLATFORM
from collectors.linkedin_run import Run, Wanted
from collectors.manners import Manners, Visit
from collectors.platform import Platform, Reach
from collectors.section import BaseUrl, HttpSection, needed
from collectors.stages import staged
from collectors.vocabulary import Terms
from collectors.wire import Wire
from policies.policy import Policy

BASE_URL = "https://api.linkedin.com"
VERSION = "202601"  # of the API, a month; each is served for at least a year
FIX = (
    "Check TOCSIN_LINKEDIN_ACCESS_TOKEN (rw_organization_admin, r_organization_social, of the Page's administrator), "
    "which ends after 60 days, and TOCSIN_LINKEDIN_ORGANIZATION_ID."
)
SETTLE = timedelta(hours=6)  # the overlap window: notifications come late


class LinkedInSettings(HttpSection):
    """The settings of LinkedIn."""

    prefix = "linkedin"
    base_url: BaseUrl = Field(BASE_URL, description="Base URL of the LinkedIn API")
    organization_id: str = needed("Number of your own organisation")
    access_token: SecretStr = needed("Access token of an administrator of its Page")
    version: str = Field(VERSION, pattern=r"^20\d{4}$", description="Version of the API, a month")


class LinkedIn:
    """One organisation. One run reads at most `pages` pages of each kind, and leaves the rest to the next."""

    source = PLATFORM
    platform = PLATFORM
    queries = ("posts", "notifications")

    def __init__(
        self,
        organization_id: str,
        access_token: str,
        policies: Sequence[Policy],
        *,
        base_url: str = BASE_URL,
        version: str = VERSION,
        settle: timedelta = SETTLE,
        manners: Manners | None = None,
    ) -> None:
        """Raises ValueError where the packs have no search terms, which here tell what a post is about."""
        number = organization_id.removeprefix("urn:li:organization:")
        self._wanted = Wanted(f"urn:li:organization:{number}", settle, Terms.of(policies, PLATFORM).matcher())
        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "LinkedIn-Version": version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self._base_url = base_url
        self.pages = 60
        self._manners = manners or Manners()

    @classmethod
    def from_settings(
        cls, settings: LinkedInSettings, policies: Sequence[Policy], manners: Manners
    ) -> "tuple[LinkedIn, ...]":
        """Raises ValueError, naming the settings, where organisation or token is missing."""
        own = settings.required()
        token, address = own.access_token.get_secret_value(), own.base_url
        return (cls(own.organization_id, token, policies, base_url=address, version=own.version, manners=manners),)

    def collect(self, checkpoint: Checkpoint | None) -> Iterator[Batch]:
        """Yield one batch a page. Raises a CollectError; what was not reached stands in the checkpoint."""
        visit = Visit(self._manners, self._base_url)
        with self._speaking(visit) as wire:
            run = Run(self._wanted, wire, checkpoint.state if checkpoint else {})
            stages = {"found": run.found, "comments": run.comments, "replies": run.replies}
            yield from staged(checkpoint, self.source, stages, run.notes, self.pages, visit)

    def conversations(self, seeds: Sequence[Seed]) -> Iterator[Conversation]:
        """Fetch the organisation's own posts with their comments, 100 a call. Raises a CollectError."""
        visit = Visit(self._manners, self._base_url)
        with self._speaking(visit) as wire:
            yield from told(visit, seeds, partial(linkedin_thread.read, wire))

    def _speaking(self, visit: Visit) -> Wire:
        return Wire(visit, WHAT, FIX, f"{self._base_url}/rest", headers=self._headers)


ENTRY = Platform(
    name=PLATFORM,
    access="mentions of your own organisation, shares of its posts, and comments on them",
    settings=LinkedInSettings,
    make=LinkedIn.from_settings,
    reach=Reach(
        endpoint="GET /rest/organizationalEntityNotifications, /posts and /socialActions/{urn}/comments, by httpx",
        auth="a token of an administrator of the Page, of an app that LinkedIn has admitted",
        cannot_see="whatever names you without mentioning the Page; mentions in comments on others' posts; members' "
        "names; what is more than 60 days old; comments of a post 30 days after it was found",
        terms="members' activity may be kept 48 hours, profiles 24, unless LinkedIn agrees otherwise; "
        "a deleted comment is told by a notification, and goes here",
        conversation="one's own organisation's post, /socialActions/{urn}/comments of it and of its comments; 500 "
        "comments, 100 replies to each of 20; others' posts are refused by LinkedIn",
        documents="https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/"
        "organization-social-action-notifications",
        checked=date(2026, 11, 21),
        refresh_within=timedelta(hours=48),
        volume=(0, 5_000),
    ),
)
