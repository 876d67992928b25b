"""What Slack shows is read back and laid beside what was told: nothing to say where all is well, else each by name."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from incidents.delivery import deliver
from incidents.notification import Notification
from incidents.reconciliation import reconcile
from incidents.slack import SlackChannel
from tests.incidents.samples import notification
from tests.incidents.slack_server import TOKEN, SlackServer, at_first
from tests.tocsin.conftest import Run
from tests.warehouse.case_samples import fill
from tocsin.reconciling import said
from warehouse.case_entries import add_notification
from warehouse.case_schema import deliveries, outbox
from warehouse.engine import connect, migrate
from warehouse.marts import read
from warehouse.outbox import WarehouseOutbox
from warehouse.reconciliation import ReconciliationBook
from warehouse.slack_schema import slack_messages

Kinds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def told(engine: Engine, slack: SlackServer) -> list[Notification]:
    """Two incidents of three notifications each, delivered."""
    made = fill(engine, cases=2, each=3)
    with engine.begin() as connection:
        connection.execute(update(outbox).values(created_at=datetime.now(UTC)))
    _deliver(engine, slack)
    return made


@pytest.fixture
def kinds(engine: Engine, slack: SlackServer) -> Kinds:
    """Read Slack back, and name what is not well: kind and notification."""

    def compared() -> list[tuple[str, str]]:
        channel = SlackChannel.connect(TOKEN, base_url=slack.url)
        reconcile(ReconciliationBook(engine), channel.client, datetime.now(UTC))
        found = read(engine, "delivery_discrepancies")
        return sorted(zip(found["kind"], found["notification_id"], strict=True))

    return compared


def _deliver(engine: Engine, slack: SlackServer) -> None:
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)
    deliver(WarehouseOutbox(engine), channel, sleep=lambda _: None)


def _at(slack: SlackServer, one: Notification) -> dict[str, Any]:
    return slack.workspace.messages()[slack.workspace.ids().index(one.id)]


def test_where_all_is_well_there_is_no_row_and_no_word_is_kept(
    engine: Engine, slack: SlackServer, told: list[Notification], kinds: Kinds
) -> None:
    slack.workspace.page = 2
    somebody = {"type": "message", "user": "U0SAM", "text": "What people say is theirs.", "ts": slack.workspace._ts()}
    slack.workspace.channels["C0DEFAULT"].append(somebody)
    assert kinds() == kinds() == []
    with engine.connect() as connection:
        rows = connection.execute(select(slack_messages)).all()
    assert sorted(row.notification_id for row in rows) == sorted(each.id for each in told)
    assert {row.thread is None for row in rows} == {True, False}


def test_what_a_person_deleted_is_named_and_not_posted_again(
    engine: Engine, slack: SlackServer, told: list[Notification], kinds: Kinds
) -> None:
    never_seen = told[2]  # of the first incident, before Slack was ever read back
    slack.workspace.delete(_at(slack, never_seen)["ts"])
    assert kinds() == [("missing", never_seen.id)]
    head, reply = told[1], told[3]
    slack.workspace.delete(_at(slack, reply)["ts"])
    slack.workspace.delete(_at(slack, head)["ts"])  # its place is left, for it has replies
    assert kinds() == kinds() == sorted([("deleted", head.id), ("deleted", reply.id), ("missing", never_seen.id)])
    before = len(slack.workspace.messages())
    _deliver(engine, slack)
    assert len(slack.workspace.messages()) == before


def test_what_is_there_twice_or_is_nobodys_or_was_edited_is_named(
    slack: SlackServer, told: list[Notification], kinds: Kinds
) -> None:
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0)
    channel.send(told[0], None)
    strange = notification(7, incident=99)
    channel.send(strange, None)
    _at(slack, told[1])["edited"] = {"user": "U0SOMEBODY", "ts": "1.1"}
    _at(slack, told[4])["edited"] = {"user": "B0TOCSIN", "ts": "1.1"}  # ours, and we edit no replies
    del _at(slack, told[5])["metadata"]
    edited = [("edited", told[number].id) for number in (1, 4, 5)]
    assert kinds() == sorted([*edited, ("twice", told[0].id), ("unknown", strange.id)])


def test_what_waits_or_was_set_aside_or_has_no_receipt_is_named(
    engine: Engine, told: list[Notification], kinds: Kinds
) -> None:
    made, now = [notification(number, incident=1) for number in (11, 12, 13)], datetime.now(UTC)
    changes: list[dict[str, Any]] = [
        {"created_at": now - timedelta(hours=2)},
        {"created_at": now, "state": "failed"},
        {"created_at": now, "state": "delivered", "delivered_at": now},
    ]
    with engine.begin() as connection:
        for one, changed in zip(made, changes, strict=True):
            add_notification(connection, one)
            connection.execute(update(outbox).where(outbox.c.notification_id == one.id).values(**changed))
    assert kinds() == sorted([("overdue", made[0].id), ("set_aside", made[1].id), ("unproven", made[2].id)])


def test_a_channel_that_cannot_be_read_is_named_and_what_was_read_stands(
    engine: Engine, slack: SlackServer, told: list[Notification], kinds: Kinds
) -> None:
    assert kinds() == []
    slack.workspace.plan = at_first("not_in_channel", method="conversations.history")
    assert kinds() == [("unread", None)]
    assert kinds() == []
    slack.workspace.plan = at_first("unknown_method", method="conversations.history")
    assert [kind for kind, _ in kinds()] == ["unread"]
    assert len(told) == len(read(engine, "notification_deliveries"))


@pytest.mark.parametrize("fault", ["missing", "unread"])
def test_what_is_older_than_what_is_read_back_is_named_no_more_though_its_channel_falls_quiet(
    engine: Engine, slack: SlackServer, told: list[Notification], kinds: Kinds, fault: str
) -> None:
    if fault == "missing":
        slack.workspace.delete(_at(slack, told[2])["ts"])
    else:
        slack.workspace.plan = at_first("not_in_channel", method="conversations.history")
    assert [kind for kind, _ in kinds()] == [fault]
    client = SlackChannel.connect(TOKEN, base_url=slack.url).client
    counts = reconcile(ReconciliationBook(engine), client, datetime.now(UTC) + timedelta(days=3))
    assert (counts.channels, read(engine, "delivery_discrepancies").empty) == (0, True)
    with engine.connect() as connection:
        assert connection.execute(select(slack_messages)).all() == []


def test_the_command_names_each_and_the_operators_hear_of_it_once(tocsin: Run, slack: SlackServer, bare: Path) -> None:
    settings = {
        "SLACK_BOT_TOKEN": TOKEN, "SLACK_API_URL": slack.url, "SLACK_CHANNEL": "C0DEFAULT", "SLACK_INTERVAL_S": "0",
        "SLACK_OPERATORS_CHANNEL": "C0SECURITY",
    }  # fmt: skip
    url = f"sqlite:///{bare / 'var' / 'tocsin.db'}"
    engine = connect(url)
    migrate(engine)
    made = fill(engine, cases=1, each=2)
    with engine.begin() as connection:
        connection.execute(update(outbox).values(created_at=datetime.now(UTC)))
    assert tocsin("deliver", **settings).status == 0
    well = tocsin("reconcile", **settings)
    assert (well.status, well.lines) == (0, [{"channels": 1, "messages": 2, "discrepancies": 0}])
    slack.workspace.delete(_at(slack, made[1])["ts"])
    for _ in range(2):
        found = tocsin("reconcile", **settings)
        assert found.status == 1
        assert [(row["kind"], row["subject"]) for row in found.lines[:-1]] == [("deleted", "TOC-1001")]
    tocsin("deliver", **settings)
    (alarm,) = slack.workspace.messages("C0SECURITY")
    assert "Delivery to Slack: what was told and what is there differ" in alarm["text"]
    assert "1 deleted: TOC-1001." in json.dumps(alarm["blocks"])
    with engine.begin() as connection:  # as if two days had gone by: what is so old is not read back any more
        mine = deliveries.c.notification_id == made[1].id
        connection.execute(update(deliveries).where(mine).values(remote_id="1000000000.000100"))
    assert tocsin("reconcile", **settings).status == 0
    tocsin("deliver", **settings)
    _, over = slack.workspace.messages("C0SECURITY")
    assert over["thread_ts"] == alarm["ts"]
    assert "All is told as it should be: what was told is there, once and in order" in over["text"]
    assert tocsin("reconcile", "--days", "0", **settings).status == 2
    engine.dispose()


@pytest.mark.parametrize("token", ["", TOKEN])
def test_what_was_never_told_is_named_where_no_channel_was_ever_read(
    tocsin: Run, slack: SlackServer, bare: Path, token: str
) -> None:
    engine = connect(f"sqlite:///{bare / 'var' / 'tocsin.db'}")
    migrate(engine)
    fill(engine, cases=1, each=1)
    settings = {"SLACK_BOT_TOKEN": token, "SLACK_API_URL": slack.url, "SLACK_CHANNEL": "C0DEFAULT"}
    for minutes, kinds in ((50, []), (70, ["overdue"])):
        with engine.begin() as connection:
            connection.execute(update(outbox).values(created_at=datetime.now(UTC) - timedelta(minutes=minutes)))
        found = tocsin("reconcile", **settings)
        assert [row["kind"] for row in found.lines[:-1]] == kinds
        assert found.status == len(kinds)
    engine.dispose()


def test_an_alarm_says_how_many_of_which_kind_and_names_a_few() -> None:
    rows = [{"kind": "set_aside", "subject": "TOC-1001", "channel": "C1"}] * 2 + [
        {"kind": "missing", "subject": f"TOC-{number}", "channel": "C1"} for number in range(1002, 1009)
    ]
    assert said(rows) == "7 missing, 2 set aside: TOC-1001, TOC-1002, TOC-1003, TOC-1004, TOC-1005 and 3 more."
