"""The outbox on SQLite and PostgreSQL: order, doubt, attempts, threads, and one sender at a time."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from incidents.notification import Receipt
from incidents.outbox import AlreadyDelivering, Head, Refused, Unavailable
from tests.incidents.samples import NOON
from tests.warehouse.case_samples import fill
from warehouse.case_schema import deliveries, outbox
from warehouse.engine import connect
from warehouse.outbox import WarehouseOutbox


@pytest.fixture
def box(engine: Engine) -> Iterator[WarehouseOutbox]:
    """An outbox with two notifications of each of two incidents."""
    fill(engine, cases=2, each=2)
    return WarehouseOutbox(engine)


def _receipt(notification_id: str, remote_id: str, thread: str) -> Receipt:
    return Receipt(notification_id, "C0DEFAULT", remote_id, {"thread": thread})


def test_what_waits_comes_back_whole_and_in_order(engine: Engine) -> None:
    made = fill(engine, cases=3, each=2)
    waiting = WarehouseOutbox(engine).undelivered()
    assert [each.notification for each in waiting] == made
    assert not any(each.in_doubt for each in waiting)


def test_what_a_sender_had_begun_is_in_doubt(box: WarehouseOutbox) -> None:
    first = box.undelivered()[0].notification
    box.sending(first.id)
    assert [each.in_doubt for each in box.undelivered()] == [True, False, False, False]


def test_delivered_is_delivered_and_its_thread_hangs(box: WarehouseOutbox, engine: Engine) -> None:
    first, _, second, _ = (each.notification for each in box.undelivered())
    assert box.head(first.incident_id, "C0DEFAULT") is None
    box.sending(first.id)
    box.delivered(_receipt(first.id, "1.1", "1.1"), found=False, at=NOON)
    assert box.head(first.incident_id, "C0DEFAULT") == Head("1.1", first.id, "new_incident")
    box.delivered(_receipt(second.id, "1.2", "1.1"), found=True, at=NOON)
    assert box.head(first.incident_id, "C0DEFAULT") == Head("1.1", first.id, "new_incident")
    assert box.head(first.incident_id, "C0OTHER") is None
    assert len(box.undelivered()) == 2
    with engine.connect() as connection:
        attempts = connection.execute(select(deliveries).order_by(deliveries.c.delivery_id)).all()
        states = set(connection.execute(select(outbox.c.state)).scalars())
    assert [(each.outcome, each.remote_id) for each in attempts] == [("delivered", "1.1"), ("found", "1.2")]
    assert states == {"delivered", "pending"}


def test_a_new_thread_takes_the_place_of_one_that_is_gone(box: WarehouseOutbox) -> None:
    first, _, second, _ = (each.notification for each in box.undelivered())
    box.delivered(_receipt(first.id, "1.1", "1.1"), found=False, at=NOON)
    box.delivered(_receipt(second.id, "2.2", "2.2"), found=False, at=NOON)
    assert box.head(first.incident_id, "C0DEFAULT") == Head("2.2", second.id, "new_evidence")


def test_failed_attempts_are_kept_and_only_refusals_are_counted(box: WarehouseOutbox, engine: Engine) -> None:
    first = box.undelivered()[0].notification
    assert box.not_delivered(first.id, "C0DEFAULT", Unavailable("silent \x00"), NOON) == 0
    assert box.not_delivered(first.id, "C0DEFAULT", Refused("invalid_blocks"), NOON) == 1
    assert box.not_delivered(first.id, "C0DEFAULT", Refused("x" * 9999), NOON) == 2
    assert len(box.undelivered()) == 4
    with engine.connect() as connection:
        assert [len(error) for error in connection.execute(select(deliveries.c.error)).scalars()] == [8, 14, 500]


def test_what_is_given_up_waits_no_more_until_it_is_let(box: WarehouseOutbox) -> None:
    first = box.undelivered()[0].notification
    box.give_up(first.id)
    assert len(box.undelivered()) == 3
    assert box.retry_failed() == 1
    again = box.undelivered()[0]
    assert (again.notification, again.in_doubt) == (first, True)


def test_one_sender_at_a_time(warehouse_url: str) -> None:
    first, second = connect(warehouse_url), connect(warehouse_url)
    with WarehouseOutbox(first).exclusive():
        with pytest.raises(AlreadyDelivering), WarehouseOutbox(second).exclusive():
            pytest.fail("two senders hold the outbox")
        with pytest.raises(AlreadyDelivering), WarehouseOutbox(first).exclusive():
            pytest.fail("two senders hold the outbox")
    with WarehouseOutbox(second).exclusive():
        pass
    with pytest.raises(RuntimeError, match="mine"), WarehouseOutbox(first).exclusive():
        raise RuntimeError("mine")
    with WarehouseOutbox(second).exclusive():
        pass
    first.dispose()
    second.dispose()
