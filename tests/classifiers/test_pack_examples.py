"""A pack's examples: judged by the model that ships, for every pack that ships, and told apart when they fail."""

from typing import Any

import pytest
import yaml

from classifiers.backends import scorer
from classifiers.pack_examples import trials
from policies.check import PACKS, available, load
from policies.policy import Policy


@pytest.mark.parametrize("name", available())
def test_the_examples_of_every_pack_are_as_they_should_be(name: str) -> None:
    tried = trials(load(name), scorer("embedded"))
    assert [f"{trial.category} {trial.expected}: {trial.text}" for trial in tried if not trial.passed] == []


def _dwp(change: dict[str, Any]) -> Policy:
    content = yaml.safe_load((PACKS / "dwp.yaml").read_text(encoding="utf-8"))
    content["categories"] = {name: {**content["categories"][name], **parts} for name, parts in change.items()}
    return Policy.model_validate(content)


def test_a_wrong_example_is_told_whichever_way_it_is_wrong() -> None:
    examples = {
        "fires": ["The DWP phone queue is slow today"],
        "quiet": ["I will stab the work coach at this jobcentre"],
    }
    tried = trials(_dwp({"threat": {"examples": examples}}), scorer("embedded"))
    assert [(trial.expected, trial.passed, "threat" in trial.found) for trial in tried] == [
        (True, False, False),
        (False, False, True),
    ]


def test_a_category_that_is_off_is_not_tried() -> None:
    examples = {"fires": ["The DWP phone queue is slow today"]}
    assert trials(_dwp({"threat": {"examples": examples, "enabled": False}}), scorer("embedded")) == []


def test_author_and_parent_of_an_example_reach_the_judge() -> None:
    staff = {"text": "Half the claimants I see are lazy scum, honestly", "bio": "Work coach at the DWP"}
    tried = trials(
        _dwp({"staff_conduct": {"threshold": 0.5, "examples": {"fires": [staff, staff["text"]]}}}), scorer("embedded")
    )
    assert [trial.passed for trial in tried] == [True, False], (
        "the same words, by nobody known, are no conduct of staff"
    )
