"""Whom words are aimed at: accounts, names, roles, pronouns."""

from collections.abc import Callable
from typing import Any

import pytest

from classifiers.finding import Target
from classifiers.judge import Judge
from classifiers.normalise import normalise
from classifiers.people import names_in
from classifiers.relevance import Relevance
from classifiers.target import Cast, CastReader
from collectors.mention import Mention
from policies.policy import Policy

Post = Callable[..., Mention]


def _cast(dwp: Policy, mention: Mention) -> Cast:
    return CastReader(dwp, Relevance(dwp)).read(mention, normalise(mention.text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("That Karen Plimsole at Hull Jobcentre", ["Karen Plimsole"]),
        ("Mrs Plimsole rang", ["Plimsole"]),
        ("my work coach Karen Plimsole at Hull Jobcentre", ["Karen Plimsole"]),
        ("Tell the manager Emmer Zorwick that", ["Emmer Zorwick"]),
        ("Manager Karen Plimsole at the office lied to me", ["Karen Plimsole"]),
        ("work coach Dean Northwick jobcentre", ["Dean"]),
        ("my coach Dean Today", ["Dean"]),
        ("so karen from the jobcentre rang", ["Karen"]),
        ("Universal Credit and Work Coaches in Milton Keynes", []),
        ("ALL CAPS SHOUTING HERE", []),
        ("Plimsole you are late", ["Plimsole"]),
        ("Hope you are sacked. Because you are useless", []),
        ("the jobcentre in Victoria Road, and Harold Street too", []),
        ("Arthur Plimsole Way is where Beth works", ["Beth"]),
        ("Poor Beth, oh Moira", ["Beth", "Moira"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [name for name, _ in names_in(text, [])] == names


def test_you_is_whoever_is_answered(dwp: Policy, post: Post) -> None:
    def answer(handle: str, bio: str | None = None) -> Target:
        parent: dict[str, Any] = {"author": {"handle": handle, "bio": bio}, "text": "Hello"}
        return _cast(dwp, post("you again", in_reply_to=parent)).addressed.target

    assert answer("DWPgovuk").kind == "organisation"
    assert answer("example_ipa_workcoach") == Target("employee", "example_ipa_workcoach")
    assert answer("somebody_example", "Work coach at DWP") == Target("employee", "somebody_example")
    assert answer("somebody_example") == Target("other", "somebody_example")


def test_she_is_the_last_person_spoken_of(dwp: Policy, post: Post) -> None:
    text = "Karen Plimsole at the jobcentre rang and she was kind"
    subjects = dict(_cast(dwp, post(text)).subjects(text))
    assert subjects[(text.index("she"), text.index("she") + 3)].target == Target("employee", "Karen Plimsole")


def test_the_organisation_may_be_called_names(judge: Judge, post: Post) -> None:
    texts = ["DWP are scum", "@DWPgovuk you are scum", "DWP, you useless idiots"]
    assert all(not found.findings for found in judge.judge([post(text, i) for i, text in enumerate(texts)]))


def test_the_finding_names_the_account_as_it_was_written(judge: Judge, post: Post) -> None:
    (found,) = judge.judge([post("DWP's @example_ipa_workcoach is worthless scum")])
    assert found.findings[0].target == Target("employee", "example_ipa_workcoach")
