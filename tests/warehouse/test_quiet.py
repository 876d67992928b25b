"""Quiet hours are kept by what the pipeline tells besides new findings, too. Posts are invented."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from incidents.notification import Card
from policies.policy import Policy, Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import lay, raise_in
from tests.warehouse.conftest import Clock
from warehouse.case_schema import outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.outbox import WarehouseOutbox
from warehouse.watching import WatchBook
from warehouse.watching_schema import post_changes

NIGHT, MORNING = NOON + timedelta(hours=11), NOON + timedelta(hours=19)
QUIET = {"quiet_hours": {"start": "22:00", "end": "07:00"}, "hours": {"zone": "UTC"}}


def _pack(**route: Any) -> Policy:
    changed = POLICY.routes["security"].model_dump() | QUIET | route
    return POLICY.model_copy(update={"routes": {"security": Route.model_validate(changed)}})


def _told(engine: Engine, incident_id: str) -> list[tuple[str, datetime | None, str]]:
    query = select(outbox).where(outbox.c.incident_id == incident_id).order_by(outbox.c.sequence)
    with engine.connect() as connection:
        return [(row.reason, row.not_before, row.card["held"]) for row in connection.execute(query)]


@pytest.fixture
def casebook(engine: Engine) -> Callable[[datetime], WarehouseCasebook]:
    """The casebook of a moment: TOC-1001, a critical threat of noon, explains TOC-1002, trolling."""
    for each in (exhibit(1, category="threat", severity="critical"), exhibit(2, category="trolling", severity="low")):
        lay(engine, [each])
        raise_in(engine, _pack())
    return lambda moment: WarehouseCasebook(engine, Clock(moment), lambda: {POLICY.id: _pack()})


HELD = ("new_incident", MORNING, "held from 23:00 until 07:00 by quiet hours (UTC)")


def test_a_bell_that_is_let_go_at_night_rings_in_the_morning(
    engine: Engine, casebook: Callable[[datetime], WarehouseCasebook]
) -> None:
    casebook(NIGHT).act("TOC-1001", "dismissed", "Sam", reason="false positive")
    assert _told(engine, "TOC-1001")[-1] == ("dismissed", None, ""), "the threat has rung, and is critical"
    assert _told(engine, "TOC-1002") == [HELD]
    waiting = WarehouseOutbox(engine, Clock(NIGHT)).undelivered()
    assert {each.notification.incident_id for each in waiting} == {"TOC-1001"}


def test_one_that_is_let_go_by_day_rings_at_once(
    engine: Engine, casebook: Callable[[datetime], WarehouseCasebook]
) -> None:
    casebook(NOON + timedelta(hours=2)).act("TOC-1001", "dismissed", "Sam", reason="false positive")
    assert _told(engine, "TOC-1002") == [("new_incident", None, "")]


def test_one_that_is_opened_again_at_night_rings_in_the_morning(
    engine: Engine, casebook: Callable[[datetime], WarehouseCasebook]
) -> None:
    by_day = casebook(NOON + timedelta(hours=2))
    by_day.act("TOC-1002", "resolved", "Kit")
    by_day.act("TOC-1001", "dismissed", "Sam", reason="false positive")
    casebook(NIGHT).act("TOC-1002", "reopened", "Kit", reason="it goes on")
    assert _told(engine, "TOC-1002") == [HELD, ("reopened", MORNING, "")], "what a person does waits behind it"


@pytest.mark.usefixtures("casebook")
def test_what_a_pack_that_is_gone_would_hold_back_rings(engine: Engine) -> None:
    WarehouseCasebook(engine, Clock(NIGHT)).act("TOC-1001", "dismissed", "Sam", reason="false positive")
    assert _told(engine, "TOC-1002") == [("new_incident", None, "")]


def test_a_digest_that_was_due_before_the_night_is_due_after_it(engine: Engine) -> None:
    pack = _pack(digest="hourly")
    for each in (exhibit(1, category="threat", severity="critical"), exhibit(2, category="trolling", severity="low")):
        lay(engine, [each])
        raise_in(engine, pack)
    casebook = WarehouseCasebook(engine, Clock(NIGHT), lambda: {POLICY.id: pack})
    casebook.act("TOC-1001", "dismissed", "Sam", reason="false positive")
    with engine.connect() as connection:
        due = connection.scalars(select(outbox.c.digest_at).where(outbox.c.incident_id == "TOC-1002")).one()
    assert due == MORNING


@pytest.mark.parametrize(("severity", "held"), [("low", True), ("critical", False)])
def test_what_a_platform_did_with_a_post_at_night_is_told_in_the_morning(
    engine: Engine, severity: Any, held: bool
) -> None:
    lay(engine, [exhibit(1, category="threat", severity=severity)])
    raise_in(engine, _pack())
    with engine.begin() as connection:
        connection.execute(insert(post_changes).values(mention_id="x:1", kind="deleted", noticed_at=NIGHT))
    assert WatchBook(engine, {POLICY.id: _pack()}, clock=Clock(NIGHT)).tell() == 1
    told = ("post_deleted", *HELD[1:]) if held else ("post_deleted", None, "")
    assert _told(engine, "TOC-1001") == [("new_incident", None, ""), told]
    waiting = WarehouseOutbox(engine, Clock(NIGHT)).undelivered()
    cards = [each.notification.card for each in waiting]
    assert [each.excerpt for each in cards if isinstance(each, Card)] == [""] * (1 if held else 2), (
        "nothing of it goes out"
    )
