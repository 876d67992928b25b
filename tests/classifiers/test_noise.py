"""What training adds of slips and disguises: seeded, rare, and only what the normaliser leaves."""

import numpy as np

from classifiers.normalise import normalise
from classifiers.training.noise import noisy

TEXT = "this office lost the useless letter again, pathetic"


def shown(disguises: bool) -> list[str]:
    return [noisy(TEXT, np.random.default_rng(seed), disguises) for seed in range(2_000)]


def test_without_disguises_a_slip_is_one_letter_in_one_word() -> None:
    some = shown(disguises=False)
    assert 0.09 < np.mean([one != TEXT for one in some]) < 0.15
    assert all(abs(len(one) - len(TEXT)) <= 1 for one in some)


def test_disguises_are_rare_and_as_the_model_would_read_them() -> None:
    some = shown(disguises=True)
    assert some == shown(disguises=True)
    assert 0.12 < np.mean([one != TEXT for one in some]) < 0.19
    hidden = [one for one in some if abs(len(one) - len(TEXT)) > 1 or "*" in one or "#" in one]
    assert 0.02 < len(hidden) / len(some) < 0.05
    assert all(normalise(one).text == one for one in hidden)


def test_the_name_of_the_organisation_keeps_its_mark() -> None:
    text = "§ Jobcentre staff are useless, absolutely useless"
    assert all(noisy(text, np.random.default_rng(seed), disguises=True).startswith("§ J") for seed in range(300))
