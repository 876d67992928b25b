"""What the tests of the judge share: the DWP pack, a plain scorer, and posts invented by us."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import Scores
from collectors.mention import Mention
from policies.check import load
from policies.policy import Policy


@dataclass
class TableScorer:
    """A scorer that looks scores up by word: what it knows is written in the test, all else is undecided."""

    toxic: dict[str, float]
    feeling: dict[str, tuple[float, float, float]]
    name: str = "table-1"
    seen: int = 0

    def score(self, texts: Sequence[str]) -> Scores:
        """One row a text: the highest toxicity among its words, the sentiment of the first word that is known."""
        self.seen += len(texts)
        toxicity = np.full((len(texts), 7), 0.3, np.float32)
        sentiment = np.tile(np.array([0.3, 0.4, 0.3], np.float32), (len(texts), 1))
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                toxicity[row] = np.maximum(toxicity[row], self.toxic.get(word, 0.3))
                sentiment[row] = self.feeling.get(word, sentiment[row])
        return Scores(toxicity, sentiment)


@pytest.fixture(scope="session")
def dwp() -> Policy:
    """The pack that ships."""
    return load("dwp")


@pytest.fixture
def scorer() -> TableScorer:
    """Knows a few plain words."""
    return TableScorer({"scum": 0.9}, {"disgrace": (0.9, 0.08, 0.02), "brilliant": (0.02, 0.08, 0.9)})


@pytest.fixture
def judge(dwp: Policy, scorer: TableScorer) -> Judge:
    """A judge with no past."""
    return Judge(dwp, scorer, MentionHistory())


@pytest.fixture
def post() -> Callable[..., Mention]:
    """Makes a mention from a text and whatever else of the contract a test needs."""

    def make(text: str, number: int = 1, **more: Any) -> Mention:
        record = {"platform": "x", "id": str(number), "text": text, "created_at": "2026-10-01T09:15:00Z", **more}
        return Mention.from_record(record)

    return make
