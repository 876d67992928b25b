"""A notification as a Slack message of Block Kit blocks.

Words of the world, and all other words that we did not write, stand in `plain_text` only, where Slack reads no markup;
the only `mrkdwn` texts are the link, whose URL cannot break out of it and whose label names the host it leads to, and
the mention of whoever is on call, whose id the pack gives.
"""

import re
from typing import Any

from incidents.bulletin import page
from incidents.buttons import buttons
from incidents.escape import host_of, mrkdwn, one_line, quoted, safe_url
from incidents.notification import Card, DigestCard, Notification, Reason, SilenceCard, SourceCard
from incidents.text import CLAUSE, CLAUSES, EXCERPT, WHY, brief, custody_end, plain, shown, summary
from incidents.wording import SIGNS, alarm_facts, alarm_title, facts, heading, title
from policies.rota import SLACK_USER

HEADER_LIMIT = 150  # Slack's limits, in its own counting
SECTION_LIMIT = 3000
TEXT_BYTES = 3800  # of the text beside the blocks: when a message is edited Slack takes 4,000 bytes, escapes among them
LOG_DIGITS = 16  # of the hash at the custody log's end; the text has all 64
EVENT_TYPE = "tocsin_notification"
_HALF_ESCAPE = re.compile(r"&[a-z]*$")

Block = dict[str, Any]


def head_message(notification: Notification, *, interactive: bool = False) -> dict[str, Any]:
    """`text` and `blocks` of an incident's head message; the text alone says everything too.

    `interactive`: with buttons, for a channel whose presses somebody hears.
    """
    card = notification.card
    if isinstance(card, SourceCard):
        return {"text": _fallback(notification), "blocks": _alarm(card, notification.reason)}
    if isinstance(card, DigestCard | SilenceCard):
        return {"text": _fallback(notification), "blocks": _bulletin(card, notification.reason)}
    told = card.told or notification.route
    blocks = [
        {"type": "header", "text": _text(f"{SIGNS.get(card.severity, '')} {title(card)}", HEADER_LIMIT)},
        _section(heading(card, notification.reason)),
        *_facts(card),
        *_clauses(card),
        _section(f"Why: {one_line(card.why, WHY)}"),
        *_excerpt(card),
        _section(f"Next step: {one_line(card.next_step, 400) or 'acknowledge, then investigate'}"),
        *_on_call(card),
        *(buttons(card) if interactive else ()),
        _context(_foot(card, told)),
    ]
    return {"text": _fallback(notification), "blocks": blocks}


def reply_message(notification: Notification) -> dict[str, Any]:
    """`text` and `blocks` of a reply in the thread: what is new, not all over again.

    The words of posts stand in the head message alone, which can be edited: what its platform takes down must go.
    """
    card = notification.card
    if isinstance(card, SourceCard):
        words = mrkdwn(f"{summary(notification)}\n\n{plain(notification)}")
        return {"text": words, "blocks": [_section(heading(card, notification.reason))]}
    if isinstance(card, DigestCard | SilenceCard):
        return head_message(notification)  # it has no thread
    said = f"{SIGNS.get(card.severity, '')} {heading(card, notification.reason)}"
    blocks = [_section(said), *_on_call(card), *_counts(card), *_newest(notification)]
    return {"text": mrkdwn(brief(notification)), "blocks": blocks}


def metadata(notification_id: str, incident_id: str, reason: Reason) -> dict[str, Any]:
    """What Slack keeps with the message and shows to apps alone: by this the sender knows its own again."""
    payload = {"notification_id": notification_id, "incident_id": incident_id, "reason": reason}
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def _alarm(card: SourceCard, reason: Reason) -> list[Block]:
    recovered = reason == "source_recovered"
    blocks = [
        {"type": "header", "text": _text(f"{'✅' if recovered else '🛠'} {alarm_title(card)}", HEADER_LIMIT)},
        _section(heading(card, reason)),
        {"type": "section", "fields": [_text(f"{label}\n{value}", 2000) for label, value in alarm_facts(card)]},
        _section(f"What happened: {one_line(card.problem, 600)}"),
    ]
    return blocks if recovered else [*blocks, _section(f"Next step: {one_line(card.next_step, 400)}")]


def _bulletin(card: DigestCard | SilenceCard, reason: Reason) -> list[Block]:
    shown = page(card, reason)
    return [
        {"type": "header", "text": _text(shown.title, HEADER_LIMIT)},
        _section(shown.said),
        {"type": "section", "fields": [_text(f"{label}\n{value}", 2000) for label, value in shown.facts]},
        *([_section("\n".join(shown.lines))] if shown.lines else []),
        _section(f"Next step: {shown.next_step}"),
        _context(shown.foot),
    ]


def _fallback(notification: Notification) -> str:
    """The whole message for clients that show no blocks; where it is too long, what is quoted is shortened first."""
    for share in (1, 4, 16):
        words = mrkdwn(plain(notification, EXCERPT // share, CLAUSE // share))
        if len(words.encode()) <= TEXT_BYTES:
            return words
    kept = words.encode()[:TEXT_BYTES].decode(errors="ignore")
    return f"{_HALF_ESCAPE.sub('', kept)}…"


def _text(words: str, limit: int = SECTION_LIMIT) -> Block:
    return {"type": "plain_text", "text": quoted(words, limit), "emoji": False}


def _section(words: str) -> Block:
    return {"type": "section", "text": _text(words)}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [_text(words)]}


def _on_call(card: Card) -> list[Block]:
    """Calls the one person: a mention that pings, of an id that the pack gives and that looks like one."""
    if card.on_call is None or not re.fullmatch(SLACK_USER, card.on_call):
        return []
    words = f"On call: <@{card.on_call}>"
    return [{"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}]


def _facts(card: Card) -> list[Block]:
    """One line each, in two columns; the severity stands in the header."""
    told = [(label, value) for label, value in facts(card) if label != "Severity"]
    return [{"type": "section", "fields": [_text(f"{label}: {value}", 2000) for label, value in told]}]


def _counts(card: Card) -> list[Block]:
    """How it stands, for a reader of the thread alone."""
    told = dict(facts(card))
    kept = [told[label] for label in ("Severity", "Status") if label in told]
    held = [f"with {told['Assigned to']}"] if "Assigned to" in told else []
    stands = f"{card.incident_id}: {', '.join([*kept, *held])}; posts: {told['Posts']}"
    return [_context(" · ".join([stands, *_log(card)]))]


def _clauses(card: Card) -> list[Block]:
    blocks = [_section(_clause(clause, words)) for clause, words in card.clauses[:CLAUSES]]
    left = len(card.clauses) - CLAUSES
    return blocks + ([_context(f"and {left} more clauses")] if left > 0 else [])


def _clause(clause: str, words: str) -> str:
    said = one_line(words, CLAUSE)
    return f"Clause {one_line(clause, 60)}" + (f": “{said}”" if said else "")


def _foot(card: Card, told: str) -> str:
    parts = [one_line(card.organisation, 100), one_line(told, 60), card.incident_id]
    kept = [f"evidence {one_line(card.evidence[:12], 12)}"] if card.evidence else []
    return " · ".join([*parts, *kept, *_log(card)])


def _log(card: Card) -> list[str]:
    """Where the custody log ends: in each message of the thread, so that whoever reads it holds a copy."""
    return [f"custody log {custody_end(card, LOG_DIGITS)}"] if card.custody else []


def _newest(notification: Notification) -> list[Block]:
    """The link to the newest post, where the news is of posts."""
    card = notification.card
    if isinstance(card, Card) and notification.reason in ("new_evidence", "escalated", "reopened"):
        return [_link(card)]
    return []


def _excerpt(card: Card) -> list[Block]:
    words = "\n".join(f"│ {line}" for line in shown(card).split("\n"))
    return [{"type": "divider"}, _section(words), _link(card), {"type": "divider"}]


def _link(card: Card) -> Block:
    url = safe_url(card.excerpt_url)
    if url is None:
        return _context("No link to the post")
    label = mrkdwn(f"Open the post on {host_of(url)}")
    linked = {"type": "mrkdwn", "text": f"<{mrkdwn(url)}|{label}>", "verbatim": True}
    return {"type": "context", "elements": [linked]}
