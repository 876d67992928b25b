"""An alarm about a source, for the operators: what makes one, what ends it, and what people are told."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from incidents.notification import Notification, Reason, SourceCard
from policies.counted import counted

QUIET_AFTER = timedelta(hours=24)  # without a success, whatever the reason
MOST_REFUSED = 0.5  # of a run's records in quarantine: beyond that the format has changed
ENOUGH = 10  # refused records before that is said
ROUTE = "operators"
NAMESPACE = uuid.UUID("8f1b7f0e-3c0a-5c3e-9a54-70c51a000002")

Kind = Literal[
    "access_denied",
    "unexpected_response",
    "changed_format",
    "failed",
    "quiet",
    "unusual_volume",
    "canary_missing",
    "nobody_answers",  # of an incident, not of a source: raised and laid to rest by the escalation
    "undelivered",  # of a channel that takes no messages: raised and laid to rest by the relay
    "delivery_discrepancy",  # of what was told: raised and laid to rest by the reconciliation
]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_INCIDENTS: tuple[Kind, ...] = ("nobody_answers",)
FURTHER = "further incidents"  # the subject of the one alarm that stands for many of these
OF_OTHERS: tuple[Kind, ...] = (*OF_INCIDENTS, "undelivered", "delivery_discrepancy")  # all that are not of a source
REFUSALS: dict[str, Kind] = {each: each for each in ("access_denied", "unexpected_response", "failed")}
UNDECIDED = ("unavailable", "interrupted")  # such an end neither raises an alarm nor lays one to rest

NEXT_STEPS: dict[Kind, str] = {
    "access_denied": "Renew or widen the credential that the message names; `tocsin doctor` tries it.",
    "unexpected_response": "Look at the platform's documents and at the run's log; nothing is lost meanwhile.",
    "changed_format": "Look into the quarantine for the reason; the records wait there whole.",
    "failed": "Read the run's log; the fault is on this side.",
    "quiet": "See whether the schedule runs, and what the last run says.",
    "unusual_volume": "See whether the platform changed its answers, or our search its words.",
    "canary_missing": "See `tocsin canary --check` for how far it came, and the log of the step after that.",
    "nobody_answers": "Reach these people by another way: `tocsin oncall` says who is on call.",
    "undelivered": "Mend what the message names; `tocsin doctor` tries it. What waits goes out by itself after that.",
    "delivery_discrepancy": "`tocsin reconcile` names each; what was deleted there is told by hand.",
}


@dataclass(frozen=True)
class SourceState:
    """One configured source as its runs leave it. Times are aware; counts are of the last run that has ended."""

    source: str
    platform: str
    first_run_at: datetime | None
    last_success_at: datetime | None
    outcome: str | None  # of the last run that has ended; None: none has
    error: str | None = None
    collected: int = 0
    quarantined: int = 0
    seen: int | None = None  # new mentions of the last day that is over
    volume: str | None = None  # below, above, silent or within, of that day
    on_demand: bool = False  # read when somebody asks, so never late: an archive
    missing: str | None = None  # of a test source: what has become of its canary, where that is wrong


@dataclass(frozen=True)
class Fault:
    """Why a source needs a person."""

    kind: Kind
    problem: str


@dataclass(frozen=True)
class Alarm:
    """An open alarm."""

    id: str  # SRC-17
    source: str
    kind: Kind
    problem: str
    raised_at: datetime


class AlarmBook(Protocol):
    """Where alarms live. `open` and `close` write the alarm and its notification in one transaction, or nothing."""

    def standing(self) -> dict[str, Alarm]:
        """The open alarms, by source."""
        ...

    def open(self, state: SourceState, fault: Fault, now: datetime) -> bool:
        """Open an alarm; False where the source has one already."""
        ...

    def close(self, alarm: Alarm, note: str, now: datetime) -> bool:
        """Lay an alarm to rest; False where somebody has done so."""
        ...


def watch(book: AlarmBook, states: Sequence[SourceState], now: datetime) -> dict[str, int]:
    """Raise an alarm for each source that needs one and has none, and lay to rest those that are over; how many."""
    standing = {source: alarm for source, alarm in book.standing().items() if alarm.kind not in OF_OTHERS}
    counts = {"raised": 0, "recovered": 0}
    for state in states:
        fault, alarm = fault_of(state, now), standing.pop(state.source, None)
        if fault is not None and alarm is None:
            counts["raised"] += book.open(state, fault, now)
        elif fault is None and alarm is not None and state.outcome not in UNDECIDED:
            counts["recovered"] += book.close(alarm, "it is read again as it should be", now)
    for alarm in standing.values():
        counts["recovered"] += book.close(alarm, "it is no longer among the sources", now)
    return counts


def fault_of(state: SourceState, now: datetime) -> Fault | None:
    """What is wrong with a source, the plainest first; None: nothing that needs a person."""
    if state.outcome in REFUSALS:
        return Fault(REFUSALS[state.outcome], state.error or "Its last run says no more than that.")
    refused, read = state.quarantined, state.collected + state.quarantined
    if refused >= ENOUGH and refused > MOST_REFUSED * read:
        return Fault("changed_format", f"{refused:,} of {read:,} records of its last run could not be read.")
    if state.on_demand:
        return Fault("canary_missing", state.missing) if state.missing else None
    since = state.last_success_at or state.first_run_at
    if since is not None and now - since > QUIET_AFTER:
        ended = f" Its last run ended as {state.outcome.replace('_', ' ')}." if state.outcome else ""
        return Fault("quiet", f"No run has succeeded for {_hours(now - since)}.{ended} {state.error or ''}".strip())
    if state.volume in ("below", "above", "silent"):
        return Fault("unusual_volume", f"{counted(state.seen or 0, 'new post')} on the last whole day: {state.volume}.")
    return None


def told(card: SourceCard, reason: Reason, channel: str | None, now: datetime) -> Notification:
    """The notification of an alarm; its id is made of alarm and reason, so that it is told once."""
    name = str(uuid.uuid5(NAMESPACE, f"{card.alarm_id}\n{reason}"))
    return Notification(name, card.alarm_id, reason, ROUTE, channel, card, now)


def _hours(passed: timedelta) -> str:
    hours = int(passed.total_seconds() // 3600)
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
