"""A receiver of signed webhooks of our own for tests: verifies as docs/routes.md says, and fails as it is told to."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Verify = Callable[[dict[str, str], bytes, float], bool]  # headers in lower case, body, the present second


class _Handler(BaseHTTPRequestHandler):
    server: "HookServer"

    def do_POST(self) -> None:
        """Take what verifies; 401 for all else."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = self.server.faults.pop(0) if self.server.faults else 0
        if fault == "cut before":
            self.close_connection = True
            self.connection.close()
            return
        if isinstance(fault, int) and fault:
            self._answer(fault)
            return
        if not self.server.verify(headers, body, time.time()):
            self.server.refused += 1
            self._answer(401)
            return
        self.server.taken.append((headers, json.loads(body)))
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        if fault == "miscoded":
            self._answer(200, b"no gzip", "gzip")
            return
        if fault == "unending":
            self._answer(200, b"more and ", length=2**40)
            self.server.let_go.wait(10)
            return
        self._answer(200)

    def _answer(self, status: int, content: bytes = b"", encoding: str = "identity", length: int | None = None) -> None:
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Tests say what they need to say themselves."""


class HookServer(ThreadingHTTPServer):
    """`with HookServer() as hook:` runs it on a free port; `faults` are for the next requests, one each."""

    daemon_threads = True

    def __init__(self, verify: Verify = lambda _headers, _body, _now: True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.verify = verify
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.faults: list[int | str] = []
        self.refused = 0
        self.let_go = threading.Event()  # of an answer that does not end

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def ids(self) -> list[str]:
        """The notification ids that it took, in order, each as often as it came."""
        return [headers["webhook-id"] for headers, _ in self.taken]

    def handle_error(self, *_: Any) -> None:
        """A connection that is cut is part of the game."""

    def __enter__(self) -> "HookServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.let_go.set()
        self.shutdown()
        self.server_close()
