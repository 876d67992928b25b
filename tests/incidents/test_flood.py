"""Floods and digests through the real outbox and slack-sdk: few messages, nothing lost, nothing told twice."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from incidents.card import card_of
from incidents.delivery import DeliveryCounts, deliver
from incidents.digest import SINGLY, URGENT
from incidents.notification import DigestCard, Notification
from incidents.slack import SlackChannel
from policies.policy import Route
from tests.incidents.samples import NOON, POLICY, card, exhibit, notification
from tests.incidents.slack_server import Call, SlackServer, at_first, now_and_then
from tests.warehouse.case_samples import fill, lay, raise_in
from warehouse.case_entries import add_notification
from warehouse.case_schema import incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.outbox import WarehouseOutbox

FLOOD_AT = 30


class Killed(BaseException):
    """Stands for a SIGKILL."""


def _box(engine: Engine) -> WarehouseOutbox:
    return WarehouseOutbox(engine, flood_at=FLOOD_AT)


def _deliver(box: WarehouseOutbox, channel: SlackChannel, at: datetime = NOON) -> DeliveryCounts:
    return deliver(box, channel, clock=lambda: at, sleep=lambda _: None)


def _open(engine: Engine, first: int, last: int, **said: Any) -> list[Notification]:
    """New incidents, as the casebook leaves them."""
    rows = [_row(number, **said) for number in range(first, last)]
    told = [
        notification(1, number, card=card(incident_id=f"TOC-{1000 + number}", **{"severity": "low", **said}))
        for number in range(first, last)
    ]
    with engine.begin() as connection:
        connection.execute(insert(incidents), rows)
        for each in told:
            add_notification(connection, each)
    return told


def _row(number: int, **said: Any) -> dict[str, Any]:
    return {
        "number": number,
        "incident_id": f"TOC-{1000 + number}",
        "policy": "sample",
        "policy_version": "0123456789ab",
        "author": f"author-{number}",
        "target": "sample_worker",
        "category": said.get("category", "cyberbullying"),
        "target_kind": "employee",
        "severity": said.get("severity", "low"),
        "status": "open",
        "route": "security",
        "clauses": ["EW 1.1"],
        "why": "It calls an employee names.",
        "opened_at": NOON,
        "opened_on": NOON.date(),
        "first_seen_at": NOON,
        "last_seen_at": NOON,
        "mention_count": 1,
    }


def _states(engine: Engine) -> dict[str, tuple[str, str | None]]:
    with engine.connect() as connection:
        rows = connection.execute(select(outbox.c.notification_id, outbox.c.state, outbox.c.told_in))
        return {row.notification_id: (row.state, row.told_in) for row in rows}


def _digests(slack: SlackServer, channel: str = "C0DEFAULT") -> list[Call]:
    messages = slack.workspace.messages(channel)
    return [each for each in messages if each["metadata"]["event_payload"]["reason"] == "digest"]


def _cards(engine: Engine) -> list[DigestCard]:
    with engine.connect() as connection:
        cards = [card_of(each) for each in connection.execute(select(outbox.c.card)).scalars()]
    return [each for each in cards if isinstance(each, DigestCard)]


def _assert_each_told_once(engine: Engine, slack: SlackServer, made: list[Notification]) -> None:
    states, posted = _states(engine), slack.workspace.ids()
    assert len(posted) == len(set(posted))
    for each in made:
        state, told_in = states[each.id]
        assert (state == "delivered" and each.id in posted) or (state == "digested" and told_in in posted), each.id
        assert (each.id in posted) == (state == "delivered")
    assert {state for state, _ in states.values()} <= {"delivered", "digested"}


def test_a_flood_is_one_digest_and_a_few_of_the_gravest(
    engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made = _open(engine, 1, 201) + _open(engine, 201, 204, severity="critical", category="doxxing")
    assert _deliver(_box(engine), channel).delivered == 1 + SINGLY + 3
    _assert_each_told_once(engine, slack, made)
    first, *others = slack.workspace.messages()
    assert first["metadata"]["event_payload"]["reason"] == "digest"
    assert all("thread_ts" not in each for each in others)
    for said in ("Flood: 190 incidents (DIG-1)", "more than the 30 an hour", "13 more, the gravest first", "low 190"):
        assert said in first["text"]
    for said in ("cyberbullying 190", "an employee 190", "Different authors: 190", "tocsin incident list --of DIG-1"):
        assert said in first["text"]
    assert sum("critical" in each["text"].lower() for each in others) == 3
    assert _deliver(_box(engine), channel) == DeliveryCounts(0, 0, 0)


def test_portions_of_a_flood_are_told_in_the_same_message(
    engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made = []
    for portion, begin in enumerate(range(1, 201, 20)):
        made += _open(engine, begin, begin + 20)
        _deliver(_box(engine), channel, NOON + timedelta(minutes=portion))
        _assert_each_told_once(engine, slack, made)
    assert len(slack.workspace.messages()) <= FLOOD_AT + 1 + SINGLY
    (digest,) = _digests(slack)
    folded = sum(state == "digested" for state, _ in _states(engine).values())
    assert f"Flood: {folded} incidents (DIG-1)" in digest["text"]
    assert digest["edited"]
    later = NOON + timedelta(hours=2)
    made += _open(engine, 300, 300 + FLOOD_AT)
    _deliver(_box(engine), channel, later)
    assert len(_digests(slack)) == 1
    made += _open(engine, 400, 500)
    _deliver(_box(engine), channel, later)
    _assert_each_told_once(engine, slack, made)
    assert [each.digest_id for each in _cards(engine)] == ["DIG-1", "DIG-2"]


def test_what_follows_opens_the_thread_of_an_incident_that_was_told_in_a_digest(
    engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    _open(engine, 1, 101)
    _deliver(_box(engine), channel)
    folded = [name for name, (state, _) in _states(engine).items() if state == "digested"]
    incident_id = f"TOC-{1000 + int(folded[-1][-12:-6])}"
    casebook, before = WarehouseCasebook(engine, lambda: NOON), len(slack.workspace.messages())
    casebook.act(incident_id, "escalated", "Sam", "it names a child", "cli")
    casebook.act(incident_id, "acknowledged", "Alex", None, "cli")
    assert _deliver(_box(engine), channel).delivered == 2
    head, reply = slack.workspace.messages()[before:]
    assert "thread_ts" not in head
    assert reply["thread_ts"] == head["ts"]
    assert "Status: acknowledged" in head["text"]
    assert f"({incident_id})" in head["text"]
    assert "Acknowledged: by Alex" in reply["text"]
    assert len(_digests(slack)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_whatever_slack_and_the_process_do_each_is_told_once(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, seed: int
) -> None:
    dice, made = random.Random(seed), list[Notification]()
    grave = random.Random(seed)  # of its own: what is told singly hangs on it, and not on where the process dies

    class Dying(WarehouseOutbox):
        def fold(self, *given: Any) -> None:
            super().fold(*given)
            _maybe()

        def sending(self, *given: Any) -> None:
            _maybe()
            super().sending(*given)
            _maybe()

        def delivered(self, *given: Any, **more: Any) -> None:
            _maybe()
            super().delivered(*given, **more)
            _maybe()

    def _maybe() -> None:
        if dice.random() < 0.04:
            raise Killed

    slack.workspace.plan = now_and_then("cut", 0.1, seed)
    for begin, end in pairwise([1, 25, 60, 80, 200]):
        made += _open(sqlite_engine, begin, end, severity=grave.choice(["low", "high", "critical"]))
        while True:
            try:
                counts = _deliver(Dying(sqlite_engine, flood_at=FLOOD_AT), channel)
            except Killed:
                continue
            if not counts.failed and not counts.waiting:
                break
    _assert_each_told_once(sqlite_engine, slack, made)
    (digest,) = _digests(slack)
    folded = sum(state == "digested" for state, _ in _states(sqlite_engine).values())
    assert f"Flood: {folded} incidents" in digest["text"]
    assert len(slack.workspace.messages()) <= FLOOD_AT + SINGLY + URGENT + 1


def test_an_answer_that_is_cut_before_more_comes_leaves_one_digest_that_says_all(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    _open(sqlite_engine, 1, 101)
    slack.workspace.plan = at_first("cut", "500", "500", "500", "500", "500", "500")
    _deliver(_box(sqlite_engine), channel)
    slack.workspace.plan = lambda _method, _arguments: None
    _open(sqlite_engine, 200, 300)
    _deliver(_box(sqlite_engine), channel)
    (digest,) = _digests(slack)
    assert "Flood: 190 incidents" in digest["text"]


def test_a_digest_that_was_deleted_is_posted_anew(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    _open(sqlite_engine, 1, 101)
    _deliver(_box(sqlite_engine), channel)
    slack.workspace.channels["C0DEFAULT"].remove(_digests(slack)[0])
    for begin in (200, 300):
        _open(sqlite_engine, begin, begin + 10)
        _deliver(_box(sqlite_engine), channel)
    (digest,) = _digests(slack)
    assert "Flood: 110 incidents" in digest["text"]


def test_floods_alone_overtake_nothing_in_a_thread(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    first = replace(_open(sqlite_engine, 1, 101, severity="critical")[0], created_at=NOON)
    line, more = (
        replace(first, id=f"00000000-0000-5000-9000-00000000000{number}", reason=reason)
        for number, reason in enumerate(("inhibited", "new_evidence"))
    )
    with sqlite_engine.begin() as connection:
        add_notification(connection, line)
        add_notification(connection, more)
    _deliver(WarehouseOutbox(sqlite_engine, flood_at=FLOOD_AT, floods_alone=True), channel)
    told = [each["metadata"]["event_payload"] for each in slack.workspace.messages()]
    assert [each["reason"] for each in told if each["incident_id"] == "TOC-1001"] == ["new_incident"]
    _deliver(_box(sqlite_engine), channel)
    told = [each["metadata"]["event_payload"] for each in slack.workspace.messages()]
    reasons = [each["reason"] for each in told if each["incident_id"] == "TOC-1001"]
    assert reasons == ["new_incident", "inhibited", "new_evidence"]


ROUTINE = POLICY.model_copy(
    update={"routes": {"security": Route(name="Security", slack_channel="C0SECURITY", digest="daily")}}
)


def _found(number: int, **changes: Any) -> Any:
    return exhibit(number, author=f"author-{number}", posted_at=NOON, **{"severity": "low", **changes})


def test_what_can_wait_is_told_once_a_day(engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    for found in (_found(1), _found(2), _found(3, severity="medium")):
        lay(engine, [found])
        raise_in(engine, ROUTINE)
    _deliver(_box(engine), channel)
    (told,) = slack.workspace.messages("C0SECURITY")
    assert told["metadata"]["event_payload"]["incident_id"] == "TOC-1003"
    _deliver(_box(engine), channel, NOON + timedelta(hours=11))
    assert len(slack.workspace.messages("C0SECURITY")) == 1
    _deliver(_box(engine), channel, NOON + timedelta(hours=12))
    digest = slack.workspace.messages("C0SECURITY")[1]
    for said in ("Digest: 2 incidents (DIG-1)", "TOC-1001 low cyberbullying", "TOC-1002 low cyberbullying"):
        assert said in digest["text"]
    assert _deliver(_box(engine), channel, NOON + timedelta(days=9)) == DeliveryCounts(0, 0, 0)


def test_what_waits_is_told_at_once_and_in_order_where_somebody_acts(
    engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    lay(engine, [_found(1), _found(2)])
    raise_in(engine, ROUTINE)
    WarehouseCasebook(engine, lambda: NOON).act("TOC-1001", "acknowledged", "Sam", None, "cli")
    lay(engine, [replace(_found(1), finding_id="f" * 64, mention_id="x:99")])
    raise_in(engine, ROUTINE)
    _deliver(_box(engine), channel)
    said = [each["metadata"]["event_payload"] for each in slack.workspace.messages("C0SECURITY")]
    assert [(each["incident_id"], each["reason"]) for each in said] == [
        ("TOC-1001", "new_incident"),
        ("TOC-1001", "acknowledged"),
        ("TOC-1001", "new_evidence"),
    ]


def test_the_ordinary_is_as_ever(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    made = fill(sqlite_engine, cases=FLOOD_AT, each=3)
    assert _deliver(_box(sqlite_engine), channel).delivered == 3 * FLOOD_AT
    assert len(slack.workspace.messages()) == len(made)
