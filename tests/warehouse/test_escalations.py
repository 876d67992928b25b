"""Escalation kept: each step once, in one transaction with its messages, whoever runs it and whatever people do."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from incidents.alarm import watch
from incidents.card import WITHHELD_WHY
from incidents.outbox import Undelivered
from incidents.silence import Asked
from policies.policy import Policy, Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import lay, raise_in
from tests.warehouse.conftest import Clock
from warehouse.alarms import WarehouseAlarms
from warehouse.case_schema import outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.escalation_schema import escalations
from warehouse.escalations import WarehouseEscalations
from warehouse.outbox import WarehouseOutbox
from warehouse.silences import WarehouseSilences
from warehouse.watching import WatchBook
from warehouse.watching_schema import post_changes

HOUR = timedelta(hours=1)


def pack(**security: Any) -> Policy:
    """Security hands on to management; a medium incident is to be acknowledged within the hour."""
    rules = {"acknowledge_within": {"medium": "1h"}, "reminders": 1}
    first = {"name": "Security", "slack_channel": "C0SECURITY", "escalates_to": "management", **rules, **security}
    second = {"name": "Management", "slack_channel": "C0MANAGEMENT", **rules}
    routes = {"security": Route.model_validate(first), "management": Route.model_validate(second)}
    return POLICY.model_copy(update={"routes": routes})


@pytest.fixture
def opened(engine: Engine) -> Engine:
    """A warehouse with one incident that was opened at noon."""
    lay(engine, [exhibit(1)])
    raise_in(engine, pack())
    return engine


def rows(engine: Engine) -> list[Any]:
    """The outbox, in order."""
    with engine.connect() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.sequence)))


def walk(engine: Engine, hours: int, policy: Policy | None = None) -> list[str]:
    """What is done when somebody looks twice an hour, each time twice."""
    book = WarehouseEscalations(engine, "C0OPERATORS")
    looks = [NOON + HOUR / 2 * number for number in range(hours * 2 + 1) for _ in range(2)]
    steps = [book.take("TOC-1001", policy or pack(), now) for now in looks]
    return [step.kind for step in steps if step]


def test_the_whole_way_to_the_operators_each_message_once(opened: Engine) -> None:
    assert walk(opened, 24) == ["reminded", "escalated", "reminded", "alarmed"]
    told = [(row.reason, row.channel, row.card.get("status")) for row in rows(opened)]
    assert told == [
        ("new_incident", "C0SECURITY", "open"),
        ("not_acknowledged", "C0SECURITY", "open"),
        ("escalated", "C0MANAGEMENT", "escalated"),
        ("escalated", "C0SECURITY", "escalated"),
        ("not_acknowledged", "C0MANAGEMENT", "escalated"),
        ("source_alarm", "C0OPERATORS", None),
    ]
    [alarm] = WarehouseAlarms(opened).standing().values()
    assert (alarm.source, alarm.kind) == ("TOC-1001", "nobody_answers")
    assert alarm.problem == "Medium, not acknowledged since 12 Oct 2026 12:00 UTC; 2 reminders were sent."


def test_the_history_has_who_handed_it_to_whom_and_the_clock_of_response_runs_on(opened: Engine) -> None:
    walk(opened, 3)
    casebook = WarehouseCasebook(opened, Clock(NOON + 5 * HOUR))
    *_, last = casebook.events("TOC-1001")
    assert (last.act, last.actor, last.origin, last.detail) == (
        "escalated",
        "tocsin",
        "pipeline",
        {"from": "security", "to": "management"},
    )
    assert casebook.incident("TOC-1001").routes == ("security", "management")
    casebook.act("TOC-1001", "acknowledged", "Sam")
    with opened.connect() as connection:
        row = connection.exec_driver_sql("SELECT status, seconds_to_acknowledge FROM incidents").one()
    assert tuple(row) == ("acknowledged", 5 * 3600)


def test_what_people_do_then_is_told_in_both_threads_and_ends_it(opened: Engine) -> None:
    walk(opened, 3)
    before = len(rows(opened))
    WarehouseCasebook(opened, Clock(NOON + 3 * HOUR)).act("TOC-1001", "acknowledged", "Sam")
    told = {(row.reason, row.channel, row.card["told"], row.card["status"]) for row in rows(opened)[before:]}
    assert told == {
        ("acknowledged", "C0SECURITY", "Security", "acknowledged"),
        ("acknowledged", "C0MANAGEMENT", "Management", "acknowledged"),
    }
    assert walk(opened, 48) == []


def test_further_evidence_is_told_in_both_threads_and_the_names_of_the_ids_differ(opened: Engine) -> None:
    walk(opened, 3)
    before = len(rows(opened))
    lay(opened, [exhibit(2)])
    raise_in(opened, pack())
    added = rows(opened)[before:]
    assert {(row.reason, row.channel) for row in added} == {
        ("new_evidence", "C0SECURITY"),
        ("new_evidence", "C0MANAGEMENT"),
    }
    assert len({row.notification_id for row in added}) == 2


def test_an_alarm_ends_when_somebody_takes_the_incident_and_not_when_sources_are_watched(opened: Engine) -> None:
    walk(opened, 24)
    book = WarehouseEscalations(opened, "C0OPERATORS")
    assert watch(WarehouseAlarms(opened), [], NOON + 24 * HOUR) == {"raised": 0, "recovered": 0}
    assert book.settle_alarms(NOON + 24 * HOUR) == 0
    WarehouseCasebook(opened, Clock(NOON + 25 * HOUR)).act("TOC-1001", "acknowledged", "Sam")
    assert [book.settle_alarms(NOON + 26 * HOUR) for _ in range(2)] == [1, 0]
    last = rows(opened)[-1]
    assert (last.reason, last.card["note"]) == ("source_recovered", "TOC-1001 is acknowledged (Sam)")


def test_a_reopened_incident_begins_anew_with_its_first_route(opened: Engine) -> None:
    walk(opened, 3)
    casebook = WarehouseCasebook(opened, Clock(NOON + 24 * HOUR))
    casebook.act("TOC-1001", "resolved", "Sam")
    casebook.act("TOC-1001", "reopened", "Sam")
    step = WarehouseEscalations(opened).take("TOC-1001", pack(), NOON + 26 * HOUR)
    assert (step.kind, step.route, step.waiting.life, step.number) == ("reminded", "security", 2, 1)
    assert rows(opened)[-1].channel == "C0SECURITY"


def test_ten_who_escalate_at_once_take_one_step(opened: Engine, warehouse_url: str) -> None:
    steps: list[Any] = []

    def run() -> None:
        engine = connect(warehouse_url)
        steps.append(WarehouseEscalations(engine).take("TOC-1001", pack(), NOON + HOUR))
        engine.dispose()

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([step for step in steps if step]) == 1
    assert len(steps) == 10
    with opened.connect() as connection:
        assert len(connection.execute(select(escalations)).all()) == 1


def test_many_wait_and_are_read_at_once(engine: Engine) -> None:
    lay(engine, [exhibit(number, author=f"author-{number}") for number in range(1, 8)])
    raise_in(engine, pack())
    casebook = WarehouseCasebook(engine, Clock(NOON))
    casebook.act("TOC-1003", "acknowledged", "Sam")
    casebook.act("TOC-1004", "escalated", "Sam")
    waiting = WarehouseEscalations(engine).waiting()
    assert [each.incident_id for each in waiting] == [
        f"TOC-{number}" for number in (1001, 1002, 1004, 1005, 1006, 1007)
    ]
    assert [each.asked_at for each in waiting if each.incident_id == "TOC-1004"] == [NOON]


NIGHT = {"quiet_hours": {"start": "12:00", "end": "20:00"}, "hours": {"zone": "UTC"}}


def out(engine: Engine, now: datetime) -> list[Undelivered]:
    """What would go out."""
    return WarehouseOutbox(engine, Clock(now)).undelivered()


def test_quiet_hours_hold_the_bell_and_nothing_is_lost(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine, pack(**NIGHT))
    WarehouseCasebook(engine, Clock(NOON + HOUR)).act("TOC-1001", "assigned", "Sam", assignee="Alex")
    assert out(engine, NOON + 7 * HOUR) == []
    first, second = out(engine, NOON + 8 * HOUR)
    assert first.notification.card.held == "held from 12:00 until 20:00 by quiet hours (UTC)"
    assert (first.notification.reason, second.notification.reason) == ("new_incident", "assigned")
    assert second.notification.card.held == ""


def test_a_graver_turn_rings_at_once_and_what_came_before_it_goes_first(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine, pack(**NIGHT))
    lay(engine, [exhibit(2, author="author-2", target_handle="other_worker")])
    lay(engine, [exhibit(3, severity="critical")])
    raise_in(engine, pack(**NIGHT))
    going = [item.notification for item in out(engine, NOON)]
    assert [(each.incident_id, each.reason) for each in going] == [
        ("TOC-1001", "new_incident"),
        ("TOC-1001", "escalated"),
    ]
    assert going[0].card.held == ""
    assert len(out(engine, NOON + 8 * HOUR)) == 3


def test_nobody_is_reminded_while_they_sleep_and_the_clock_starts_in_the_morning(engine: Engine) -> None:
    lay(engine, [exhibit(1)])
    raise_in(engine, pack(**NIGHT))
    book = WarehouseEscalations(engine)
    assert book.take("TOC-1001", pack(**NIGHT), NOON + 8.9 * HOUR) is None
    assert book.take("TOC-1001", pack(**NIGHT), NOON + 9 * HOUR).kind == "reminded"


def test_what_is_silenced_waits_until_the_silence_is_over(opened: Engine) -> None:
    silences = WarehouseSilences(opened, Clock(NOON))
    packs = {POLICY.id: pack()}
    silences.add(Asked("Sam", "a planned campaign", "6h", author="sample_author", policy="sample"), packs)
    WarehouseOutbox(opened, Clock(NOON)).fold(lambda each: each.channel or "C0DEFAULT", NOON)
    book = WarehouseEscalations(opened)
    assert book.take("TOC-1001", pack(), NOON + 6.9 * HOUR) is None
    assert book.take("TOC-1001", pack(), NOON + 7 * HOUR).kind == "reminded"


def test_of_a_person_at_risk_each_thread_goes_on_to_show_what_it_may(engine: Engine) -> None:
    lay(engine, [exhibit(1, category="safeguarding", target_kind="other")])
    own = pack()
    raise_in(engine, own)
    walk(engine, 5, own)
    casebook = WarehouseCasebook(engine, Clock(NOON + 6 * HOUR))
    casebook.act("TOC-1001", "acknowledged", "Sam")
    casebook.act("TOC-1001", "resolved", "Sam")
    casebook.act("TOC-1001", "reopened", "Sam")
    lay(engine, [exhibit(2, category="safeguarding", target_kind="other")])
    raise_in(engine, own)
    assert walk(engine, 10, own)[0] == "reminded"
    shown = {row.channel: set() for row in rows(engine) if row.incident_id}
    for row in rows(engine):
        if row.incident_id:
            shown[row.channel].add((bool(row.card["excerpt"]), bool(row.card["withheld"])))
    assert shown == {"C0SECURITY": {(True, False)}, "C0MANAGEMENT": {(False, True)}}


def test_of_a_person_at_risk_no_later_word_follows_a_post_that_was_taken_down(engine: Engine) -> None:
    own = pack()
    for number in (1, 2):
        one = exhibit(number, category="safeguarding", target_kind="other", why=f"They wrote: “invented {number}”.")
        lay(engine, [one])
        raise_in(engine, own)
    with engine.begin() as connection:
        connection.execute(insert(post_changes).values(mention_id="x:2", kind="deleted", noticed_at=NOON))
    WatchBook(engine, {POLICY.id: own}, clock=Clock(NOON)).tell()
    walk(engine, 5, own)
    lay(engine, [exhibit(3, category="safeguarding", target_kind="other", why="They wrote: “invented 3”.")])
    raise_in(engine, own)
    there = [row.card for row in rows(engine) if row.channel == "C0MANAGEMENT"]
    assert len(there) > 1
    assert {(card["excerpt"], card["excerpt_url"], card["why"]) for card in there} == {("", None, WITHHELD_WHY)}


def test_operators_hear_of_a_flood_and_not_of_each_drop(engine: Engine) -> None:
    lay(engine, [exhibit(number, author=f"author-{number}") for number in range(1, 15)])
    raise_in(engine, pack(reminders=0, escalates_to=None))
    book, names = WarehouseEscalations(engine), [f"TOC-{1000 + number}" for number in range(1, 15)]
    for name in names:
        assert book.take(name, pack(reminders=0, escalates_to=None), NOON + HOUR).kind == "alarmed"
    told = [row.card for row in rows(engine) if row.reason == "source_alarm"]
    assert [card["source"] for card in told] == [*names[:10], "further incidents"]
    casebook = WarehouseCasebook(engine, Clock(NOON + 2 * HOUR))
    for name in names[:13]:
        casebook.act(name, "acknowledged", "Sam")
    assert book.settle_alarms(NOON + 2 * HOUR) == 10
    casebook.act(names[13], "acknowledged", "Sam")
    assert book.settle_alarms(NOON + 3 * HOUR) == 1
    assert WarehouseAlarms(engine).standing() == {}
