"""`/tocsin merge` and `unmerge` over real HTTP: done by those who may act on both, and told in both threads."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from incidents.slack import SlackChannel
from policies.policy import Policy, Route
from tests.incidents.samples import POLICY, exhibit
from tests.incidents.slack_front import Front, eventually, front
from tests.incidents.slack_requests import press
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in

Ask = Callable[..., str]
OTHERS = Route(name="Others", slack_actors=("U0ALEX",))  # Sam is none of them
PACK: Policy = POLICY.model_copy(
    update={
        "routes": {**POLICY.routes, "others": OTHERS},
        "categories": POLICY.categories
        | {"threat": POLICY.categories["threat"].model_copy(update={"route": "others"})},
    }
)


@pytest.fixture
def desk(sqlite_engine: Engine) -> Iterator[Front]:
    """A front over three incidents, of which the third is another route's."""
    lay(sqlite_engine, [exhibit(1, severity="high"), exhibit(2, author="author-2"), exhibit(3, category="threat")])
    raise_in(sqlite_engine, PACK)
    with SlackServer(Staffed()) as slack:
        channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)
        with front(sqlite_engine, slack, channel, PACK) as opened:
            yield opened


@pytest.fixture
def ask(desk: Front) -> Ask:
    """Types words after /tocsin; what is answered."""
    return desk.ask


def _ids(desk: Front) -> dict[str, str]:
    """By finding, the incident that it opened."""
    return {each.mention_ids[0]: each.id for each in desk.casebook.incidents()}


def test_one_goes_on_in_another_and_stands_for_itself_again(desk: Front, ask: Ask) -> None:
    ids = _ids(desk)
    one, into = ids["x:2"], ids["x:1"]
    said = ask(f"merge {one.lower()} into {into} because the same person, because of the name")
    assert (
        said == f"{one} goes on in {into}, which is high and open. Apart again with /tocsin unmerge {one} because WHY"
    )
    events = [desk.casebook.events(each)[-1] for each in (one, into)]
    assert [(each.act, each.actor, each.origin) for each in events] == [
        ("merged", "Sam Sample (U0SAM)", "slack"),
        ("absorbed", "Sam Sample (U0SAM)", "slack"),
    ]
    assert {each.reason for each in events} == {"the same person, because of the name"}
    eventually(
        lambda: sum("goes on" in each["text"] for each in desk.workspace.messages("C0SECURITY")) >= 2,
        "the threads are not told",
    )
    assert f"{one} is merged into {into} already" in ask(f"merge {one} into {into} because again")
    assert ask(f"unmerge {one} because no, another", "U0ALEX") == f"{one} stands for itself again and is open."
    last = desk.casebook.events(one)[-1]
    assert (last.act, last.actor, last.origin, last.reason) == (
        "unmerged",
        "Alex Example (U0ALEX)",
        "slack",
        "no, another",
    )
    assert "it is merged into no other" in ask(f"unmerge {one}")


def test_of_a_merging_that_was_undone_nobody_is_told_that_it_came_first(desk: Front, ask: Ask) -> None:
    ids = _ids(desk)
    desk.casebook.act(ids["x:2"], "acknowledged", "Kit")
    ask(f"merge {ids['x:2']} into {ids['x:1']} because the same person")
    ask(f"unmerge {ids['x:2']} because no, another")
    desk.send(press("acknowledge", ids["x:2"]))
    assert f"{ids['x:2']} was already acknowledged by Kit on" in desk.told("U0SAM")[0]


def test_whoever_may_not_act_on_one_of_the_two_merges_neither(desk: Front, ask: Ask) -> None:
    ids = _ids(desk)
    for words in (f"merge {ids['x:3']} into {ids['x:1']} because x", f"merge {ids['x:2']} into {ids['x:3']} because x"):
        assert "Incidents of Others are not yours to act on. Nothing was done." in ask(words)
    assert "Incidents of Security are not yours" in ask(f"merge {ids['x:2']} into {ids['x:1']} because x", "U0OUT")
    ask(f"merge {ids['x:2']} into {ids['x:1']} because the same case")
    assert "Incidents of Security are not yours" in ask(f"unmerge {ids['x:2']}", "U0OUT")
    assert [actor for actor, _, _ in desk.refusals(4)] == ["U0SAM", "U0SAM", "U0OUT", "U0OUT"]
    assert desk.casebook.incident(ids["x:2"]).merged_into == ids["x:1"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("merge", "say which into which, and why"),
        ("merge TOC-1002 TOC-1001 because x", "say which into which, and why"),
        ("merge TOC-1002 into TOC-1001", "say which into which, and why"),
        ("merge TOC-1002 into TOC-1001 because  ", "say which into which, and why"),
        ("merge TOC-1002 into TOC-9999 because x", "there is no incident TOC-9999"),
        ("merge TOC-1001 into TOC-1001 because x", "cannot be merged into itself"),
        ("unmerge", "say which, and why"),
        ("unmerge <!channel>", "say which, and why"),
        ("help", "/tocsin merge TOC-1002 into TOC-1001 because WHY"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_done(desk: Front, ask: Ask, words: str, said: str) -> None:
    assert said in ask(words)
    assert {each.status for each in desk.casebook.incidents()} == {"open"}
