"""Which model scores: one instance of each a process, for loading is the slow part."""

from functools import cache
from pathlib import Path
from typing import Literal

from classifiers.detoxify_backend import DetoxifyScorer
from classifiers.embedded import Embedded
from classifiers.scorer import Scorer

Backend = Literal["embedded", "detoxify"]


@cache
def scorer(backend: Backend, checkpoint: Path | None = None, weights: Path | None = None) -> Scorer:
    """The scorer of that name. `checkpoint`: a local Detoxify checkpoint; without one it fetches its own.

    `weights`: a folder of other weights for the embedded model than those that ship.

    Nothing is loaded yet; a model that cannot be had is told at the first score.
    """
    if backend == "detoxify":
        return DetoxifyScorer(checkpoint, others=scorer("embedded", weights=weights))
    return Embedded(weights)
