"""The words in which people are told of an incident, the same for every channel."""

from datetime import UTC, datetime

from incidents.escape import one_line
from incidents.notification import Card, Reason, SourceCard

HEADINGS: dict[Reason, str] = {
    "new_incident": "New incident",
    "new_evidence": "New evidence",
    "escalated": "Escalated",
    "not_acknowledged": "Not acknowledged in time",
    "acknowledged": "Acknowledged",
    "assigned": "Assigned",
    "resolved": "Resolved",
    "dismissed": "Dismissed",
    "reopened": "Reopened",
    "source_alarm": "A source needs its operators",
    "source_recovered": "Recovered",
    "digest": "Told together",
    "silence_started": "Silence",
    "silence_expiring": "A silence ends soon",
    "silence_ended": "A silence is over",
}
SAFEGUARDING: dict[Reason, str] = {  # about a person who may be at risk: nothing of a case is said of them
    "escalated": "Urgent help is asked for",
    "acknowledged": "Somebody is looking after this",
    "assigned": "Somebody was asked to help",
    "resolved": "Support is in place",
    "dismissed": "Nobody is at risk",
    "reopened": "Looked at again",
}
SIGNS = {"low": "⚪", "medium": "🟡", "high": "🟠", "critical": "🔴"}  # beside the word, never instead of it
ALARMS = {
    "access_denied": "access refused",
    "unexpected_response": "answers that make no sense",
    "changed_format": "records in another format",
    "failed": "a fault of our own",
    "quiet": "gone quiet",
    "unusual_volume": "an unusual number of posts",
    "canary_missing": "a canary did not arrive",
}
TARGETS = {  # by role: whose name it is stands in the evidence, not in a channel
    "employee": "an employee",
    "group": "a group of people",
    "organisation": "the organisation",
    "other": "somebody outside the organisation",
}


def title(card: Card) -> str:
    """`Critical: doxxing (TOC-1042)`."""
    return f"{card.severity.capitalize()}: {category(card)} ({one_line(card.incident_id, 30)})"


def alarm_title(card: SourceCard) -> str:
    """`Source reddit: gone quiet (SRC-17)`."""
    return f"Source {one_line(card.source, 80)}: {ALARMS.get(card.kind, card.kind)} ({card.alarm_id})"


def alarm_facts(card: SourceCard) -> tuple[tuple[str, str], ...]:
    """Label and value of each fact of an alarm."""
    success = "never" if card.last_success_at is None else moment(card.last_success_at)
    return (("Since", moment(card.since)), ("Last success", success), ("Platform", one_line(card.platform, 40)))


def heading(card: Card | SourceCard, reason: Reason) -> str:
    """What happened: the named reason, and the note on it."""
    gently = isinstance(card, Card) and card.category == "safeguarding"
    words = SAFEGUARDING.get(reason, HEADINGS[reason]) if gently else HEADINGS[reason]
    return f"{words}: {one_line(card.note, 300)}" if card.note.strip() else words


def category(card: Card) -> str:
    """`unauthorised recording`."""
    return one_line(card.category, 60).replace("_", " ")


def facts(card: Card) -> tuple[tuple[str, str], ...]:
    """Label and value of each fact, in the order of reading. Ten at most."""
    held = (("Assigned to", one_line(card.assignee, 100)),) if card.assignee else ()
    return (
        ("Severity", card.severity),
        ("Status", one_line(card.status, 30)),
        *held,
        ("Aimed at", TARGETS.get(card.target_kind, "somebody")),
        ("Platform", one_line(", ".join(card.platforms), 200) or "not known"),
        ("Posts", f"{card.posts:,}"),
        ("Reach", "not known" if card.reach is None else f"{card.reach:,}"),
        ("First seen", moment(card.first_seen_at)),
        ("Last seen", moment(card.last_seen_at)),
    )


def moment(at: datetime) -> str:
    """`12 Oct 2026 09:15 UTC`."""
    return at.astimezone(UTC).strftime("%d %b %Y %H:%M UTC")
