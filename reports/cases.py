"""What a daily report holds of incidents and of approved exceptions. Built by `reports.casework` and `exceptions`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from reports.precision import ClauseLine

ExceptionState = Literal["not begun", "in force", "ends soon", "expired"]


@dataclass(frozen=True)
class Case:
    """One open incident as it stands when the report is made."""

    incident_id: str
    category: str
    severity: str
    status: str
    clauses: tuple[tuple[str, str], ...]  # (id, quoted text; empty where the pack in force has the clause no more)
    why: str
    next_step: str
    route: str
    assignee: str | None
    posts: int
    platforms: tuple[str, ...]
    opened_at: datetime
    age: timedelta
    is_new: bool
    excerpt: str | None
    url: str | None
    explained_by: str | None = None  # the graver incident beside which it rang no bell
    acknowledged_at: datetime | None = None

    @property
    def untouched(self) -> bool:
        """Nobody has acknowledged it, though a bell rang for it; handed on for want of an answer, it still waits."""
        waits = self.status == "open" or (self.status == "escalated" and self.acknowledged_at is None)
        return waits and self.explained_by is None

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.untouched:
            return "nobody on it"
        status = "under investigation" if self.status == "investigating" else self.status
        return f"{status}, explained by {self.explained_by}" if self.explained_by else status


@dataclass(frozen=True)
class Excepted:
    """One approved exception, or an exempt account's term: how it stands on the day, and what it set aside."""

    id: str
    subject: str  # what it covers, in words
    approver: str
    reason: str
    clause: str  # or what it is instead
    start: date | None
    end: date
    state: ExceptionState
    days_left: int  # to its end, that day included; 0 or less: it is over
    findings: int | None  # set aside over the window; None: what it covers is not judged
    today: int  # of these, in posts of the day


@dataclass(frozen=True)
class SetAside:
    """Posts of the window that were not judged, or findings that opened nothing, by the rule that covers them."""

    rule: str  # union, official, exempt, category, threshold, unknown: as in the mart exceptions_applied
    posts: int
    findings: int


@dataclass(frozen=True)
class Casework:
    """Incidents of one policy: those that are open, gravest first, and what happened to the rest."""

    open: tuple[Case, ...]
    opened: int  # raised on the day, or by its posts
    closed: int  # on the day
    by_clause: tuple[tuple[str, int, int], ...]  # (clause, incidents, of them open), over all time
    median_seconds_to_acknowledge: int | None
    repeat_authors: int
    exceptions: tuple[Excepted, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    precision: tuple[ClauseLine, ...] = ()  # what people said of findings
