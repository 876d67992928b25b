"""What can be merged into what, and in which words it is refused."""

from typing import Any

import pytest

from incidents.incident import GroupKey, Incident
from incidents.lifecycle import ActIncomplete, ActNotPossible
from incidents.merging import check_merge, check_unmerge
from tests.incidents.samples import incident

INTO = incident()


def _one(**changes: Any) -> Incident:
    return Incident(**{**incident(id="TOC-1002").__dict__, **changes})


def _key(policy: str = "sample", category: Any = "trolling") -> GroupKey:
    return GroupKey(policy, "author-2", "sample_worker", category)


def test_another_author_and_category_of_one_audience_can_be_merged() -> None:
    check_merge(_one(key=_key(), status="investigating"), INTO, [], "Sam", "the same person")


@pytest.mark.parametrize(
    ("one", "into", "held", "told"),
    [
        (INTO, INTO, [], "cannot be merged into itself"),
        (_one(merged_into="TOC-1003", status="merged"), INTO, [], "is merged into TOC-1003 already: unmerge it first"),
        (_one(), _one(id="TOC-1001", merged_into="TOC-1003"), [], "merge TOC-1002 into TOC-1003"),
        (
            _one(),
            _one(id="TOC-1001", merged_into="TOC-1002"),
            ["TOC-1001"],
            "goes on in TOC-1002 already: .*, unmerge TOC-1001",
        ),
        (_one(), INTO, ["TOC-1005", "TOC-1006"], "TOC-1005 and TOC-1006 went on in TOC-1002: unmerge that first"),
        (_one(status="resolved"), INTO, [], "TOC-1002 is resolved: reopen it first"),
        (_one(), _one(id="TOC-1001", status="dismissed"), [], "TOC-1001 is dismissed: reopen it first"),
        (_one(key=_key("another")), INTO, [], "is of the policy another and TOC-1001 of sample"),
        (_one(route="lead"), INTO, [], "seen by people who are not to know of it"),
        (_one(key=_key(category="safeguarding")), INTO, [], "seen by people who are not to know of it"),
        (_one(severity="critical"), INTO, [], "merge the lighter into the graver one"),
    ],
)
def test_what_cannot_be_merged_is_refused_with_the_way_out(
    one: Incident, into: Incident, held: list[str], told: str
) -> None:
    with pytest.raises(ActNotPossible, match=told):
        check_merge(one, into, held, "Sam", "the same case")


@pytest.mark.parametrize(("actor", "reason"), [(" ", "the same case"), ("Sam", " ")])
def test_who_and_why_are_needed(actor: str, reason: str) -> None:
    with pytest.raises(ActIncomplete):
        check_merge(_one(), INTO, [], actor, reason)


def test_only_what_is_merged_can_be_unmerged() -> None:
    check_unmerge(_one(merged_into="TOC-1001", status="merged"), "Sam")
    with pytest.raises(ActNotPossible, match="TOC-1002 is open: it is merged into no other"):
        check_unmerge(_one(status="open"), "Sam")
    with pytest.raises(ActIncomplete):
        check_unmerge(_one(merged_into="TOC-1001"), "")
