"""LinkedIn tells of edited comments, which may be much older than the notification. Invented posts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.linkedin import LinkedIn
from collectors.manners import Manners
from policies.policy import Policy
from tests.collectors.conformance import native_ids, run
from tests.collectors.server import Asked, Reply
from tests.collectors.test_linkedin import POST, START, TOKEN, elements, kind, linkedin, milliseconds, notification

OLD = START - timedelta(days=20)
HOUR = timedelta(hours=1)


def edit(number: int, told: datetime, written: datetime = OLD) -> dict[str, Any]:
    """A notification that a comment was edited; the comment's id says when that was written."""
    entity = f"urn:li:comment:({POST},{milliseconds(written) << 22})"
    said = notification(number, told, "COMMENT_EDIT", sourcePost=POST, generatedActivity=entity)
    said["decoratedGeneratedActivity"]["comment"] |= {"entity": entity, "text": "Quillmere Water, edited"}
    return said


def telling(told: list[Any], size: int) -> Callable[[Asked], Reply]:
    """LinkedIn with these notifications and nothing else."""

    def answer(asked: Asked) -> Reply:
        return elements(told if kind(asked) == "organizationalEntityNotifications" else [], asked, size)

    return answer


def test_an_edit_of_an_old_comment_is_found_and_hides_nothing(serve: Any, policy: Policy, brisk: Manners) -> None:
    told = [notification(1)]
    collector = linkedin(serve(telling(told, 2)).url, policy, brisk)
    before, _ = run(collector)
    told[:0] = [notification(4, START + 3 * HOUR), edit(3, START + 2 * HOUR), notification(2, START + HOUR)]
    after, error = run(collector, before[-1].checkpoint)
    assert error is None
    assert native_ids(after) == [each["generatedActivity"] for each in told[:3]]


def test_an_edit_is_asked_for_where_it_is_not_told(serve: Any, policy: Policy, brisk: Manners) -> None:
    told = [notification(1)]
    bare = {**edit(2, START + HOUR), "decoratedGeneratedActivity": None}
    written = {"time": milliseconds(OLD), "actor": "urn:li:person:invented"}
    said = {"commentUrn": bare["generatedActivity"], "object": POST, "message": {"text": "Edited"}, "created": written}

    def answer(asked: Asked) -> Reply:
        return Reply.of(said) if "/comments/" in asked.path else telling(told, 1)(asked)

    collector = linkedin(serve(answer).url, policy, brisk)
    before, _ = run(collector)
    told[:0] = [notification(3, START + 2 * HOUR), bare]
    after, error = run(collector, before[-1].checkpoint)
    assert error is None
    assert native_ids(after) == [each["generatedActivity"] for each in told[:2]]


def test_a_fresh_edit_of_an_old_comment_leaves_the_overlap_window_open(
    serve: Any, policy: Policy, brisk: Manners
) -> None:
    now = datetime.now(UTC)
    told = [edit(2, now - HOUR), notification(1)]
    collector = LinkedIn("77", TOKEN, [policy], base_url=serve(telling(told, 9)).url, settle=6 * HOUR, manners=brisk)
    before, _ = run(collector)
    late = notification(3, now - 2 * HOUR)
    told.insert(1, late)
    after, _ = run(collector, before[-1].checkpoint)
    assert late["generatedActivity"] in native_ids(after)


def test_an_edit_without_a_time_is_read_all_the_same(serve: Any, policy: Policy, brisk: Manners) -> None:
    told = [{**edit(2, START), "lastModifiedAt": None}, notification(1)]
    batches, error = run(linkedin(serve(telling(told, 9)).url, policy, brisk))
    assert error is None
    assert native_ids(batches) == [each["generatedActivity"] for each in told]
