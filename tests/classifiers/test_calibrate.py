"""Calibration finds again what bent the logits, and lets neither kind of text rule."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="Training is an optional extra: pip install 'tocsin[train]'")

from classifiers.training.calibrate import platt, temperature


def test_calibration_finds_what_bent_the_logits() -> None:
    rng = np.random.default_rng(3)
    true = rng.normal(size=(20_000, 7)).astype(np.float32) * 2
    truth = (rng.random(true.shape) < 1 / (1 + np.exp(-true))).astype(np.float32)
    truth[::3, 2] = np.nan
    truth[:, 4] = 0  # one class only: nothing to fit
    slopes, intercepts = platt((true - 1) / 0.5, truth)
    assert np.delete(slopes, 4) == pytest.approx(0.5, abs=0.05)
    assert np.delete(intercepts, 4) == pytest.approx(1.0, abs=0.1)
    assert (slopes[4], intercepts[4]) == (1.0, 0.0)
    logits = rng.normal(size=(20_000, 3)).astype(np.float32) * 3
    odds = np.exp(logits / 2)
    drawn = (odds.cumsum(axis=1) / odds.sum(axis=1, keepdims=True) < rng.random((20_000, 1))).sum(axis=1)
    scale, offsets = temperature(logits, np.eye(3, dtype=np.float32)[drawn])
    assert scale == pytest.approx(0.5, abs=0.05)
    assert offsets == pytest.approx([0, 0, 0], abs=0.1)


def test_few_posts_of_our_own_count_as_much_as_many_others() -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(size=(9_000, 3)).astype(np.float32)
    leaning = logits.copy()
    leaning[:900, 2] -= 2  # ours: the last class is under-called
    truth = np.eye(3, dtype=np.float32)[(logits * 3 + rng.gumbel(size=logits.shape)).argmax(axis=1)]
    ours = np.arange(9_000) < 900
    (_, equal), (_, alike) = temperature(leaning, truth, ours), temperature(leaning, truth)
    assert equal[2] > alike[2] + 0.2
    assert temperature(leaning, truth, ~ours)[1] == pytest.approx(equal, abs=0.01), "either way round"
