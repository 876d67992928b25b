"""What the tests of the judge share: the DWP pack, a plain scorer, and posts invented by us."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from classifiers.history import MentionHistory
from classifiers.judge import Judge
from classifiers.scorer import ContextScores, InContext, Scores
from collectors.mention import Mention
from policies.check import load
from policies.policy import CATEGORY_NAMES, CategoryName, Policy


@dataclass
class TableScorer:
    """A scorer that looks scores up by word: what it knows is written in the test, all else is undecided."""

    toxic: dict[str, float]
    feeling: dict[str, tuple[float, float, float]]
    deeds: dict[str, tuple[CategoryName, float]] = field(default_factory=dict)
    relevant: float = 1.0
    name: str = "table-1"
    seen: int = 0

    def score(self, texts: Sequence[str]) -> Scores:
        """One row a text: the highest toxicity among its words, the sentiment of the first word that is known."""
        self.seen += len(texts)
        return self._looked_up(texts)

    def _looked_up(self, texts: Sequence[str]) -> Scores:
        toxicity = np.full((len(texts), 7), 0.3, np.float32)
        sentiment = np.tile(np.array([0.3, 0.4, 0.3], np.float32), (len(texts), 1))
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                toxicity[row] = np.maximum(toxicity[row], self.toxic.get(word, 0.3))
                sentiment[row] = self.feeling.get(word, sentiment[row])
        return Scores(toxicity, sentiment)

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """Felt as the text alone, and undecided on every category of which no word is known in text or context."""
        felt = self._looked_up([one.text for one in texts]).sentiment
        categories = np.full((len(texts), len(CATEGORY_NAMES)), 0.49, np.float32)
        for row, one in enumerate(texts):
            for word in re.findall(r"\w+", f"{one.text} {one.context}".casefold()):
                if word in self.deeds:
                    category, score = self.deeds[word]
                    categories[row, CATEGORY_NAMES.index(category)] = score
        return ContextScores(np.full(len(texts), self.relevant, np.float32), felt, categories)


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
