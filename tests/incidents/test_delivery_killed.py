"""A sender that is killed by the operating system, again and again, in another process; on both databases."""

import random
import signal
import subprocess
import sys
import time

import pytest

from tests.incidents.slack_server import TOKEN, SlackServer, now_and_then
from tests.incidents.test_delivery import assert_exactly_once_in_order
from tests.warehouse.case_samples import fill
from warehouse.engine import connect
from warehouse.outbox import WarehouseOutbox

KILLS = {"sqlite": 10, "postgresql": 5}  # each costs a new process
SENDER = """
import sys
from incidents.delivery import deliver
from incidents.slack import SlackChannel
from warehouse.engine import connect
from warehouse.outbox import WarehouseOutbox
url, slack, token = sys.argv[1:]
channel = SlackChannel.connect(token, "C0DEFAULT", base_url=slack, interval_s=0, timeout_s=5)
box = WarehouseOutbox(connect(url))
print("ready", flush=True)
counts = deliver(box, channel, sleep=lambda _: None)
sys.exit(3 if counts.problems else 0)
"""


@pytest.mark.chaos
def test_killed_again_and_again_with_answers_cut_in_between(warehouse_url: str, slack: SlackServer) -> None:
    engine = connect(warehouse_url)
    made = fill(engine, cases=40, each=5)
    slack.workspace.plan = now_and_then("cut", 0.10, seed=7)
    command = [sys.executable, "-c", SENDER, warehouse_url, slack.url, TOKEN]
    dice, kills, runs, wanted = random.Random(7), 0, 0, KILLS[engine.dialect.name]
    while WarehouseOutbox(engine).undelivered():
        runs += 1
        assert runs < 60, "the outbox does not come to an end"
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
            assert sender.stdout is not None
            assert sender.stdout.readline() == "ready\n"
            if kills < wanted:
                _wait_for_posts(slack, dice.randint(1, 12))
                time.sleep(dice.random() * 0.02)
                sender.send_signal(signal.SIGKILL)
            kills += sender.wait(60) == -signal.SIGKILL
    assert kills == wanted
    assert_exactly_once_in_order(slack, made)
    engine.dispose()


def _wait_for_posts(slack: SlackServer, posts: int) -> None:
    """Let the sender come so far that the kill falls among its posts."""
    wanted = slack.workspace.calls["chat.postMessage"] + posts
    until = time.monotonic() + 10
    while slack.workspace.calls["chat.postMessage"] < wanted and time.monotonic() < until:
        time.sleep(0.002)
