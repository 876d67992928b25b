"""Further channels on SQLite and PostgreSQL: what each is told, in order, once, whatever the others do."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, update

from incidents.delivery import deliver
from incidents.fallback import Relay
from incidents.notification import Card, Notification, Receipt
from incidents.outbox import AlreadyDelivering, Denied, Head, Refused
from tests.incidents.samples import NOON
from tests.warehouse.case_samples import fill
from warehouse.case_schema import incidents, outbox
from warehouse.engine import connect
from warehouse.relay_schema import relay_attempts, relays
from warehouse.relays import LOOKS_BACK, RelayBook

SECURITY = ("sample", "security")


class Shelf:
    """A channel that keeps what it is given, and takes nothing while it is closed."""

    def __init__(self, name: str, closed: bool = False) -> None:
        self.name, self.closed = name, closed
        self.kept: list[tuple[str, str | None]] = []

    def address(self, notification: Notification) -> str:
        """Its name."""
        return self.name

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing: it cannot be searched."""
        return None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Keep it, with what it hangs below."""
        if self.closed:
            raise Denied("closed for the day")
        self.kept.append((notification.id, head.remote_id if head else None))
        return Receipt(notification.id, self.name, f"<{notification.id}>", {"thread": "-"})


def _deliver(book: RelayBook, shelf: Shelf) -> int:
    return deliver(book.of(shelf.name), shelf, clock=lambda: NOON, sleep=lambda _: None).delivered


def _rows(engine: Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        return {(row.notification_id, row.channel) for row in connection.execute(select(relays))}


def test_each_channel_has_each_notification_once_below_the_first_of_its_incident(engine: Engine) -> None:
    made, book = fill(engine, cases=2, each=3), RelayBook(engine)
    assert book.spread({SECURITY: ("mail", "hook")}, NOON) == 12
    assert book.spread({SECURITY: ("mail", "hook")}, NOON) == 0
    assert book.channels() == ["hook", "mail"]
    mail, hook = Shelf("mail"), Shelf("hook", closed=True)
    assert (_deliver(book, hook), _deliver(book, mail), _deliver(book, mail)) == (0, 6, 0)
    first = {each.incident_id: f"<{each.id}>" for each in made[:2]}
    assert mail.kept == [(each.id, None if each in made[:2] else first[each.incident_id]) for each in made]
    hook.closed = False
    assert _deliver(book, hook) == 6
    for case in ("TOC-1001", "TOC-1002"):  # in order within an incident, whichever goes first
        mine = [each.id for each in made if each.incident_id == case]
        assert [name for name, _ in hook.kept if name in mine] == mine
    assert book.channels() == []


def test_a_route_is_told_by_no_channel_that_it_does_not_name(engine: Engine) -> None:
    fill(engine, cases=1, each=1)
    book = RelayBook(engine)
    assert book.spread({("other", "security"): ("mail",), ("sample", "safeguarding"): ("mail",)}, NOON) == 0
    assert book.spread({SECURITY: ()}, NOON) == 0
    assert _rows(engine) == set()


def test_a_new_channel_hears_of_the_last_day_and_one_that_comes_back_is_new(engine: Engine) -> None:
    fill(engine, cases=1, each=1)
    book, later = RelayBook(engine), NOON + LOOKS_BACK + timedelta(seconds=1)
    assert book.spread({SECURITY: ("mail",)}, later) == 0
    assert book.spread({SECURITY: ()}, later) == 0
    assert book.spread({SECURITY: ("mail",)}, NOON + LOOKS_BACK) == 1


def test_nothing_is_lost_while_nobody_delivers(engine: Engine) -> None:
    book = RelayBook(engine)
    book.spread({SECURITY: ("mail",)}, NOON)
    fill(engine, cases=1, each=1)
    assert book.spread({("other", "security"): ("mail",)}, NOON) == 0, "another pack is in force for once"
    assert book.spread({SECURITY: ("mail",)}, NOON + timedelta(days=30)) == 1


@pytest.mark.parametrize("state", ["gathering", "digested", "silenced"])
def test_what_is_told_in_a_digest_or_not_at_all_is_not_told_singly(engine: Engine, state: str) -> None:
    one, other = fill(engine, cases=2, each=1)
    with engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.notification_id == one.id).values(state=state))
    assert RelayBook(engine).spread({SECURITY: ("mail",)}, NOON) == 1
    assert _rows(engine) == {(other.id, "mail")}


@pytest.mark.parametrize("state", ["digested", "silenced"])
def test_what_is_silenced_or_told_in_a_digest_meanwhile_goes_nowhere_any_more(engine: Engine, state: str) -> None:
    one, other = fill(engine, cases=2, each=1)
    book = RelayBook(engine)
    assert book.spread({SECURITY: ("mail",)}, NOON) == 2
    with engine.begin() as connection:
        connection.execute(update(outbox).where(outbox.c.notification_id == one.id).values(state=state))
        connection.execute(update(outbox).where(outbox.c.notification_id == other.id).values(state="delivered"))
    assert [each.notification.id for each in book.of("mail").undelivered()] == [other.id]
    with engine.begin() as connection:
        connection.execute(update(outbox).values(state=state))
    assert book.channels() == []


def test_what_may_still_be_silenced_waits_until_it_was_looked_at_and_what_may_not_does_not(engine: Engine) -> None:
    plain, critical, at_risk, begun = fill(engine, cases=4, each=1)
    changes = {critical.id: {"severity": "critical"}, at_risk.id: {"category": "safeguarding"}}
    with engine.begin() as connection:
        for each in (critical, at_risk):
            of = incidents.c.incident_id == each.incident_id
            connection.execute(update(incidents).where(of).values(changes[each.id]))
        connection.execute(update(outbox).where(outbox.c.notification_id == begun.id).values(state="sending"))
    book = RelayBook(engine)
    assert book.spread({SECURITY: ("mail",)}, NOON, folded=False) == 3
    assert _rows(engine) == {(each.id, "mail") for each in (critical, at_risk, begun)}
    assert book.spread({SECURITY: ("mail",)}, NOON) == 1
    assert (plain.id, "mail") in _rows(engine)


def test_a_digest_goes_only_where_all_its_routes_go(engine: Engine) -> None:
    made, book = fill(engine, cases=2, each=1), RelayBook(engine)
    digest = {"notification_id": "d-1", "bulletin_id": "DIG-1", "reason": "digest", "route": "security", "card": {}}
    with engine.begin() as connection:
        connection.execute(insert(outbox).values(**digest, state="pending", created_at=NOON))
        connection.execute(
            update(outbox).where(outbox.c.incident_id.is_not(None)).values(state="digested", told_in="d-1")
        )
        other = outbox.c.notification_id == made[0].id
        connection.execute(update(outbox).where(other).values(route="safeguarding"))
    assert book.spread({SECURITY: ("mail",)}, NOON) == 0
    assert book.spread({SECURITY: ("mail",), ("sample", "safeguarding"): ("mail",)}, NOON) == 1
    assert _rows(engine) == {("d-1", "mail")}


def test_what_goes_in_slacks_place_says_so_and_slack_is_told_where_it_went(engine: Engine) -> None:
    one, other = fill(engine, cases=2, each=1)
    book = RelayBook(engine)
    chosen = [Relay(one.id, "operators", "withheld"), Relay(other.id, "mail", "fallback")]
    assert (book.add(chosen, NOON), book.add(chosen, NOON)) == (2, 0)
    (hidden,) = book.of("operators").undelivered()
    (told,) = book.of("mail").undelivered()
    assert isinstance(hidden.notification.card, Card)
    assert isinstance(told.notification.card, Card)
    assert "Slack has not taken this" in told.notification.card.note
    assert told.notification.card.excerpt == "Invented post."
    assert "Invented" not in repr(hidden.notification.card)
    assert "sample_worker" not in repr(hidden.notification.card)
    assert book.went(other.id) is None
    _deliver(book, Shelf("mail"))
    assert book.went(other.id) == ("mail", NOON)


def test_what_is_refused_for_good_is_set_aside_and_can_wait_again(engine: Engine) -> None:
    (one,) = fill(engine, cases=1, each=1)
    box = RelayBook(engine).of("mail")
    RelayBook(engine).add([Relay(one.id, "mail", "named"), Relay(one.id, "hook", "named")], NOON)
    assert box.not_delivered(one.id, "mail", Denied("no \x00"), NOON) == 0
    assert box.not_delivered(one.id, "mail", Refused("no"), NOON) == 1
    box.give_up(one.id)
    assert box.undelivered() == []
    assert len(RelayBook(engine).of("hook").undelivered()) == 1
    assert box.retry_failed() == 1
    assert [each.in_doubt for each in box.undelivered()] == [True]
    with engine.connect() as connection:
        assert {row.channel for row in connection.execute(select(relay_attempts))} == {"mail"}


def test_one_sender_a_channel_and_none_waits_for_another(warehouse_url: str) -> None:
    first, second = connect(warehouse_url), connect(warehouse_url)
    with RelayBook(first).of("mail").exclusive():
        with pytest.raises(AlreadyDelivering, match="mail"), RelayBook(second).of("mail").exclusive():
            pytest.fail("two senders hold the channel")
        with RelayBook(second).of("hook").exclusive():
            pass
    first.dispose()
    second.dispose()


def test_the_moments_are_those_of_the_clock_that_is_given(engine: Engine) -> None:
    (one,) = fill(engine, cases=1, each=1)
    RelayBook(engine).add([Relay(one.id, "mail", "named")], NOON)
    with engine.connect() as connection:
        at: datetime = connection.execute(select(relays.c.created_at)).scalar_one()
    assert at == NOON
