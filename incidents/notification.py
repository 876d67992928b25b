"""A notification: one thing that people must hear, for one named reason, exactly once.

It is about an incident, about an alarm (a source that needs its operators), about many incidents at once (a digest), or
about a silence.
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
    "investigating",
    "assigned",
    "resolved",
    "dismissed",
    "reopened",
    "merged",
    "unmerged",
    "inhibited",
    "uninhibited",
    "post_edited",
    "post_deleted",
    "author_suspended",
    "post_restored",
    "source_alarm",
    "source_recovered",
    "digest",
    "silence_started",
    "silence_expiring",
    "silence_ended",
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
    target_handle: str | None  # never told, and kept no more: see `named`
    platforms: tuple[str, ...]
    # The newest post's words, people by role and slurs masked, unescaped: each channel escapes for its own medium.
    excerpt: str
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
    target_role: str = ""  # of a target whom the staff register knows: "work coach"
    named: str = ""  # whom it is aimed at by name, only where the route allows names in its channel
    authors: int = 1
    evidence: str = ""  # the SHA-256 of the newest exhibit, as the custody log has it
    custody: str = ""  # where the custody log ended when this was written: `7:` and the SHA-256 of entry 7
    excerpt_of: str = ""  # the mention whose words the excerpt is
    withheld: str = ""  # why no words are shown, where the excerpt is empty for a reason
    held: str = ""  # "held from 22:10 until 07:00 by quiet hours (Europe/London)"
    on_call: str | None = None  # the Slack user id, from the pack's rota, of the person whom this message calls


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


DigestKind = Literal["flood", "periodic"]
Counts = tuple[tuple[str, int], ...]  # what, and of how many incidents


@dataclass(frozen=True)
class DigestCard:
    """All that a message says of many incidents at once: of a flood, or of what its route hears of once a period."""

    digest_id: str  # DIG-3
    kind: DigestKind
    organisation: str
    incidents: int
    reasons: Counts  # of notifications: new_incident, new_evidence …
    severities: Counts  # gravest first
    categories: Counts  # commonest first
    target_kinds: Counts
    targets: int  # different ones
    authors: int
    gravest: tuple[tuple[str, str, str], ...]  # incident id, severity, category
    since: datetime
    until: datetime
    told: str = ""
    singly: int = 0  # of the same flood that were told in messages of their own
    limit: int = 0  # new incidents that a channel is told of singly in an hour


@dataclass(frozen=True)
class SilenceCard:
    """All that a message says of a silence. Nobody is named in it but the person whose silence it is."""

    silence_id: str  # SIL-3
    organisation: str
    covers: tuple[tuple[str, str], ...]  # label and value
    owner: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    kept_quiet: int = 0  # incidents
    severities: Counts = ()  # of those that are still open
    still_open: tuple[tuple[str, str, str], ...] = ()  # the gravest: incident id, severity, category
    told: str = ""
    note: str = ""  # how it ended


AnyCard = Card | SourceCard | DigestCard | SilenceCard


@dataclass(frozen=True)
class Notification:
    """One outbox row. `id` is derived from subject, reason and cause, so that writing it twice is writing it once."""

    id: str
    incident_id: str  # the incident's, the alarm's, the digest's or the silence's: what its thread is about
    reason: Reason
    route: str  # the pack's route name
    channel: str | None  # Slack channel; None: the configured default
    card: AnyCard
    created_at: datetime
    digest_at: datetime | None = None  # from when on it is told together with others; None: by itself, at once
    not_before: datetime | None = None  # until when quiet hours hold it back

    @property
    def edited(self) -> bool:
        """Whether its one message is brought up to date in place, with no reply below it."""
        return isinstance(self.card, DigestCard)


@dataclass(frozen=True)
class Receipt:
    """Proof that a channel holds a notification: where, under which id of the channel's own (a Slack ts, a path)."""

    notification_id: str
    channel: str
    remote_id: str
    detail: dict[str, Any]
