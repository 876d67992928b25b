"""Ids of Mastodon and of what speaks its API, as positions in a listing, and back.

Mastodon numbers its posts. Others (Pleroma, Akkoma, GoToSocial, Misskey's kin) have ids of letters and digits that sort
as text; read as a number, byte by byte, they sort alike, above all numbers of instances that once had those.
"""

import re

LONGEST_NUMBER = 19  # digits: 64 bits
SECOND = 1000 << 16  # Mastodon's numbers begin with milliseconds since 1970; 16 bits tell those of one apart
FIRST_OF_TIME = 1 << 56  # numbers below count posts: early versions', and Friendica's
LETTERED = re.compile(r"[0-9A-Za-z]{10,40}")
BEYOND = {":": "A", "[": "a", "{": "z"}  # one more than "9", "Z" and "z": the nearest that an instance can read


def place_of(native_id: object) -> int | None:
    """The position of a post; None where its id has none. Early versions sent numbers, not text."""
    if not isinstance(native_id, str | int) or isinstance(native_id, bool):
        return None
    written = str(native_id)
    if written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER:
        return int(written)
    return int.from_bytes(written.encode()) if LETTERED.fullmatch(written) else None


def id_at(place: int | None, seconds: int = 0) -> str | None:
    """The id at a position, as `max_id` and `since_id` take it; so many seconds later, where ids are made of times."""
    if place is None:
        return None
    number = str(place)
    if len(number) <= LONGEST_NUMBER:
        return str(place + seconds * SECOND) if place >= FIRST_OF_TIME else number
    written = place.to_bytes((place.bit_length() + 7) // 8).decode("ascii")
    return written[:-1] + BEYOND.get(written[-1], written[-1])
