"""Sequences written without a look at sequences.yaml: what is right stays right; what is known wrong is marked.

Of the fresh ones, for which no rule was made one by one, a share must be right: the weights may pass each over.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from classifiers.embedded import Embedded
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from policies.check import load
from policies.policy import Policy

TABLE: Sequence[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("sequences_examined.yaml").read_text(encoding="utf-8")
)
FRESH: Sequence[Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("sequences_fresh.yaml").read_text(encoding="utf-8")
)
START = datetime(2026, 3, 2, tzinfo=UTC)


def _mention(
    number: int, when: str, platform: str, author: str, text: str, more: Mapping[str, str] = MappingProxyType({})
) -> Mention:
    day, at = when.split(" ")
    hour, minute = (int(part) for part in at.split(":"))
    answered = {"handle": more.get("to"), "bio": more.get("to_bio")}
    parent = {"id": f"p{number}", "author": answered, "text": more.get("said")} if "to" in more else None
    return Mention.from_record(
        {
            "platform": platform,
            "id": str(number),
            "text": text,
            "kind": more.get("kind", "reply" if parent else "post"),
            "created_at": (START + timedelta(days=int(day), hours=hour, minutes=minute)).isoformat(),
            "author": {"id": author, "handle": author, "bio": more.get("bio")},
            "in_reply_to": parent,
        }
    )


@pytest.fixture(scope="module")
def scorer() -> Embedded:
    """The model that ships."""
    return Embedded()


@pytest.fixture(scope="module")
def pack() -> Policy:
    """The pack that ships."""
    return load("dwp")


def _is_right(scorer: Embedded, pack: Policy, sequence: Mapping[str, Any]) -> bool:
    """Whether something is found of what is to be found, and nothing else."""
    posts = [_mention(number, *post) for number, post in enumerate(sequence["posts"])]
    judged = Judge(pack, scorer, MentionHistory(posts)).judge(posts)
    found = {finding.category for judgement in judged for finding in judgement.findings}
    wanted = set(sequence["find"])
    return found <= wanted and bool(found) == bool(wanted)


@pytest.mark.parametrize("sequence", [one for one in TABLE if "known_wrong" not in one], ids=lambda one: one["name"])
def test_a_sequence_is_judged_rightly(scorer: Embedded, pack: Policy, sequence: Mapping[str, Any]) -> None:
    assert _is_right(scorer, pack, sequence)


def test_few_are_known_to_be_wrong() -> None:
    assert sum("known_wrong" in one for one in TABLE) * 10 <= len(TABLE)


@pytest.mark.parametrize(("innocent", "least"), [(False, 0.55), (True, 0.9)])
def test_of_fresh_sequences_most_are_right(scorer: Embedded, pack: Policy, innocent: bool, least: float) -> None:
    some = [one for one in FRESH if innocent is not bool(one["find"])]
    wrong = [one["name"] for one in some if not _is_right(scorer, pack, one)]
    assert len(wrong) <= (1 - least) * len(some), wrong
