"""A real HTTP server on the loopback for the collectors' own clients, and a small invented policy to search with."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from collectors.manners import Manners
from policies.policy import Account, Organisation, Policy, Vocabulary

SHARED = Path(__file__).resolve().parents[2] / "../shared"


@dataclass(frozen=True)
class Asked:
    """A request as the server saw it."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]


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
                self.rfile.read(int(self.headers.get("content-length", 0)))
                url = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), headers)
                server.asked.append(asked)
                self._send(server.answer(asked))

            do_POST = do_GET  # noqa: N815

            def _send(self, reply: Reply) -> None:
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
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


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], Server]]:
    """Starts servers, and stops them after the test."""
    servers: list[Server] = []

    def start(answer: Answer) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def brisk() -> Manners:
    """Manners with bounds that a test can wait for."""
    return Manners(
        requests=40,
        run_s=60.0,
        attempts=3,
        timeout_s=10.0,
        answer_s=20.0,
        patience_s=0.2,
        backoff_s=0.001,
        max_bytes=1 << 20,
    )


@pytest.fixture
def hasty(brisk: Manners) -> Manners:
    """Brisk, and soon tired of silence: for answers that never come."""
    return replace(brisk, timeout_s=0.3, answer_s=1.0)


@pytest.fixture
def policy() -> Policy:
    """An invented organisation, as a policy pack has it."""
    return Policy(
        id="quillmere",
        title="Quillmere Water",
        organisation=Organisation(name="Quillmere Water"),
        clauses=(),
        vocabulary=Vocabulary(names=("Quillmere Water",), hashtags=("quillmere",), subreddits=("quillmere",)),
        accounts=(Account(handle="@QuillmereWater", kind="official", platform="x"),),
        categories={},
        routes={},
    )


@pytest.fixture
def recordings() -> Path:
    folder = SHARED / "recordings"
    if not folder.is_dir():
        pytest.skip("needs ../shared/recordings, which is not part of the repository")
    return folder
