"""The posts behind an incident are watched: what their platform did with them is told in the thread, once a change.

What a platform no longer shows is no longer shown by us: its words go from the head message, and stay in the evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from incidents.card import notification_id
from incidents.incident import Status
from incidents.notification import Card, Notification, Reason

ChangeKind = Literal["edited", "deleted", "suspended", "nameless", "restored"]
WatchAct = Literal["post_edited", "post_deleted", "author_suspended", "post_restored"]

ACTS: Mapping[ChangeKind, WatchAct] = {
    "edited": "post_edited",
    "deleted": "post_deleted",
    "suspended": "author_suspended",
    "nameless": "author_suspended",  # shown still, by nobody
    "restored": "post_restored",
}
GONE: tuple[ChangeKind, ...] = ("deleted", "suspended")  # the platform shows the post no more
TAKEN_BACK = "the platform no longer shows this post; the evidence holds its words"

_SAID: Mapping[ChangeKind, str] = {
    "edited": "the author changed {posts}; the evidence holds the words as they were found",
    "deleted": "the platform no longer shows {posts}; the evidence holds the words",
    "suspended": "the platform no longer shows {posts}, for the account is suspended or closed; the evidence holds it",
    "nameless": "the platform still shows {posts}, and no longer names the author",
    "restored": "the platform shows {posts} again",
}


@dataclass(frozen=True)
class PostChange:
    """One thing that a platform did with one post. Of an edit: SHA-256 of the words before and after, in UTF-8."""

    mention_id: str
    kind: ChangeKind
    noticed_at: datetime
    former_sha256: str | None = None
    present_sha256: str | None = None

    @property
    def record(self) -> dict[str, str]:
        """What event and custody log keep of it."""
        told = {"mention_id": self.mention_id, "kind": self.kind, "noticed_at": self.noticed_at.isoformat()}
        hashes = {"former_sha256": self.former_sha256, "present_sha256": self.present_sha256}
        return told | {name: value for name, value in hashes.items() if value}


@dataclass(frozen=True)
class Shown:
    """What a channel may be shown of a post as it stands now."""

    excerpt: str
    url: str | None


def concerns(card: Card, change: PostChange) -> bool:
    """Whether a card shows the words of the post that changed; one that does not say whose they are may."""
    return card.excerpt_of in ("", change.mention_id)


def taken_back(card: Card) -> Card:
    """The card without words that their platform no longer shows."""
    return replace(card, excerpt="", excerpt_url=None, withheld=TAKEN_BACK)


def followed(
    before: Notification,
    changes: Sequence[PostChange],
    number: int,
    status: Status,
    present: Mapping[str, Shown],
    now: datetime,
) -> Notification:
    """The notification of changes of one kind, event `number`: the card as last told, and whose words it may show.

    What is told in a digest alone stays there. `present`: by mention, what may be shown of those that stand. Raises
    TypeError where `before` is of no incident.
    """
    if not isinstance(before.card, Card):
        raise TypeError(f"{before.incident_id} is no incident")
    reason: Reason = ACTS[changes[0].kind]
    card = replace(before.card, status=status, note=said(changes, before.card.posts), held="", on_call=None)
    for change in changes:
        card = _shown(card, change, present.get(change.mention_id))
    return replace(
        before,
        id=notification_id(before.incident_id, reason, f"event {number}"),
        reason=reason,
        card=card,
        created_at=now,
    )


def said(changes: Sequence[PostChange], of: int) -> str:
    """`the author changed 1 of its 3 posts; …`."""
    number = len({change.mention_id for change in changes})
    posts = "the post" if of <= 1 else f"{number:,} of its {max(of, number):,} posts"
    return _SAID[changes[0].kind].format(posts=posts)


def _shown(card: Card, change: PostChange, present: Shown | None) -> Card:
    never_shown = card.withheld not in ("", TAKEN_BACK)  # in this channel
    if never_shown or not concerns(card, change) or change.kind == "nameless":
        return card
    if change.kind in GONE or present is None:
        return taken_back(card)
    return replace(card, excerpt=present.excerpt, excerpt_url=present.url, withheld="", excerpt_of=change.mention_id)
