"""Ten thousand findings at once, through the real casebook, outbox and slack-sdk: few messages, and nothing lost."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, func, select

from incidents.delivery import DeliveryCounts, deliver
from incidents.digest import FLOOD_AT, SINGLY, URGENT
from incidents.incident import Exhibit
from incidents.raising import AT_ONCE, Heard, raise_incidents
from incidents.slack import SlackChannel
from policies.policy import Policy, Route
from tests.incidents.samples import NOON, POLICY, exhibit
from tests.incidents.slack_server import TOKEN, Call, SlackServer
from tests.warehouse.case_samples import lay_many
from tocsin.early import early_word
from warehouse.case_schema import evidence, incidents, outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.outbox import WarehouseOutbox

FINDINGS = 10_000
CRITICAL = 60
FIRST_WORD_S = 5.0  # of computing, from the findings to the first message
FEW = 300
FEW_AT = 30  # what is a flood, where there are few


@dataclass
class Watched:
    """Hears of the raising, and looks into the channel each time."""

    slack: SlackServer
    word: Heard
    then: Heard
    begun: float = field(default_factory=time.process_time)
    opened: int = 0
    first: tuple[int, float] | None = None  # how many were opened, and the seconds of computing, at the first message

    def __call__(self, opened: int) -> None:
        self.word(opened)
        self.opened = opened
        if self.first is None and self.slack.workspace.messages("C0SECURITY"):
            self.first = opened, time.process_time() - self.begun
        self.then(opened)


def _burst(number: int = FINDINGS) -> list[Exhibit]:
    return [
        exhibit(
            number,
            author=f"author-{number}",
            category="threat" if number % 4 else "trolling",
            severity="critical" if number <= CRITICAL else ("low", "medium", "high")[number % 3],
            posted_at=NOON,
        )
        for number in range(1, number + 1)
    ]


def _raise(
    engine: Engine,
    slack: SlackServer,
    channel: SlackChannel,
    flood_at: int,
    pack: Policy = POLICY,
    then: Heard = lambda _opened: None,
) -> Watched:
    """As the task of the DAG raises: a flood is told meanwhile."""
    floods = WarehouseOutbox(engine, flood_at=flood_at, floods_alone=True)
    with early_word(floods, channel, flood_at) as word:
        watched = Watched(slack, word, then)
        raise_incidents(WarehouseCasebook(engine), {pack.id: pack}, datetime.now(UTC), heard=watched)
    return watched


def _deliver(engine: Engine, channel: SlackChannel, flood_at: int) -> DeliveryCounts:
    return deliver(WarehouseOutbox(engine, flood_at=flood_at), channel, sleep=lambda _: None)


@pytest.mark.parametrize(("portions", "flood_at"), [(1, FLOOD_AT), (10, 100)])
def test_the_channel_gets_a_bounded_number_of_messages_and_nothing_is_lost(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel, portions: int, flood_at: int
) -> None:
    burst, size = _burst(), FINDINGS // portions
    for start in range(0, FINDINGS, size):
        lay_many(sqlite_engine, burst[start : start + size])
        watched = _raise(sqlite_engine, slack, channel, flood_at)
        if not start:
            assert watched.first is not None
            assert watched.first[0] <= flood_at + AT_ONCE < watched.opened  # the rest was still being raised
            assert watched.first[1] < FIRST_WORD_S
        _deliver(sqlite_engine, channel, flood_at)
    with sqlite_engine.connect() as connection:
        for table in (incidents, evidence):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == FINDINGS
    digest = _assert_told(sqlite_engine, slack, FINDINGS)
    assert f"Different authors: {_states(sqlite_engine)['digested']:,}" in digest["text"]


def test_raising_that_dies_after_the_first_word_goes_on(
    sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel
) -> None:
    class Killed(BaseException):
        """Stands for a SIGKILL."""

    def dying(_opened: int) -> None:
        if slack.workspace.messages("C0SECURITY"):
            raise Killed

    lay_many(sqlite_engine, _burst(FEW))
    with pytest.raises(Killed):
        _raise(sqlite_engine, slack, channel, FEW_AT, then=dying)
    assert slack.workspace.messages("C0SECURITY")
    _raise(sqlite_engine, slack, channel, FEW_AT)
    _deliver(sqlite_engine, channel, FEW_AT)
    _assert_told(sqlite_engine, slack, FEW)


def test_what_is_no_flood_waits_for_the_end(sqlite_engine: Engine, slack: SlackServer, channel: SlackChannel) -> None:
    calm = POLICY.categories["trolling"].model_copy(update={"route": "desk"})
    routes = {**POLICY.routes, "desk": Route(name="Desk", slack_channel="C0DEFAULT")}
    pack = POLICY.model_copy(update={"routes": routes, "categories": {**POLICY.categories, "trolling": calm}})
    lay_many(sqlite_engine, [each for number, each in enumerate(_burst(FEW)) if number % 4 != 3 or number < FEW_AT])
    _raise(sqlite_engine, slack, channel, FEW_AT, pack)
    assert slack.workspace.messages("C0SECURITY")
    assert not slack.workspace.messages("C0DEFAULT")
    _deliver(sqlite_engine, channel, FEW_AT)
    assert len(slack.workspace.messages("C0DEFAULT")) == FEW_AT // 4


def test_a_channel_that_does_not_answer_holds_up_no_raising(sqlite_engine: Engine, slack: SlackServer) -> None:
    over = threading.Event()

    def patient(_method: str, _arguments: Call) -> None:
        over.wait(60)

    slack.workspace.plan = patient
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack.url, interval_s=0, timeout_s=60)
    lay_many(sqlite_engine, _burst(FEW))
    floods = WarehouseOutbox(sqlite_engine, flood_at=FEW_AT, floods_alone=True)
    with early_word(floods, channel, FEW_AT, held_up_s=0.1) as word:
        counts = raise_incidents(WarehouseCasebook(sqlite_engine), {POLICY.id: POLICY}, datetime.now(UTC), heard=word)
        assert counts.opened == FEW
        assert not slack.workspace.messages("C0SECURITY")
        over.set()
    assert slack.workspace.messages("C0SECURITY")
    _deliver(sqlite_engine, channel, FEW_AT)
    _assert_told(sqlite_engine, slack, FEW)


def _states(engine: Engine) -> Counter[str]:
    with engine.connect() as connection:
        return Counter(connection.execute(select(outbox.c.state)).scalars())


def _assert_told(engine: Engine, slack: SlackServer, number: int) -> Call:
    """All is told: a few singly and once, all the rest in one digest, which is returned."""
    messages = slack.workspace.messages("C0SECURITY")
    assert len(messages) <= 1 + SINGLY + URGENT
    assert len(slack.workspace.ids()) == len(set(slack.workspace.ids()))
    (digest,) = [each for each in messages if each["metadata"]["event_payload"]["reason"] == "digest"]
    told = _states(engine)
    with engine.connect() as connection:
        members = select(func.count(outbox.c.incident_id.distinct())).where(outbox.c.state == "digested")
        assert connection.execute(members).scalar_one() == told["digested"]
    assert told == {"digested": told["digested"], "delivered": len(messages)}
    assert told["digested"] + len(messages) - 1 == number
    assert f"Flood: {told['digested']:,} incidents (DIG-1)" in digest["text"]
    return digest
