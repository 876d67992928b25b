"""One labelled text. A set that lacks a label leaves it unknown, and the loss skips it."""

from dataclasses import dataclass, field

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS, SentimentLabel, ToxicityLabel

Labels = dict[ToxicityLabel, float]  # probabilities 0…1; an absent key is unknown, not zero

CLEAN: Labels = dict.fromkeys(TOXICITY_LABELS, 0.0)


@dataclass(frozen=True)
class Example:
    """`sentiment`: probabilities of negative, neutral, positive, or None where the set does not say."""

    text: str
    source: str
    labels: Labels = field(default_factory=dict)
    sentiment: tuple[float, float, float] | None = None


def certain(label: SentimentLabel) -> tuple[float, float, float]:
    """The whole weight on one sentiment."""
    negative, neutral, positive = (float(label == name) for name in SENTIMENT_LABELS)
    return negative, neutral, positive


def only(**labels: float) -> Labels:
    """The labels that a set knows. Raises ValueError where a name is not one of `TOXICITY_LABELS`."""
    known: Labels = {name: labels.pop(name) for name in TOXICITY_LABELS if name in labels}
    if labels:
        raise ValueError(f"Unknown labels {sorted(labels)}; known are {', '.join(TOXICITY_LABELS)}")
    return known
