"""An incident: findings by one author, or of one campaign, against one target in one category: one case for people."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, get_args

from policies.policy import CategoryName, Severity

Status = Literal["open", "acknowledged", "investigating", "escalated", "resolved", "dismissed", "merged"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("open", "acknowledged", "investigating", "escalated")
CLOSED: tuple[Status, ...] = ("resolved", "dismissed")  # one that is merged stands as the one it was merged into does

Act = Literal[
    "opened",
    "evidence",
    "acknowledged",
    "investigating",
    "assigned",
    "escalated",
    "dismissed",
    "resolved",
    "reopened",
    "merged",  # into another; `absorbed` is the same as the other has it
    "unmerged",
    "absorbed",
    "parted",
    "inhibited",  # a graver incident explains it: it rings no bell of its own
    "uninhibited",
    # what the platform did with a post of it, which changes no status
    "post_edited",
    "post_deleted",
    "author_suspended",
    "post_restored",
]

TARGET_LIMIT = 200  # characters; targets are indexed, and an index has a limit. The finding keeps the whole


@dataclass(frozen=True)
class GroupKey:
    """What findings must share to be one incident. `target` is the handle or target kind.

    `author` is the pseudonym, or the name of a campaign: see `incidents.campaign`.
    """

    policy: str
    author: str
    target: str
    category: CategoryName


@dataclass(frozen=True)
class Exhibit:
    """One finding with what a reader needs beside it: the evidence as it stood when it was found."""

    finding_id: str
    mention_id: str
    category: CategoryName
    clauses: tuple[str, ...]
    severity: Severity
    confidence: float
    target_kind: str
    target_handle: str | None
    why: str
    policy: str  # the pack's id
    policy_version: str
    model: str
    platform: str
    url: str | None
    author: str  # pseudonym
    author_handle: str | None
    text: str
    spans: tuple[tuple[int, int], ...]
    posted_at: datetime
    reach: int | None  # followers of the author, or views where the platform counts them

    @property
    def key(self) -> GroupKey:
        """The incident that this exhibit belongs to."""
        return GroupKey(self.policy, self.author, target_of(self.target_handle, self.target_kind), self.category)


@dataclass(frozen=True)
class Incident:
    """The state of one case: the fold of its events. `id` is the human one, `TOC-1042`."""

    id: str
    key: GroupKey
    severity: Severity
    status: Status
    clauses: tuple[str, ...]
    author_handle: str | None
    target_kind: str
    mention_ids: tuple[str, ...]
    platforms: tuple[str, ...]
    opened_at: datetime
    first_seen_at: datetime  # of the posts
    last_seen_at: datetime
    why: str
    assignee: str | None = None
    route: str = ""  # the pack's, as it was when the incident was opened; empty until the casebook has it
    authors: tuple[str, ...] = ()  # pseudonyms of all with a post in it, in the order of their posts' arrival
    handles: tuple[str, ...] = ()  # theirs, as far as they are known
    merged_into: str | None = None
    inhibited_by: str | None = None  # the graver incident that explains it
    escalated_to: tuple[str, ...] = ()  # the further routes that were told, in their order

    @property
    def routes(self) -> tuple[str, ...]:
        """Every route whose people have to do with it."""
        return tuple(dict.fromkeys((self.route, *self.escalated_to)))


def target_of(handle: str | None, kind: str) -> str:
    """What a key calls whom a finding is aimed at: by handle, else by kind, without regard to case.

    Whatever a post may call somebody, one that is too long for a key stands in it by its beginning and its hash.
    """
    called = (handle or kind).casefold()
    if len(called) <= TARGET_LIMIT:
        return called
    return f"{called[:TARGET_LIMIT]}…{sha256(called.encode('utf-8', 'surrogatepass')).hexdigest()}"
