"""A Slack of our own for tests: a real HTTP server that answers as Slack answers, and fails as Slack fails.

It keeps messages by channel, checks the documented limits of texts and blocks, pages its listings, and can be told to
answer any call with 429, 500, a stall, or a connection cut after the message was stored.
"""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs

from tests.incidents.slack_limits import refused_message

Fault = Literal["429", "500", "html", "stall", "cut", "cut before", "half", "empty", "late"]
TOKEN = "xoxb-not-a-real-token"
APP_TOKEN = "xapp-not-a-real-token"

Call = dict[str, Any]
Plan = Callable[[str, Call], Fault | str | None]  # method, arguments -> fault, a Slack error name, or None


class SlackError(Exception):
    """An answer with ok false."""


@dataclass
class Workspace:
    """What Slack holds, and how it is to fail. All access is under `lock`."""

    page: int = 100
    plan: Plan = lambda _method, _arguments: None
    stall_s: float = 5.0
    late_s: float = 0.2  # how long after a cut a call that is "late" does its work
    retry_after: str = "0"
    channels: dict[str, list[Call]] = field(default_factory=lambda: {"C0SECURITY": [], "C0DEFAULT": []})
    calls: Counter[str] = field(default_factory=Counter)
    times: list[tuple[str, float]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _last: float = 0.0

    def call(self, method: str, arguments: Call) -> Call:
        """Do what the method does. Raises SlackError."""
        with self.lock:
            self.calls[method] += 1
            self.times.append((method, time.monotonic()))
            found = getattr(self, "do_" + method.replace(".", "_"), None)
            if found is None:
                raise SlackError("unknown_method")
            return {"ok": True, **found(arguments)}

    def messages(self, channel: str = "C0DEFAULT") -> list[Call]:
        """All messages of a channel, replies too, oldest first."""
        with self.lock:
            return list(self.channels[channel])

    def ids(self, channel: str = "C0DEFAULT") -> list[str]:
        """The notification ids in a channel, in the order of posting."""
        return [each["metadata"]["event_payload"]["notification_id"] for each in self.messages(channel)]

    def do_auth_test(self, arguments: Call) -> Call:
        """Who the token is."""
        return {"url": "https://sample.slack.example/", "team": "Sample", "user": "tocsin", "bot_id": "B0TOCSIN"}

    def do_chat_postMessage(self, arguments: Call) -> Call:  # noqa: N802 - Slack's own name
        """Store a message; in a thread where `thread_ts` is given."""
        held = self._channel(arguments)
        check_message(arguments)
        thread = arguments.get("thread_ts")
        if thread and not any(each["ts"] == thread for each in held):
            raise SlackError("thread_not_found")
        message = _message(arguments, self._ts())
        held.append(message | ({"thread_ts": thread} if thread else {}))
        return {"channel": arguments["channel"], "ts": message["ts"], "message": message}

    def do_chat_update(self, arguments: Call) -> Call:
        """Replace text, blocks and, where given, metadata of a message."""
        held = self._channel(arguments)
        check_message(arguments)
        for message in held:
            if message["ts"] == arguments.get("ts"):
                message.update({name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments})
                message["edited"] = {"user": "B0TOCSIN", "ts": self._ts()}
                return {"channel": arguments["channel"], "ts": message["ts"], "text": message["text"]}
        raise SlackError("message_not_found")

    def do_conversations_history(self, arguments: Call) -> Call:
        """The channel's own messages, newest first."""
        oldest = float(arguments.get("oldest", 0))
        held = [each for each in self._channel(arguments) if "thread_ts" not in each and float(each["ts"]) > oldest]
        return self._paged([self._head(each) for each in held[::-1]], arguments)

    def delete(self, ts: str, channel: str = "C0DEFAULT") -> None:
        """As a person does it: of a head with replies its place is left, as a tombstone."""
        with self.lock:
            held = self.channels[channel]
            (message,) = [each for each in held if each["ts"] == ts]
            if any(each.get("thread_ts") == ts for each in held):
                message.clear()
                message.update(type="message", subtype="tombstone", text="This message was deleted.", ts=ts)
            else:
                held.remove(message)

    def _head(self, message: Call) -> Call:
        held = [each for channel in self.channels.values() for each in channel]
        replies = [each["ts"] for each in held if each.get("thread_ts") == message["ts"]]
        return message | ({"reply_count": len(replies), "latest_reply": replies[-1]} if replies else {})

    def do_conversations_replies(self, arguments: Call) -> Call:
        """A thread, its head first."""
        ts = arguments.get("ts")
        held = [each for each in self._channel(arguments) if ts in (each["ts"], each.get("thread_ts"))]
        if not held:
            raise SlackError("thread_not_found")
        return self._paged(held, arguments)

    def _channel(self, arguments: Call) -> list[Call]:
        try:
            return self.channels[arguments.get("channel", "")]
        except KeyError:
            raise SlackError("channel_not_found") from None

    def _paged(self, messages: list[Call], arguments: Call) -> Call:
        start = int(arguments.get("cursor") or 0)
        size = min(int(arguments.get("limit") or 100), self.page)
        shown = [_as_shown(each, arguments) for each in messages[start : start + size]]
        more = start + size < len(messages)
        after = {"response_metadata": {"next_cursor": str(start + size)}} if more else {}
        return {"messages": shown, "has_more": more, **after}

    def _ts(self) -> str:
        self._last = max(time.time(), self._last + 0.000001)
        return f"{self._last:.6f}"


def _message(arguments: Call, ts: str) -> Call:
    kept = {name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments}
    return {"type": "message", "subtype": "bot_message", "bot_id": "B0TOCSIN", "ts": ts, **kept}


def _as_shown(message: Call, arguments: Call) -> Call:
    """Slack gives the payload only to those who ask for all metadata."""
    if arguments.get("include_all_metadata") in ("1", "true", "True", True):
        return message
    return message | {"metadata": {"event_type": message.get("metadata", {}).get("event_type")}}


def check_message(arguments: Call) -> None:
    """Slack's documented limits. Raises SlackError as Slack does."""
    if refusal := refused_message(arguments):
        raise SlackError(refusal)


class _Handler(BaseHTTPRequestHandler):
    server: "SlackServer"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Every Web API method."""
        method = "response.url" if self.path.startswith("/hooks/") else self.path.rpartition("/")[2]
        arguments = self._arguments()
        fault = self.server.workspace.plan(method, arguments)
        if fault in ("429", "500", "html", "cut before"):
            self._fail(fault)
            return
        if fault == "late":
            threading.Timer(self.server.workspace.late_s, self.server.workspace.call, (method, arguments)).start()
            self._cut()
            return
        try:
            answer = self._answer(method, arguments, fault)
        except SlackError as error:
            answer = {"ok": False, "error": str(error)}
        if fault == "stall":
            time.sleep(self.server.workspace.stall_s)
        if fault == "cut":
            self._cut()
        elif fault == "half":
            self._send(200, json.dumps(answer), cut_at=20)
        elif fault == "empty":
            self._send(200, "")
        else:
            self._send(200, json.dumps(answer))

    def _answer(self, method: str, arguments: Call, fault: str | None) -> Call:
        token = APP_TOKEN if method == "apps.connections.open" else TOKEN
        if not self.path.startswith("/hooks/") and self.headers.get("Authorization") != f"Bearer {token}":
            raise SlackError("invalid_auth")
        if fault not in (None, "stall", "cut", "half", "empty"):
            raise SlackError(fault)
        return self.server.workspace.call(method, arguments)

    def _arguments(self) -> Call:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "json" in self.headers.get("Content-Type", ""):
            read: Call = json.loads(body or "{}")  # auth.test has no arguments
            return read
        return {name: values[0] for name, values in parse_qs(body).items()}

    def _fail(self, fault: str) -> None:
        if fault == "429":
            pause = {"Retry-After": self.server.workspace.retry_after}
            self._send(429, json.dumps({"ok": False, "error": "ratelimited"}), pause)
        elif fault == "500":
            self._send(500, json.dumps({"ok": False, "error": "internal_error"}))
        elif fault == "html":
            self._send(502, "<html>Bad gateway</html>")
        else:
            self._cut()

    def _send(self, status: int, body: str, headers: Call | None = None, cut_at: int | None = None) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[:cut_at])
        if cut_at is not None:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """Tests say what they need to say themselves."""


class SlackServer(ThreadingHTTPServer):
    """The server; `with SlackServer() as slack:` runs it on a free port of 127.0.0.1."""

    daemon_threads = True
    block_on_close = False  # a stalled answer must not hold up the end of a test

    def __init__(self, workspace: Workspace | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.workspace = workspace or Workspace()

    @property
    def url(self) -> str:
        """What TOCSIN_SLACK_API_URL would be."""
        return f"http://127.0.0.1:{self.server_address[1]}/api/"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is part of the game."""

    def __enter__(self) -> "SlackServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()


def now_and_then(fault: Fault, share: float, seed: int, method: str = "chat.postMessage") -> Plan:
    """A plan that fails this share of the calls of one method, the same ones each time."""
    dice = random.Random(seed)
    return lambda called, _arguments: fault if called == method and dice.random() < share else None


def at_first(*faults: Fault | str, method: str = "chat.postMessage") -> Plan:
    """A plan that fails the first calls of one method, one fault each, and then no more."""
    left = list(faults)
    return lambda called, _arguments: left.pop(0) if called == method and left else None
