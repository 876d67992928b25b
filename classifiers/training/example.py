"""One labelled text. A set that lacks a label leaves it unknown, and the loss skips it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS, SentimentLabel, ToxicityLabel
from policies.policy import CategoryName

Labels = dict[ToxicityLabel, float]  # probabilities 0…1; an absent key is unknown, not zero
Feeling = tuple[float, float, float]  # probabilities of negative, neutral, positive

CLEAN: Labels = dict.fromkeys(TOXICITY_LABELS, 0.0)


@dataclass(frozen=True)
class Example:
    """A text alone (`context` None), or in its context for one organisation as `classifiers.context` writes it.

    `labels` and `sentiment` are of the text itself; `relevant`, `towards` and `categories` are for the organisation.
    None, or an absent key, where the set does not say.
    """

    text: str
    source: str
    labels: Labels = field(default_factory=dict)
    sentiment: Feeling | None = None
    context: str | None = None
    relevant: float | None = None
    towards: Feeling | None = None
    categories: Mapping[CategoryName, float] = field(default_factory=dict)


def certain(label: SentimentLabel) -> Feeling:
    """The whole weight on one sentiment."""
    negative, neutral, positive = (float(label == name) for name in SENTIMENT_LABELS)
    return negative, neutral, positive


def only(**labels: float) -> Labels:
    """The labels that a set knows. Raises ValueError where a name is not one of `TOXICITY_LABELS`."""
    known: Labels = {name: labels.pop(name) for name in TOXICITY_LABELS if name in labels}
    if labels:
        raise ValueError(f"Unknown labels {sorted(labels)}; known are {', '.join(TOXICITY_LABELS)}")
    return known
