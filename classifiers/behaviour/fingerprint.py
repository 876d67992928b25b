"""Near-duplicate texts, found by MinHash and banding (Broder 1997; Leskovec, Rajaraman, Ullman, ch. 3) over words.

A text's shingles are its words and pairs of words, without handles, links and numbers, which copies change first. Two
texts share a band with a probability of 1 - (1 - s³)⁸ where s is their Jaccard similarity: 0.997 at 0.8, 0.86 at 0.6,
and 0.008 at 0.1, where most strangers are; what shares one is compared in full. Rows are what keeps strangers apart:
with four bands of two, each post of a busy day was compared with nine times as many.
"""

import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np

from classifiers.normalise import straight

SIMILAR = 0.6  # Jaccard similarity from which one text is a copy of another
FEWEST_WORDS = 7  # distinct; shorter texts are alike by chance
_BANDS, _ROWS = 8, 3
_MOST_WORDS = 400  # a copied article is known by its beginning

_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|[@#][\w.-]+|\d+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_seeds = np.random.default_rng(0x70C51).integers(1, 2**63, size=(3, _BANDS * _ROWS), dtype=np.uint64)
_MULTIPLY, _ADD, _MIX = _seeds[0] | np.uint64(1), _seeds[1], _seeds[2] | np.uint64(1)


@lru_cache(4096)
def shingles(text: str) -> frozenset[str]:
    """The words and pairs of words of a text; none where it has too few to be known by."""
    words = _WORD.findall(_LEFT_OUT.sub(" ", straight(text).casefold()))[:_MOST_WORDS]
    if len(set(words)) < FEWEST_WORDS:
        return frozenset()
    return frozenset(words) | {f"{one} {other}" for one, other in pairwise(words)}


@lru_cache(4096)
def bands(text: str) -> tuple[int, ...]:
    """The bands of a text, signed 64-bit; none where it is too short."""
    parts = shingles(text)
    if not parts:
        return ()
    hashed = np.fromiter((crc32(part.encode("utf-8", "surrogatepass")) for part in parts), np.uint64, len(parts))
    with np.errstate(over="ignore"):
        smallest = ((hashed[:, None] * _MULTIPLY + _ADD) >> np.uint64(24)).min(axis=0)
        mixed = (smallest * _MIX).reshape(_BANDS, _ROWS).sum(axis=1, dtype=np.uint64)
    return tuple(int(value) for value in mixed.view(np.int64))


def similarity(one: str, other: str) -> float:
    """The Jaccard similarity of two texts' shingles, 0…1."""
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right) if left and right else 0.0
