"""A notification as HTML for a mail: words in elements, no style from elsewhere, nothing loaded, nothing that runs.

Every word goes through `html.escape` after `escape.harmless`; the one link is a `safe_url` whose text names its host.
"""

from html import escape

from incidents.bulletin import page as bulletin
from incidents.escape import host_of, one_line, safe_url
from incidents.notification import Card, DigestCard, Notification, SilenceCard, SourceCard
from incidents.text import CLAUSE, CLAUSES, WHY, proof, shown
from incidents.wording import SIGNS, alarm_facts, alarm_title, facts, heading, title

FRAME = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body style="font-family:sans-serif;max-width:42em"><h1 style="font-size:1.2em">{title}</h1>{body}'
    '<p style="color:#555">{foot}</p></body></html>'
)
CELL = "text-align:left;padding:0 1em 0.2em 0;vertical-align:top"


def page(notification: Notification) -> str:
    """The whole page."""
    card = notification.card
    if isinstance(card, SourceCard):
        named, body = alarm_title(card), _alarm(notification, card)
    elif isinstance(card, DigestCard | SilenceCard):
        told = bulletin(card, notification.reason)
        body = _paragraph(told.said) + _table(told.facts) + _lines(told.lines)
        named, body = told.title, body + _paragraph(f"Next step: {told.next_step}")
    else:
        named, body = f"{SIGNS.get(card.severity, '')} {title(card)}", _incident(notification, card)
    foot = escape(f"Tocsin, notification {notification.id}")
    return FRAME.format(title=escape(named.strip()), body=body, foot=foot)


def _incident(notification: Notification, card: Card) -> str:
    clauses = [f"Clause {one_line(name, 60)}: “{one_line(words, CLAUSE)}”" for name, words in card.clauses[:CLAUSES]]
    return "".join(
        (
            _paragraph(heading(card, notification.reason)),
            _table(facts(card)),
            _paragraph(f"For: {one_line(card.organisation, 100)}, {one_line(card.told or notification.route, 60)}"),
            *map(_paragraph, clauses),
            _paragraph(f"Why: {one_line(card.why, WHY)}"),
            f'<blockquote style="white-space:pre-wrap">{escape(shown(card))}</blockquote>',
            _link(card),
            *map(_paragraph, proof(card)),
            _paragraph(f"Next step: {one_line(card.next_step, 400) or 'acknowledge, then investigate'}"),
            *([_paragraph(f"On call: {one_line(card.on_call, 45)}")] if card.on_call else []),
        )
    )


def _alarm(notification: Notification, card: SourceCard) -> str:
    told = _paragraph(heading(card, notification.reason)) + _table(alarm_facts(card))
    return told + _paragraph(f"What happened: {one_line(card.problem, 600)}") + _next(card)


def _next(card: SourceCard) -> str:
    return _paragraph(f"Next step: {one_line(card.next_step, 400)}") if card.next_step else ""


def _link(card: Card) -> str:
    url = safe_url(card.excerpt_url)
    if url is None:
        return _paragraph("No link to the post")
    words = escape(f"Open the post on {host_of(url)}")
    return f'<p><a href="{escape(url, quote=True)}" rel="noreferrer noopener">{words}</a></p>'


def _table(rows: tuple[tuple[str, str], ...]) -> str:
    made = (
        f'<tr><th scope="row" style="{CELL}">{escape(a)}</th><td style="{CELL}">{escape(b)}</td></tr>' for a, b in rows
    )
    return f"<table>{''.join(made)}</table>"


def _lines(words: tuple[str, ...]) -> str:
    return f"<p>{'<br>'.join(map(escape, words))}</p>" if words else ""


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"
