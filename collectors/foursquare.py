"""Foursquare: the newest tips about one's own places, by the Places API.

Endpoint: GET /places/{fsq_place_id}/tips, newest first, 50 of them.
Auth: a service key (TOCSIN_FOURSQUARE_API_KEY, TOCSIN_FOURSQUARE_PLACES).
Quota: by plan; each call is charged as a premium one.
Cannot see: who wrote a tip, more than the newest 50 of a place (a run that does not meet the last tip read names that
in quarantine), tips of places that are not configured: there is no search of tips.
Terms: attribution; what is stored must be refreshed or dropped. A tip that is removed just disappears.
Source, read on 2026-11-21: https://docs.foursquare.com/fsq-developers-places/reference/place-tips
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import Field, SecretStr

from collectors.budget import Price
from collectors.foursquare_tip import PLATFORM, identity, to_mention
from collectors.manners import Manners, Visit, documented
from collectors.platform import Platform, Reach
from collectors.reviews import Reviews
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.timeline import Page, Walk
from collectors.wire import Wire
from policies.policy import Policy

WHAT = "Foursquare"
FIX = "Check TOCSIN_FOURSQUARE_API_KEY: a service key of a project with credit for premium calls."
API = "https://places-api.foursquare.com"
VERSION = "2025-06-17"
MOST = 50


class FoursquareSettings(HttpSection):
    """The settings of Foursquare."""

    prefix = "foursquare"
    base_url: BaseUrl = Field(API, description="Base URL of the API")
    api_key: SecretStr = needed("Service key")
    places: Listed = needed("Ids of the places (fsq_place_id), comma-separated")


class Foursquare(Reviews[Wire]):
    """The tips about places."""

    platform = PLATFORM
    settle = timedelta(days=1)

    def __init__(self, api_key: str, places: Sequence[str], *, base_url: str = API, **others: Any) -> None:
        """`others` are those of `Reviews`."""
        super().__init__(places, base_url=base_url, **others)
        self._key = api_key

    @classmethod
    def from_settings(
        cls, settings: FoursquareSettings, _: Sequence[Policy], manners: Manners
    ) -> "tuple[Foursquare, ...]":
        """Raises ValueError, naming the settings, where key or places are missing."""
        own = settings.required()
        return (cls(own.api_key.get_secret_value(), own.places, base_url=own.base_url, manners=manners),)

    def speak(self, visit: Visit) -> Wire:
        headers = {"Authorization": f"Bearer {self._key}", "X-Places-Api-Version": VERSION}
        return Wire(visit, WHAT, FIX, self.base_url, headers=headers)

    def page(self, client: Wire, reviewed: str, walk: Walk) -> Page:
        answer = client.get(f"places/{reviewed}/tips", {"limit": MOST, "sort": "NEWEST"})
        with documented(WHAT):
            if not isinstance(answer, list):
                raise TypeError("the tips are no list")
            records = tuple(self.record(tip, identity, lambda one: to_mention(one, reviewed)) for tip in answer)
        page = Page(records)
        return self.ended(page, reviewed, walk, f"the newest {MOST} tips") if len(records) >= MOST else page


ENTRY = Platform(
    name=PLATFORM,
    access="the newest tips about your own places",
    settings=FoursquareSettings,
    make=Foursquare.from_settings,
    reach=Reach(
        endpoint="GET /places/{fsq_place_id}/tips of places-api.foursquare.com, by httpx",
        auth="a service key",
        cannot_see="who wrote a tip; more than the newest 50 of a place; places that are not configured",
        terms="attribution; what is stored must be refreshed or dropped; a tip that is removed just disappears",
        conversation="none: tips take no replies",
        documents="https://docs.foursquare.com/fsq-developers-places/reference/place-tips",
        checked=date(2026, 11, 21),
        price=Price(usd_per_call=Decimal("0.01875"), page=MOST),
        volume=(0, 500),
    ),
)
