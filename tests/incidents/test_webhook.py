"""The signed webhook: taken by the receiver of docs/routes.md, and by it alone refused where it is forged or late."""

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from incidents.delivery import deliver
from incidents.fallback import Relay
from incidents.outbox import DeliveryError, Denied, Refused, Unanswered, Unavailable
from incidents.routing import channel_of
from incidents.webhook import SCHEMA, WebhookChannel, body, key_of, signed
from tests.incidents.hook_server import HookServer, Verify
from tests.incidents.hostile import hostile
from tests.incidents.samples import card, notification
from tests.warehouse.case_samples import fill
from warehouse.relays import RelayBook

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef" * 2).decode()
OTHER = "whsec_" + base64.b64encode(b"fedcba9876543210" * 2).decode()
PAGE = Path(__file__).resolve().parents[2] / "docs" / "routes.md"


def recipe() -> Callable[..., bool]:
    """The receiver's lines, run as they stand on the page."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    space: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), space)  # noqa: S102 - the page is under test
    found: Callable[..., bool] = space["verify"]
    return found


@pytest.fixture
def hook() -> Iterator[HookServer]:
    """A receiver that verifies by the page's recipe."""
    with HookServer(by_the_page(SECRET)) as server:
        yield server


def by_the_page(secret: str) -> Verify:
    """What the receiver asks of each request."""
    verify = recipe()
    return lambda headers, content, now: verify(headers, content, secret, now)


def channel(hook: HookServer, secret: str = SECRET, **more: Any) -> WebhookChannel:
    """The channel that posts to it."""
    return WebhookChannel("siem", f"{hook.url}/in", secret, **more)


def test_the_receiver_takes_what_is_ours(hook: HookServer) -> None:
    receipt = channel(hook).send(notification(), None)
    ((headers, told),) = hook.taken
    assert receipt.remote_id == headers["webhook-id"] == headers["idempotency-key"] == notification().id
    assert (told["schema"], told["type"], told["data"]["subject"]) == (SCHEMA, "incident.new_incident", "TOC-1001")
    assert told["data"]["card"]["excerpt"] == "Invented post."
    assert headers["content-type"] == "application/json"


def test_forged_late_and_altered_requests_are_refused_by_the_recipe(hook: HookServer) -> None:
    with pytest.raises(Denied, match="401"):
        channel(hook, OTHER).send(notification(), None)
    for skew in (-400, 400):  # far enough from the limit that a busy machine is not near it
        with pytest.raises(Denied, match="401"):
            channel(hook, now=lambda skew=skew: time.time() + skew).send(notification(), None)
    assert (hook.taken, hook.refused) == ([], 3)
    verify, content = recipe(), body(notification(), None)
    good = signed("n-1", 1_000_000, content, key_of(SECRET))
    assert verify(good, content, SECRET, 1_000_000)
    assert verify(good | {"webhook-signature": f"v1,AAAA {good['webhook-signature']}"}, content, SECRET, 1_000_000)
    for sent, taken in ((699, False), (701, True), (1299, True), (1301, False)):
        assert verify(signed("n-1", 1000, content, key_of(SECRET)), content, SECRET, sent) is taken
    for altered in (
        (good, content + b" "),
        (good | {"webhook-id": "n-2"}, content),
        (good | {"webhook-timestamp": "1000001"}, content),
        (good | {"webhook-timestamp": "soon"}, content),
        (good | {"webhook-signature": ""}, content),
        (good | {"webhook-signature": "v1,\u00e9"}, content),
        ({}, content),
    ):
        assert not verify(*altered, SECRET, 1_000_000)


def test_the_signature_is_that_of_the_standard() -> None:
    """By the words of its specification, worked out by hand: `id.timestamp.body`, HMAC-SHA256, base64."""
    made = signed("msg_1", 1674087231, b'{"a":1}', b"k" * 24)
    mac = hmac.new(b"k" * 24, b'msg_1.1674087231.{"a":1}', hashlib.sha256).digest()
    assert made["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (302, Denied),
        (401, Denied),
        (404, Denied),
        (410, Denied),
        (429, Unavailable),
        (500, Unavailable),
        (503, Unavailable),
        (400, Refused),
        (422, Refused),
        ("cut", Unanswered),
    ],
)
def test_whose_fault_it_is(hook: HookServer, fault: int | str, kind: type[DeliveryError]) -> None:
    hook.faults = [fault]
    with pytest.raises(DeliveryError) as caught:
        channel(hook).send(notification(), None)
    assert type(caught.value) is kind
    assert "siem" in str(caught.value)


def test_the_address_is_a_secret_that_no_library_logs(hook: HookServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.NOTSET)  # as where nobody has collected yet
    WebhookChannel("siem", f"{hook.url}/s3cret?key=s3cret", SECRET).send(notification(), None)
    assert len(hook.taken) == 1
    assert "s3cret" not in caplog.text


def test_what_the_receiver_has_already_is_delivered(hook: HookServer) -> None:
    hook.faults = [409]
    assert channel(hook).send(notification(), None).remote_id == notification().id


@pytest.mark.parametrize("answer", ["miscoded", "unending"])
def test_of_an_answer_only_the_status_is_read(hook: HookServer, answer: str) -> None:
    hook.faults = [answer]
    assert channel(hook, timeout_s=3.0).send(notification(), None).remote_id == notification().id
    assert hook.ids == [notification().id]


@pytest.mark.parametrize("host", ["siem..example.org", f"{'a' * 64}.example.org", "[::1::2]"])
def test_an_address_that_cannot_be_reached_by_anybody_closes_the_channel(host: str) -> None:
    made = channel_of("siem", f"signed+https://{SECRET}@{host}/in")
    with pytest.raises(Denied, match="siem: the receiver's address") as caught:
        made.send(notification(), None)
    assert SECRET not in str(caught.value)


def test_a_receiver_that_does_not_listen_or_does_not_answer() -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        WebhookChannel("siem", "http://127.0.0.1:1/", SECRET).send(notification(), None)


def test_a_cut_answer_may_come_twice_with_one_id_and_nothing_is_lost(sqlite_engine: Engine, hook: HookServer) -> None:
    made, book = fill(sqlite_engine, cases=3, each=3), RelayBook(sqlite_engine)
    book.add([Relay(each.id, "siem", "named") for each in made], made[0].created_at)
    hook.faults = [0, "cut", 500, 0, "cut", 0, 400]
    for _ in range(3):
        deliver(book.of("siem"), channel(hook), sleep=lambda _: None)
    assert book.channels() == []
    assert sorted(set(hook.ids)) == sorted(each.id for each in made)
    assert len(hook.ids) == len(made) + 2  # each cut answer once more, and nothing else
    for case in ("TOC-1001", "TOC-1002", "TOC-1003"):
        told = list(dict.fromkeys(each for subject, each in _told(hook) if subject == case))
        assert told == [each.id for each in made if each.incident_id == case]


def _told(hook: HookServer) -> list[tuple[str, str]]:
    return [(told["data"]["subject"], headers["webhook-id"]) for headers, told in hook.taken]


@pytest.mark.parametrize(
    "address",
    [
        "signed+https://siem.example.org/x",
        "signed+https://whsec_AAAA@siem.example.org/x",
        "signed+http://SECRET@siem.example.org/x",
        "signed+ftp://SECRET@siem.example.org/x",
        "signed+https://SECRET@/x",
    ],
)
def test_an_address_that_is_none_names_the_setting_and_not_the_secret(address: str) -> None:
    made = channel_of("siem", address.replace("SECRET", SECRET))
    with pytest.raises(Denied, match="TOCSIN_ROUTE_SIEM") as caught:
        made.send(notification(), None)
    assert "whsec_AAAA" not in str(caught.value)
    assert SECRET not in str(caught.value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_hostile_words_are_json_and_harmless(words: str) -> None:
    told = notification(card=card(excerpt=words, why=words, note=words, excerpt_url=words, organisation=words))
    content = body(told, None)
    content.decode("ascii")
    read = json.loads(content)["data"]["card"]
    for name in ("excerpt", "why", "note", "organisation"):
        assert not set(read[name]) & set("<>\x00\u202e\u2066")
        assert len(read[name]) <= 4000
        read[name].encode("utf-8")
    assert read["excerpt_url"] is None or read["excerpt_url"].startswith(("http://", "https://"))
