"""Media of Apprise's, by the real library against a real server: what is sent, whose fault it is, what acts nowhere."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from incidents.apprise_channel import AppriseChannel, words
from incidents.mail import MailChannel
from incidents.outbox import DeliveryError, Denied, Refused, Unanswered, Unavailable
from incidents.routing import Unset, channel_of, setting_of
from incidents.unmarked import unmarked
from incidents.webhook import WebhookChannel
from tests.incidents.hostile import hostile
from tests.incidents.samples import card, notification


class _Handler(BaseHTTPRequestHandler):
    server: "Medium"

    def do_POST(self) -> None:
        """Keep it, and answer as told."""
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.taken.append(json.loads(sent))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests say what they need to say themselves."""


class Medium(ThreadingHTTPServer):
    """What a chat tool's interface would be."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[dict[str, Any]] = []
        self.status = 200


@pytest.fixture
def medium() -> Iterator[Medium]:
    """Running."""
    server = Medium()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def channel(medium: Medium) -> AppriseChannel:
    """Apprise's own plainest medium: JSON by HTTP."""
    return AppriseChannel.of_url("chat", f"json://user:verysecret@127.0.0.1:{medium.server_address[1]}/in")


def test_what_is_sent_names_the_incident_and_the_notification_first(medium: Medium) -> None:
    receipt = channel(medium).send(notification(), None)
    (told,) = medium.taken
    assert receipt.remote_id == notification().id
    assert "TOC-1001" in told["title"]
    assert told["message"].startswith(f"TOC-1001, notification {notification().id}\n")
    assert "Link: https://social.example/posts/1" in told["message"]
    assert channel(medium).find(notification(), None) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (302, Refused),
        (401, Denied),
        (403, Denied),
        (404, Denied),
        (429, Unavailable),
        (500, Unavailable),
    ],
)
def test_whose_fault_it_is(medium: Medium, status: int, kind: type[DeliveryError]) -> None:
    medium.status = status
    with pytest.raises(DeliveryError) as caught:
        channel(medium).send(notification(), None)
    assert type(caught.value) is kind
    assert len(medium.taken) == 1, "no redirect is followed, and nothing is tried again behind our back"
    assert "verysecret" not in str(caught.value)


def test_pagerduty_has_one_incident_for_one_of_ours_and_sees_it_resolved(
    medium: Medium, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins import pagerduty

    here = f"http://127.0.0.1:{medium.server_address[1]}/"
    monkeypatch.setattr(pagerduty, "PAGERDUTY_API_LOOKUP", dict.fromkeys(pagerduty.PAGERDUTY_API_LOOKUP, here))
    monkeypatch.setattr(pagerduty.NotifyPagerDuty, "request_rate_per_sec", 0)
    duty = AppriseChannel.of_url("duty_phone", "pagerduty://A1BRTD4JD@TIiajkdnlazkcOXrIdevi7F")
    over = card(status="resolved")
    late = notification(4, reason="post_deleted", card=over)  # told of a case that is closed: nobody is paged anew
    for told in (notification(1), notification(1, 2), notification(2), notification(3, reason="resolved"), late):
        duty.send(told, None)
    assert [(each["dedup_key"], each["event_action"]) for each in medium.taken] == [
        ("tocsin-TOC-1001", "trigger"),
        ("tocsin-TOC-1002", "trigger"),
        ("tocsin-TOC-1001", "trigger"),
        ("tocsin-TOC-1001", "resolve"),
        ("tocsin-TOC-1001", "resolve"),
    ]


def test_nobody_answers() -> None:
    with pytest.raises(Unanswered, match="chat"):
        AppriseChannel.of_url("chat", "json://127.0.0.1:1/").send(notification(), None)


def test_each_address_has_its_channel() -> None:
    secret = "whsec_" + "QUJD" * 10
    for address, kind in (
        ("mailto://mail.example.org?from=a@example.org&to=b@example.org", MailChannel),
        ("mailtos://me:pw@gmail.com", MailChannel),
        (f"signed+https://{secret}@siem.example.org:8443/a?b=c", WebhookChannel),
        (f"signed+http://{secret}@127.0.0.1/a", WebhookChannel),
        ("ntfys://a-topic", AppriseChannel),
        ("mmosts://chat.example.org/3ccdd113474722377935511fc85d3dd4", AppriseChannel),
        ("pagerduty://A1BRTD4JD@TIiajkdnlazkcOXrIdevi7F", AppriseChannel),
        (None, Unset),
        ("", Unset),
        ("nonsense", Unset),
        ("nonsense://verysecret", Unset),
        ("mailto://", Unset),
        ("mailto://mail.example.org?from=a@example.org&to=b@example.org&bcc=c@example.org", Unset),
    ):
        assert type(channel_of("chat", address)) is kind, address
    assert setting_of("security_mail") == "TOCSIN_ROUTE_SECURITY_MAIL"


def test_an_address_that_is_none_is_named_by_its_setting_and_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        made = channel_of("chat", "nonsense://verysecret@host")
        for call in (made.address, lambda told: made.send(told, None), lambda told: made.find(told, None)):
            with pytest.raises(Denied, match="TOCSIN_ROUTE_CHAT") as caught:
                call(notification())
            assert "verysecret" not in str(caught.value)
    assert "verysecret" not in caplog.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_hostile_words_mention_nobody_and_link_nowhere(text: str) -> None:
    hurt = card(excerpt=text, why=text, organisation=text, note=text, excerpt_url=text)
    sent = words(notification(card=hurt))
    own = [line for line in sent.split("\n") if not line.startswith("Link: ")]
    assert not set(sent) & set("<>\x00\u202e\u2066`\x1b")
    for line in own:
        assert "://" not in line
        assert "](" not in line
        assert not any(f"@{name}" in line for name in ("all", "here", "channel", "everyone", "SUM"))
    assert len(sent) < 20_000
    assert unmarked(unmarked(text)) == unmarked(text)
