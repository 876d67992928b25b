"""What Slack does not take goes by another way, once, and the operators hear of it. Posts are invented."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.tocsin.town import Town, age, raised, subject, text, told_ids
from tocsin import pipeline
from warehouse.fallback import troubled
from warehouse.relay_schema import relays


def test_what_slack_denies_for_long_goes_by_the_fallback_and_is_told_there_later(town: Town) -> None:
    house = raised(town.pack(security={"fallback": "security_mail"}), 1, 2)
    town.slack.workspace.plan = lambda _method, _arguments: "token_expired"
    assert "TOCSIN_SLACK_BOT_TOKEN" in town.deliver().err
    assert town.mail.taken == []
    age(house, minutes=16)
    said = town.deliver()
    assert said.status == 1
    ids = told_ids(house)
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


def test_a_slack_that_stalls_is_a_fault_too(town: Town) -> None:
    house = raised(town.pack(), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "500"
    town.deliver()
    age(house, minutes=20)
    town.deliver()
    incident, alarm = town.mails("operators@example.org")
    assert "Invented post 1." in text(incident)
    assert "HTTP 500" in text(alarm)


@pytest.mark.parametrize("more", [{"restricted": True}, {}])
def test_the_operators_are_not_told_what_is_not_for_them(town: Town, more: dict[str, Any]) -> None:
    category = "threat" if more else "safeguarding"
    house = raised(town.pack(security=more), 1, category=category, why="They wrote of ending it.")
    town.slack.workspace.plan = lambda _method, _arguments: "not_in_channel"
    town.deliver()
    age(house, minutes=20)
    town.deliver()
    told, _alarm = town.mails("operators@example.org")
    whole = str(told.message)
    assert "TOC-1001" in whole
    for secret in ("invented post", "ending it", "sample_", "social.example", category, "safeguarding"):
        assert secret not in whole.lower()


def test_what_slack_refuses_for_good_goes_at_once_and_a_flood_does_not(town: Town) -> None:
    house = raised(town.pack(security={"fallback": "siem"}), 1, 2)
    poison = told_ids(house)[0]

    def plan(_method: str, arguments: dict[str, Any]) -> str | None:
        held = arguments.get("metadata") or {"event_payload": {}}
        return "invalid_blocks" if held["event_payload"].get("notification_id") == poison else None

    town.slack.workspace.plan = plan
    for _ in range(5):
        town.attempt()
    assert town.deliver().status == 0
    assert town.hook.ids == [poison]
    age(house, minutes=60)
    assert town.deliver().status == 0  # what was delivered, and what was set aside, is not told again
    assert town.hook.ids == [poison]
    town.slack.workspace.plan = lambda _method, _arguments: None
    assert pipeline.retry_failed() == 1
    town.attempt()
    assert town.deliver().status == 0
    assert town.slack.workspace.ids().count(poison) == 1
    assert town.hook.ids == [poison]


def test_without_any_other_way_it_is_said_and_waits(town: Town) -> None:
    house = raised(town.pack(), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "token_revoked"
    town.deliver()
    age(house, minutes=20)
    said = town.deliver(OPERATORS_MAIL="")
    assert "TOCSIN_OPERATORS_MAIL" in said.err
    with house.engine.connect() as connection:
        assert connection.execute(select(relays)).all() == []
    town.slack.workspace.plan = lambda _method, _arguments: None
    town.attempt()
    assert town.deliver(OPERATORS_MAIL="").status == 0
    assert town.mail.taken == []


def test_a_fallback_that_slack_has_overtaken_is_not_sent(town: Town) -> None:
    house = raised(town.pack(security={"fallback": "siem"}), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "token_revoked"
    town.hook.faults = [403, 403]
    town.deliver()
    age(house, minutes=20)
    town.deliver()
    assert town.hook.ids == []
    town.slack.workspace.plan = lambda _method, _arguments: None
    town.attempt()
    said = town.deliver()
    assert said.status == 0, said.err
    assert town.hook.ids == []
    assert troubled(house.engine) == {}  # what is not to be sent any more is no trouble
