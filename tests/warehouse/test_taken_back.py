"""What a platform took down no message of ours quotes, not even in the reason that it gives. All posts are invented."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from incidents.text import plain
from incidents.unquoted import WITHOUT
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.warehouse.case_samples import graver_and_lighter, lay, raise_in
from tests.warehouse.conftest import Clock
from warehouse.case_schema import evidence, held_bells, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.outbox import WarehouseOutbox
from warehouse.watching import WatchBook
from warehouse.watching_schema import post_changes

GRAVE = "i will find you"
NEWEST = "nobody likes you"


@pytest.fixture
def case(engine: Engine) -> Engine:
    """TOC-1001: of three posts the first is the gravest, which gives the reason, and the last the newest."""
    grave = exhibit(1, category="threat", severity="high", why=f"Threatens them: “{GRAVE}”.", text=GRAVE)
    lay(engine, [grave, *(exhibit(n, category="threat", severity="low", text=f"{NEWEST} {n}") for n in (2, 3))])
    raise_in(engine)
    return engine


def change(engine: Engine, post: str, kind: str = "deleted") -> None:
    """The platform does that, and incidents are told."""
    with engine.begin() as connection:
        connection.execute(insert(post_changes).values(mention_id=post, kind=kind, noticed_at=NOON))
    WatchBook(engine, {POLICY.id: POLICY}, clock=Clock(NOON + timedelta(hours=9))).tell()


def cards(engine: Engine, table: Any = outbox) -> list[dict[str, Any]]:
    """What each message about any incident shows."""
    with engine.connect() as connection:
        return list(connection.scalars(select(table.c.card)))


def test_the_reason_goes_with_the_post_that_it_quotes_though_another_is_shown(case: Engine) -> None:
    change(case, "x:1")
    for told in WarehouseOutbox(case, Clock(NOON)).undelivered():
        assert GRAVE not in plain(told.notification)
        assert NEWEST in plain(told.notification)
    assert [card["why"].endswith(WITHOUT) for card in cards(case)] == [True, True]
    with case.connect() as connection:
        assert GRAVE in json.dumps(connection.scalars(select(evidence.c.exhibit)).all(), ensure_ascii=False)


def test_what_is_told_later_does_not_quote_it_either(case: Engine) -> None:
    change(case, "x:1")
    lay(case, [exhibit(4, category="threat", severity="low")])
    assert raise_in(case).extended == 1
    WarehouseCasebook(case, Clock(NOON)).act("TOC-1001", "acknowledged", "Sam")
    assert len(cards(case)) == 4
    assert not [card for card in cards(case) if GRAVE in json.dumps(card, ensure_ascii=False)]


def test_the_reason_stays_while_the_post_that_it_quotes_is_shown(case: Engine) -> None:
    change(case, "x:3")
    assert [(card["excerpt"], GRAVE in card["why"]) for card in cards(case)] == [("", True), ("", True)]


def test_of_a_closed_incident_the_message_follows_where_its_reason_quotes_the_post(case: Engine) -> None:
    casebook = WarehouseCasebook(case, Clock(NOON))
    casebook.act("TOC-1001", "resolved", "Sam")
    change(case, "x:2")
    assert [event.act for event in casebook.events("TOC-1001")] == ["opened", "resolved"]
    change(case, "x:1")
    assert [event.act for event in casebook.events("TOC-1001")] == ["opened", "resolved", "post_deleted"]
    assert not [card for card in cards(case) if GRAVE in card["why"]]


def test_a_bell_that_is_held_back_does_not_ring_with_it(engine: Engine) -> None:
    graver_and_lighter(engine)
    assert [card["why"] for card in cards(engine, held_bells)] == ["It calls an employee names."]
    change(engine, "x:2")
    assert [card["why"].endswith(WITHOUT) for card in cards(engine, held_bells)] == [True]
    with engine.connect() as connection:
        reasons = connection.scalars(select(incidents.c.why).order_by(incidents.c.number)).all()
    assert [why.endswith(WITHOUT) for why in reasons] == [False, True]


def test_a_bell_that_was_closed_unheard_does_not_ring_with_it_later(engine: Engine) -> None:
    casebook = graver_and_lighter(engine)
    casebook.act("TOC-1002", "resolved", "Kit")
    change(engine, "x:2")
    assert [event.act for event in casebook.events("TOC-1002")] == ["opened", "inhibited", "resolved"]
    casebook.act("TOC-1001", "dismissed", "Sam", reason="false positive")
    casebook.act("TOC-1002", "reopened", "Kit", reason="it goes on")
    with engine.connect() as connection:
        told = connection.scalars(select(outbox.c.card).where(outbox.c.incident_id == "TOC-1002")).all()
        why = connection.scalar(select(incidents.c.why).where(incidents.c.incident_id == "TOC-1002"))
    assert [(card["excerpt"], card["excerpt_url"], card["why"]) for card in told] == [("", None, why)] * 2
    assert str(why).endswith(WITHOUT)
