"""The seam between texts and models: anything that turns texts into scores.

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


@dataclass(frozen=True)
class InContext:
    """A text with the organisation marked in it, and what stands beside it; `classifiers.context` writes both."""

    text: str
    context: str


@dataclass(frozen=True)
class ContextScores:
    """Scores of n texts in context, in their order; all are calibrated probabilities, float32.

    relevant: (n,), that the text is about the organisation. towards: (n, 3), negative, neutral, positive feeling
    towards it. categories: (n, 15), columns as `CATEGORY_NAMES`; a text may be in several.
    """

    relevant: NDArray[np.float32]
    towards: NDArray[np.float32]
    categories: NDArray[np.float32]


class Scorer(Protocol):
    """A model, loaded once and used for many batches."""

    @property
    def name(self) -> str:
        """Name and version, stamped on every row."""
        ...

    def score(self, texts: Sequence[str]) -> Scores:
        """Score texts of any number and length, each alone; empty input gives arrays of no rows."""
        ...

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Score texts for an organisation; empty input gives arrays of no rows."""
        ...
