"""1,000 incidents told while their sender is killed 100 times and a tenth of the answers is cut; on both databases."""

# ruff: noqa: S101, T201 - a test that says how long it took
import pytest

from tests.incidents.killing import assert_proved, assert_told_as_it_should_be, deliver_under_fire, storm
from tests.incidents.slack_server import SlackServer, Workspace
from tests.warehouse.case_samples import fill
from warehouse.engine import connect

INCIDENTS, EACH, KILLS = 1000, 2, 100


@pytest.mark.parametrize("seed", [1])
def test_a_thousand_incidents_and_a_hundred_kills(warehouse_url: str, seed: int) -> None:
    engine = connect(warehouse_url)
    made = fill(engine, INCIDENTS, EACH)
    engine.dispose()
    with SlackServer(Workspace(plan=storm(seed), stall_s=3.0)) as slack:
        fired = deliver_under_fire(warehouse_url, slack, made, KILLS, seed)
        assert fired.kills == KILLS
        assert_told_as_it_should_be(slack, made)
        slack.workspace.plan = lambda _method, _arguments: None
        assert_proved(warehouse_url, slack)
    print(f"\n{engine.dialect.name}: {len(made):,} notifications, {fired}")
