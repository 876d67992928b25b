"""What was there before a mention: the seam through which rules about time look back.

The warehouse implements `History` over everything that is stored; `MentionHistory` does the same over mentions held in
memory (one file under `tocsin classify`, one sequence in a test).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collectors.mention import Mention


@dataclass(frozen=True)
class Contact:
    """One earlier post by an author that answers, addresses or names a certain person."""

    mention_id: str
    posted_at: datetime
    text: str


class History(Protocol):
    """Looks back over one author's posts towards one person."""

    def contacts(self, mention: Mention, person: str, since: datetime) -> Sequence[Contact]:
        """Posts by the author of `mention`, oldest first, in [since, mention.created_at), towards `person`.

        `person` is a handle without @, or a name. A post is towards a person when it replies to that handle or when
        its text holds the words of `person`, compared without case. No author, no contacts.
        """
        ...


class MentionHistory:
    """A history held in memory."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self._by_author: dict[tuple[str, str], list[Mention]] = {}
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        """Remember one more mention."""
        if (key := _author_key(mention)) is not None:
            self._by_author.setdefault(key, []).append(mention)

    def contacts(self, mention: Mention, person: str, since: datetime) -> Sequence[Contact]:
        """As `History.contacts`."""
        key = _author_key(mention)
        earlier = self._by_author.get(key, []) if key else []
        towards = [
            Contact(post.mention_id, post.created_at, post.text)
            for post in earlier
            if since <= post.created_at < mention.created_at and _is_towards(post, person.casefold())
        ]
        return sorted(towards, key=lambda contact: contact.posted_at)


def _author_key(mention: Mention) -> tuple[str, str] | None:
    native = mention.author.id or (mention.author.handle or "").casefold()
    return (mention.platform, native) if native else None


def _is_towards(post: Mention, person: str) -> bool:
    parent = post.in_reply_to.author if post.in_reply_to else None
    answered = (parent.handle or "").lstrip("@").casefold() if parent else ""
    return answered == person or person in post.text.casefold()
