"""GoEmotions' own grouping of its emotions (Demszky et al. 2020) into sentiments."""

_POSITIVE = frozenset(
    {
        *("admiration", "amusement", "approval", "caring", "desire", "excitement"),
        *("gratitude", "joy", "love", "optimism", "pride", "relief"),
    }
)
_NEGATIVE = frozenset(
    {
        *("anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment"),
        *("fear", "grief", "nervousness", "remorse", "sadness"),
    }
)


def feeling_of(emotions: set[str]) -> tuple[float, float, float] | None:
    """Negative, neutral, positive; None where a comment is both, or only ambiguous but for a question."""
    positive, negative = bool(emotions & _POSITIVE), bool(emotions & _NEGATIVE)
    if positive == negative:
        asks = emotions <= {"curiosity", "confusion", "neutral"}
        return (0.0, 1.0, 0.0) if asks and not positive else None
    return (float(negative), 0.0, float(positive))
