"""The desk in a process of its own, for tests that kill it: `python -m tests.incidents.desk_process DB SLACK LEASE_S`.

Prints its address when it listens, and ends when its standard input does.
"""

import sys
from datetime import timedelta

from incidents.slack import SlackChannel
from tests.incidents.slack_front import door, served, staffed_desk
from tests.incidents.slack_server import TOKEN
from warehouse.engine import connect


def main(database: str, slack: str, lease_s: str) -> None:
    """Serve until there is nothing more to read."""
    engine = connect(database)
    channel = SlackChannel.connect(TOKEN, base_url=slack, interval_s=0, timeout_s=10, interactive=True)
    lease = timedelta(seconds=float(lease_s))
    with staffed_desk(engine, channel, lease=lease) as intake, served(door(engine, intake)) as url:
        print(url, flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
