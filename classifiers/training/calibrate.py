"""Logits made into probabilities that can be trusted, on texts that the model has not seen.

Toxicity: Platt scaling (Platt 1999), one slope and one intercept a label, so that 0.5 is the operating point.
Sentiment: one temperature (Guo et al. 2017) and one offset a class.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
_FEWEST = 20  # positives and negatives below which a label keeps its raw sigmoid


def platt(logits: Floats, truth: Floats) -> tuple[list[float], list[float]]:
    """Slopes and intercepts, one a column of (n, labels) logits; truth is 0…1; either is NaN where unknown."""
    slopes, intercepts = [], []
    for column in range(logits.shape[1]):
        known = ~np.isnan(truth[:, column] + logits[:, column])
        x, y = logits[known, column], truth[known, column] >= 0.5
        if min(y.sum(), (~y).sum()) < _FEWEST:
            slopes.append(1.0)
            intercepts.append(0.0)
            continue
        fitted = LogisticRegression(C=1e6).fit(x[:, None], y)
        slopes.append(float(fitted.coef_[0, 0]))
        intercepts.append(float(fitted.intercept_[0]))
    return slopes, intercepts


def temperature(logits: Floats, truth: Floats, ours: NDArray[np.bool_] | None = None) -> tuple[float, list[float]]:
    """The scale and the offsets that make softmax(scale * logits + offsets) likeliest; (n, 3) each, NaN if unknown.

    Each class weighs the same, so that a class that is rare in the training text is not under-called elsewhere; and so
    do texts that are `ours` (n,) and others, since neither's manner is that of a feed.
    """
    known = ~np.isnan(truth + logits).any(axis=1)
    x, y = logits[known], truth[known]
    own = np.zeros(len(y), bool) if ours is None else ours[known]
    weight = np.zeros(len(y))
    for some in (own, ~own):
        weight[some] = (y[some] / np.maximum(y[some].sum(axis=0), 1)).sum(axis=1)

    def cost(parameters: NDArray[np.float64]) -> float:
        return float(-(weight * (y * log_softmax(parameters[0] * x + parameters[1:], axis=1)).sum(axis=1)).sum())

    scale, *offsets = minimize(cost, np.array([1.0, 0.0, 0.0, 0.0]), method="L-BFGS-B").x
    return float(scale), [float(offset - np.mean(offsets)) for offset in offsets]
