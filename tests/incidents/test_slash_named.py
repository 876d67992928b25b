"""`/tocsin` where Slack refuses us its directory: for whoever a route names by id, and about that route alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from incidents.slack import SlackChannel
from policies.policy import Policy, Route
from tests.incidents.samples import POLICY, exhibit
from tests.incidents.slack_front import Front, front
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in

THREAT = POLICY.categories["threat"]
PACK: Policy = POLICY.model_copy(
    update={
        "routes": {**POLICY.routes, "named": Route(name="Named", slack_actors=("S0GROUP", "U0SAM"))},
        "categories": POLICY.categories | {"threat": THREAT.model_copy(update={"route": "named"})},
    }
)


@pytest.fixture
def desk(sqlite_engine: Engine) -> Iterator[Front]:
    """Two incidents of the route that names Sam, and one of a channel's."""
    lay(sqlite_engine, [exhibit(number, category="threat", author=f"author-{number}") for number in (1, 2)])
    raise_in(sqlite_engine, PACK)
    lay(sqlite_engine, [exhibit(3, author="author-3")])
    raise_in(sqlite_engine, PACK)
    with SlackServer(Staffed()) as slack:
        slack.workspace.plan = lambda method, _: (
            "missing_scope" if method in ("users.info", "usergroups.users.list", "conversations.members") else None
        )
        channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)
        with front(sqlite_engine, slack, channel, PACK) as opened:
            yield opened


def test_who_is_named_by_id_sees_and_does_what_is_theirs_and_nobody_else_anything(desk: Front) -> None:
    listed = desk.ask("open")
    assert [each in listed for each in ("TOC-1001", "TOC-1002", "TOC-1003")] == [True, True, False]
    assert desk.ask("merge TOC-1002 into TOC-1001 because one person").startswith("TOC-1002 goes on in TOC-1001")
    assert desk.casebook.events("TOC-1002")[-1].actor == "U0SAM (U0SAM)"
    assert "Nothing was done" in desk.ask("unmerge TOC-1002", "U0ALEX")
    assert "Nothing was done" in desk.ask("merge TOC-1003 into TOC-1001 because x")
    assert desk.casebook.incident("TOC-1002").merged_into == "TOC-1001"
    assert "No silence acts" in desk.ask("silence list")
