"""Other routes end to end: real Slack client, real mail server, real receiver, one warehouse. Posts are invented."""

import json

import pytest
from sqlalchemy import select

from incidents.silence import Asked
from tests.tocsin.town import SECRET, Town, age, raised, told_ids
from tocsin import relaying
from warehouse.relay_schema import relay_attempts


def test_each_channel_has_each_notification_once(town: Town) -> None:
    house = raised(town.pack(security={"also": ["security_mail", "siem"]}), 1, 2)
    said = town.deliver()
    assert said.status == 0, said.err
    assert json.loads(said.out)["delivered"] == 6
    town.run("incident", "ack", "TOC-1001", "--by", "sam", "--reason", "mine")
    assert town.deliver().status == 0
    assert town.deliver().status == 0
    ids = told_ids(house)
    assert sorted(town.hook.ids) == sorted(town.slack.workspace.ids()) == sorted(ids)
    sent = town.mails("sirt@example.org")
    assert [each.message["X-Tocsin-Notification"] for each in sent] == ids
    first, last = sent[0].message, sent[2].message
    assert last["In-Reply-To"] == last["References"] == first["Message-ID"] == f"<{ids[0]}@example.org>"
    assert first["In-Reply-To"] is None
    thread = [told["data"]["thread"] for _, told in town.hook.taken if told["data"]["subject"] == "TOC-1001"]
    assert thread == [ids[0], ids[0]]


def test_what_is_written_after_slack_was_told_is_silenced_before_any_other_channel_hears(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = town.pack(security={"also": ["siem"]})
    for name, value in town.settings.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    house = raised(pack, 1, category="threat", severity="high")
    house.silences.add(Asked("sam", "a drill", "8h", target="sample_worker"), {pack.id: pack})
    with house.outbox.exclusive():  # another is telling Slack, and looks at this when it comes to it again
        relaying.relay()
    assert town.hook.ids == []
    relaying.relay()
    assert town.hook.ids == []
    raised(pack, 2, severity="critical")
    with house.outbox.exclusive():
        relaying.relay()
    assert [told["data"]["subject"] for _, told in town.hook.taken] == ["TOC-1002"]


def test_one_channel_that_is_down_holds_up_no_other(town: Town) -> None:
    house = raised(town.pack(security={"also": ["security_mail", "siem", "unset_one"]}), 1)
    town.hook.faults = [403]
    said = town.deliver()
    assert said.status == 1
    assert "siem: the receiver answered 403" in said.err
    assert "TOCSIN_ROUTE_UNSET_ONE is not set" in said.err
    assert (len(town.mails("sirt@example.org")), town.hook.ids, len(town.slack.workspace.ids())) == (1, [], 1)
    said = town.deliver(ROUTE_UNSET_ONE=town.settings["ROUTE_SIEM"].replace("/in", "/other"))
    assert said.status == 0, said.err
    assert town.hook.ids == told_ids(house) * 2
    assert len(town.mails("sirt@example.org")) == 1


def test_a_wrong_setting_of_the_operators_mail_holds_up_no_other_channel(town: Town) -> None:
    house = raised(town.pack(security={"also": ["siem"], "fallback": "operators"}), 1)
    town.slack.workspace.plan = lambda _method, _arguments: "token_revoked"
    town.hook.faults = [403]
    wrong = {"OPERATORS_MAIL": "Ops <ops@example.org>"}
    town.deliver(**wrong)
    age(house, minutes=20)  # now the operators' turn has come, and nobody can reach them
    said = town.deliver(**wrong)
    assert said.status == 1
    assert "TOCSIN_OPERATORS_MAIL" in said.err
    assert town.hook.ids != []


def test_a_route_tells_nobody_that_it_does_not_name(town: Town) -> None:
    made = town.pack(security={"also": ["security_mail", "siem"]})
    raised(made, 1, category="safeguarding")
    assert town.deliver().status == 0
    assert (town.mail.taken, town.hook.taken) == ([], [])
    assert len(town.slack.workspace.ids()) == 1


def test_no_secret_of_an_address_is_told_or_kept(town: Town) -> None:
    house = raised(town.pack(security={"also": ["siem", "security_mail", "broken"]}), 1)
    town.hook.faults = [403]
    dead = "mailto://me:verysecret@127.0.0.1:1/?from=tocsin@example.org&to=sirt@example.org"
    said = town.deliver(ROUTE_SECURITY_MAIL=dead, ROUTE_BROKEN="nonsense://verysecret@host")
    assert said.status == 1
    with house.engine.connect() as connection:
        kept = " ".join(map(str, connection.scalars(select(relay_attempts.c.error))))
    for secret in ("verysecret", SECRET, SECRET.removeprefix("whsec_")):
        assert secret not in said.err + said.out + kept
