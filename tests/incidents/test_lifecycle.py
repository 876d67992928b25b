"""Events in, status out; and acts that are refused say what is possible."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.incident import CLOSED, STATUSES, Act, Status
from incidents.lifecycle import BECOMES, POSSIBLE, VERBS, ActIncomplete, ActNotPossible, Event, check, fold, spoken
from tests.incidents.samples import NOON

ACTS: tuple[Act, ...] = get_args(Act)


def _event(act: Act) -> Event:
    return Event("TOC-1001", act, "Sam", NOON)


@given(st.data())
def test_every_walk_of_possible_acts_ends_where_its_last_telling_act_says(data: st.DataObject) -> None:
    events, status = [_event("opened")], fold([_event("opened")])
    for _ in range(data.draw(st.integers(0, 12))):
        act = data.draw(st.sampled_from((*POSSIBLE[status], "evidence" if status not in CLOSED else "reopened")))
        if act != "evidence":
            check("TOC-1001", status, act, "Sam", "a reason", "Alex")
        events.append(_event(act))
        status = fold(events)
        assert status == BECOMES.get(act, status)
        assert status in STATUSES


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("act", list(VERBS))
def test_what_is_not_possible_says_what_is(status: Status, act: Act) -> None:
    if act in POSSIBLE[status]:
        check("TOC-1001", status, act, "Sam", "a reason", "Alex")
        return
    with pytest.raises(ActNotPossible, match=f"TOC-1001 is {spoken(status)}") as caught:
        check("TOC-1001", status, act, "Sam", "a reason", "Alex")
    for possible in POSSIBLE[status]:
        assert VERBS[possible] in str(caught.value)


def test_people_cannot_do_the_pipelines_acts_nor_those_of_two_incidents() -> None:
    for act in set(ACTS) - set(VERBS):
        with pytest.raises(ActNotPossible):
            check("TOC-1001", "open", act, "Sam", None, None)


@pytest.mark.parametrize(
    ("act", "actor", "reason", "assignee"),
    [("acknowledged", " ", None, None), ("dismissed", "Sam", "  ", None), ("assigned", "Sam", None, None)],
)
def test_an_act_that_lacks_something(act: Act, actor: str, reason: str | None, assignee: str | None) -> None:
    with pytest.raises(ActIncomplete):
        check("TOC-1001", "open", act, actor, reason, assignee)


def test_a_history_that_begins_with_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not an incident's"):
        fold([_event("evidence")])
