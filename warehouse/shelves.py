"""Where fingerprints stand: by the week of their post, then by band.

Bands are random numbers. Kept by themselves, a day's new ones would be strewn over an index of all time, and every
write would touch a page of its own. Put by week, they stand among those that they are compared with.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEK = timedelta(days=7)
_BITS = 47  # of a band that are kept; the week stands above them, and all of it fits a signed 64-bit number


def shelf(band: int, when: datetime) -> int:
    """The key of a band of a post of that moment."""
    return ((when - _EPOCH) // _WEEK << _BITS) | (band & ((1 << _BITS) - 1))


def shelves(band: int, since: datetime, until: datetime) -> Iterator[int]:
    """The keys that the band may have in posts of [since, until]; no more than it has weeks."""
    when = since
    while when < until:
        yield shelf(band, when)
        when += _WEEK
    yield shelf(band, until)


def by_shelf(bands: Iterable[int], since: datetime, until: datetime) -> dict[int, int]:
    """The band behind each key under which posts of [since, until] may have one of these."""
    return {key: band for band in bands for key in shelves(band, since, until)}
