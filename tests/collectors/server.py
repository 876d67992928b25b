"""A real HTTP server on the loopback that answers as a test wants, and as a faulty platform might."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    target: str = ""  # path and query as they were sent


@dataclass
class Reply:
    """What the server answers. `cut` closes the connection half-way; `stall` waits, in seconds, before the body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    stall: float = 0.0

    @classmethod
    def of(cls, value: Any, **others: Any) -> "Reply":
        return cls(json.dumps(value).encode(), headers={"Content-Type": "application/json"}, **others)


Answer = Callable[[Asked], Reply]


class Server:
    """Answers with whatever `answer` says, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                url = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), headers, body, self.path)
                server.asked.append(asked)
                self._send(server.answer(asked))

            do_POST = do_PUT = do_GET  # noqa: N815

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                if self.close_connection:  # the client asked so, as prawcore does: said, so that it reuses nothing
                    self.send_header("Connection", "close")
                self.end_headers()
                server.over.wait(reply.stall)
                try:
                    self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
                except OSError:
                    reply.cut = True  # the client has gone, as some tests want it to
                if reply.cut:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Keep the test output quiet."""

        return Handler
