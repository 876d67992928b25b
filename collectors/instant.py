"""Positions for platforms whose posts are ordered by time alone, so that `Timeline` can read them too.

A position must be an integer that grows in the platform's own order and that no two posts share. A time alone is
shared; so the position is the time in microseconds and, below it, some bits of the post's id. Take the time by which
the platform sorts its listing, not one that an author's client may set.
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

TIE_BITS = 40  # of a thousand posts of one microsecond two share a position once in two million times
GRAIN = 1 << TIE_BITS  # for `Backlog`: posts of one moment stand in no order that a reader could rely on
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def position(moment: datetime, native_id: str) -> int:
    """The place of a post in a listing by time. `moment` is aware. Two posts of one moment have different places."""
    tie = int.from_bytes(blake2b(native_id.encode("utf-8", "replace"), digest_size=8).digest()) >> (64 - TIE_BITS)
    return ((moment - EPOCH) // MICROSECOND << TIE_BITS) | tie


def moment_of(place: int) -> datetime:
    """The moment of a position, in UTC, to the microsecond.

    Ask the platform for posts up to *and with* this moment of a walk's `top`, and from and with it of its `above`: what
    is read twice is stored once, what shares the moment is not lost. The overlap window covers what comes late.
    """
    return EPOCH + (place >> TIE_BITS) * MICROSECOND
