"""The model that ships: two 8-bit ONNX networks, run by onnxruntime on the CPU.

What it was made from, how good it is and where it fails is in docs/model-card.md; `make train` makes it again.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeVar

import numpy as np

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.normalise import normalise
from classifiers.onnx_model import OnnxModel, WeightsUnusable
from classifiers.scorer import ContextScores, InContext, Scores
from policies.policy import CATEGORY_NAMES

__all__ = ["Embedded", "WeightsUnusable"]

T = TypeVar("T")

_CHUNK = 2048  # texts tokenised at a time; memory does not grow beyond that


class Embedded:
    """Implements `classifiers.scorer.Scorer`. Files are read at the first score, not at construction.

    folder: where the files that `classifiers.training.finish` writes are; those that ship with Tocsin if not given.
    threads: processor threads to use; all that this process may use if not given.
    """

    def __init__(self, folder: Traversable | None = None, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads

    @cached_property
    def name(self) -> str:
        """Name and version, stamped on every row. Raises WeightsUnusable."""
        return f"{self._model.about['name']}-{self._model.about['version']}"

    @cached_property
    def _model(self) -> OnnxModel:
        folder = resources.files("classifiers") / "weights" if self._folder is None else self._folder
        return OnnxModel.load(folder, self._threads)

    def score(self, texts: Sequence[str]) -> Scores:
        """As `Scorer.score`: any number, any length; texts that normalise alike are scored once.

        A long text is read in windows: its toxicity is that of the worst, its sentiment the mean over all. A text of
        no words is not toxic and neutral. Raises WeightsUnusable.
        """
        plain = [normalise(text).text for text in texts]
        distinct = {text: row for row, text in enumerate(dict.fromkeys(plain))}
        toxicity = np.zeros((len(distinct), len(TOXICITY_LABELS)), np.float32)
        sentiment = np.zeros((len(distinct), len(SENTIMENT_LABELS)), np.float32)
        for chunk, part in _chunks(list(distinct)):
            scores = self._model.alone(part)
            toxicity[chunk], sentiment[chunk] = scores.toxicity, scores.sentiment
        index = np.array([distinct[text] for text in plain], np.intp)
        return Scores(toxicity[index], sentiment[index])

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """As `Scorer.score_in_context`; texts come from `classifiers.context`. Raises WeightsUnusable."""
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        relevant = np.zeros(len(distinct), np.float32)
        towards = np.zeros((len(distinct), len(SENTIMENT_LABELS)), np.float32)
        categories = np.zeros((len(distinct), len(CATEGORY_NAMES)), np.float32)
        for chunk, part in _chunks(list(distinct)):
            scores = self._model.in_context([one.text for one in part], [one.context for one in part])
            relevant[chunk], towards[chunk], categories[chunk] = scores.relevant, scores.towards, scores.categories
        index = np.array([distinct[text] for text in texts], np.intp)
        return ContextScores(relevant[index], towards[index], categories[index])


def _chunks(items: Sequence[T]) -> list[tuple[slice, Sequence[T]]]:
    return [(slice(start, start + _CHUNK), items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK)]
