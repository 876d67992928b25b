"""A notification: one thing that people must hear, for one named reason, exactly once.

It is about an incident, or about an alarm: a source that needs its operators.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from policies.policy import Severity

Reason = Literal[
    "new_incident",
    "new_evidence",
    "escalated",
    "not_acknowledged",
    "acknowledged",
    "assigned",
    "resolved",
    "dismissed",
    "reopened",
    "source_alarm",
    "source_recovered",
]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True)
class Card:
    """All that a message says of an incident, as it stood when the notification was written to the outbox."""

    incident_id: str
    category: str
    severity: Severity
    status: str
    organisation: str
    clauses: tuple[tuple[str, str], ...]  # (clause id, quoted text)
    target_kind: str
    target_handle: str | None
    platforms: tuple[str, ...]
    excerpt: str  # the newest post's words, unescaped: each channel escapes for its own medium
    excerpt_url: str | None
    why: str
    posts: int
    first_seen_at: datetime
    last_seen_at: datetime
    reach: int | None
    next_step: str
    note: str = ""  # what just happened, in one line: "severity raised from low to high", "resolved by Sam: removed"
    told: str = ""  # the people who are told, as the pack calls them; Notification.route is the pack's key for them
    assignee: str | None = None


@dataclass(frozen=True)
class SourceCard:
    """All that a message says of an alarm about a source."""

    alarm_id: str
    source: str
    platform: str
    kind: str
    problem: str  # may hold the platform's own words, unescaped
    since: datetime  # when the alarm was raised
    last_success_at: datetime | None
    next_step: str
    note: str = ""  # how it ended


@dataclass(frozen=True)
class Notification:
    """One outbox row. `id` is derived from subject, reason and cause, so that writing it twice is writing it once."""

    id: str
    incident_id: str  # the incident's, or the alarm's: what its thread is about
    reason: Reason
    route: str  # the pack's route name
    channel: str | None  # Slack channel; None: the configured default
    card: Card | SourceCard
    created_at: datetime


@dataclass(frozen=True)
class Receipt:
    """Proof that a channel holds a notification: where, under which id of the channel's own (a Slack ts, a path)."""

    notification_id: str
    channel: str
    remote_id: str
    detail: dict[str, Any]
