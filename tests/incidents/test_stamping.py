"""Timestamps: asked for from a real authority, and refused where they do not hold."""

import base64
import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from incidents.custody import CustodyEntry
from incidents.stamping import GIVE_UP_AFTER, UNREADABLE, Stamp, StampRefused, address, ask, check, stamp_all
from tests.incidents.dossiers import dossier
from tests.incidents.tsa import Authority

FIRST, SECOND = dossier("A post.").custody


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """A timestamping authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    made = Authority(tmp_path_factory.mktemp("tsa"))
    yield made
    made.close()


@pytest.fixture
def authority(running: Authority) -> Authority:
    """The authority, as it is when nothing ails it."""
    running.answers, running.asked = None, 0
    return running


class Book:
    """A book of stamps in memory."""

    def __init__(self, entries: Sequence[CustodyEntry]) -> None:
        self.entries = list(entries)
        self.kept: list[Stamp] = []
        self.failures: list[str] = []

    def waiting(self, limit: int) -> list[CustodyEntry]:
        """What has no stamp."""
        return self.entries[:limit]

    def keep(self, stamp: Stamp) -> None:
        """Keep it."""
        self.kept.append(stamp)

    def note_failure(self, entry: CustodyEntry, tsa: str, error: str) -> None:
        """Note it."""
        self.failures.append(error)


def test_a_timestamp_is_of_the_entry_and_of_now(authority: Authority) -> None:
    stamp = ask(httpx.stream, FIRST, authority.url, authority.certificates.read_bytes())
    assert (stamp.incident_id, stamp.sequence, stamp.tsa) == ("TOC-1001", 1, authority.url)
    assert abs(stamp.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    check(FIRST, stamp.reply, authority.certificates.read_bytes())
    with pytest.raises(StampRefused, match="not of custody entry 2"):
        check(SECOND, stamp.reply)
    with pytest.raises(StampRefused, match="not of custody entry 1"):
        check(replace(FIRST, actor="somebody"), stamp.reply)


def test_answers_that_are_no_timestamp_of_ours_are_refused_by_name(authority: Authority) -> None:
    ask(httpx.stream, FIRST, authority.url)
    stale = authority.last
    for answers, told in (
        ((503, b""), "status 503"),
        ((200, b"<html>sign in</html>"), "no timestamp"),
        ((200, b""), "no timestamp"),
        ((200, b"x" * 200_000), "more than 100,000 bytes"),
        ((200, stale), "the nonce differs"),
    ):
        authority.answers = answers
        with pytest.raises(StampRefused, match=told):
            ask(httpx.stream, FIRST, authority.url)
    with pytest.raises(StampRefused, match="did not answer"):
        ask(httpx.stream, FIRST, "http://127.0.0.1:1/tsr")


class Endless(BaseHTTPRequestHandler):
    """Answers without end, and counts what it could send."""

    sent = 0

    def do_POST(self) -> None:
        """Send until nobody reads any more."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        while Endless.sent < 500_000_000:
            self.wfile.write(b"x" * 50_000)
            Endless.sent += 50_000

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked goes away
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(StampRefused, match="more than 100,000 bytes"):
        ask(httpx.stream, FIRST, f"http://127.0.0.1:{server.server_port}/tsr")
    server.shutdown()
    server.server_close()
    assert Endless.sent < 50_000_000


def test_a_signature_that_rests_on_another_root_does_not_hold(authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    other.close()
    stamp = ask(httpx.stream, FIRST, authority.url)
    with pytest.raises(StampRefused, match="does not hold"):
        check(FIRST, stamp.reply, other.certificates.read_bytes())


def test_what_waits_is_stamped_and_an_authority_that_is_down_is_not_asked_for_ever(authority: Authority) -> None:
    book = Book([FIRST, SECOND])
    counts = stamp_all(book, authority.url, authority.certificates.read_bytes())
    assert (counts.stamped, counts.failed, counts.problems) == (2, 0, ())
    assert [stamp.sequence for stamp in book.kept] == [1, 2]
    authority.answers, authority.asked = (500, b""), 0
    book = Book([FIRST] * 20)
    counts = stamp_all(book, authority.url)
    assert (counts.stamped, counts.failed, authority.asked) == (0, GIVE_UP_AFTER, GIVE_UP_AFTER)
    assert counts.problems == (f"{authority.url} answered with status 500",)
    assert len(book.failures) == GIVE_UP_AFTER


def test_a_password_in_the_url_is_for_the_authority_alone(
    authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.NOTSET)  # as where nobody has collected yet
    secret = f"{authority.url.replace('://', '://sam:s%2Fcret@')}?key=s%2Fcret"
    book = Book([FIRST])
    assert stamp_all(book, secret).stamped == 1
    assert authority.heard == ("/tsr?key=s%2Fcret", f"Basic {base64.b64encode(b'sam:s/cret').decode()}")
    for answers in ((503, b""), (200, b"x" * 200_000), (200, authority.last)):
        authority.answers = answers
        stamp_all(book, secret)
    stamp_all(book, "http://sam:s%2Fcret@127.0.0.1:1/tsr?key=s%2Fcret")
    stamp_all(book, "http://sam:s/cret@127.0.0.1/tsr")
    stamp_all(book, "sam:s%2Fcret@127.0.0.1/tsr")
    assert [stamp.tsa for stamp in book.kept] == [authority.url]
    assert len(book.failures) == 6
    for told in (*book.failures, caplog.text):
        assert "cret" not in told
        assert "sam" not in told


def test_an_address_is_told_as_it_was_set_but_for_what_is_secret() -> None:
    for plain in ("https://tsa.example", "https://tsa.example:444/tsr", "http://127.0.0.1:1/a%20b"):
        assert address(plain) == plain
        assert address(plain.replace("://", "://sam:pass@") + "?key=1#x") == plain
    for unreadable in ("", "tsa.example", "https://", "https://sam:pa/ss@tsa.example/", "https://[::1/"):
        assert address(unreadable) == UNREADABLE
