"""What the tests of the guard share: its cases, judged once by the model and the packs that ship."""

import pytest

from classifiers.backends import scorer
from classifiers.evaluation.guard import Case, Outcome, judged, read_cases
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from policies.check import load


def shipped(name: str) -> Judge:
    """The judge of a pack that ships, with no past."""
    return Judge(load(name), scorer("embedded"), MentionHistory())


@pytest.fixture(scope="session")
def cases() -> list[Case]:
    """As they are in the checkout."""
    return read_cases()


@pytest.fixture(scope="session")
def outcomes(cases: list[Case]) -> list[Outcome]:
    """All of them, under the packs that ship."""
    return judged(cases, shipped)


@pytest.fixture(scope="session")
def some(cases: list[Case]) -> list[Outcome]:
    """One in eight: enough for what does not ask about the whole, where tests run in several processes."""
    return judged(cases[::8], shipped)
