"""The model's answers for a batch of mentions, each distinct text asked once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.scorer import InContext, Scorer


@dataclass(frozen=True)
class Alone:
    """The answer for a text alone: toxicity (7,) and sentiment (3,), as the rows of `Scores`."""

    toxicity: NDArray[np.float32]
    sentiment: NDArray[np.float32]


@dataclass(frozen=True)
class Read:
    """The answer for a text in context: as the rows of `ContextScores`."""

    relevant: float
    towards: NDArray[np.float32]
    categories: NDArray[np.float32]


@dataclass(frozen=True)
class Scorebook:
    """`alone` by the text; `in_context` by what was asked."""

    alone: Mapping[str, Alone]
    in_context: Mapping[InContext, Read]


def scorebook(scorer: Scorer, texts: Iterable[str], asked: Iterable[InContext]) -> Scorebook:
    """The scores of normalised texts, each distinct one scored once, and of texts in context."""
    distinct = list(dict.fromkeys(texts))  # whatever their case: some models read it
    scores = scorer.score(distinct)
    alone = {
        one: Alone(toxicity, sentiment)
        for one, toxicity, sentiment in zip(distinct, scores.toxicity, scores.sentiment, strict=True)
    }
    questions = list(dict.fromkeys(asked))
    read = scorer.score_in_context(questions)
    answers = zip(questions, read.relevant, read.towards, read.categories, strict=True)
    return Scorebook(alone, {one: Read(float(relevant), *rest) for one, relevant, *rest in answers})
