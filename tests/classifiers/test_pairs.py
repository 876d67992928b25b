"""Every post that breaks the policy is found, and its nearest innocent neighbour is left alone (pairs.yaml)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from classifiers.judge import Judge
from collectors.mention import Mention

PAIRS = Path(__file__).parent / "pairs.yaml"
ANSWERED: dict[str, dict[str, Any]] = {
    "staff": {
        "id": "9",
        "author": {"handle": "example_ipa_workcoach", "bio": "Work coach at DWP"},
        "text": "Jobs fair at the jobcentre on Friday, come and say hello.",
    },
    "official": {
        "id": "8",
        "author": {"handle": "DWPgovuk"},
        "text": "Payments are made early over the bank holiday.",
    },
    "other": {"id": "7", "author": {"handle": "somebody_example"}, "text": "My UC payment is late again."},
}


def _pairs() -> Iterator[Any]:
    for category, entries in yaml.safe_load(PAIRS.read_text(encoding="utf-8")).items():
        for entry in entries:
            pair = entry if isinstance(entry, list) else entry["pair"]
            more: dict[str, Any] = {"author": {"handle": "a_poster_example"}}
            if isinstance(entry, dict):
                more["author"] = {"handle": entry.get("handle", "a_poster_example"), "bio": entry.get("bio")}
                if "to" in entry:
                    more |= {"kind": "reply", "in_reply_to": ANSWERED[entry["to"]]}
            yield pytest.param(category, *pair, more, id=f"{category}: {pair[0][:40]}")


@pytest.mark.parametrize(("category", "breaks", "innocent", "more"), list(_pairs()))
def test_the_breach_is_found_and_its_neighbour_is_not(
    judge: Judge, post: Callable[..., Mention], category: str, breaks: str, innocent: str, more: dict[str, Any]
) -> None:
    found, spared = judge.judge([post(breaks, 1, **more), post(innocent, 2, **more)])
    assert category in {finding.category for finding in found.findings}
    assert [finding.why for finding in spared.findings] == []


def test_there_are_enough_pairs() -> None:
    assert len(list(_pairs())) >= 120
