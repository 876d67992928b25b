"""The buttons below a head message: only what the incident's status allows, in Slack's own limits.

A press carries the act in its `action_id` and the incident in its `value`; nothing that a press says is believed
before the incident is read again.
"""

from collections.abc import Mapping
from typing import Any, Literal

from incidents.escape import host_of, one_line, safe_url
from incidents.incident import Act
from incidents.lifecycle import POSSIBLE, VERBS
from incidents.notification import Card

PREFIX = "tocsin_"
OPEN = f"{PREFIX}open"
BLOCK = "tocsin_acts"
LABEL_LIMIT = 75  # of a button's text and of what a screen reader says of it

LABELS: Mapping[Act, str] = {
    "acknowledged": "Acknowledge",
    "investigating": "Investigate",
    "assigned": "Assign…",
    "escalated": "Escalate",
    "resolved": "Resolve…",
    "dismissed": "Dismiss…",
    "reopened": "Reopen",
}
SAFEGUARDING: Mapping[Act, str] = {  # somebody may be in danger: nothing is "dismissed" here
    "acknowledged": "I am looking after this",
    "investigating": "I am looking into this",
    "assigned": "Ask somebody to help…",
    "escalated": "Urgent help is needed",
    "resolved": "Support is in place…",
    "dismissed": "Nobody is at risk…",
    "reopened": "Look again",
}
ACTION_IDS: Mapping[str, Act] = {f"{PREFIX}{VERBS[act]}": act for act in LABELS}
STYLES: Mapping[Act, Literal["primary", "danger"]] = {"acknowledged": "primary", "dismissed": "danger"}

Block = dict[str, Any]


def label(act: Act, category: str) -> str:
    """What a button says, in the words of the incident's category."""
    return (SAFEGUARDING if category == "safeguarding" else LABELS)[act]


def possible(status: str) -> tuple[Act, ...]:
    """The acts of people that a status allows, in the order of the buttons; nothing for a status that is none."""
    allowed = next((acts for known, acts in POSSIBLE.items() if known == status), ())
    return tuple(act for act in LABELS if act in allowed)


def buttons(card: Card) -> list[Block]:
    """The block of buttons, or nothing where there is nothing to do and nothing to open."""
    elements = [_button(act, card) for act in possible(card.status)] + _open(card)
    return [{"type": "actions", "block_id": BLOCK, "elements": elements}] if elements else []


def _button(act: Act, card: Card) -> Block:
    words = label(act, card.category)
    style = {"style": STYLES[act]} if act in STYLES else {}
    return {
        "type": "button",
        "action_id": f"{PREFIX}{VERBS[act]}",
        "text": {"type": "plain_text", "text": words, "emoji": False},
        "value": card.incident_id,
        "accessibility_label": one_line(f"{words} {card.incident_id}, {card.severity}", LABEL_LIMIT),
        **style,
    }


def _open(card: Card) -> list[Block]:
    url = safe_url(card.excerpt_url)
    if url is None:
        return []
    read_out = one_line(f"Open the post of {card.incident_id} on {host_of(url)}", LABEL_LIMIT)
    return [
        {
            "type": "button",
            "action_id": OPEN,
            "text": {"type": "plain_text", "text": "Open", "emoji": False},
            "url": url,
            "accessibility_label": read_out,
        }
    ]
