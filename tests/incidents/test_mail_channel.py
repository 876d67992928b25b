"""Mail: by a real server, in threads, known again by its Message-ID; hostile words in subject, text and HTML."""

import re
import traceback
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, example, given, settings

from incidents.mail import MailChannel
from incidents.notification import DigestCard, Notification, SourceCard
from incidents.outbox import DeliveryError, Denied, Head, Unavailable
from incidents.smtp import MailServer
from tests.incidents.hostile import LONG, hostile
from tests.incidents.samples import NOON, card, notification
from tests.tocsin.smtp_sink import SmtpSink

TWO = ("sirt@example.org", "duty@example.org")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    with SmtpSink() as server:
        yield server


def channel(url: str = "smtp://127.0.0.1:1", to: tuple[str, ...] = TWO) -> MailChannel:
    """The channel that hands in there."""
    return MailChannel("security_mail", MailServer.of_url(url), "tocsin@example.org", to)


def read(told: Notification, head: Head | None = None) -> EmailMessage:
    """A message as a mail client reads it, from its bytes."""
    made = message_from_bytes(channel().message(told, head).as_bytes(), policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def body(message: EmailMessage, kind: str) -> str:
    """One of the two bodies."""
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.words.append(data)


def test_the_first_and_what_follows_are_one_thread(sink: SmtpSink) -> None:
    mail, first, second = channel(sink.url), notification(1), notification(2)
    head = mail.send(first, None)
    mail.send(second, Head(head.remote_id, first.id, first.reason))
    one, two = sink.taken
    assert one.recipients == list(TWO)
    assert one.message["Message-ID"] == head.remote_id == f"<{first.id}@example.org>"
    assert two.message["In-Reply-To"] == two.message["References"] == head.remote_id
    assert one.message["Auto-Submitted"] == "auto-generated"
    assert one.message["X-Tocsin-Notification"] == first.id
    assert mail.find(first, None) is None


def test_a_long_domain_does_not_break_the_thread() -> None:
    sender = f"tocsin@{'a-rather-long-department.' * 4}example.org"
    mail, first = MailChannel("security_mail", MailServer.of_url("smtp://h"), sender, TWO), notification(1)
    name = str(mail.message(first, None)["Message-ID"])
    made = mail.message(notification(2), Head(name, first.id, first.reason)).as_bytes().decode()
    for header in ("In-Reply-To", "References"):
        assert f"\n{header}: {name}\n" in made


def test_sent_again_it_is_the_same_message() -> None:
    assert read(notification())["Message-ID"] == read(notification())["Message-ID"]
    assert read(notification()).as_bytes().count(b"Message-ID:") == 1


def test_one_mailbox_that_is_refused_is_named_and_the_other_has_it(caplog: pytest.LogCaptureFixture) -> None:
    with SmtpSink("duty@example.org") as sink:
        channel(sink.url).send(notification(), None)
        assert [each.recipients for each in sink.taken] == [["sirt@example.org"]]
    assert "duty@example.org" in caplog.text


@pytest.mark.parametrize(
    ("refuses", "kind"), [(TWO, Denied), ((), Unavailable)], ids=["nobody is there", "nobody answers"]
)
def test_whose_fault_it_is(refuses: tuple[str, ...], kind: type[DeliveryError]) -> None:
    with SmtpSink(*refuses) as sink:
        url = sink.url if refuses else "smtp://127.0.0.1:1"
        with pytest.raises(kind, match="security_mail") as caught:
            channel(url).send(notification(), None)
    assert type(caught.value) is kind


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a@b\r\nBcc: x@y", "a b@c", "<a@b>", "a@b,c@d"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        channel(to=(address,))


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:x", "smtps://:1"]
)
def test_a_server_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        MailServer.of_url(url)


@pytest.mark.parametrize(
    "password", ["secret/1", "secret#1", "secret?1", "secret[1", "1/secret", "1?secret", "℀secret"]
)
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_that_is_not_escaped_is_not_repeated(scheme: str, password: str) -> None:
    with pytest.raises(ValueError, match="%2F %23 %3F %40") as caught:
        MailServer.of_url(f"{scheme}://me:{password}@mail.example.org:25")
    assert "secret" not in "".join(traceback.format_exception(caught.value))  # nor in what was raised before it


def test_a_password_is_never_sent_in_the_clear_and_never_printed(sink: SmtpSink) -> None:
    server = MailServer.of_url(sink.url.replace("smtp://", "smtp://me:very%21secret@"))
    assert (server.security, server.password) == ("starttls", "very!secret")
    assert "secret" not in repr(server)
    with pytest.raises(Unavailable):  # this server has no TLS
        MailChannel("security_mail", server, "tocsin@example.org", TWO).send(notification(), None)
    assert sink.taken == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile, hostile)
@example("\r\nBcc: all@evil.example\r\n\r\n<script>alert(1)</script>", LONG)
def test_hostile_words_make_no_header_no_tag_and_no_link(words: str, name: str) -> None:
    hurt = card(
        **dict.fromkeys(("excerpt", "why", "organisation", "note", "next_step", "told", "assignee"), words),
        excerpt_url=name,
        incident_id=name or "TOC-1",
        clauses=((name, words),),
        platforms=(name,),
    )
    told = notification(card=hurt, incident_id=name or "TOC-1")
    message = read(told)
    plain_headers = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Tocsin-Notification"}
    assert set(message.keys()) == plain_headers | {"MIME-Version", "Content-Type"}
    assert message["To"] == "sirt@example.org, duty@example.org"
    assert not set(str(message["Subject"])) & set("\r\n\x00\u202e<>")
    assert len(str(message["Subject"])) <= 210
    page = Page(body(message, "html"))
    allowed = {"html", "head", "meta", "title", "body", "h1", "p", "table", "tr", "th", "td", "blockquote", "a"}
    assert {tag for tag, _ in page.tags} <= allowed
    for tag, attributes in page.tags:
        assert set(attributes) <= {"lang", "charset", "style", "scope", "href", "rel"}
        assert tag != "a" or str(attributes["href"]).startswith(("http://", "https://"))
    for text in (" ".join(page.words), body(message, "plain")):
        assert not set(text) & set("\x00\u202e\u2066\x1b")
        assert len(text) < 20_000


@pytest.mark.parametrize(
    "told",
    [
        SourceCard("SRC-1", "reddit", "reddit", "quiet", "Nothing \x00<b>came</b>", NOON, None, "Look."),
        DigestCard("DIG-1", "flood", "Example", 3, (("new_incident", 3),), (("low", 3),), (), (), 1, 1, (), NOON, NOON),
    ],
    ids=["alarm", "digest"],
)
def test_what_is_no_incident_is_told_too(told: SourceCard | DigestCard) -> None:
    reason = "source_alarm" if isinstance(told, SourceCard) else "digest"
    message = read(notification(card=told, reason=reason, incident_id="SRC-1"))
    assert re.search(r"SRC-1|DIG-1", body(message, "html"))
    assert "<b>" not in body(message, "html")
    assert body(message, "plain").strip()


def test_the_gravest_of_a_digest_stand_below_each_other_and_harm_nobody() -> None:
    gravest = (("TOC-1001", "critical", "threat"), ("TOC-1002", "low", "<b>threat"))
    counts = ((("new_incident", 2),), (("critical", 1), ("low", 1)), (), ())
    told = DigestCard("DIG-1", "flood", "Example", 2, *counts, 1, 1, gravest, NOON, NOON)
    html = body(read(notification(card=told, reason="digest", incident_id="DIG-1")), "html")
    assert "<p>The gravest:<br>🔴 TOC-1001 critical threat<br>⚪ TOC-1002 low " in html
    assert "<b>" not in html


def test_text_and_html_prove_the_same() -> None:
    held = card(evidence="a" * 64, custody=f"7:{'b' * 64}", on_call="@duty <officer>")
    message = read(notification(card=held))
    page = " ".join(Page(body(message, "html")).words)
    for line in (f"Evidence: {'a' * 64}", f"Custody log: 7:{'b' * 64}", "On call: "):
        assert line in body(message, "plain")
        assert line in page
    assert "<officer>" not in body(message, "html")
