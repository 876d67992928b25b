"""The words in which people are told of an incident, the same for every channel."""

from datetime import UTC, datetime, timedelta

from collectors.names import platform_name
from incidents.alarm import FURTHER
from incidents.by_role import KINDS, called
from incidents.escape import one_line
from incidents.notification import Card, Reason, SourceCard
from policies.counted import counted

HEADINGS: dict[Reason, str] = {
    "new_incident": "New incident",
    "new_evidence": "New evidence",
    "escalated": "Escalated",
    "not_acknowledged": "Not acknowledged in time",
    "acknowledged": "Acknowledged",
    "investigating": "Under investigation",
    "assigned": "Assigned",
    "resolved": "Resolved",
    "dismissed": "Dismissed",
    "reopened": "Reopened",
    "merged": "Merged",
    "unmerged": "Unmerged",
    "inhibited": "No bell of its own",
    "uninhibited": "Its bell rings again",
    "post_edited": "The post was edited",
    "post_deleted": "The post was taken down",
    "author_suspended": "The author's account is suspended or gone",
    "post_restored": "The post is shown again",
    "source_alarm": "A source needs its operators",
    "source_recovered": "Recovered",
    "digest": "Told together",
    "silence_started": "Silence",
    "silence_expiring": "A silence ends soon",
    "silence_ended": "A silence is over",
}
SAFEGUARDING: dict[Reason, str] = {  # about a person who may be at risk: nothing of a case is said of them
    "not_acknowledged": "Nobody is looking after this yet",
    "escalated": "Urgent help is asked for",
    "acknowledged": "Somebody is looking after this",
    "investigating": "Somebody is looking into this",
    "assigned": "Somebody was asked to help",
    "resolved": "Support is in place",
    "dismissed": "Nobody is at risk",
    "reopened": "Looked at again",
}
UNANSWERED = "nobody_answers"  # the alarm that is about an incident
NOBODY_ANSWERS: dict[Reason, str] = {
    "source_alarm": "Nobody took an incident",
    "source_recovered": "Somebody has it now",
}
UNDELIVERED = "undelivered"
DISCREPANCY = "delivery_discrepancy"
TOLD_OTHERWISE: dict[Reason, str] = {
    "source_alarm": "What was told needs a look",
    "source_recovered": "All is told as it should be",
}
SIGNS = {"low": "⚪", "medium": "🟡", "high": "🟠", "critical": "🔴"}  # beside the word, never instead of it
TARGETS = KINDS
ALARMS = {
    "access_denied": "access refused",
    "unexpected_response": "answers that make no sense",
    "changed_format": "records in another format",
    "failed": "a fault of our own",
    "quiet": "gone quiet",
    "unusual_volume": "an unusual number of posts",
    "canary_missing": "a canary did not arrive",
    "nobody_answers": "nobody took it",
    "undelivered": "messages are not taken",
    "delivery_discrepancy": "what was told and what is there differ",
}


def title(card: Card) -> str:
    """`Critical: doxxing (TOC-1042)`."""
    return f"{card.severity.capitalize()}: {category(card)} ({one_line(card.incident_id, 30)})"


def alarm_title(card: SourceCard) -> str:
    """`Source reddit: gone quiet (SRC-17)`, `Incident TOC-1042: nobody took it (SRC-18)`."""
    subject = {UNANSWERED: "Incident", DISCREPANCY: "Delivery to", UNDELIVERED: "Delivery by"}.get(card.kind, "Source")
    named = one_line(card.source, 80).removeprefix("delivery:")
    if card.kind == UNANSWERED and card.source == FURTHER:
        return f"{FURTHER.capitalize()}: nobody took them ({card.alarm_id})"
    return f"{subject} {named}: {ALARMS.get(card.kind, card.kind)} ({card.alarm_id})"


def alarm_facts(card: SourceCard) -> tuple[tuple[str, str], ...]:
    """Label and value of each fact of an alarm."""
    if card.kind == UNANSWERED:
        told = (("Told", one_line(card.platform, 300)),) if card.platform else ()
        return (("Since", moment(card.since)), *told)
    if card.kind == DISCREPANCY:
        return (("Since", moment(card.since)),)
    success = "never" if card.last_success_at is None else moment(card.last_success_at)
    return (
        ("Since", moment(card.since)),
        ("Last success", success),
        ("Platform", one_line(platform_name(card.platform), 40)),
    )


def heading(card: Card | SourceCard, reason: Reason) -> str:
    """What happened: the named reason, and the note on it."""
    gently = isinstance(card, Card) and card.category == "safeguarding"
    words = SAFEGUARDING.get(reason, HEADINGS[reason]) if gently else HEADINGS[reason]
    if isinstance(card, SourceCard) and card.kind == UNANSWERED:
        words = NOBODY_ANSWERS.get(reason, words)
    if isinstance(card, SourceCard) and card.kind == UNDELIVERED and reason == "source_alarm":
        words = "The operators are needed"
    if isinstance(card, SourceCard) and card.kind == DISCREPANCY:
        words = TOLD_OTHERWISE.get(reason, words)
    said = (one_line(card.note, 300), one_line(card.held, 120) if isinstance(card, Card) else "")
    return f"{words}: {'; '.join(filter(None, said))}" if any(said) else words


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
        ("About" if card.category == "safeguarding" else "Aimed at", aimed_at(card)),
        ("Platform", one_line(", ".join(map(platform_name, card.platforms)), 200) or "not known"),
        ("Posts", posts(card)),
        ("Reach", "not known" if card.reach is None else f"{card.reach:,}"),
        ("First seen", moment(card.first_seen_at)),
        ("Last seen", moment(card.last_seen_at)),
    )


def aimed_at(card: Card) -> str:
    """`an employee (work coach)`; the name too where the route allows it."""
    if card.category == "safeguarding" and card.target_kind == "other":
        return "a person who may be at risk"
    role = one_line(called(card.target_kind, one_line(card.target_role, 60)), 120)
    return f"{role}: {one_line(card.named, 80)}" if card.named else role


def posts(card: Card) -> str:
    """`3 by 1 author, over 2 hours`."""
    by = f"{card.posts:,} by {counted(card.authors, 'author')}"
    return f"{by}, over {lasted(card.last_seen_at - card.first_seen_at)}" if card.posts > 1 else by


def lasted(span: timedelta) -> str:
    """`2 days`, `3 hours`, `5 minutes`: the largest unit that there is more than one of, rounded down."""
    seconds = max(0, int(span.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minute"):
            return counted(seconds // length, unit)
    return "less than a minute"


def words_of(card: Card) -> str:
    """What stands in place of words that are not shown."""
    return f"(not shown: {one_line(card.withheld, 300)})"


def moment(at: datetime) -> str:
    """`12 Oct 2026 09:15 UTC`."""
    return at.astimezone(UTC).strftime("%d %b %Y %H:%M UTC")
