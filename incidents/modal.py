"""The forms that open on a press: to whom an incident goes, why it is dismissed, how it was resolved."""

import json
from typing import Any

from incidents.buttons import PREFIX, label
from incidents.escape import one_line
from incidents.incident import Act, Incident
from incidents.lifecycle import VERBS
from incidents.verdict import MEANS, VERDICTS, Verdict, spoken

FORMS: tuple[Act, ...] = ("assigned", "dismissed", "resolved")
TITLE_LIMIT = 24  # Slack's limits
OPTION_LIMIT = 75
WORDS_LIMIT = 1000  # ours: of what a person writes

Block = dict[str, Any]


def form(act: Act, incident: Incident, channel: str, user_id: str) -> dict[str, Any]:
    """The view for one act on an incident. `channel` is where the answer is told; `user_id` is who pressed."""
    category = incident.key.category
    blocks = {"assigned": _assign(user_id), "dismissed": _dismiss(category), "resolved": _resolve()}[act]
    words = label(act, category).rstrip("…")
    return {
        "type": "modal",
        "callback_id": f"{PREFIX}{VERBS[act]}",
        "private_metadata": json.dumps({"incident": incident.id, "channel": channel}),
        "title": _plain(incident.id, TITLE_LIMIT),
        "submit": _plain("Save" if category == "safeguarding" else VERBS[act].capitalize(), TITLE_LIMIT),
        "close": _plain("Cancel", TITLE_LIMIT),
        "blocks": [
            {"type": "section", "text": _plain(f"{words}: {incident.severity}, {category.replace('_', ' ')}", 200)},
            *blocks,
        ],
    }


def _assign(user_id: str) -> list[Block]:
    chosen = {"type": "users_select", "action_id": "assignee", "initial_user": user_id}
    return [_input("assignee", "To whom", chosen), _words("Why", "Kept with the incident.", optional=True)]


def _dismiss(category: str) -> list[Block]:
    options = [
        {"text": _plain(_verdict(each, category), OPTION_LIMIT), "description": _plain(MEANS[each], 75), "value": each}
        for each in VERDICTS
    ]
    reasons = {"type": "radio_buttons", "action_id": "verdict", "options": options}
    hint = "Kept with the incident, and used to measure and to teach the classifier."
    return [_input("verdict", "The reason", reasons), _words("In your words", hint, optional=True)]


def _resolve() -> list[Block]:
    hint = "Kept with the incident, which counts as confirmed; begin with “no verdict” where you do not say so."
    return [_words("What was done", hint, optional=True)]


def _verdict(verdict: Verdict, category: str) -> str:
    if category == "safeguarding" and verdict == "false_positive":
        return "Nobody is at risk"
    return spoken(verdict).capitalize()


def _words(asked: str, hint: str, *, optional: bool) -> Block:
    field = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": WORDS_LIMIT}
    return _input("words", asked, field) | {"optional": optional, "hint": _plain(hint, 200)}


def _input(block_id: str, asked: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": _plain(asked, 200), "element": element}


def _plain(words: str, limit: int) -> Block:
    return {"type": "plain_text", "text": one_line(words, limit) or "-", "emoji": False}
