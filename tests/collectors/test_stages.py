"""Reading in stages: what the first stage finds, the second reads; one's error is not the other's. Invented posts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.backlog import Backlog
from collectors.collector import AccessDenied, Checkpoint, CollectError, RateLimited
from collectors.manners import Manners, Visit
from collectors.mention import Mention
from collectors.onward import Stretch
from collectors.stages import Followed, Owed, staged
from collectors.timeline import Page, Record, Walk

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def page(*numbers: int, following: str | None = None) -> Page:
    moment = NOW - timedelta(days=1)
    made = (Mention(platform="quill", id=str(number), text="water", created_at=moment) for number in numbers)
    return Page(tuple(Record(int(mention.id), mention) for mention in made), following)


def stage(fetch: Callable[[Walk], Page]) -> Any:
    return lambda former: Backlog("quill", former, {"all": fetch})


def read(stages: Any, checkpoint: Checkpoint | None = None) -> tuple[list[Any], CollectError | None]:
    visit, batches = Visit(Manners()), []
    noted: list[str] = []
    try:
        for batch in staged(checkpoint, "quill", stages, lambda: {"noted": list(noted)}, 10, visit):
            noted.append("read")
            batches.append(batch)
    except CollectError as error:
        return batches, error
    return batches, None


def refuse(error: CollectError) -> Callable[[Walk], Page]:
    def fetch(walk: Walk) -> Page:
        raise error

    return fetch


def test_every_stage_keeps_its_place_in_one_checkpoint() -> None:
    above: list[int | None] = []

    def second(walk: Walk) -> Page:
        above.append(walk.above)
        return page(20)

    stages = {"first": stage(lambda walk: page(10)), "second": stage(second)}
    batches, error = read(stages)
    assert error is None
    assert [mention.id for batch in batches for mention in batch.mentions] == ["10", "20"]
    assert batches[0].checkpoint.state["noted"] == []
    assert batches[1].checkpoint.state["noted"] == ["read"]
    assert set(batches[1].checkpoint.state) == {"first", "second", "noted"}
    again, _ = read(stages, batches[-1].checkpoint)
    assert [mention.id for batch in again for mention in batch.mentions] == []
    assert above == [None, 20]


def test_what_one_stage_has_left_stays_told_while_the_next_is_read() -> None:
    stages = {"first": stage(refused_later()), "second": stage(lambda walk: page(20))}
    batches, error = read(stages)
    assert isinstance(error, AccessDenied)
    assert [batch.more for batch in batches] == [True, True]


def refused_later() -> Callable[[Walk], Page]:
    pages = iter([page(10, following="on")])

    def fetch(walk: Walk) -> Page:
        for found in pages:
            return found
        raise AccessDenied("no")

    return fetch


@pytest.mark.parametrize(("error", "found"), [(AccessDenied("no"), ["20"]), (RateLimited("wait"), [])])
def test_a_refusal_is_one_stages_own_and_a_limit_is_everybodys(error: CollectError, found: list[str]) -> None:
    error.requests = 2
    batches, raised = read({"first": stage(refuse(error)), "second": stage(lambda walk: page(20))})
    assert raised is error
    assert [mention.id for batch in batches for mention in batch.mentions] == found


def test_posts_are_followed_for_a_while_and_the_newest_of_them() -> None:
    followed = Followed({}, timedelta(days=30), 2, lambda: NOW)
    for days in (3, 1, 2):
        followed.add(f"p{days}", NOW - timedelta(days=days))
    assert followed.ids == ("p1", "p2")
    followed.drop("p1")
    later = Followed(followed.state, timedelta(days=30), 2, lambda: NOW + timedelta(days=29))
    assert later.ids == ("p2", "p3")
    assert Followed(later.state, timedelta(days=30), 2, lambda: NOW + timedelta(days=31)).ids == ()


def test_replies_are_owed_until_they_are_read_and_again_when_there_are_more() -> None:
    owed = Owed({})
    owed.owe("c1", 7, "p1")
    later = Owed(owed.state)
    assert list(later.listings(lambda native_id, cursor: Stretch((), None, more=False))) == ["c1 7"]
    assert later.under("c1") == "p1"
    later.paid("c1")
    later.owe("c1", 7, "p1")
    assert later.state == {"due": {}, "read": {"c1": 7}}
    later.owe("c1", 8, "p1")
    assert later.state["due"] == {"c1": ["p1", 8]}
