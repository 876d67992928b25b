"""Google Play: the reviews of one's own apps, by the Google Play Developer API.

Endpoint: GET androidpublisher/v3/applications/{package}/reviews, the most recently modified first, 100 a page.
Auth: a service account that may reply to the app's reviews (TOCSIN_GOOGLEPLAY_KEY_FILE, TOCSIN_GOOGLEPLAY_APPS).
Quota: 200 calls an hour for each app.
Cannot see: reviews older than a week that were not edited since, so a week without a run is a week lost; ratings
without words; reviews of test versions; what was written before an edit; who the author is, but for a name.
Terms: a review that is removed is missing from the listing, and nobody tells us.
Source, read on 2026-11-21: https://developers.google.com/android-publisher/reply-to-reviews
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from collectors.budget import Quota
from collectors.googleplay_api import WHAT, GooglePlayApi, ServiceAccount
from collectors.googleplay_review import PLATFORM, to_mention
from collectors.manners import Manners, Visit, documented
from collectors.platform import Platform, Reach
from collectors.reviews import Reviews
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.timeline import Page, Walk
from policies.policy import Policy

API = "https://androidpublisher.googleapis.com"


class GooglePlaySettings(HttpSection):
    """The settings of Google Play."""

    prefix = "googleplay"
    base_url: BaseUrl = Field(API, description="Base URL of the API")
    key_file: str = needed("Path of the service account's key file, in JSON")
    apps: Listed = needed("Package names of the apps, comma-separated")


class GooglePlay(Reviews[GooglePlayApi]):
    """The reviews of apps."""

    platform = PLATFORM
    settle = timedelta(hours=6)

    def __init__(self, account: ServiceAccount, apps: Sequence[str], *, base_url: str = API, **others: Any) -> None:
        """`others` are those of `Reviews`."""
        super().__init__(apps, base_url=base_url, **others)
        self._account = account

    @classmethod
    def from_settings(
        cls, settings: GooglePlaySettings, _: Sequence[Policy], manners: Manners
    ) -> "tuple[GooglePlay, ...]":
        """Raises ValueError, naming the settings, where key file or apps are missing."""
        own = settings.required()
        return (cls(ServiceAccount(own.key_file), own.apps, base_url=own.base_url, manners=manners),)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The API's, and the one that the key file names for tokens. Raises AccessDenied."""
        return (self.base_url, str(self._account.key()["token_uri"]))

    def speak(self, visit: Visit) -> GooglePlayApi:
        return GooglePlayApi(visit, self.base_url, self._account.token(self._account.key(), visit))

    def page(self, client: GooglePlayApi, reviewed: str, walk: Walk) -> Page:
        answer = client.reviews(reviewed, walk.cursor)
        with documented(WHAT):
            reviews = answer.get("reviews", [])
            records = tuple(
                self.record(review, lambda one: one.get("reviewId"), lambda one: to_mention(one, reviewed))
                for review in reviews
            )
            return Page(records, (answer.get("tokenPagination") or {}).get("nextPageToken"))


ENTRY = Platform(
    name=PLATFORM,
    access="reviews of your own apps",
    settings=GooglePlaySettings,
    make=GooglePlay.from_settings,
    reach=Reach(
        endpoint="GET androidpublisher/v3/applications/{package}/reviews, by google-api-python-client",
        auth="a service account that may reply to the reviews",
        cannot_see="reviews older than a week; ratings without words; test versions; who the author is, but for a name",
        terms="a review that is removed is missing from the listing; nobody tells",
        conversation="none: a review has one answer, the developer's own",
        documents="https://developers.google.com/android-publisher/reply-to-reviews",
        checked=date(2026, 11, 21),
        quotas=(Quota(200, 3_600),),
        volume=(0, 5_000),
    ),
)
