"""What explains what: the graver of one author and target, and the campaign that holds all posts; never across ears."""

from typing import Any

import pytest

from incidents.incident import CLOSED, GroupKey, Incident
from incidents.inhibition import because, explains, gravest_first, inhibitor, line_of
from tests.incidents.samples import exhibit, incident

CAMPAIGN = GroupKey("sample", "campaign:1", "sample_worker", "cyberbullying")


def _lighter(**changes: Any) -> Incident:
    return incident(id="TOC-1002", severity="low", **changes)


def test_the_graver_one_of_the_same_author_and_target_explains() -> None:
    assert explains(incident(severity="medium"), _lighter(category="trolling"), {})
    assert not explains(incident(severity="low"), _lighter(category="trolling"), {})


@pytest.mark.parametrize(
    "changes",
    [
        {"key": GroupKey("sample", "author-2", "sample_worker", "trolling")},
        {"key": GroupKey("sample", "author-1", "another_worker", "trolling")},
        {"key": GroupKey("another", "author-1", "sample_worker", "trolling")},
        {"route": "lead"},
        {"category": "safeguarding"},
    ],
)
def test_another_author_target_policy_or_audience_does_not(changes: dict[str, Any]) -> None:
    lighter = Incident(**{**_lighter().__dict__, **changes}) if "category" not in changes else _lighter(**changes)
    assert not explains(incident(), lighter, {})


def test_who_may_be_at_risk_explains_nothing() -> None:
    assert not explains(incident(category="safeguarding", severity="critical"), _lighter(), {})


@pytest.mark.parametrize("status", [*CLOSED, "merged"])
def test_what_is_not_open_explains_nothing(status: Any) -> None:
    assert not explains(incident(status=status), _lighter(), {})


def test_what_rings_no_bell_itself_explains_nothing() -> None:
    assert not explains(incident(inhibited_by="TOC-1000"), _lighter(), {})


def test_a_campaign_explains_what_rests_on_its_posts_alone_and_is_not_graver() -> None:
    campaign = Incident(**{**incident().__dict__, "key": CAMPAIGN})
    posts = {campaign.id: frozenset({"x:1", "x:2"})}
    single = Incident(**{**_lighter(mention_ids=("x:1",)).__dict__, "severity": "high"})
    assert explains(campaign, single, posts)
    assert not explains(campaign, Incident(**{**single.__dict__, "mention_ids": ("x:1", "x:9")}), posts)
    assert not explains(campaign, Incident(**{**single.__dict__, "severity": "critical"}), posts)
    assert not explains(incident(severity="critical"), campaign, {}), "a campaign rings for itself"
    assert because(campaign) != because(single)


def test_of_several_the_gravest_explains() -> None:
    high, critical = incident(id="TOC-1003"), incident(id="TOC-1004", severity="critical")
    found = inhibitor(_lighter(), [high, critical, incident(id="TOC-1005", status="resolved")], {})
    assert found == critical
    assert inhibitor(_lighter(), [], {}) is None


def test_the_line_says_what_it_is() -> None:
    assert line_of(_lighter(category="unauthorised_recording")) == "TOC-1002 (low unauthorised recording, 1 post)"


def test_what_explains_is_decided_upon_before_what_it_may_explain() -> None:
    light, grave = exhibit(1, severity="low"), exhibit(2, category="threat", severity="high")
    same = exhibit(3, severity="high", author="author-3")
    groups = {light.key: (light,), grave.key: (light, grave), CAMPAIGN: (same,)}
    assert list(gravest_first(groups)) == [CAMPAIGN, grave.key, light.key]
