"""What Slack has not taken, by its attempts, and for whom it is."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, update

from incidents.fallback import Waiting
from incidents.silence import Asked
from policies.policy import CategoryName, Route
from tests.incidents.samples import NOON, POLICY
from tests.warehouse.case_samples import fill
from tests.warehouse.conftest import Clock
from warehouse.case_schema import deliveries, outbox
from warehouse.fallback import trouble, waiting
from warehouse.silences import WarehouseSilences

MINUTE = timedelta(minutes=1)
APART: tuple[tuple[CategoryName, str], ...] = (("threat", "lead"), ("doxxing", "apart"))


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


def test_a_digest_is_for_the_routes_of_what_it_tells_and_a_silence_for_those_that_read_it(engine: Engine) -> None:
    made = fill(engine, cases=2, each=1)
    assert {each.routes for each in found(engine)} == {(("sample", "security"),)}
    digest = {"notification_id": "d-1", "bulletin_id": "DIG-1", "reason": "digest", "route": "security", "card": {}}
    with engine.begin() as connection:
        connection.execute(insert(outbox).values(**digest, state="pending", created_at=NOON))
        members = outbox.c.notification_id.in_([each.id for each in made])
        connection.execute(update(outbox).where(members).values(state="digested", told_in="d-1"))
    lead = Route(name="Lead", slack_channel="C0SECURITY")
    apart = Route(name="Apart", slack_channel="C0APART")
    threat, doxxing = (POLICY.categories[name].model_copy(update={"route": route}) for name, route in APART)
    pack = POLICY.model_copy(
        update={
            "routes": {**POLICY.routes, "lead": lead, "apart": apart},
            "categories": {**POLICY.categories, "threat": threat, "doxxing": doxxing},
        }
    )
    WarehouseSilences(engine, Clock(NOON)).add(Asked("Sam", "a drill", "8h", target="x"), {pack.id: pack})
    told = {(each.subject, each.about, each.routes) for each in found(engine)}
    assert told == {
        ("DIG-1", "bulletin", (("sample", "security"),)),
        ("SIL-1", "bulletin", (("sample", "security"), ("sample", "lead"))),
        ("SIL-1", "bulletin", (("sample", "apart"),)),
    }
