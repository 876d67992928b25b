"""Figures from what is true and what was said. Undefined ones (a slice without a positive, say) are left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, recall_score, roc_auc_score

from classifiers.assessment import SENTIMENT_LABELS

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_BINS = 10
_FEWEST = 5  # texts of each kind below which a figure would be chance


@dataclass(frozen=True)
class Measure:
    """One figure: of which question, over which slice, what, and over how many texts."""

    question: str
    part: str
    name: str
    value: float
    n: int

    def row(self) -> dict[str, Any]:
        """As one row of a table."""
        return asdict(self)


def yes_or_no(question: str, part: str, truth: Flags, scores: Floats) -> Iterator[Measure]:
    """How well scores 0…1 tell what is true, at 0.5 and by rank."""
    said = scores >= 0.5
    positives, negatives = int(truth.sum()), int((~truth).sum())

    def measure(name: str, value: float, n: int = len(truth)) -> Measure:
        return Measure(question, part, name, float(value), n)

    if positives >= _FEWEST:
        yield measure("recall", said[truth].mean(), positives)
    if negatives >= _FEWEST:
        yield measure("left alone", (~said[~truth]).mean(), negatives)
    if positives < _FEWEST or negatives < _FEWEST:
        return
    if said.any():
        yield measure("precision", truth[said].mean(), int(said.sum()))
    yield measure("F1", f1_score(truth, said, zero_division=0))
    yield measure("macro-F1", f1_score(truth, said, average="macro", zero_division=0))
    yield measure("accuracy", (said == truth).mean())
    if len(np.unique(scores)) > 2:  # not where only found or not found is known
        yield measure("ROC AUC", roc_auc_score(truth, scores))
        yield measure("average precision", average_precision_score(truth, scores), positives)
        yield measure("calibration error", calibration_error(truth, scores))


def one_of_three(question: str, part: str, truth: Sequence[str], said: Sequence[str]) -> Iterator[Measure]:
    """Sentiment: mean recall of the classes that occur often enough, and each class's own."""
    present = [label for label in SENTIMENT_LABELS if truth.count(label) >= _FEWEST]
    if len(present) > 1:
        macro = recall_score(truth, said, labels=present, average="macro", zero_division=0)
        yield Measure(question, part, "macro-recall", float(macro), len(truth))
    for label in present:
        right = [b == label for a, b in zip(truth, said, strict=True) if a == label]
        yield Measure(question, part, f"recall of {label}", sum(right) / len(right), len(right))


def calibration_error(truth: Flags, scores: Floats) -> float:
    """Expected calibration error (Naeini et al. 2015) over ten bins of equal width."""
    return sum(n / len(truth) * abs(mean - share) for mean, share, n in reliability(truth, scores))


def reliability(truth: Flags, scores: Floats) -> list[tuple[float, float, int]]:
    """Per bin that holds any: mean score, share that is true, number of texts."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    return [
        (float(scores[bins == b].mean()), float(truth[bins == b].mean()), int((bins == b).sum()))
        for b in range(_BINS)
        if (bins == b).any()
    ]


def by_slice(
    slices: Sequence[set[str]], figures: Callable[[str, NDArray[np.intp]], Iterator[Measure]], fewest: int = 20
) -> Iterator[Measure]:
    """The figures over all, then over every slice that holds at least `fewest`."""
    yield from figures("all", np.arange(len(slices)))
    for name in sorted(set().union(*slices)):
        rows = np.array([i for i, one in enumerate(slices) if name in one], np.intp)
        if fewest <= len(rows) < len(slices):
            yield from figures(name, rows)
