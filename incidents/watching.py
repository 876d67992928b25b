"""The posts behind an incident are watched: what their platform did with them is told in the thread, once a change.

What a platform no longer shows is no longer shown by us: its words go from the head message, where it stands as the
newest post and where the reason quotes it, and stay in the evidence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from incidents.card import notification_id
from incidents.incident import Exhibit, Status
from incidents.notification import Card, Notification, Reason
from incidents.unquoted import unquoted
from policies.policy import Severity

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


# The posts that a card's reason may quote, by how grave the card says that its incident is.
Quoted = Mapping[Severity, frozenset[str]]


def may_quote(severity: Severity, why: str, exhibits: Iterable[Exhibit]) -> Quoted:
    """Which posts the cards of an incident, which stands at this severity for this reason, may quote in theirs.

    A card's reason is a finding's, as grave as the card itself. Of the latest it is known which; of one that was told
    before the incident grew graver it may be any.
    """
    found: dict[Severity, set[str]] = defaultdict(set)
    for each in exhibits:
        if each.severity != severity or each.why == why:
            found[each.severity].add(each.mention_id)
    return {severity: frozenset(posts) for severity, posts in found.items()}


def concerns(card: Card, change: PostChange, quoted: Quoted) -> bool:
    """Whether a card has to follow: it shows the post that changed, or quotes one that is gone.

    A card that does not say whose words it shows may show any.
    """
    quotes = change.kind in GONE and change.mention_id in quoted.get(card.severity, ())
    return quotes or card.excerpt_of in ("", change.mention_id)


def taken_back(card: Card, mention_id: str, quoted: Quoted) -> Card:
    """The card without words of a post that its platform no longer shows; one that was never to show any as it is."""
    if _never_shown(card):
        return card
    if mention_id in quoted.get(card.severity, ()):
        clauses = (clause for clause, _ in card.clauses)
        card = replace(card, why=unquoted(card.category, card.severity, card.target_kind, clauses))
    if card.excerpt_of in ("", mention_id):
        card = replace(card, excerpt="", excerpt_url=None, withheld=TAKEN_BACK)
    return card


def followed(
    before: Notification,
    changes: Sequence[PostChange],
    number: int,
    status: Status,
    present: Mapping[str, Shown],
    quoted: Quoted,
    now: datetime,
) -> Notification:
    """The notification of changes of one kind, event `number`: the card as last told, and whose words it may show.

    What is told in a digest alone stays there. `present`: by mention, what may be shown of those that stand. `quoted`:
    the posts that the card's reason may quote. Raises TypeError where `before` is of no incident.
    """
    if not isinstance(before.card, Card):
        raise TypeError(f"{before.incident_id} is no incident")
    reason: Reason = ACTS[changes[0].kind]
    card = replace(before.card, status=status, note=said(changes, before.card.posts), held="", on_call=None)
    for change in changes:
        card = _shown(card, change, present.get(change.mention_id), quoted)
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


def _shown(card: Card, change: PostChange, present: Shown | None, quoted: Quoted) -> Card:
    if _never_shown(card) or not concerns(card, change, quoted) or change.kind == "nameless":
        return card
    if change.kind in GONE or present is None:
        return taken_back(card, change.mention_id, quoted)
    return replace(card, excerpt=present.excerpt, excerpt_url=present.url, withheld="", excerpt_of=change.mention_id)


def _never_shown(card: Card) -> bool:
    """Whether no words are shown in this channel, whatever becomes of the post."""
    return card.withheld not in ("", TAKEN_BACK)
