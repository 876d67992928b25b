"""Sequences written without a look at sequences.yaml: what is right stays right; what is known wrong is marked."""

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
START = datetime(2026, 3, 2, tzinfo=UTC)


def _mention(
    number: int, when: str, platform: str, author: str, text: str, more: Mapping[str, str] = MappingProxyType({})
) -> Mention:
    day, at = when.split(" ")
    hour, minute = (int(part) for part in at.split(":"))
    parent = {"id": f"p{number}", "author": {"handle": more["to"]}, "text": more.get("said")} if "to" in more else None
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


@pytest.mark.parametrize("sequence", [one for one in TABLE if "known_wrong" not in one], ids=lambda one: one["name"])
def test_a_sequence_is_judged_rightly(scorer: Embedded, pack: Policy, sequence: Mapping[str, Any]) -> None:
    posts = [_mention(number, *post) for number, post in enumerate(sequence["posts"])]
    judged = Judge(pack, scorer, MentionHistory(posts)).judge(posts)
    found = {finding.category for judgement in judged for finding in judgement.findings}
    wanted = set(sequence["find"])
    assert found <= wanted
    assert bool(found) == bool(wanted)


def test_few_are_known_to_be_wrong() -> None:
    assert sum("known_wrong" in one for one in TABLE) * 10 <= len(TABLE)
