"""App Store: the newest reviews of an app in each of its countries, by Apple's public feed of customer reviews.

Endpoint: GET /{country}/rss/customerreviews/page={n}/id={app}/sortby=mostrecent/json, 50 a page, ten pages.
Auth: none. TOCSIN_APPSTORE_APPS turns it on: any app's number, one's own or not.
Quota: none is documented; we ask for ten pages a country at most.
Cannot see: ratings without words, more than the newest 500 reviews of a country (a feed that ends before it meets the
last review read is named in quarantine), the developer's answers, what was written before an edit.
Terms: for reading the feed; a review that is removed just disappears from it, nobody tells us.
Source, read on 2026-11-21: https://developer.apple.com/app-store/ratings-and-reviews/
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from collectors.appstore_review import PLATFORM, is_review, label, to_mention
from collectors.manners import Manners, Visit, documented
from collectors.platform import Platform, Reach
from collectors.reviews import Reviews
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.timeline import Page, Walk
from collectors.wire import Wire
from policies.policy import Policy

WHAT = "App Store"
FIX = "It takes no credentials: check TOCSIN_APPSTORE_BASE_URL."
SITE = "https://itunes.apple.com"
MOST_PAGES = 10


class AppStoreSettings(HttpSection):
    """The settings of the App Store."""

    prefix = "appstore"
    base_url: BaseUrl = Field(SITE, description="Base URL of the feeds")
    apps: Listed = needed("Numbers of the apps (the digits after `id` in their addresses), comma-separated")
    countries: Listed = Field(("gb",), description="Countries whose reviews are read: two letters, comma-separated")


class AppStore(Reviews[Wire]):
    """The reviews of apps; each app in each country is a listing."""

    platform = PLATFORM
    settle = timedelta(days=2)  # the feed's pages are copies of various ages

    def __init__(self, apps: Sequence[str], countries: Sequence[str], *, base_url: str = SITE, **others: Any) -> None:
        """`others` are those of `Reviews`. Raises ValueError for what is no app's number or no country."""
        if wrong := [app for app in apps if not (app.isascii() and app.isdigit())]:
            raise ValueError(f"TOCSIN_APPSTORE_APPS: {wrong[0]!r} is no app's number: give the digits after `id`")
        if wrong := [country for country in countries if not (country.isascii() and country.isalpha())]:
            raise ValueError(f"TOCSIN_APPSTORE_COUNTRIES: {wrong[0]!r} is no country: give two letters, gb for one")
        reviewed = [f"{country.lower()}/{app}" for app in apps for country in countries]
        super().__init__(reviewed, base_url=base_url, **others)

    @classmethod
    def from_settings(cls, settings: AppStoreSettings, _: Sequence[Policy], manners: Manners) -> "tuple[AppStore, ...]":
        """Raises ValueError, naming the setting, where an app or a country cannot be one."""
        own = settings.required()
        return (cls(own.apps, own.countries, base_url=own.base_url, manners=manners),)

    def speak(self, visit: Visit) -> Wire:
        return Wire(visit, WHAT, FIX, self.base_url)

    def page(self, client: Wire, reviewed: str, walk: Walk) -> Page:
        """A feed has ten pages, full ones or not; one that is empty is the last."""
        number = int(walk.cursor or 1)
        country, _, app = reviewed.partition("/")
        answer = client.get(f"{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json")
        with documented(WHAT):
            feed = answer["feed"]
            found = feed.get("entry") or []
            entries = [entry for entry in (found if isinstance(found, list) else [found]) if is_review(entry)]
            dated = label(feed.get("updated"))
            records = tuple(
                self.record(entry, lambda one: label(one.get("id")), lambda one: to_mention(one, dated))
                for entry in entries
            )
        following = str(number + 1) if entries and number < MOST_PAGES else None
        page = Page(records, following)
        return self.ended(page, reviewed, walk, "the newest 500 reviews") if number == MOST_PAGES and entries else page


ENTRY = Platform(
    name=PLATFORM,
    access="the newest reviews of an app, by country",
    settings=AppStoreSettings,
    make=AppStore.from_settings,
    reach=Reach(
        endpoint="GET /{country}/rss/customerreviews/… of itunes.apple.com, by httpx",
        auth="none",
        cannot_see="ratings without words; more than the newest 500 reviews of a country; the developer's answers",
        terms="a review that is removed disappears from the feed; nobody tells",
        conversation="none: the developer's answers are not in the feed",
        documents="https://developer.apple.com/app-store/ratings-and-reviews/",
        checked=date(2026, 11, 21),
        volume=(0, 5_000),
    ),
)
