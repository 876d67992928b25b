"""The stand-in's people: who is in which channel, forms that open, words that one person sees. All are invented."""

import json
import queue
import threading
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.incidents.slack_limits import valid_view
from tests.incidents.slack_server import Call, SlackError, Workspace, check_message

NAMES = {
    "U0SAM": "Sam Sample",
    "U0ALEX": "Alex Example",
    "U0KIT": "Kit \u202e<!channel> Invented",
    "U0OUT": "Out Sider",
}
OUTSIDERS = ("U0LEFT", "U0BOT", "U0GUEST", "U0STRANGER", "U0SHARED", "U0GRID")  # in the channel, and not of the house
TEAM, ENTERPRISE = "T0OURS", "E0OURS"
PRESSERS = tuple(f"U1PRESSER{number}" for number in range(10))


def _people() -> dict[str, Call]:
    made: dict[str, Call] = {user: {"id": user, "profile": {"real_name": name}} for user, name in NAMES.items()}
    made |= {user: {"id": user, "real_name": f"Presser {user[-1]}"} for user in PRESSERS}
    made["U0LEFT"] = {"id": "U0LEFT", "name": "left", "deleted": True}
    made["U0BOT"] = {"id": "U0BOT", "name": "bot", "is_bot": True}
    made["U0STRANGER"] = {"id": "U0STRANGER", "name": "stranger", "is_stranger": True}
    made["U0GUEST"] = {"id": "U0GUEST", "name": "guest", "team_id": TEAM, "is_restricted": True}
    made["U0SHARED"] = {"id": "U0SHARED", "name": "shared", "team_id": "T0ELSEWHERE", "is_stranger": False}
    elsewhere = {"enterprise_user": {"enterprise_id": "E0ELSEWHERE"}}
    made["U0GRID"] = {"id": "U0GRID", "name": "grid", "team_id": "T0ELSEWHERE", **elsewhere}
    made["U0SAM"]["team_id"] = TEAM
    made["U0ALEX"] |= {"team_id": "T0SISTER", "enterprise_user": {"enterprise_id": ENTERPRISE}}
    return made


@dataclass
class Staffed(Workspace):
    """A workspace with people in it."""

    people: dict[str, Call] = field(default_factory=_people)
    members: dict[str, list[str]] = field(
        default_factory=lambda: {
            "C0SECURITY": ["U0SAM", "U0ALEX", "U0KIT", *OUTSIDERS, *PRESSERS],
            "C0DEFAULT": ["U0SAM", "U0OUT"],
        }
    )
    groups: dict[str, list[str]] = field(default_factory=lambda: {"S0GROUP": ["U0ALEX"]})
    views: list[Call] = field(default_factory=list)
    whispers: list[Call] = field(default_factory=list)  # what one person was told, by whichever way
    socket_url: str = ""

    def told(self, user: str) -> list[str]:
        """What one person was told."""
        with self.lock:
            return [each["text"] for each in self.whispers if each["user"] == user]

    def do_auth_test(self, arguments: Call) -> Call:
        """Who the token is, and where."""
        return {**super().do_auth_test(arguments), "team_id": TEAM, "enterprise_id": ENTERPRISE}

    def do_users_info(self, arguments: Call) -> Call:
        """One person."""
        user = self.people.get(arguments.get("user", ""))
        if user is None:
            raise SlackError("user_not_found")
        return {"user": user}

    def do_conversations_members(self, arguments: Call) -> Call:
        """A channel's members, paged."""
        found = self.members.get(arguments.get("channel", ""))
        if found is None:
            raise SlackError("channel_not_found")
        start = int(arguments.get("cursor") or 0)
        end = start + min(int(arguments.get("limit") or 100), self.page)
        return {
            "members": found[start:end],
            "response_metadata": {"next_cursor": str(end) if end < len(found) else ""},
        }

    def do_usergroups_users_list(self, arguments: Call) -> Call:
        """A user group's members."""
        if arguments.get("usergroup") not in self.groups:
            raise SlackError("no_such_subteam")
        return {"users": self.groups[arguments["usergroup"]]}

    def do_views_open(self, arguments: Call) -> Call:
        """Open a form, once for each trigger."""
        if not valid_view(arguments["view"]):
            raise SlackError("invalid_arguments")
        if any(each["trigger_id"] == arguments["trigger_id"] for each in self.views):
            raise SlackError("exchanged_trigger_id")
        self.views.append(arguments)
        return {"view": arguments["view"]}

    def do_chat_postEphemeral(self, arguments: Call) -> Call:  # noqa: N802 - Slack's own name
        """Tell one member of a channel."""
        check_message(arguments)
        if arguments.get("user") not in self.members.get(arguments.get("channel", ""), []):
            raise SlackError("user_not_in_channel")
        self.whispers.append(arguments)
        return {"message_ts": self._ts()}

    def do_chat_postMessage(self, arguments: Call) -> Call:  # noqa: N802 - Slack's own name
        """As a workspace without people; or to one person."""
        if not arguments.get("channel", "").startswith("U"):
            return super().do_chat_postMessage(arguments)
        check_message(arguments)
        self.whispers.append({**arguments, "user": arguments["channel"]})
        return {"channel": "D0DIRECT", "ts": self._ts()}

    def do_response_url(self, arguments: Call) -> Call:
        """The answer to a command; who asked is not in it."""
        check_message(arguments)
        self.whispers.append({**arguments, "user": "command"})
        return {}

    def do_apps_connections_open(self, _arguments: Call) -> Call:
        """Where Socket Mode is to be had."""
        return {"url": self.socket_url}


class SocketServer:
    """Slack's end of Socket Mode: a real websocket server on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self._server = serve(self._talk, "127.0.0.1", 0)
        self._numbers = count(1)
        self.acknowledged: queue.Queue[str] = queue.Queue()
        self.connections: list[ServerConnection] = []

    @property
    def url(self) -> str:
        """What apps.connections.open gives."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link"

    def envelope(self, payload: Any, kind: str = "interactive", envelope_id: str = "") -> str:
        """Send an envelope on the newest connection; its id."""
        envelope_id = envelope_id or f"envelope-{next(self._numbers)}"
        message = {"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": True}
        self.connections[-1].send(json.dumps(message))
        return envelope_id

    def _talk(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        connection.send(json.dumps({"type": "hello", "num_connections": len(self.connections)}))
        try:
            for message in connection:
                self.acknowledged.put(json.loads(message)["envelope_id"])
        except ConnectionClosed:
            return

    def __enter__(self) -> "SocketServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
