"""The seam between texts and models: anything that turns texts into toxicity and sentiment scores.

Two backends stand behind it: `embedded` (the ONNX model that ships) and `detoxify` (the real Detoxify class). Weights
and backbones change behind this protocol; nothing above it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scores:
    """Scores of n texts, in their order.

    toxicity: (n, 7) float32, calibrated probabilities, columns as `TOXICITY_LABELS`.
    sentiment: (n, 3) float32, probabilities of negative, neutral, positive (rows sum to 1).
    """

    toxicity: NDArray[np.float32]
    sentiment: NDArray[np.float32]


class Scorer(Protocol):
    """A model, loaded once and used for many batches."""

    @property
    def name(self) -> str:
        """Name and version, stamped on every row."""
        ...

    def score(self, texts: Sequence[str]) -> Scores:
        """Score normalised texts of any number and length; empty input gives arrays of no rows."""
        ...
