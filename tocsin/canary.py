"""Planting canaries, following them, and what the operators hear where one does not arrive."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from collectors.canary import Place, new_marker, wording
from collectors.collector import CollectError
from incidents.alarm import SourceState
from policies.policy import Policy
from warehouse.canaries import Canary, CanaryBook

A_DAY = timedelta(hours=36)  # without a new one, where one is planted each day


def plant(engine: Engine, places: Sequence[Place], policies: Sequence[Policy], now: datetime) -> list[Canary]:
    """Plant today's canary on each place that has none yet. Raises the first CollectError, after the others' turn."""
    book, failures = CanaryBook(engine), list[CollectError]()
    for place in places:
        canary = book.of_day(place.name, new_marker(now.date()), now)
        if canary.native_id is None:
            try:
                book.planted(canary.marker, place.plant(wording(policies, canary.marker), canary.marker), now)
            except CollectError as error:
                failures.append(error)  # raised when the others have had their turn
    if failures:
        raise failures[0]
    return list(book.latest([place.name for place in places]).values())


def states(latest: dict[str, Canary], places: Sequence[Place], hours: float, now: datetime) -> list[SourceState]:
    """How each test source stands, for the watch. One that never had a canary says nothing."""
    found = [latest[place.name] for place in places if place.name in latest]
    return [
        SourceState(
            source=f"canary:{each.place}",
            platform=each.place,
            first_run_at=each.planted_at,
            last_success_at=None,
            outcome="completed",
            missing=missing(each, hours, now),
            on_demand=True,
        )
        for each in found
    ]


def missing(canary: Canary, hours: float, now: datetime) -> str | None:
    """What is wrong with the newest canary of a place; None: nothing yet."""
    age = now - canary.planted_at
    if age > A_DAY:
        return f"No canary has been planted since {canary.planted_at:%d %b %Y %H:%M} UTC."
    if canary.seconds_to_mart is not None or age < timedelta(hours=hours):
        return None
    if canary.native_id is None:
        return f"{canary.place} took no canary ({canary.marker})."
    far = "judged, but not found relevant" if canary.seconds_to_judge is not None else "stored, but not judged"
    how_far = far if canary.seconds_to_store is not None else "never read"
    return f"The canary {canary.marker} was planted {hours:g} hours ago or more, and {how_far}."
