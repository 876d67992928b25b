"""A source that fails: named, its run row says how, and every other source is read all the same."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tocsin.conftest import Run
from tests.tocsin.posts import HANDFUL
from tocsin import assessing, pipeline

LONG = {"Retry-After": "3600"}  # longer than anybody waits, so the run ends at once


class Platform(ThreadingHTTPServer):
    """Answers every call with one status."""

    daemon_threads = True

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.answered = 0
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                platform.answered += 1
                body = json.dumps({"title": "No", "detail": "not today \x1b[2J"}).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Tests say what they need to say themselves."""

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def platform() -> Iterator[Callable[..., Platform]]:
    """Starts one."""
    running: list[Platform] = []

    def start(status: int, headers: dict[str, str] | None = None) -> Platform:
        running.append(Platform(status, headers or {}))
        threading.Thread(target=running[-1].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return running[-1]

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def runs(bare: Path) -> dict[str, tuple[str, str | None]]:
    """The last run of each source: its outcome and error."""
    with sqlite3.connect(bare / "var" / "tocsin.db") as database:
        rows = database.execute("SELECT source, outcome, error FROM runs ORDER BY started_at").fetchall()
    return {source: (outcome, error) for source, outcome, error in rows}


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (401, {}, "access_denied"),
        (403, {}, "access_denied"),
        (429, LONG, "rate_limited"),
        (404, {}, "unexpected_response"),
        (500, {}, "unavailable"),
    ],
)
def test_a_refusal_is_named_and_holds_up_nobody(
    tocsin: Run,
    archive: Callable[..., Path],
    bare: Path,
    platform: Callable[..., Platform],
    status: int,
    headers: dict[str, str],
    outcome: str,
) -> None:
    x = platform(status, headers)
    url = f"http://127.0.0.1:{x.server_address[1]}"
    said = tocsin("collect", X_BEARER_TOKEN="invented", X_BASE_URL=url, ARCHIVES=str(archive(*HANDFUL)))
    assert said.status == 1
    assert x.answered
    assert f"x {outcome}" in said.err
    assert "\x1b" not in said.err
    assert "invented" not in said.err
    (read,) = said.lines
    assert read["inserted"] == len(HANDFUL)
    assert runs(bare)["x"][0] == outcome
    assert runs(bare)[read["source"]] == ("completed", None)
    told = json.loads(tocsin("sources", "--json", X_BEARER_TOKEN="invented", X_BASE_URL=url).out)
    (shown,) = [each for each in told if each["name"] == "x"]
    assert (shown["last_outcome"], shown["last_success_at"]) == (outcome, None)


def test_a_failure_that_nobody_foresaw_is_in_the_run_row_too(
    archive: Callable[..., Path], bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_ARCHIVES", str(archive(*HANDFUL)))
    (source,) = pipeline.list_sources()
    assessing.list_batches()  # opens the warehouse
    with sqlite3.connect(bare / "var" / "tocsin.db") as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON mentions BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(Exception, match="disk full"):
        pipeline.collect(source)
    outcome, error = runs(bare)[source]
    assert outcome == "failed"
    assert "disk full" in str(error)
    with sqlite3.connect(bare / "var" / "tocsin.db") as database:
        database.execute("DROP TRIGGER full")
    assert pipeline.collect(source)["inserted"] == len(HANDFUL)
    assert runs(bare)[source] == ("completed", None)


def test_a_refusal_is_told_to_the_operators_once_and_so_is_its_end(
    tocsin: Run, bare: Path, platform: Callable[..., Platform]
) -> None:
    x = platform(401)
    settings = {"X_BEARER_TOKEN": "invented", "X_BASE_URL": f"http://127.0.0.1:{x.server_address[1]}"}
    for _ in range(2):
        assert tocsin("collect", **settings).status == 1
        tocsin("watch", **settings)
    told = tocsin("deliver", **settings)
    assert told.lines[0]["delivered"] == 1
    assert "Source x: access refused (SRC-1)" in told.err
    assert "invented" not in told.err
    assert tocsin("watch", SOURCES="archive", **settings).lines == [{"raised": 0, "recovered": 0}]  # left out, not gone
    assert tocsin("watch").lines == [{"raised": 0, "recovered": 1}]
    over = tocsin("deliver")
    assert "Recovered: it is no longer among the sources" in over.err
    assert len(list((bare / "var" / "outbox").iterdir())) == 2
