"""Sequences over days and platforms, judged by the weights and the pack that ship: what to find, and innocent twins."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from classifiers.embedded import Embedded
from classifiers.finding import Judgement
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from collectors.mention import Mention
from policies.check import load

TABLE: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("sequences.yaml").read_text(encoding="utf-8")
)
START = datetime(2026, 5, 4, 8, tzinfo=UTC)
WHOM = {
    "orla": {"handle": "orla_invented", "bio": "Work coach at DWP"},
    "orla@": {"handle": "orla@example.social", "bio": "Work coach at DWP"},
    "ipa": {"handle": "example_ipa_workcoach"},
    "digital": {"handle": "example_ipa_digital"},
    "dwp": {"handle": "DWPgovuk"},
    "press": {"handle": "DWPpressoffice"},
    "friend": {"handle": "old_friend_example"},
    "stranger": {"handle": "heron_example_77"},
}


def mentions(posts: Sequence[Sequence[Any]]) -> list[Mention]:
    """The posts of one sequence; a day and a tenth are a day and an hour or two."""
    return [_mention(number, *post) for number, post in enumerate(posts)]


def _mention(number: int, day: float, platform: str, author: str, to: str, text: str, said: str = "") -> Mention:
    parent = {"id": f"p{number}", "author": WHOM[to], "text": said or "Hello"} if to else None
    return Mention.from_record(
        {
            "platform": platform,
            "id": str(number),
            "text": text,
            "kind": "reply" if to else "post",
            "created_at": (START + timedelta(days=day)).isoformat(),
            "author": {"id": f"{author}@{platform}", "handle": author},
            "in_reply_to": parent,
        }
    )


@pytest.fixture(scope="module")
def scorer() -> Embedded:
    """The model that ships."""
    return Embedded()


def judged(scorer: Embedded, sequence: Mapping[str, Any]) -> list[Judgement]:
    """What is said of each post of a sequence."""
    posts = mentions(sequence["posts"])
    return Judge(load("dwp"), scorer, MentionHistory(posts)).judge(posts)


@pytest.mark.parametrize("name", TABLE["find"])
def test_what_goes_on_over_time_is_found(scorer: Embedded, name: str) -> None:
    sequence = TABLE["find"][name]
    last = judged(scorer, sequence)[-1].findings
    found = {(finding.category, behaviour.kind) for finding in last for behaviour in finding.behaviours}
    assert tuple(sequence["is"]) in found, [(each.category, each.why) for each in last]


@pytest.mark.parametrize("name", TABLE["quiet"])
def test_the_innocent_twin_is_left_alone(scorer: Embedded, name: str) -> None:
    found = [finding for judgement in judged(scorer, TABLE["quiet"][name]) for finding in judgement.findings]
    assert not found, [(finding.mention_id, finding.category, finding.why) for finding in found]
