"""What Slack sends when somebody presses, sends a form or types, and how it signs it. Every person here is invented."""

import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

SECRET = "not-a-real-signing-secret"
_numbers = count(1)

Payload = dict[str, Any]


def trigger() -> str:
    """An id that no other request of this process has."""
    return f"13345224609.{next(_numbers)}.0f3a9c51"


def press(verb: str, incident_id: str = "TOC-1001", user: str = "U0SAM", **more: Any) -> Payload:
    """A button pressed: `press("acknowledge")`."""
    action = {"action_id": f"tocsin_{verb}", "block_id": "tocsin_acts", "value": incident_id, "type": "button"}
    return {
        "type": "block_actions",
        "team": {"id": "T0SAMPLE"},
        "user": {"id": user, "username": user.lower()},
        "api_app_id": "A0TOCSIN",
        "token": "not-used",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C0SECURITY"},
        "trigger_id": trigger(),
        "channel": {"id": "C0SECURITY", "name": "security"},
        "message": {"type": "message", "ts": "1.1", "text": "not believed"},
        "response_url": "https://hooks.slack.com/actions/T0SAMPLE/1/2",
        "actions": [{**action, "action_ts": f"{time.time():.6f}"}],
        **more,
    }


def form(verb: str, incident_id: str = "TOC-1001", user: str = "U0SAM", **entered: str) -> Payload:
    """A form sent: `form("dismiss", verdict="duplicate", words="of TOC-1001")`, `form("assign", to="U0ALEX")`."""
    values: Payload = {"words": {"words": {"type": "plain_text_input", "value": entered.get("words")}}}
    if "verdict" in entered:
        chosen = {"text": {"type": "plain_text", "text": "-"}, "value": entered["verdict"]}
        values["verdict"] = {"verdict": {"type": "radio_buttons", "selected_option": chosen}}
    if "to" in entered:
        values["assignee"] = {"assignee": {"type": "users_select", "selected_user": entered["to"]}}
    return {
        "type": "view_submission",
        "team": {"id": "T0SAMPLE"},
        "user": {"id": user, "name": user.lower()},
        "trigger_id": trigger(),
        "view": {
            "id": "V0VIEW",
            "type": "modal",
            "callback_id": f"tocsin_{verb}",
            "private_metadata": json.dumps({"incident": incident_id, "channel": "C0SECURITY"}),
            "state": {"values": values},
        },
    }


def typed(words: str, answer_to: str, user: str = "U0SAM", channel: str = "C0SECURITY") -> dict[str, str]:
    """The fields of `/tocsin`."""
    return {
        "command": "/tocsin",
        "text": words,
        "user_id": user,
        "user_name": user.lower(),
        "channel_id": channel,
        "team_id": "T0SAMPLE",
        "trigger_id": trigger(),
        "response_url": answer_to,
    }


def body_of(payload: Any) -> bytes:
    """A payload as the body of a request."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack sends a body."""
    stamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    form_encoded = "application/x-www-form-urlencoded"
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": signature, "content-type": form_encoded}
