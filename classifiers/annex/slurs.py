"""Slurs, kept as digests so that the words themselves stand nowhere in this repository.

Each entry is the BLAKE2b digest (5 bytes, hexadecimal) of one lower-case word.
"""

import re
from functools import lru_cache
from hashlib import blake2b

Span = tuple[int, int]

_DIGESTS = frozenset(
    """
    0019db8c57 00be32dac6 04a265e43b 053d4d79fc 07f5624520 08a1998123 0a02f16587 0b59d301be 0c06b13f84
    0d2a5198e7 0de4abf4b9 1024f168f8 113d4ebfae 2573e30738 29f2e0bde3 2bc09fbe44 2ee15af2a5 3a28e6ae35
    3cf6b22481 41ac537a6e 488bf4e073 4c30e99af9 4eb380c98c 4f22b25ea4 5079b64a55 56050af8eb 5819f3ce46
    59eba97fbd 5d2b987118 5eb49db64f 60c9e2e776 66d36cea6b 6b10e2f8f8 722dd0b625 75e6c754ae
    76ddf3ce6c 7afb171904 814ef372d0 8424dc79b5 8559f10567 85ebeb15e6 86333eaf1e 866f928c9b
    86e185a2e8 8ac128d499 8d953cad00 8d95c027dd 8f6588dc02 99676a3c99 9ad8e7faa2 9e33d22628 a34e8f759d
    a6781adc1a b8a315b273 b8ea9fdac9 b8eb2d771b bb1bf84f02 bda6d4c6e9 c2589fc7af c291d771b7 c772dcbb7d
    cde02d287b de2e610b18 e1a51b1f49 e9670e2cea ea9b917902 ea9d56a57c ed212b565f f1058b2484 f3bf08111f
    f5f94c305f fbe0ea15b5 fc7a0ee6bb
    """.split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]{3,14}")


def slur_spans(text: str) -> list[Span]:
    """Where a text holds a slur, as whole words."""
    return [match.span() for match in _WORD.finditer(text) if _is_slur(match[0].casefold())]


@lru_cache(maxsize=65_536)
def _is_slur(word: str) -> bool:
    return blake2b(word.encode(), digest_size=5).hexdigest() in _DIGESTS
