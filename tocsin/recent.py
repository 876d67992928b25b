"""The past of a stream of any length: what `tocsin classify` remembers of the mentions that it has read.

Rules about time look back over one author's earlier posts. A pipe may never end, so only the latest are remembered:
between `MENTIONS` and twice as many, and fewer where the texts are long. A file within that bound is judged as the
warehouse would judge it; beyond it, an author's oldest posts are forgotten and only a course of conduct that began
before them can be missed.
"""

from collections.abc import Sequence

from classifiers.behaviour.past import Past
from classifiers.history import MentionHistory, account_of
from collectors.mention import Mention

MENTIONS = 20_000
CHARACTERS = 10_000_000  # of text


class RecentHistory:
    """A `classifiers.history.History` of two generations; when the younger is full, the older is forgotten."""

    def __init__(self, mentions: int = MENTIONS, characters: int = CHARACTERS) -> None:
        self._most = (mentions, characters)
        self._older, self._younger = MentionHistory(), MentionHistory()
        self._held = (0, 0)

    def add(self, mention: Mention) -> None:
        """Remember one more mention, without the platform's raw record."""
        if self._held[0] >= self._most[0] or self._held[1] >= self._most[1]:
            self._older, self._younger, self._held = self._younger, MentionHistory(), (0, 0)
        self._younger.add(mention.model_copy(update={"raw": {}}))
        said = len(mention.text) + len((mention.in_reply_to and mention.in_reply_to.text) or "")
        self._held = (self._held[0] + 1, self._held[1] + said)

    def before(self, mentions: Sequence[Mention]) -> Past:
        """As `History.before`."""
        return Past(account_of, self._older.index, self._younger.index)
