"""What was there before some mentions: the seam through which rules about time look back.

The warehouse implements `History` over everything that is stored, in a few queries for many mentions; `MentionHistory`
does the same over mentions held in memory (one file under `tocsin classify`, one sequence in a test).
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from classifiers.behaviour.fingerprint import bands
from classifiers.behaviour.past import Index, Past, people_of, post_of
from collectors.mention import Mention


class History(Protocol):
    """Looks back from many mentions at once."""

    def before(self, mentions: Sequence[Mention]) -> Past:
        """What rules may ask about the time before each of these mentions; it need answer for no others."""
        ...


class MentionHistory:
    """A history held in memory."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self.index = Index()
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        """Remember one more mention."""
        post = post_of(mention, account_of(mention))
        self.index.add(post, people_of(post), bands(post.text))

    def before(self, mentions: Sequence[Mention]) -> Past:
        """As `History.before`; all that is remembered."""
        return Past(account_of, self.index)


def account_of(mention: Mention) -> str | None:
    """The account behind a mention, by the platform's id, else by handle; None where neither is told."""
    native = mention.author.id or (mention.author.handle or "").lstrip("@").casefold()
    return f"{mention.platform}:{native}" if native else None
