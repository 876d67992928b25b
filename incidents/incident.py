"""An incident: findings by one author against one target in one category, that people deal with as one case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from policies.policy import CategoryName, Severity

Status = Literal["open", "acknowledged", "escalated", "resolved", "dismissed"]
STATUSES: tuple[Status, ...] = get_args(Status)
CLOSED: tuple[Status, ...] = ("resolved", "dismissed")

Act = Literal["opened", "evidence", "acknowledged", "assigned", "escalated", "dismissed", "resolved", "reopened"]


@dataclass(frozen=True)
class GroupKey:
    """What findings must share to be one incident. `author` is the pseudonym, `target` the handle or target kind."""

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
        return GroupKey(self.policy, self.author, (self.target_handle or self.target_kind).casefold(), self.category)


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
