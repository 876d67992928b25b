"""The desk in a process of its own, for tests that kill it."""

import threading
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection

from incidents.slack import SlackChannel
from tests.incidents.slack_front import door, served, staffed_desk
from tests.incidents.slack_server import TOKEN
from warehouse.engine import connect

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.incidents.desk_process", "tests.incidents.killing"])


def serve(database: str, slack: str, lease_s: float, listening: Connection) -> None:
    """Tell the address when it listens, and serve until it is killed."""
    engine = connect(database)
    channel = SlackChannel.connect(TOKEN, base_url=slack, interval_s=0, timeout_s=10, interactive=True)
    lease = timedelta(seconds=lease_s)
    with staffed_desk(engine, channel, lease=lease) as intake, served(door(engine, intake)) as url:
        listening.send(url)
        threading.Event().wait()
