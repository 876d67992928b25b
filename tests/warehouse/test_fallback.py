"""What Slack has not taken, by its attempts, and for whom it is."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, insert

from incidents.fallback import Waiting
from tests.incidents.samples import NOON
from tests.warehouse.case_samples import fill
from warehouse.case_schema import deliveries
from warehouse.fallback import trouble, waiting

MINUTE = timedelta(minutes=1)


def attempt(engine: Engine, name: str, outcome: str, at: datetime) -> None:
    """One attempt to tell it."""
    row = {"notification_id": name, "channel": "C0A", "outcome": outcome, "attempted_at": at}
    with engine.begin() as connection:
        connection.execute(insert(deliveries).values(row))


def found(engine: Engine) -> list[Waiting]:
    """What waits an hour later."""
    return waiting(engine, "C0A", NOON + 60 * MINUTE)


def test_what_was_taken_and_is_told_anew_has_not_failed_before(engine: Engine) -> None:
    (one,) = fill(engine, cases=1, each=1)
    attempt(engine, one.id, "failed", NOON)
    assert [each.failed_at for each in found(engine)] == [NOON]
    attempt(engine, one.id, "delivered", NOON + MINUTE)  # as a digest is, that is pending again when more is folded in
    assert [each.failed_at for each in found(engine)] == [None]
    for minutes in (2, 3):
        attempt(engine, one.id, "failed", NOON + minutes * MINUTE)
    assert [each.failed_at for each in found(engine)] == [NOON + 2 * MINUTE]
    assert trouble(engine).everywhere == NOON + 2 * MINUTE
    attempt(engine, one.id, "edited", NOON + 4 * MINUTE)
    assert [each.failed_at for each in found(engine)] == [None]
    state = trouble(engine)
    assert (state.everywhere, dict(state.at), state.last_success_at) == (None, {}, NOON + 4 * MINUTE)
