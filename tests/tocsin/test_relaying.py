"""Other routes end to end: real Slack client, real mail server, real receiver, one warehouse. Posts are invented."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, update

import policies
from incidents.delivery import deliver
from incidents.slack import SlackChannel
from policies.check import load
from policies.policy import Policy
from tests.incidents.hook_server import HookServer
from tests.incidents.samples import exhibit
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.tocsin.conftest import Run, Said
from tests.tocsin.smtp_sink import SmtpSink, Taken
from tests.warehouse.case_samples import lay
from tocsin import pipeline
from tocsin.house import House, open_house
from warehouse.case_schema import deliveries, outbox
from warehouse.relay_schema import relay_attempts, relays

STARTER = Path(policies.__file__).with_name("starter.yaml")
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
SLACK = "C0DEFAULT"


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    """A mail server."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def hook() -> Iterator[HookServer]:
    """A receiver of webhooks."""
    with HookServer() as server:
        yield server


@pytest.fixture
def pack(bare: Path) -> Callable[..., Policy]:
    """Writes the starter pack with these additions to its routes, and reads it: `pack(security={"also": [...]})`."""

    def write(**routes: dict[str, Any]) -> Policy:
        content = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
        for name, more in routes.items():
            content["routes"][name] |= more
        path = bare / "mine.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return load(path)

    return write


def subject(taken: Taken) -> str:
    """A mail's subject as it is read."""
    return " ".join(str(make_header(decode_header(taken.message["Subject"]))).split())


def text(taken: Taken) -> str:
    """A mail's plain text as it is read."""
    plain: Any = taken.message.get_payload()[0]  # type: ignore[index]
    return str(plain.get_payload(decode=True).decode())


class Town:
    """The settings of everything at once, and what is found where."""

    def __init__(self, run: Run, slack: SlackServer, mail: SmtpSink, hook: HookServer) -> None:
        self.run, self.slack, self.mail, self.hook = run, slack, mail, hook
        self.settings = {
            "POLICIES": "mine.yaml",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_CHANNEL": SLACK,
            "SLACK_API_URL": slack.url,
            "SLACK_INTERVAL_S": "0",
            "ROUTE_SECURITY_MAIL": f"{mail.url.replace('smtp', 'mailto')}?from=tocsin@example.org&to=sirt@example.org",
            "ROUTE_SIEM": f"{hook.url.replace('http://', f'signed+http://{SECRET}@')}/in",
            "SMTP_URL": mail.url,
            "OPERATORS_MAIL": "operators@example.org",
        }

    def deliver(self, **changes: str) -> Said:
        """`tocsin deliver`; a setting of "" is not set."""
        settings = {name: value for name, value in (self.settings | changes).items() if value}
        return self.run("deliver", **settings)

    def attempt(self) -> None:
        """One run of Slack's alone, without the pauses that a sender in doubt makes."""
        channel = SlackChannel.connect(TOKEN, SLACK, base_url=self.slack.url, interval_s=0)
        deliver(open_house().outbox, channel, sleep=lambda _: None)

    def mails(self, to: str) -> list[Taken]:
        """What one mailbox was sent."""
        return [each for each in self.mail.taken if each.recipients == [to]]


@pytest.fixture
def town(tocsin: Run, slack: SlackServer, mail: SmtpSink, hook: HookServer) -> Town:
    """All of it."""
    return Town(tocsin, slack, mail, hook)


def _raise(pack: Policy, *numbers: int, **changes: Any) -> House:
    house = open_house()
    lay(house.engine, [_exhibit(number, pack, **changes) for number in numbers])
    from incidents.casebook import raise_incidents

    raise_incidents(house.casebook, {pack.id: pack}, house.now())
    return house


def _exhibit(number: int, pack: Policy, **changes: Any) -> Any:
    category = changes.get("category", "threat")
    named = {"policy": pack.id, "policy_version": pack.version, "clauses": pack.categories[category].clauses}
    return exhibit(number, **{"category": category, "author": f"author-{number}", **named, **changes})


def _age(house: House, **by: float) -> None:
    """Let time pass: what was written and tried was written and tried earlier."""
    with house.engine.begin() as connection:
        for table, column in ((outbox, outbox.c.created_at), (deliveries, deliveries.c.attempted_at)):
            key = next(iter(table.primary_key))
            for row in connection.execute(select(key, column)).all():
                connection.execute(update(table).where(key == row[0]).values({column.name: row[1] - timedelta(**by)}))


def _ids(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return list(connection.scalars(select(outbox.c.notification_id).order_by(outbox.c.sequence)))


def test_each_channel_has_each_notification_once(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(security={"also": ["security_mail", "siem"]}), 1, 2)
    said = town.deliver()
    assert said.status == 0, said.err
    assert json.loads(said.out)["delivered"] == 6
    town.run("incident", "ack", "TOC-1001", "--by", "sam", "--reason", "mine")
    assert town.deliver().status == 0
    assert town.deliver().status == 0
    ids = _ids(house)
    assert sorted(town.hook.ids) == sorted(town.slack.workspace.ids()) == sorted(ids)
    sent = town.mails("sirt@example.org")
    assert [each.message["X-Tocsin-Notification"] for each in sent] == ids
    first, last = sent[0].message, sent[2].message
    assert last["In-Reply-To"] == last["References"] == first["Message-ID"] == f"<{ids[0]}@example.org>"
    assert first["In-Reply-To"] is None
    thread = [told["data"]["thread"] for _, told in town.hook.taken if told["data"]["subject"] == "TOC-1001"]
    assert thread == [ids[0], ids[0]]


def test_one_channel_that_is_down_holds_up_no_other(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(security={"also": ["security_mail", "siem", "unset_one"]}), 1)
    town.hook.faults = [403]
    said = town.deliver()
    assert said.status == 1
    assert "siem: the receiver answered 403" in said.err
    assert "TOCSIN_ROUTE_UNSET_ONE is not set" in said.err
    assert (len(town.mails("sirt@example.org")), town.hook.ids, len(town.slack.workspace.ids())) == (1, [], 1)
    said = town.deliver(ROUTE_UNSET_ONE=town.settings["ROUTE_SIEM"].replace("/in", "/other"))
    assert said.status == 0, said.err
    assert town.hook.ids == _ids(house) * 2
    assert len(town.mails("sirt@example.org")) == 1


def test_a_route_tells_nobody_that_it_does_not_name(town: Town, pack: Callable[..., Policy]) -> None:
    made = pack(security={"also": ["security_mail", "siem"]})
    _raise(made, 1, category="safeguarding")
    assert town.deliver().status == 0
    assert (town.mail.taken, town.hook.taken) == ([], [])
    assert len(town.slack.workspace.ids()) == 1


def test_what_slack_denies_for_long_goes_by_the_fallback_and_is_told_there_later(
    town: Town, pack: Callable[..., Policy]
) -> None:
    house = _raise(pack(security={"fallback": "security_mail"}), 1, 2)
    town.slack.workspace.plan = lambda _method, _arguments: "token_expired"
    assert "TOCSIN_SLACK_BOT_TOKEN" in town.deliver().err
    assert town.mail.taken == []
    _age(house, minutes=16)
    said = town.deliver()
    assert said.status == 1
    ids = _ids(house)
    assert [each.message["X-Tocsin-Notification"] for each in town.mails("sirt@example.org")] == ids[:2]
    page = str(town.mails("sirt@example.org")[0].message)
    assert "Slack has not taken this" in page
    (alarm,) = town.mails("operators@example.org")
    assert "Delivery by slack: messages are not taken" in subject(alarm)
    assert "TOCSIN_SLACK_BOT_TOKEN" in text(alarm)
    town.deliver()
    assert len(town.mail.taken) == 3
    town.slack.workspace.plan = lambda _method, _arguments: None
    assert town.deliver().status == 0
    assert town.deliver().status == 0
    told = {each["metadata"]["event_payload"]["notification_id"]: each for each in town.slack.workspace.messages()}
    assert set(ids[:2]) < set(told)
    assert len(town.slack.workspace.ids()) == len(set(town.slack.workspace.ids())) == 4  # with the alarm and its end
    assert all("it went by security_mail" in told[each]["text"] for each in ids[:2])
    over = [each for each in town.mails("operators@example.org") if each is not alarm]
    assert ["Recovered" in subject(each) for each in over] == [True]
    assert over[0].message["In-Reply-To"] == alarm.message["Message-ID"]


def test_a_slack_that_stalls_is_a_fault_too(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "500"
    town.deliver()
    _age(house, minutes=20)
    town.deliver()
    incident, alarm = town.mails("operators@example.org")
    assert "Invented post 1." in text(incident)
    assert "HTTP 500" in text(alarm)


@pytest.mark.parametrize("more", [{"restricted": True}, {}])
def test_the_operators_are_not_told_what_is_not_for_them(
    town: Town, pack: Callable[..., Policy], more: dict[str, Any]
) -> None:
    category = "threat" if more else "safeguarding"
    house = _raise(pack(security=more), 1, category=category, why="They wrote of ending it.")
    town.slack.workspace.plan = lambda _method, _arguments: "not_in_channel"
    town.deliver()
    _age(house, minutes=20)
    town.deliver()
    told, _alarm = town.mails("operators@example.org")
    whole = str(told.message)
    assert "TOC-1001" in whole
    for secret in ("invented post", "ending it", "sample_", "social.example", category, "safeguarding"):
        assert secret not in whole.lower()


def test_what_slack_refuses_for_good_goes_at_once_and_a_flood_does_not(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(security={"fallback": "siem"}), 1, 2)
    poison = _ids(house)[0]

    def plan(_method: str, arguments: dict[str, Any]) -> str | None:
        held = arguments.get("metadata") or {"event_payload": {}}
        return "invalid_blocks" if held["event_payload"].get("notification_id") == poison else None

    town.slack.workspace.plan = plan
    for _ in range(5):
        town.attempt()
    assert town.deliver().status == 0
    assert town.hook.ids == [poison]
    _age(house, minutes=60)
    assert town.deliver().status == 0  # what was delivered, and what was set aside, is not told again
    assert town.hook.ids == [poison]
    town.slack.workspace.plan = lambda _method, _arguments: None
    assert pipeline.retry_failed() == 1
    town.attempt()
    assert town.deliver().status == 0
    assert town.slack.workspace.ids().count(poison) == 1
    assert town.hook.ids == [poison]


def test_without_any_other_way_it_is_said_and_waits(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "token_revoked"
    town.deliver()
    _age(house, minutes=20)
    said = town.deliver(OPERATORS_MAIL="")
    assert "TOCSIN_OPERATORS_MAIL" in said.err
    with house.engine.connect() as connection:
        assert connection.execute(select(relays)).all() == []
    town.slack.workspace.plan = lambda _method, _arguments: None
    town.attempt()
    assert town.deliver(OPERATORS_MAIL="").status == 0
    assert town.mail.taken == []


def test_a_fallback_that_slack_has_overtaken_is_not_sent(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(security={"fallback": "siem"}), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "token_revoked"
    town.hook.faults = [403, 403]
    town.deliver()
    _age(house, minutes=20)
    town.deliver()
    assert town.hook.ids == []
    town.slack.workspace.plan = lambda _method, _arguments: None
    town.attempt()
    said = town.deliver()
    assert said.status == 0, said.err
    assert town.hook.ids == []


def test_no_secret_of_an_address_is_told_or_kept(town: Town, pack: Callable[..., Policy]) -> None:
    house = _raise(pack(security={"also": ["siem", "security_mail", "broken"]}), 1)
    town.hook.faults = [403]
    dead = "mailto://me:verysecret@127.0.0.1:1/?from=tocsin@example.org&to=sirt@example.org"
    said = town.deliver(ROUTE_SECURITY_MAIL=dead, ROUTE_BROKEN="nonsense://verysecret@host")
    assert said.status == 1
    with house.engine.connect() as connection:
        kept = " ".join(map(str, connection.scalars(select(relay_attempts.c.error))))
    for secret in ("verysecret", SECRET, SECRET.removeprefix("whsec_")):
        assert secret not in said.err + said.out + kept
