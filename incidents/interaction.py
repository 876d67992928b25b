"""What people do in Slack: a button pressed, a form sent, `/tocsin` typed. `slack_payload.py` reads them.

Nothing here is believed: who may do what is decided where the incident is read.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from incidents.incident import Act
from incidents.verdict import Verdict


@dataclass(frozen=True)
class Press:
    """A button pressed. `at` is Slack's own time of the press, None where it gives none."""

    user: str
    channel: str
    trigger: str  # opens a form, for three seconds
    act: Act
    incident_id: str
    at: datetime | None


@dataclass(frozen=True)
class Form:
    """A form sent: the act with what it needed."""

    user: str
    channel: str
    trigger: str
    act: Act
    incident_id: str
    words: str
    verdict: Verdict | None
    assignee: str | None  # a Slack user id


@dataclass(frozen=True)
class Typed:
    """`/tocsin` with its words. The answer goes to `answer_to`."""

    user: str
    channel: str
    trigger: str
    words: str
    answer_to: str


Interaction = Press | Form | Typed


def subject_of(asked: Interaction) -> str:
    """What the audit trail says that it was about: an incident's id, or the command."""
    return "/tocsin" if isinstance(asked, Typed) else asked.incident_id


def mark_of(asked: Interaction) -> str:
    """What tells one press from all others: Slack's trigger, with who asks what."""
    what = asked.words if isinstance(asked, Typed) else f"{asked.act} {asked.incident_id} {isinstance(asked, Form)}"
    parts = "\n".join((type(asked).__name__, asked.trigger, asked.user, what))
    return "trigger:" + hashlib.sha256(parts.encode()).hexdigest() if asked.trigger else ""
