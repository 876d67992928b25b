"""What a mention says, under one policy: language, relevance, sentiment towards the organisation, toxicity, scope."""

from dataclasses import dataclass
from typing import Literal, get_args

ToxicityLabel = Literal[
    "toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack", "sexual_explicit"
]
TOXICITY_LABELS: tuple[ToxicityLabel, ...] = get_args(ToxicityLabel)  # Detoxify's names ("unbiased" model), its order

SentimentLabel = Literal["negative", "neutral", "positive"]
SENTIMENT_LABELS: tuple[SentimentLabel, ...] = get_args(SentimentLabel)

Scope = Literal["in", "union", "official", "exempt"]


@dataclass(frozen=True)
class Sentiment:
    """Feeling towards the organisation; `score` runs from -1 (negative) to 1 (positive)."""

    label: SentimentLabel
    score: float


@dataclass(frozen=True)
class Assessment:
    """One mention judged under one policy. `toxicity` holds calibrated probabilities 0…1, one a `TOXICITY_LABELS`.

    `model` names the scorer and its version, `policy` is `Policy.stamp`.
    """

    mention_id: str
    language: str  # ISO 639-1; "zxx" where there are no words, "und" where their language cannot be told
    relevant: bool
    sentiment: Sentiment
    toxicity: dict[ToxicityLabel, float]
    scope: Scope
    model: str
    policy: str
    topics: tuple[tuple[str, str], ...] = ()  # (group, topic) of the pack's topics that the text touches
