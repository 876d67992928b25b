"""What was acknowledged to Slack is done, and once, though the process is killed before, amid or after the work."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select

from incidents.inbox import STALE
from incidents.interaction import Press
from incidents.slack import SlackChannel
from tests.incidents.desk_process import PROCESSES, serve
from tests.incidents.samples import exhibit
from tests.incidents.slack_front import eventually, front
from tests.incidents.slack_requests import body_of, form, press, signed
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in
from warehouse.case_schema import outbox
from warehouse.casebook import WarehouseCasebook
from warehouse.engine import connect
from warehouse.interactions import RequestLedger
from warehouse.slack_schema import slack_inbox

CASES, KILLS, LEASE_S = 12, 6, 0.5


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A Slack with people in it, slow enough to say who they are for a kill to come before the work."""
    slow = Staffed(plan=lambda method, _: "stall" if method == "users.info" else None, stall_s=0.15)
    with SlackServer(slow) as server:
        yield server


@contextmanager
def _desk(database: str, slack: SlackServer) -> Iterator[tuple[BaseProcess, str]]:
    hears, tells = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=serve, args=(database, slack.url, LEASE_S, tells), daemon=True)
    process.start()
    yield process, hears.recv()
    process.kill()
    process.join()


def _send(url: str, payloads: list[Any], acknowledged: list[str]) -> None:
    """Send all at once; which incidents' presses were acknowledged."""

    def send(payload: Any) -> None:
        body = body_of(payload)
        try:
            answer = httpx.post(f"{url}/slack/actions", content=body, headers=signed(body), timeout=20)
        except httpx.HTTPError:
            return  # killed before it had answered: Slack tells its person so
        if answer.status_code == 200:
            acknowledged.append(payload["view"]["private_metadata"])

    sending = [threading.Thread(target=send, args=(payload,)) for payload in payloads]
    for each in sending:
        each.start()
    for each in sending:
        each.join()


@pytest.mark.chaos
def test_what_was_acknowledged_is_done_once_whenever_the_desk_is_killed(warehouse_url: str, slack: SlackServer) -> None:
    engine = connect(warehouse_url)
    lay(engine, [exhibit(number, author=f"author-{number}") for number in range(1, CASES + 1)])
    raise_in(engine)
    acknowledged, dice = list[str](), random.Random(7)
    waiting = [form("assign", f"TOC-{1000 + number}", to="U0ALEX") for number in range(1, CASES + 1)]
    for _ in range(KILLS):
        with _desk(warehouse_url, slack) as (process, url):
            some, waiting = waiting[: CASES // KILLS], waiting[CASES // KILLS :]
            _send(url, some, acknowledged)
            time.sleep(dice.random() * 0.4)
            process.kill()
    with _desk(warehouse_url, slack):
        eventually(lambda: _left(engine) == 0, "something is never done")
    assigned = [
        event.incident_id
        for number in range(1, CASES + 1)
        for event in WarehouseCasebook(engine).events(f"TOC-{1000 + number}")
        if event.act == "assigned"
    ]
    assert len(acknowledged) == CASES
    assert sorted(assigned) == [f"TOC-{1000 + number}" for number in range(1, CASES + 1)]
    assert len(slack.workspace.told("U0SAM")) >= CASES
    with engine.connect() as connection:
        told = connection.scalar(select(func.count()).where(outbox.c.reason == "assigned"))
    assert told == CASES
    engine.dispose()


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(slack_inbox)) or 0


def test_what_waited_too_long_is_not_done_and_its_person_is_told(sqlite_engine: Engine, slack: SlackServer) -> None:
    lay(sqlite_engine, [exhibit(1), exhibit(2, author="author-2")])
    raise_in(sqlite_engine)
    ledger, long_ago = RequestLedger(sqlite_engine), datetime.now(UTC) - STALE - timedelta(minutes=1)
    ledger.take(Press("U0SAM", "C0SECURITY", "1.1", "acknowledged", "TOC-1001", None), ("trigger:1",), long_ago)
    just = Press("U0ALEX", "C0SECURITY", "1.2", "acknowledged", "TOC-1002", None)
    ledger.take(just, ("trigger:2",), datetime.now(UTC) - STALE + timedelta(minutes=1))
    channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10)
    with front(sqlite_engine, slack, channel) as desk:
        assert "ask again where it is not done" in desk.told("U0SAM")[0]
        assert desk.told("U0ALEX") == ["You have TOC-1002 in hand now."]
        eventually(lambda: _left(sqlite_engine) == 0, "they are still kept")
        assert desk.acts() == []


def test_a_press_that_could_not_be_kept_in_time_is_not_acknowledged(sqlite_engine: Engine, slack: SlackServer) -> None:
    lay(sqlite_engine, [exhibit(1)])
    raise_in(sqlite_engine)
    channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10)
    with front(sqlite_engine, slack, channel) as desk:
        with sqlite_engine.begin() as connection:  # somebody writes for longer than Slack is patient
            connection.execute(select(func.count()).select_from(slack_inbox))
            assert desk.send(press("acknowledge")).status_code == 503
        assert desk.told("U0SAM") == ["You have TOC-1001 in hand now."]
