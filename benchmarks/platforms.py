"""Platforms in good health on the loopback, in a process of their own; a page is made once, when it is first asked."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.records import SAMPLES, X_AUTHOR, Record

PAGE = 100
MOST = 10**6  # of a record's number: pages show the highest first

Headers = dict[str, str]
Params = dict[str, str]


def _records(platform: str, first: int, size: int) -> list[Record]:
    record = next(sample.record for sample in SAMPLES if sample.platform == platform)
    return [record(MOST - first - n) for n in range(size)]


def _x(params: Params, posts: int) -> tuple[Any, Headers]:
    start = int(params.get("next_token", 0))
    following = {"next_token": str(start + PAGE)} if start + PAGE < posts else {}
    data = _records("x", start, PAGE)
    return {"data": data, "includes": {"users": [X_AUTHOR]}, "meta": {"result_count": PAGE, **following}}, {}


def _mastodon(params: Params, posts: int) -> tuple[Any, Headers]:
    size = int(params.get("limit", 40))
    base = 115_000_000_000_000_000 + MOST
    start = base - int(params["max_id"]) + 1 if "max_id" in params else 0
    shown = _records("mastodon", start, size)
    link = f'<http://127.0.0.1/api/v1/timelines/tag/quillmere?max_id={shown[-1]["id"]}>; rel="next"'
    return shown, {"Link": link} if start + size < posts else {}


def _bluesky(params: Params, posts: int) -> tuple[Any, Headers]:
    start = int(params.get("cursor", 0))
    following = {"cursor": str(start + PAGE)} if start + PAGE < posts else {}
    return {"posts": _records("bluesky", start, PAGE), **following}, {}


def _hackernews(params: Params, posts: int) -> tuple[Any, Headers]:
    until = re.search(r"created_at_i<=(\d+)", params.get("numericFilters", ""))
    newest = _records("hackernews", posts, 1)[0]["created_at_i"]
    start = newest - int(until[1]) if until else 0
    shown = _records("hackernews", start, min(PAGE, posts - start))
    hits = [{**hit, "created_at_i": newest - start - n} for n, hit in enumerate(shown)]
    return {"hits": hits, "nbPages": 2 if start + PAGE < posts else 1, "page": 0}, {}


PATHS: dict[str, Callable[[Params, int], tuple[Any, Headers]]] = {
    "/2/tweets/search/recent": _x,
    "/api/v1/timelines/tag/quillmere": _mastodon,
    "/xrpc/app.bsky.feed.searchPosts": _bluesky,
    "/api/v1/search_by_date": _hackernews,
}
SESSION = {"accessJwt": "a", "refreshJwt": "r", "handle": "invented.example", "did": "did:plc:invented"}


@contextmanager
def serving(posts: int) -> Iterator[str]:
    """The address at which all of them answer, each with `posts` posts."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, posts), daemon=True)
    process.start()
    there.close()  # so that a server that does not start is an error here, and no long wait
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(pipe: Any, posts: int) -> None:
    kept: dict[str, tuple[bytes, Headers]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path not in kept:
                asked = urlsplit(self.path)
                make = PATHS.get(asked.path)
                said, headers = make(dict(parse_qsl(asked.query)), posts) if make else (SESSION, {})
                kept[self.path] = json.dumps(said).encode(), headers
            body, headers = kept[self.path]
            self.send_response(200)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_port)
    server.serve_forever()
