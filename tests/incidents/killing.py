"""A sender in a process of its own, killed by the operating system again and again among its posts."""

import random
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from incidents.delivery import deliver
from incidents.notification import Notification
from incidents.reconciliation import reconcile
from incidents.slack import SlackChannel
from tests.incidents.slack_server import TOKEN, Call, Plan, SlackServer
from tests.incidents.test_delivery import assert_exactly_once_in_order
from warehouse.engine import connect
from warehouse.marts import read
from warehouse.outbox import WarehouseOutbox
from warehouse.reconciliation import ReconciliationBook

PATIENCE_S = 120  # for a few posts
WHOLE_S = 1800  # for all that is left, where nobody kills any more
PROCESSES = get_context("forkserver")  # each a process of its own, that need not import everything anew
PROCESSES.set_forkserver_preload(["tests.incidents.desk_process", "tests.incidents.killing"])


@dataclass(frozen=True)
class Fired:
    """What it took: processes started, of which killed; seconds in all; calls of Slack's methods."""

    runs: int
    kills: int
    seconds: float
    calls: dict[str, int]


def deliver_under_fire(url: str, slack: SlackServer, made: list[Notification], kills: int, seed: int) -> Fired:
    """Deliver all that was `made`, killing the sender `kills` times at random, always while it posts."""
    engine, began = connect(url), time.monotonic()
    dice, killed, runs = random.Random(seed), 0, 0
    far = max(1, int(1.5 * len(made) / kills))  # posts to a kill at most, so that there are enough for every kill
    while WarehouseOutbox(engine).undelivered():
        runs += 1
        assert runs < 3 * kills + 30, "the outbox does not come to an end"
        sender = PROCESSES.Process(target=send, args=(url, slack.url))
        sender.start()
        if killed < kills:
            _wait_for_posts(slack, sender, dice.randint(1, far))
            time.sleep(dice.random() * 0.02)
            sender.kill()
        sender.join(WHOLE_S)
        killed += sender.exitcode == -signal.SIGKILL
    engine.dispose()
    return Fired(runs, killed, time.monotonic() - began, dict(slack.workspace.calls))


def send(url: str, slack: str) -> None:
    """One run of the real sender, in a process of its own."""
    channel = SlackChannel.connect(TOKEN, "C0DEFAULT", base_url=slack, interval_s=0, timeout_s=2)
    deliver(WarehouseOutbox(connect(url)), channel, sleep=lambda seconds: time.sleep(min(seconds, 0.2)))


def assert_told_as_it_should_be(slack: SlackServer, made: list[Notification]) -> None:
    """Each notification there exactly once, in order in its thread; a head that has replies is edited in place."""
    assert_exactly_once_in_order(slack, made)
    messages = slack.workspace.messages()
    heads = {each["ts"]: each for each in messages if "thread_ts" not in each}
    replied = {each["thread_ts"] for each in messages if "thread_ts" in each}
    assert len(heads) == len({each.incident_id for each in made})
    assert all(("edited" in head) == (ts in replied) for ts, head in heads.items())
    assert not any("edited" in each for each in messages if "thread_ts" in each)


def storm(seed: int, *, cut: float = 0.10) -> Plan:
    """A tenth of the answers to posts are cut after storing; some calls of all kinds fail in every other way."""
    dice = random.Random(seed)
    shares = (("429", 0.02), ("500", 0.01), ("cut before", 0.005), ("stall", 0.002), ("html", 0.002))

    def plan(method: str, _arguments: Call) -> str | None:
        rolled = dice.random()
        if method in ("chat.postMessage", "chat.update") and rolled < cut:
            return "cut"
        rolled = dice.random()
        for fault, share in shares:
            if rolled < share:
                return fault
            rolled -= share
        return None

    return plan


def assert_proved(url: str, slack: SlackServer) -> None:
    """What Slack shows, read back, is what the warehouse believes: not one discrepancy."""
    engine, client = connect(url), SlackChannel.connect(TOKEN, base_url=slack.url).client
    assert reconcile(ReconciliationBook(engine), client, datetime.now(UTC)).problems == ()
    found = read(engine, "delivery_discrepancies")
    engine.dispose()
    assert found.empty, found.to_string()


def _wait_for_posts(slack: SlackServer, sender: BaseProcess, posts: int) -> None:
    """Let the sender come so far that the kill falls among its posts."""
    wanted = slack.workspace.calls["chat.postMessage"] + posts
    until = time.monotonic() + PATIENCE_S
    while slack.workspace.calls["chat.postMessage"] < wanted and time.monotonic() < until and sender.is_alive():
        time.sleep(0.002)
