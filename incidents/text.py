"""A notification as plain text: complete on its own, for the console, the file and clients that show no blocks."""

from incidents.bulletin import page
from incidents.buttons import possible
from incidents.escape import one_line, quoted, safe_url
from incidents.lifecycle import VERBS
from incidents.notification import Card, DigestCard, Notification, Reason, SilenceCard, SourceCard
from incidents.wording import alarm_facts, alarm_title, facts, heading, title, words_of

EXCERPT = 600
WHY = 600  # what was found, and how grave it is with the clause quoted: cut nowhere before its end
CLAUSE = 300
CLAUSES = 5


def summary(notification: Notification) -> str:
    """One line: what a lock screen shows."""
    card = notification.card
    if isinstance(card, DigestCard | SilenceCard):
        return page(card, notification.reason).title
    named = alarm_title(card) if isinstance(card, SourceCard) else title(card)
    return f"{heading(card, notification.reason)} · {named}"


def plain(notification: Notification, excerpt: int = EXCERPT, clause: int = CLAUSE) -> str:
    """The whole message in lines of text; `excerpt` and `clause`: the most characters of what is quoted."""
    card = notification.card
    if isinstance(card, SourceCard):
        return _alarm(notification, card)
    if isinstance(card, DigestCard | SilenceCard):
        return _bulletin(card, notification.reason)
    lines = [title(card), heading(card, notification.reason), ""]
    lines += [f"{label}: {value}" for label, value in facts(card)]
    lines += ["", f"For: {one_line(card.organisation, 100)}, {one_line(card.told or notification.route, 60)}"]
    lines += [_clause(name, text, clause) for name, text in card.clauses[:CLAUSES]]
    if len(card.clauses) > CLAUSES:
        lines.append(f"and {len(card.clauses) - CLAUSES} more clauses")
    lines += ["", f"Why: {one_line(card.why, WHY)}", "Newest post:"]
    lines += [f"  | {line}" for line in shown(card, excerpt).split("\n")]
    lines.append(f"Link: {safe_url(card.excerpt_url) or 'none'}")
    lines += proof(card)
    lines += ["", f"Next step: {one_line(card.next_step, 400) or 'acknowledge, then investigate'}"]
    if card.on_call:
        lines.append(f"On call: {one_line(card.on_call, 45)}")
    if acts := possible(card.status):
        lines.append(f"You can: {', '.join(VERBS[act] for act in acts)}")
    return "\n".join(lines)


def brief(notification: Notification) -> str:
    """A reply as lines of text: what is new, how it stands, and no words of a post."""
    card = notification.card
    if not isinstance(card, Card):
        return plain(notification)
    lines = [summary(notification), ""]
    lines += [f"{label}: {value}" for label, value in facts(card)]
    if safe_url(card.excerpt_url):
        lines.append(f"Newest post: {safe_url(card.excerpt_url)}")
    if card.custody:
        lines.append(f"Custody log: {custody_end(card)}")
    if card.on_call:
        lines.append(f"On call: {one_line(card.on_call, 45)}")
    if acts := possible(card.status):
        lines.append(f"You can: {', '.join(VERBS[act] for act in acts)}")
    return "\n".join(lines)


def proof(card: Card) -> list[str]:
    """The newest exhibit's hash and where the custody log ends: whoever keeps the message holds a copy of both."""
    lines = [f"Evidence: {one_line(card.evidence, 64)}"] if card.evidence else []
    return [*lines, f"Custody log: {custody_end(card)}"] if card.custody else lines


def custody_end(card: Card, digits: int = 64) -> str:
    """`7:9f8e7d…`: how many entries the custody log had, and the hash of the last."""
    entries, _, sha256 = card.custody.partition(":")
    return f"{one_line(entries, 10)}:{one_line(sha256[:digits], digits)}"


def shown(card: Card, limit: int = EXCERPT) -> str:
    """The words of the newest post, harmless; or why they are not shown."""
    return words_of(card) if card.withheld else quoted(card.excerpt, limit)


def _alarm(notification: Notification, card: SourceCard) -> str:
    lines = [alarm_title(card), heading(card, notification.reason), ""]
    lines += [f"{label}: {value}" for label, value in alarm_facts(card)]
    lines += ["", f"What happened: {one_line(card.problem, EXCERPT)}"]
    if notification.reason == "source_alarm":
        lines.append(f"Next step: {one_line(card.next_step, 400)}")
    return "\n".join(lines)


def _bulletin(card: DigestCard | SilenceCard, reason: Reason) -> str:
    shown = page(card, reason)
    lines = [shown.title, shown.said, "", *(f"{label}: {value}" for label, value in shown.facts), ""]
    lines += [*shown.lines, *([""] if shown.lines else []), f"Next step: {shown.next_step}", shown.foot]
    return "\n".join(lines)


def _clause(clause: str, text: str, limit: int) -> str:
    words = one_line(text, limit)
    return f"Clause {one_line(clause, 60)}" + (f": “{words}”" if words else "")
