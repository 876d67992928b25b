"""What a post talks about, in the pack's own topics: payments, waiting times, an office."""

import re
from collections import defaultdict
from collections.abc import Iterator

from classifiers.phrases import phrase_pattern
from policies.policy import Policy

Topic = tuple[str, str]  # (group, topic)

_WORD = re.compile(r"\w+")


class Topics:
    """One pack's topics, compiled once. A text touches a topic when it holds one of the topic's phrases."""

    def __init__(self, policy: Policy) -> None:
        topics = [(group, topic) for group, within in policy.topics.items() for topic in within]
        self._order = {topic: place for place, topic in enumerate(topics)}
        by_word: dict[str, dict[Topic, list[str]]] = defaultdict(lambda: defaultdict(list))
        for group, topic in topics:
            for phrase in policy.topics[group][topic]:
                by_word[_first_word(phrase)][group, topic].append(phrase)
        # Only phrases whose first word is in the text are looked for: most texts hold few of them.
        self._by_word = {
            word: [(topic, phrase_pattern(phrases)) for topic, phrases in topics.items()]
            for word, topics in by_word.items()
        }

    def of(self, *texts: str) -> tuple[Topic, ...]:
        """Every topic that one of the texts touches, in the pack's order.

        Give the writer's own text beside the normalised one, in which handles and links have lost their names.
        """
        found = {topic for text in set(texts) for topic in self._touched(text)}
        return tuple(sorted(found, key=self._order.__getitem__))

    def _touched(self, text: str) -> Iterator[Topic]:
        words = {"", *_WORD.findall(text.casefold())}
        for word in words & self._by_word.keys():
            yield from (topic for topic, pattern in self._by_word[word] if pattern.search(text))


def _first_word(phrase: str) -> str:
    """The word by which a phrase is found quickly; "" for one of signs alone, which is looked for in every text."""
    return next(iter(_WORD.findall(phrase.casefold())), "")
