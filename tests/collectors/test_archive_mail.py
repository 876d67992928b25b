"""Mailing lists in files: every kind of mbox, single messages, broken ones. All messages are invented.

What Python's own `mailbox` and `email` find in a mailbox, written by them, our reader must find too, once and in order.
"""

import gzip
import io
import mailbox
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.archive import Archive, read_mentions
from collectors.archive.tape import PAGE_LIMIT
from collectors.collector import Quarantined
from collectors.mention import Mention

BEGAN = datetime(2026, 10, 1, 9, 15, tzinfo=UTC)
PIPERMAIL = b"""From invented at example.org  Thu Oct  1 09:15:00 2026
From: invented at example.org (Invented One)
Date: Thu, 1 Oct 2026 10:15:00 +0100 (BST)
Subject: [water] =?utf-8?q?Caf=C3=A9_without?=
 water
Message-ID: <a1@example.org>
Archived-At: <https://lists.example.org/a1>

No water at Quillmere Water, see https://example.org/bill.
>From now on I drink tea.
From here on
nothing.

From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
From: nobody

From other at example.org  Thu Oct  1 09:16:00 2026
From: "Other, Invented" <other@example.org>
Date: Thu, 1 Oct 2026 09:16:00 -0000
Subject: Re: [water] dry
In-Reply-To: <a1@example.org>
References: <a0@example.org>
\t<a1@example.org>
Message-ID: <a2@example.org>

> No water
Here neither.
"""


def message(number: int, text: str = "No water", **headers: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = f"Invented {number} <invented{number}@example.org>"
    letter["Date"] = format_datetime(BEGAN + timedelta(minutes=number))
    letter["Message-ID"] = f"<{number}@example.org>"
    letter["Subject"] = f"water {number}"
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


def mbox(path: Path, *messages: EmailMessage) -> Path:
    box = mailbox.mbox(path)
    for each in messages:
        box.add(each)
    box.close()
    return path


def of(data: bytes) -> Any:
    """The only item in a file."""
    (found,) = read_mentions(io.BytesIO(data))
    return found


def test_messages_with_their_threads() -> None:
    first, answer = read_mentions(io.BytesIO(PIPERMAIL))
    assert isinstance(first, Mention)
    assert isinstance(answer, Mention)
    assert (first.mention_id, first.kind, first.url) == ("mail:a1@example.org", "post", "https://lists.example.org/a1")
    assert first.text.startswith("[water] Café without water\n\nNo water at Quillmere Water")
    assert "\nFrom now on I drink tea.\nFrom here on\nnothing.\n" in first.text
    assert first.created_at == BEGAN
    assert (first.author.id, first.author.name) == ("invented@example.org", "Invented One")
    assert first.links == ("https://example.org/bill",)
    assert (answer.kind, answer.text) == ("reply", "> No water\nHere neither.")
    assert (answer.author.handle, answer.author.name) == ("other@example.org", "Other, Invented")
    assert answer.in_reply_to is not None
    assert (answer.in_reply_to.id, answer.in_reply_to.text) == ("a1@example.org", "[water] dry")
    assert answer.conversation_id == "a0@example.org"
    assert answer.created_at == BEGAN + timedelta(minutes=1)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("name", ["2026-October.txt", "2026-October.txt.gz", "list.mbox", "Inbox"])
def test_a_mailbox_is_known_by_its_name_or_its_beginning(tmp_path: Path, name: str, ending: bytes) -> None:
    data = PIPERMAIL.replace(b"\n", ending)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (batch,) = Archive(tmp_path).collect(None)
    assert [mention.id for mention in batch.mentions] == ["a1@example.org", "a2@example.org"]
    assert batch.mentions[0].text.count("\n") == 8


def test_a_folder_of_single_messages(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "list")
    for number in range(3):
        box.add(message(number))
    (tmp_path / "one.eml").write_bytes(bytes(message(7, "From me\n\nFrom a Thu Oct  1 09:15:00 2026\n")))
    (batch,) = Archive(tmp_path).collect(None)
    assert sorted(mention.id for mention in batch.mentions) == [f"{number}@example.org" for number in (0, 1, 2, 7)]
    assert batch.quarantined == ()
    assert list(Archive(tmp_path).collect(batch.checkpoint)) == []


def test_a_list_that_grows_gives_what_is_new(tmp_path: Path) -> None:
    path = mbox(tmp_path / "list.mbox", *(message(number) for number in range(1200)))
    first, *others = Archive(path).collect(None)
    assert [m.id for b in Archive(path).collect(first.checkpoint) for m in b.mentions] == [
        m.id for b in others for m in b.mentions
    ]
    mbox(path, message(1200))
    (news,) = Archive(path).collect(others[-1].checkpoint)
    # The last message of a file may have been half written; it is read again.
    assert [mention.id for mention in news.mentions] == ["1199@example.org", "1200@example.org"]


def test_html_alternatives_and_attachments() -> None:
    letter = message(1, "plain words")
    letter.add_alternative('<p>rich <a href="https://example.org/x">words</a></p>', subtype="html")
    letter.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="dry tap.png")
    letter.add_attachment("a log", filename="log.txt")
    found = of(bytes(letter))
    assert found.text == "water 1\n\nplain words"
    assert [(item.type, item.alt_text) for item in found.media] == [("image", "dry tap.png")]
    only = message(2)
    only.set_content('<p>rich <a href="https://example.org/x">words</a></p>', subtype="html")
    assert (of(bytes(only)).text, of(bytes(only)).links) == ("water 2\n\nrich words", ("https://example.org/x",))


LF = b"\n"
HEAD = b"From: a@example.org\nDate: Thu, 1 Oct 2026 09:15:00 +0000\nMessage-ID: <1@example.org>\n"


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (b"text/plain; charset=koi8-r", "привет".encode("koi8-r"), "привет"),
        (b"text/plain; charset=iso-2022-jp", "水がない".encode("iso-2022-jp"), "水がない"),
        (b"text/plain", "café “dry”".encode("cp1252"), "café “dry”"),
        (b"text/plain", "café".encode(), "café"),
        (b"text/plain; charset=x-nonsense", "café".encode(), "café"),
        (b"text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", b"caf=C3=\n=A9", "café"),
        (b"text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"Y2Fmw6k=", "café"),
    ],
)
def test_charsets(content_type: bytes, body: bytes, text: str) -> None:
    assert of(HEAD + b"Content-Type: " + content_type + b"\n\n" + body).text == text


BROKEN = {
    "charset": (HEAD + b"Content-Type: text/plain; charset=utf-8\n\ncaf\xe9", "neither utf-8 nor UTF-8"),
    "unknown charset": (HEAD + b"Content-Type: text/plain; charset=x-nonsense\n\ncaf\xe9", "x-nonsense"),
    "null byte": (HEAD + b"\nno\x00water", "null byte"),
    "no text": (HEAD + b"\n\n", "no text"),
    "no date": (HEAD.replace(b"Thu, 1 Oct 2026", b"Soon") + b"\nwater", "no date"),
    "1970": (HEAD.replace(b"2026", b"1970") + b"\nwater", "no date"),
    "base64": (HEAD + b"Content-Transfer-Encoding: base64\n\nAAAAA", "base64"),
    "picture alone": (HEAD + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA", "no text"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_message_is_named_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    bad, reason = BROKEN[name]
    line = b"From x@example.org Thu Oct  1 09:15:00 1970\n"
    path = tmp_path / "list.mbox"
    path.write_bytes(line + bytes(message(1)) + b"\n" + line + bad + b"\n\n" + line + bytes(message(2)))
    first, refused, last = read_mentions(path)
    assert isinstance(first, Mention)
    assert isinstance(last, Mention)
    assert (first.id, last.id) == ("1@example.org", "2@example.org")
    assert isinstance(refused, Quarantined)
    assert refused.where == f"list.mbox:{bytes(message(1)).count(LF) + 3}"
    assert reason in refused.reason


def test_the_mailbox_dates_what_has_no_date() -> None:
    found = of(b"From x Thu Oct  1 09:15:00 2026\nFrom: a@example.org\nMessage-ID: <1@example.org>\n\nwater\n")
    assert found.created_at == BEGAN
    assert "mailbox" in found.raw["dated_by"]


def test_a_message_without_id_has_one_that_stays() -> None:
    without = HEAD.partition(b"Message-ID")[0] + b"\nwater"
    assert of(without).id == of(without).id
    assert len(of(without).id) == 64
    assert of(without).id != of(without + b"!").id


def test_an_enormous_attachment_costs_neither_the_text_nor_the_next_message(tmp_path: Path) -> None:
    large = message(1)
    large.add_attachment(bytes(PAGE_LIMIT), maintype="application", subtype="zip", filename="x.zip")
    found = list(read_mentions(mbox(tmp_path / "list.mbox", large, message(2))))
    assert [item.id for item in found if isinstance(item, Mention)] == ["1@example.org", "2@example.org"]
    assert [item.raw["cut"] for item in found if isinstance(item, Mention)] == [True, False]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
LINES = st.lists(WORDS | st.sampled_from(["From me", ">From you", "From a@b Thu Oct  1 09:15:00 2026", "", "> quoted"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([("", [">", ">From "])])
@given(st.lists(st.tuples(WORDS, LINES), min_size=1, max_size=6))
def test_what_the_standard_library_wrote_is_found_once_and_whole(tmp_path: Path, written: list[Any]) -> None:
    path = tmp_path / "list.mbox"
    path.unlink(missing_ok=True)
    mbox(path, *(message(n, "\n".join(["x", *lines]), X_Words=words) for n, (words, lines) in enumerate(written)))
    found = list(read_mentions(path))
    assert [item.id for item in found if isinstance(item, Mention)] == [f"{n}@example.org" for n in range(len(written))]
    for item, (_, lines) in zip(found, written, strict=True):
        assert isinstance(item, Mention)
        said = "".join(item.text.split()).replace(">", "")  # a mailbox writes one before a line's "From"
        assert "".join("".join(lines).split()).replace(">", "") in said


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(PIPERMAIL)), st.integers(0, len(PIPERMAIL)))
def test_no_damage_escapes(noise: bytes, start: int, end: int) -> None:
    damaged = PIPERMAIL[: min(start, end)] + noise + PIPERMAIL[max(start, end) :]
    for found in read_mentions(io.BytesIO(damaged), "mbox"):
        assert isinstance(found, Mention | Quarantined)


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_names_that_are_written_without_any_encoding_are_read(tmp_path: Path, charset: str) -> None:
    letter = b"""From invented@example.org  Thu Oct  1 09:15:00 2026
From: "Zo\xeb Invented" <invented@example.org>
Date: Thu, 1 Oct 2026 10:15:00 +0100
Message-ID: <b1@example.org>
Content-Type: multipart/mixed; boundary="=="

--==
Content-Type: text/plain

No water
--==
Content-Type: image/png
Content-Disposition: attachment; filename*=utf-8''wasserhahn-%C3%BCber.png

--==--
"""
    path = tmp_path / "list.mbox"
    path.write_bytes(letter.replace(b"\xeb", "ë".encode(charset)))
    (found,) = (each for batch in Archive(path).collect(None) for each in (*batch.mentions, *batch.quarantined))
    assert isinstance(found, Mention), found
    assert (found.author.name, found.author.handle) == ("Zoë Invented", "invented@example.org")
    assert [item.alt_text for item in found.media] == ["wasserhahn-über.png"]
