"""Grouping: which exhibits become which incident, in whatever order and portions they come."""

import random
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from incidents.grouping import WINDOW, change, grouped, rank
from incidents.incident import Exhibit, GroupKey, Incident
from policies.policy import SEVERITIES
from tests.incidents.samples import NOON, exhibit

some_exhibits = st.lists(
    st.builds(
        exhibit,
        st.integers(1, 40),
        author=st.sampled_from(["author-1", "author-2"]),
        category=st.sampled_from(["cyberbullying", "threat"]),
        target_handle=st.sampled_from(["Sample_Worker", "sample_worker", None]),
        severity=st.sampled_from(SEVERITIES),
        platform=st.sampled_from(["x", "reddit"]),
    ),
    max_size=25,
    unique_by=lambda each: each.finding_id,
)


def _run(portions: list[list[Exhibit]]) -> dict[GroupKey, Incident]:
    """Group portion after portion, as runs of triage do."""
    standing: dict[GroupKey, Incident] = {}
    for portion in portions:
        for key, group in grouped(portion).items():
            standing[key] = change(standing.get(key), group, f"TOC-{len(standing)}", NOON).incident
    return standing


def _told(incidents: dict[GroupKey, Incident]) -> dict[GroupKey, Any]:
    return {
        key: (sorted(each.mention_ids), each.severity, each.first_seen_at, each.last_seen_at, sorted(each.platforms))
        for key, each in incidents.items()
    }


@given(some_exhibits, st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_portions_do_not_matter(exhibits: list[Exhibit], dice: random.Random, parts: int) -> None:
    shuffled = dice.sample(exhibits, len(exhibits))
    portions = [shuffled[part::parts] for part in range(parts)]
    assert _told(_run([exhibits])) == _told(_run(portions))


@given(some_exhibits)
def test_every_exhibit_is_in_exactly_one_group_and_groups_are_of_one_key(exhibits: list[Exhibit]) -> None:
    groups = grouped(exhibits + exhibits)
    assert sorted(each.finding_id for group in groups.values() for each in group) == sorted(
        each.finding_id for each in exhibits
    )
    for key, group in groups.items():
        assert {each.key for each in group} == {key}


@given(some_exhibits)
def test_an_incident_is_as_severe_as_its_gravest_finding(exhibits: list[Exhibit]) -> None:
    for key, incident in _run([exhibits]).items():
        held = [each for each in exhibits if each.key == key]
        assert rank(incident.severity) == max(rank(each.severity) for each in held)
        assert incident.why in {each.why for each in held if each.severity == incident.severity}


def _standing(**changes: Any) -> Incident:
    opened = change(None, (exhibit(1),), "TOC-1001", NOON).incident
    return Incident(**{**opened.__dict__, **changes})


def test_a_first_exhibit_opens() -> None:
    made = change(None, (exhibit(2, clauses=("EW 2.2",)), exhibit(1)), "TOC-1001", NOON)
    assert made.act == "opened"
    assert made.incident.id == "TOC-1001"
    assert made.incident.opened_at == NOON
    assert made.incident.clauses == ("EW 1.1", "EW 2.2")
    assert [each.mention_id for each in made.exhibits] == ["x:1", "x:2"]
    assert not made.severity_rises


def test_an_incident_that_is_not_closed_takes_more_however_late() -> None:
    late = exhibit(2, posted_at=NOON + timedelta(days=300))
    for status in ("open", "acknowledged", "escalated"):
        made = change(_standing(status=status), (late,), "TOC-1002", NOON)
        assert (made.act, made.incident.id, made.incident.status) == ("evidence", "TOC-1001", status)
        assert made.incident.last_seen_at == late.posted_at


def test_severity_rises_and_never_falls() -> None:
    graver = change(_standing(), (exhibit(2, severity="critical", why="Graver."),), "TOC-1002", NOON)
    assert graver.severity_rises
    assert (graver.incident.severity, graver.incident.why) == ("critical", "Graver.")
    lighter = change(graver.incident, (exhibit(3, severity="low", why="Lighter."),), "TOC-1002", NOON)
    assert not lighter.severity_rises
    assert (lighter.incident.severity, lighter.incident.why) == ("critical", "Graver.")


def test_a_resolved_one_reopens_within_the_window_and_not_after() -> None:
    resolved = _standing(status="resolved")
    edge = resolved.last_seen_at + WINDOW
    again = change(resolved, (exhibit(2, posted_at=edge),), "TOC-1002", NOON)
    assert (again.act, again.incident.id, again.incident.status) == ("reopened", "TOC-1001", "open")
    later = change(resolved, (exhibit(2, posted_at=edge + timedelta(seconds=1)),), "TOC-1002", NOON)
    assert (later.act, later.incident.id) == ("opened", "TOC-1002")
    assert later.incident.mention_ids == ("x:2",)


def test_a_dismissed_one_stays_as_it_was_decided() -> None:
    made = change(_standing(status="dismissed"), (exhibit(2),), "TOC-1002", NOON)
    assert (made.act, made.incident.id) == ("opened", "TOC-1002")
