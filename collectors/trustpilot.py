"""Trustpilot: the reviews of one's own business units, by its Business Units API.

Endpoint: GET /v1/business-units/{id}/reviews, newest first, 100 a page; GET /v1/reviews/{id} for what is stored.
Auth: an API key, sent as a header (TOCSIN_TRUSTPILOT_API_KEY); it comes with a plan that has API access.
Quota: 833 calls in 5 minutes and 10,000 an hour are what Trustpilot recommends.
Cannot see: reviews that Trustpilot holds back or that were reported and hidden, drafts, product reviews, and what is
written of the organisation under somebody else's name.
Terms: a review that its author or Trustpilot removes must go; it is a 404 then.
Source, read on 2026-11-21: https://developers.trustpilot.com/business-units-api
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import Field, SecretStr

from collectors.budget import Quota
from collectors.collector import AccessDenied
from collectors.manners import Manners, Visit, documented
from collectors.platform import Platform, Reach
from collectors.recheck import Rechecked, legible
from collectors.reviews import Reviews
from collectors.section import BaseUrl, HttpSection, Listed, needed
from collectors.timeline import Page, Walk
from collectors.trustpilot_review import PLATFORM, to_mention
from collectors.wire import Declined, Wire
from policies.policy import Policy

WHAT = "Trustpilot"
FIX = "Check TOCSIN_TRUSTPILOT_API_KEY, and that its plan includes the API."
API = "https://api.trustpilot.com"
PAGE_SIZE = 100
GONE = (404, 410)


class TrustpilotSettings(HttpSection):
    """The settings of Trustpilot."""

    prefix = "trustpilot"
    base_url: BaseUrl = Field(API, description="Base URL of the API")
    api_key: SecretStr = needed("API key")
    business_units: Listed = needed("Ids of the business units, comma-separated")


class Trustpilot(Reviews[Wire]):
    """The reviews of business units."""

    platform = PLATFORM
    settle = timedelta(days=3)  # a review may wait that long for Trustpilot's own checks

    def __init__(self, api_key: str, business_units: Sequence[str], *, base_url: str = API, **others: Any) -> None:
        """`others` are those of `Reviews`."""
        super().__init__(business_units, base_url=base_url, **others)
        self._key = api_key

    @classmethod
    def from_settings(
        cls, settings: TrustpilotSettings, _: Sequence[Policy], manners: Manners
    ) -> "tuple[Trustpilot, ...]":
        """Raises ValueError, naming the settings, where key or business units are missing."""
        own = settings.required()
        key = own.api_key.get_secret_value()
        return (cls(key, own.business_units, base_url=own.base_url, manners=manners),)

    def speak(self, visit: Visit) -> Wire:
        return Wire(visit, WHAT, FIX, self.base_url, headers={"apikey": self._key})

    def page(self, client: Wire, reviewed: str, walk: Walk) -> Page:
        """Pages have numbers: reviews that come in meanwhile only repeat some."""
        number = int(walk.cursor or 1)
        asked: dict[str, str | int] = {"page": number, "perPage": PAGE_SIZE, "orderBy": "createdat.desc"}
        answer = client.get(f"v1/business-units/{reviewed}/reviews", asked)
        with documented(WHAT):
            reviews = answer["reviews"]
            records = tuple(self.record(review, lambda one: one.get("id"), to_mention) for review in reviews)
            return Page(records, str(number + 1) if reviews else None)

    def recheck(self, ids: Sequence[str]) -> Rechecked:
        """Ask for one review after the other, as many as a run may make calls. Raises a CollectError.

        What is refused is not known to be gone. AccessDenied where the reviews of one's own are refused too.
        """
        visit = Visit(self.manners, *self.addresses)
        gone: list[str] = []
        shown: dict[str, Any] = {}
        let_in = False
        with visit.billed(), self.speak(visit) as wire:
            for native_id in ids:
                if visit.spent:
                    break
                try:
                    review = wire.get(f"v1/reviews/{native_id}")
                except AccessDenied:
                    if not let_in:  # once a run: a key that has expired is refused everywhere
                        self.page(wire, self.queries[0], Walk(None, None))
                        let_in = True
                    continue
                except Declined as refusal:
                    if refusal.status not in GONE:
                        raise
                    gone.append(native_id)
                    continue
                with documented(WHAT):
                    shown[review["id"]] = review
        present = (each for native_id, review in shown.items() for each in legible(review, native_id, to_mention))
        return Rechecked(tuple(gone), tuple(present), visit.requests)


ENTRY = Platform(
    name=PLATFORM,
    access="reviews of your own business units",
    settings=TrustpilotSettings,
    make=Trustpilot.from_settings,
    reach=Reach(
        endpoint="GET /v1/business-units/{id}/reviews, by httpx",
        auth="an API key of a plan that has API access",
        cannot_see="reviews that are held back, or hidden after a report; product reviews; other companies' pages",
        terms="what is removed must go: GET /v1/reviews/{id} answers 404",
        conversation="none: a review has one answer, one's own",
        documents="https://developers.trustpilot.com/business-units-api",
        checked=date(2026, 11, 21),
        quotas=(Quota(833, 300), Quota(10_000, 3_600)),
        volume=(0, 5_000),
    ),
)
