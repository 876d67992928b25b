"""A sender that is killed by the operating system, again and again, in another process; on both databases.

The whole size, 1,000 incidents and 100 kills on each, is `make test-soak`.
"""

import pytest

from tests.incidents.killing import assert_proved, assert_told_as_it_should_be, deliver_under_fire, storm
from tests.incidents.slack_server import SlackServer
from tests.warehouse.case_samples import fill
from warehouse.engine import connect

SIZES = {"sqlite": (150, 15), "postgresql": (60, 10)}  # incidents, kills


@pytest.mark.chaos
def test_killed_again_and_again_with_answers_cut_in_between(warehouse_url: str, slack: SlackServer) -> None:
    engine = connect(warehouse_url)
    cases, kills = SIZES[engine.dialect.name]
    made = fill(engine, cases, each=2)
    engine.dispose()
    slack.workspace.plan, slack.workspace.stall_s = storm(seed=7), 3.0
    fired = deliver_under_fire(warehouse_url, slack, made, kills, seed=7)
    assert fired.kills == kills
    assert_told_as_it_should_be(slack, made)
    slack.workspace.plan = lambda _method, _arguments: None
    assert_proved(warehouse_url, slack)
