"""The Slack app's manifest, to be pasted where an app is made: every scope that Tocsin uses, and no other."""

from collections.abc import Mapping
from typing import Any

import yaml

from incidents.slack_http import PATH

SCOPES: Mapping[str, str] = {
    "chat:write": "posting, replying in threads, editing the head message, answering one person",
    "channels:history": "finding a message of ours again in a public channel",
    "groups:history": "the same in a private channel; leave it out if you use none",
    "metadata.message:read": "reading the notification id that a message of ours carries",
    "commands": "`/tocsin`",
    "users:read": "who pressed: their name, and that they are a member in good standing",
    "channels:read": "who is in a public channel, and so may act on what is told there",
    "groups:read": "the same in a private channel",
    "usergroups:read": "who is in a user group, where a pack's route names one",
}


def manifest(url: str = "") -> str:
    """YAML. With the console's public `url` Slack sends signed requests there; without, over Socket Mode."""
    address = {"request_url": url.rstrip("/") + PATH} if url else {}
    command: dict[str, Any] = {
        "command": "/tocsin",
        "description": "Incidents: open, mine, search",
        "usage_hint": "open | mine | search WORDS | silence | merge | on-call | help",
        "should_escape": False,
    }
    made = {
        "display_information": {"name": "Tocsin", "description": "Rings for the few posts that matter"},
        "features": {
            "bot_user": {"display_name": "Tocsin", "always_online": False},
            "slash_commands": [command | ({"url": address["request_url"]} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
    return yaml.safe_dump(made, sort_keys=False, allow_unicode=True)
