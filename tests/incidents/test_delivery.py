"""Delivery: each notification exactly once and in order within its thread, whatever Slack and the process do."""

import random
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from incidents.delivery import REFUSALS, DeliveryCounts, deliver
from incidents.notification import Notification, Receipt
from incidents.outbox import AlreadyDelivering, Head
from incidents.slack import SlackChannel
from tests.incidents.samples import NOON
from tests.incidents.slack_server import Call, Fault, SlackServer, at_first, now_and_then
from tests.warehouse.case_samples import fill
from warehouse.case_schema import deliveries, outbox
from warehouse.outbox import WarehouseOutbox


class Killed(BaseException):
    """Stands for a SIGKILL: nothing catches it, no tidying up follows in our code."""


class DyingOutbox(WarehouseOutbox):
    """An outbox whose process dies around its writes: before them or after them, at random."""

    def __init__(self, engine: Engine, dice: random.Random) -> None:
        super().__init__(engine)
        self._dice = dice

    def sending(self, notification_id: str) -> None:
        """Die before or after."""
        self._maybe()
        super().sending(notification_id)
        self._maybe()

    def delivered(self, receipt: Receipt, *, found: bool, at: Any) -> None:
        """Die before or after."""
        self._maybe()
        super().delivered(receipt, found=found, at=at)
        self._maybe()

    def _maybe(self) -> None:
        if self._dice.random() < 0.03:
            raise Killed


def _deliver(box: WarehouseOutbox, channel: SlackChannel, **more: Any) -> DeliveryCounts:
    return deliver(box, channel, clock=lambda: NOON, sleep=lambda _: None, **more)


def threads_of(slack: SlackServer) -> dict[str, list[str]]:
    """Notification ids by the head of their thread, in the order of posting."""
    threads: dict[str, list[str]] = defaultdict(list)
    for message in slack.workspace.messages():
        held = message["metadata"]["event_payload"]["notification_id"]
        threads[message.get("thread_ts", message["ts"])].append(held)
    return threads


def assert_exactly_once_in_order(slack: SlackServer, made: list[Notification]) -> None:
    """Every notification once, each incident one thread, in the order of writing."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for each in made:
        wanted[each.incident_id].append(each.id)
    assert sorted(slack.workspace.ids()) == sorted(each.id for each in made)
    assert sorted(threads_of(slack).values()) == sorted(wanted.values())


def _states(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(select(outbox.c.state)).scalars())


def test_all_goes_out_and_a_second_run_sends_nothing(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box, seen = fill(sqlite_engine, cases=4, each=3), WarehouseOutbox(sqlite_engine), list[tuple[int, int]]()
    assert _deliver(box, channel, progress=lambda done, of: seen.append((done, of))) == DeliveryCounts(12, 0, 0)
    assert seen == [(number, 12) for number in range(1, 13)]
    assert_exactly_once_in_order(slack, made)
    assert _deliver(box, channel) == DeliveryCounts(0, 0, 0)
    assert len(slack.workspace.messages()) == 12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_with_cut_answers_and_a_sender_that_dies(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, seed: int
) -> None:
    made = fill(sqlite_engine, cases=40, each=5)
    slack.workspace.page = 20
    slack.workspace.plan = now_and_then("cut", 0.10, seed)
    dice, deaths = random.Random(seed), 0
    while True:
        try:
            counts = _deliver(DyingOutbox(sqlite_engine, dice), channel)
        except Killed:
            deaths += 1
            continue
        if not counts.failed:
            break
    assert deaths >= 5
    assert_exactly_once_in_order(slack, made)
    assert _states(sqlite_engine) == {"delivered"}


@pytest.mark.parametrize("fault", ["cut", "cut before", "half", "empty", "500", "html", "429"])
def test_one_fault_costs_nothing_but_a_look(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, fault: Fault
) -> None:
    made = fill(sqlite_engine, cases=2, each=2)
    slack.workspace.plan = at_first(fault)
    counts = _deliver(WarehouseOutbox(sqlite_engine), channel)
    stored = fault in ("cut", "half", "empty")
    assert (counts.delivered, counts.found, counts.failed) == (4 - stored, int(stored), 0)
    assert_exactly_once_in_order(slack, made)


def test_a_cut_while_the_head_is_edited(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    made = fill(sqlite_engine, cases=1, each=3)
    slack.workspace.plan = at_first("cut", "cut before", method="chat.update")
    assert _deliver(WarehouseOutbox(sqlite_engine), channel).delivered == 3
    assert_exactly_once_in_order(slack, made)


def test_when_slack_is_silent_the_rest_waits_and_goes_out_later(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=3, each=2), WarehouseOutbox(sqlite_engine)
    slack.workspace.plan = lambda _method, _arguments: "500"
    counts = _deliver(box, channel)
    assert (counts.delivered, counts.failed, counts.waiting) == (0, 3, 3)  # three in a row, and no more are tried
    assert "HTTP 500" in counts.problems[0]
    slack.workspace.plan = lambda _method, _arguments: None
    assert _deliver(box, channel).delivered == 6
    assert_exactly_once_in_order(slack, made)


@pytest.mark.parametrize("fault", ["500", "cut before"])
def test_one_message_that_slack_never_takes_holds_up_its_own_thread_alone(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, fault: str
) -> None:
    made, box = fill(sqlite_engine, cases=5, each=2), WarehouseOutbox(sqlite_engine)
    poison = next(each for each in made if each.incident_id == "TOC-1002")

    def plan(method: str, arguments: Call) -> str | None:
        held = arguments.get("metadata") or {}
        mine = held and held["event_payload"]["notification_id"] == poison.id
        return fault if method == "chat.postMessage" and mine else None

    slack.workspace.plan = plan
    counts = _deliver(box, channel)
    assert (counts.delivered, counts.failed, counts.waiting) == (8, 1, 1)
    (told,) = counts.problems
    assert told.endswith("(TOC-1002 new_incident)"), told
    slack.workspace.plan = lambda _method, _arguments: None
    assert _deliver(box, channel).delivered == 2
    assert_exactly_once_in_order(slack, made)


def test_a_refusal_is_an_answer_and_ends_a_row_of_faults(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=6, each=1), WarehouseOutbox(sqlite_engine)
    faults = dict(zip((each.id for each in made), ("500", "500", "invalid_blocks", "500", "500"), strict=False))

    def plan(method: str, arguments: Call) -> str | None:
        held = arguments.get("metadata") or {}
        return faults.get(held["event_payload"]["notification_id"]) if method == "chat.postMessage" and held else None

    slack.workspace.plan = plan
    counts = _deliver(box, channel)
    assert (counts.delivered, counts.failed, counts.waiting) == (1, 5, 0)
    slack.workspace.plan = lambda _method, _arguments: None
    assert _deliver(box, channel).delivered == 5
    assert sorted(slack.workspace.ids()) == sorted(each.id for each in made)


def test_a_refused_message_holds_up_its_own_incident_and_then_nothing(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=2, each=2), WarehouseOutbox(sqlite_engine)
    poison = made[0].id

    def plan(method: str, arguments: Call) -> str | None:
        held = arguments.get("metadata", {})
        mine = held and held["event_payload"]["notification_id"] == poison
        return "invalid_blocks" if method == "chat.postMessage" and mine else None

    slack.workspace.plan = plan
    first = _deliver(box, channel)
    assert (first.delivered, first.failed, first.waiting) == (2, 1, 1)
    assert "invalid_blocks" in first.problems[0]
    for _ in range(REFUSALS - 2):
        assert _deliver(box, channel).waiting == 1
    assert _deliver(box, channel) == DeliveryCounts(1, 0, 1, 0, first.problems)
    assert _states(sqlite_engine) == {"delivered", "failed"}
    slack.workspace.plan = lambda _method, _arguments: None
    assert box.retry_failed() == 1
    assert _deliver(box, channel).delivered == 1
    assert sorted(slack.workspace.ids()) == sorted(each.id for each in made)


def test_a_channel_that_is_closed_to_us_is_asked_once_a_run(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=5, each=1), WarehouseOutbox(sqlite_engine)
    for _ in range(REFUSALS + 1):
        slack.workspace.plan = at_first("not_in_channel", "not_in_channel")
        slack.workspace.calls.clear()
        counts = _deliver(box, channel)
        assert (counts.delivered, counts.failed, counts.waiting) == (0, 1, 4)
        assert "/invite" in counts.problems[0]
    slack.workspace.plan = lambda _method, _arguments: None
    assert _deliver(box, channel).delivered == 5
    assert_exactly_once_in_order(slack, made)
    with sqlite_engine.connect() as connection:
        outcomes = list(connection.execute(select(deliveries.c.outcome)).scalars())
    assert outcomes.count("failed") == REFUSALS + 1


def test_without_a_channel_nothing_is_lost(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    made, box = fill(sqlite_engine, cases=2, each=2), WarehouseOutbox(sqlite_engine)
    counts = _deliver(box, SlackChannel(channel.client, ""))
    assert (counts.failed, len(counts.problems)) == (4, 1)
    assert "TOCSIN_SLACK_CHANNEL" in counts.problems[0]
    assert _deliver(box, channel).delivered == 4
    assert_exactly_once_in_order(slack, made)


def test_a_second_sender_is_turned_away(sqlite_engine: Engine, channel: SlackChannel) -> None:
    fill(sqlite_engine, cases=1, each=1)
    box = WarehouseOutbox(sqlite_engine)
    with box.exclusive(), pytest.raises(AlreadyDelivering):
        _deliver(box, channel)


def test_an_error_that_is_no_channels_is_told_and_loses_nothing(sqlite_engine: Engine, channel: SlackChannel) -> None:
    fill(sqlite_engine, cases=5, each=1)

    class Broken(SlackChannel):
        """A channel with a fault of its own making."""

        def send(self, notification: Notification, head: Head | None) -> Receipt:
            """Break."""
            raise ZeroDivisionError

    box = WarehouseOutbox(sqlite_engine)
    for _ in range(REFUSALS + 1):  # it is never set aside
        counts = _deliver(box, Broken(channel.client, "C0DEFAULT"))
        assert (counts.delivered, counts.failed, counts.waiting) == (0, 5, 0)
        assert "NotWritten: it could not be written (ZeroDivisionError; see the log)" in counts.problems[0]
    assert len(box.undelivered()) == 5
    assert _deliver(box, channel) == DeliveryCounts(5, 0, 0)


def test_what_cannot_be_written_keeps_no_other_thread_waiting(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    made, box = fill(sqlite_engine, cases=6, each=2), WarehouseOutbox(sqlite_engine)
    cases = sorted({each.incident_id for each in made})
    first = [next(each.id for each in made if each.incident_id == case) for case in cases[:4]]
    refusing = (
        f"CREATE TRIGGER refuses BEFORE UPDATE ON outbox WHEN NEW.state = 'sending' AND NEW.notification_id IN "
        f"{tuple(first)} BEGIN SELECT RAISE(ABORT, 'no such state'); END"
    )
    with sqlite_engine.begin() as connection:
        connection.execute(text(refusing))
    counts = _deliver(box, channel)
    assert (counts.delivered, counts.failed, counts.waiting) == (4, 4, 4)
    assert "it could not be written (IntegrityError; see the log)" in counts.problems[0]
    with sqlite_engine.begin() as connection:
        connection.execute(text("DROP TRIGGER refuses"))
    assert _deliver(box, channel).delivered == 8
    assert sorted(slack.workspace.ids()) == sorted(each.id for each in made)
