"""Ten thousand findings at once, through the real casebook, outbox and slack-sdk: few messages, and nothing lost."""

from collections import Counter

import pytest
from sqlalchemy import Engine, func, select

from incidents.delivery import deliver
from incidents.digest import FLOOD_AT, SINGLY, URGENT
from incidents.incident import Exhibit
from incidents.slack import SlackChannel
from tests.incidents.samples import NOON, exhibit
from tests.incidents.slack_server import SlackServer
from tests.warehouse.case_samples import lay_many, raise_in
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.outbox import WarehouseOutbox

FINDINGS = 10_000
CRITICAL = 60


def _burst() -> list[Exhibit]:
    return [
        exhibit(
            number,
            author=f"author-{number}",
            category="threat" if number % 4 else "trolling",
            severity="critical" if number <= CRITICAL else ("low", "medium", "high")[number % 3],
            posted_at=NOON,
        )
        for number in range(1, FINDINGS + 1)
    ]


@pytest.mark.parametrize(("portions", "flood_at"), [(1, FLOOD_AT), (10, 100)])
def test_the_channel_gets_a_bounded_number_of_messages_and_nothing_is_lost(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, portions: int, flood_at: int
) -> None:
    burst, size = _burst(), FINDINGS // portions
    for start in range(0, FINDINGS, size):
        lay_many(sqlite_engine, burst[start : start + size])
        raise_in(sqlite_engine)
        deliver(WarehouseOutbox(sqlite_engine, flood_at=flood_at), channel, clock=lambda: NOON, sleep=lambda _: None)
    messages = slack.workspace.messages("C0SECURITY")
    assert len(messages) <= 1 + SINGLY + URGENT
    (digest,) = [each for each in messages if each["metadata"]["event_payload"]["reason"] == "digest"]
    with sqlite_engine.connect() as connection:
        told = Counter(connection.execute(select(outbox.c.state)).scalars())
        for table in (incidents, evidence):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == FINDINGS
        members = select(func.count(outbox.c.incident_id.distinct())).where(outbox.c.state == "digested")
        assert connection.execute(members).scalar_one() == told["digested"]
    assert told == {"digested": told["digested"], "delivered": len(messages)}
    assert told["digested"] + len(messages) - 1 == FINDINGS
    assert f"Flood: {told['digested']:,} incidents (DIG-1)" in digest["text"]
    assert f"Different authors: {told['digested']:,}" in digest["text"]
