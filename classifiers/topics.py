"""What a post talks about, in the pack's own topics: payments, waiting times, an office."""

from classifiers.phrases import phrase_pattern
from policies.policy import Policy


class Topics:
    """One pack's topics, compiled once. A text touches a topic when it holds one of the topic's phrases."""

    def __init__(self, policy: Policy) -> None:
        self._patterns = [
            ((group, topic), phrase_pattern(phrases))
            for group, topics in policy.topics.items()
            for topic, phrases in topics.items()
        ]

    def of(self, text: str) -> tuple[tuple[str, str], ...]:
        """(group, topic) of every topic that the text touches, in the pack's order."""
        return tuple(topic for topic, pattern in self._patterns if pattern.search(text))
