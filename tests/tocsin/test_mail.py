"""The daily report by mail, against a real server."""

import socket
from pathlib import Path

import pytest

from tests.tocsin.conftest import Run
from tests.tocsin.smtp_sink import SmtpSink

TWO = "team@example.org, lead@example.org"
WORDS = ("report", "--day", "2026-10-01", "--mail")


def test_the_report_is_sent_to_everybody_as_it_stands(tocsin: Run) -> None:
    with SmtpSink() as sink:
        said = tocsin(*WORDS, SMTP_URL=sink.url, REPORT_TO=TWO)
    assert said.status == 0, said.err
    (taken,) = sink.taken
    assert taken.recipients == ["team@example.org", "lead@example.org"]
    assert taken.message["Subject"] == "Tocsin: what was said on Thursday 01 October 2026"
    text, page = taken.message.get_payload()  # type: ignore[misc]
    assert "attached" in text.get_payload(decode=True).decode()
    assert page.get_filename() == "2026-10-01.html"
    sent = page.get_payload(decode=True).replace(b"\r\n", b"\n")
    assert sent.rstrip() == Path(said.out.strip()).read_bytes().rstrip()


def test_it_is_not_sent_unasked_and_not_without_a_server_and_readers(tocsin: Run) -> None:
    with SmtpSink() as sink:
        assert tocsin(*WORDS[:-1], SMTP_URL=sink.url, REPORT_TO=TWO).status == 0
        lacking = tocsin(*WORDS, SMTP_URL=sink.url), tocsin(*WORDS, REPORT_TO=TWO)
    assert sink.taken == []
    assert {said.status for said in lacking} == {2}
    assert all("set TOCSIN_SMTP_URL and TOCSIN_REPORT_TO" in said.err for said in lacking)


@pytest.mark.parametrize("day", ["0001-01-05", "9999-12-31", "2026-13-01"])
def test_a_day_that_has_no_report_is_told(tocsin: Run, day: str) -> None:
    said = tocsin("report", "--day", day)
    assert said.status == 2
    assert day in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org:x"])
def test_an_address_that_is_none_names_the_setting(tocsin: Run, url: str) -> None:
    said = tocsin(*WORDS, SMTP_URL=url, REPORT_TO=TWO)
    assert said.status == 2
    assert "TOCSIN_SMTP_URL" in said.err
    assert "smtp://user:password@host:port" in said.err


def test_one_refused_reader_is_named_and_the_other_has_it_once(tocsin: Run, bare: Path) -> None:
    with SmtpSink("lead@example.org") as sink:
        said = tocsin(*WORDS, SMTP_URL=sink.url, REPORT_TO=TWO)
    assert said.status == 1
    assert "lead@example.org: 550 no such mailbox" in said.err
    assert [taken.recipients for taken in sink.taken] == [["team@example.org"]]


def test_an_odd_answer_to_quit_is_no_failure(tocsin: Run, bare: Path) -> None:
    with SmtpSink(quits="421 closing") as sink:
        said = tocsin(*WORDS, SMTP_URL=sink.url, REPORT_TO=TWO)
    assert (said.status, said.err) == (0, "")
    assert [taken.message["Message-ID"] is not None for taken in sink.taken] == [True]


@pytest.mark.parametrize("running", [True, False])
def test_what_cannot_be_mailed_is_kept_and_told(tocsin: Run, bare: Path, running: bool) -> None:
    with SmtpSink("lead@example.org", "team@example.org") as sink, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = sink.url if running else f"smtp://127.0.0.1:{unused.getsockname()[1]}"
        said = tocsin(*WORDS, SMTP_URL=url, REPORT_TO=TWO)
    assert said.status == 1
    assert sink.taken == []
    page = bare / "var" / "reports" / "2026-10-01.html"
    assert page.exists()
    assert str(page) in said.err
    assert "Traceback" not in said.err


def test_the_password_is_never_told(tocsin: Run) -> None:
    said = tocsin(*WORDS, SMTP_URL="smtp://me:verysecret@127.0.0.1:1", REPORT_TO=TWO)
    assert said.status == 1
    assert "verysecret" not in said.out + said.err
