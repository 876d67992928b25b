"""What is told together: which incidents of a flood go out singly, and that nothing is told twice or never."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.digest import (
    BY_ITSELF,
    SINGLY,
    URGENT,
    Flood,
    Fold,
    Place,
    Waiting,
    digest_at,
    flooded,
    gathered,
)
from incidents.notification import REASONS, Notification
from policies.policy import CATEGORY_NAMES, SEVERITIES, Route
from tests.incidents.samples import NOON, card, notification

PLACE = Place("C1", "Example Water", "security")


def _waiting(incident: int, number: int = 1, address: str = "C1", reason: str = "new_incident", **said: str) -> Waiting:
    about = card(incident_id=f"TOC-{1000 + incident}", **{"severity": "low", **said})
    told = notification(number, incident, reason=reason, card=about)
    return Waiting(told, about, address)


def _ids(folds: list[Fold]) -> Counter[str]:
    return Counter(each.id for fold in folds for each in fold.members)


def test_as_many_as_a_channel_takes_are_told_singly() -> None:
    waiting = [_waiting(number) for number in range(20)]
    assert flooded(waiting, {}, {}, flood_at=20) == []
    assert flooded(waiting, {"C2": 999}, {}, flood_at=20) == []
    (fold,) = flooded(waiting, {"C1": 1}, {}, flood_at=20)
    assert (fold.place, fold.kind, fold.singly, len(fold.members)) == (PLACE, "flood", SINGLY, 20 - SINGLY)


def test_the_gravest_go_out_singly_and_what_is_urgent_has_a_number_of_its_own() -> None:
    waiting = [_waiting(number) for number in range(500)]
    waiting += [_waiting(number, severity="high") for number in range(500, 505)]
    waiting += [_waiting(number, severity="critical") for number in range(600, 700)]
    waiting += [_waiting(700, category="safeguarding")]
    (fold,) = flooded(waiting, {}, {}, flood_at=50)
    through = {each.incident_id for each in fold.through}
    assert (fold.singly, fold.urgent) == (SINGLY + URGENT, URGENT)
    assert {f"TOC-{1000 + number}" for number in range(500, 505)} <= through
    assert sum(f"TOC-{number}" in through for number in range(1600, 1700)) == URGENT
    (more,) = flooded(waiting, {}, {PLACE: Flood("n", fold.singly, fold.urgent)}, flood_at=50)
    assert (more.into, more.singly, len(more.members)) == ("n", 0, len(waiting))


def test_each_route_has_its_own_share_and_a_small_one_drowns_in_no_digest() -> None:
    waiting = [_waiting(number) for number in range(100)]
    other = [replace(each, notification=replace(each.notification, route="other")) for each in waiting[:3]]
    folds = flooded([*waiting[3:], *other], {}, {}, flood_at=50)
    assert [fold.place.route for fold in folds] == ["security"]


def test_a_flood_that_is_not_over_takes_what_follows() -> None:
    standing = {PLACE: Flood("n", SINGLY, 0)}
    (fold,) = flooded([_waiting(1), _waiting(2, address="C2")], {}, standing, flood_at=50)
    assert (fold.into, [each.incident_id for each in fold.members]) == ("n", ["TOC-1001"])


def test_what_a_person_did_is_told_whatever_floods() -> None:
    acts = [_waiting(number, reason="acknowledged") for number in range(100)]
    risen = [_waiting(number, reason="escalated") for number in range(100)]
    escalated = [replace(each, by_person=True) for each in risen]
    assert flooded([*acts, *escalated], {}, {}, flood_at=5) == []
    assert sum(_ids(flooded(risen, {}, {}, flood_at=5)).values()) == 100 - SINGLY


somewhere = st.lists(
    st.builds(
        _waiting,
        st.integers(0, 60),
        st.integers(1, 4),
        st.sampled_from(["C1", "C2"]),
        st.sampled_from(REASONS),
        severity=st.sampled_from(SEVERITIES),
        category=st.sampled_from(CATEGORY_NAMES),
    ).map(lambda each: replace(each, by_person=each.notification.id[-1] == "3")),
    unique_by=lambda each: each.notification.id,
    max_size=120,
)
floods = st.dictionaries(
    st.sampled_from([PLACE, replace(PLACE, address="C2")]),
    st.builds(Flood, st.just("n"), st.integers(0, 60), st.integers(0, 50)),
)


@given(somewhere, floods, st.dictionaries(st.sampled_from(["C1", "C2"]), st.integers(0, 60)), st.integers(1, 40))
def test_each_is_told_singly_or_in_exactly_one_digest(
    waiting: list[Waiting], standing: dict[Place, Flood], lately: dict[str, int], flood_at: int
) -> None:
    folds = flooded(waiting, lately, standing, flood_at)
    told_in, through = _ids(folds), Counter(each.id for fold in folds for each in fold.through)
    known = {each.notification.id: each for each in waiting}
    assert set(told_in) | set(through) <= set(known)
    assert all(number == 1 for number in (told_in + through).values())
    assert all(known[each].folds for each in told_in)
    for fold in folds:
        assert {known[each.id].place for each in (*fold.members, *fold.through)} <= {fold.place}
        assert {each.incident_id for each in fold.members}.isdisjoint(each.incident_id for each in fold.through)
        assert fold.urgent <= URGENT
        assert fold.singly - fold.urgent <= SINGLY
    for address in ("C1", "C2"):
        left = {
            each.notification.incident_id
            for name, each in known.items()
            if name not in told_in and each.address == address and each.folds
        }
        assert len(left) <= max(flood_at, SINGLY + URGENT)


def _gathers(number: int, at: datetime) -> tuple[Place, Notification]:
    return PLACE, replace(notification(1, number), digest_at=at)


def test_one_digest_a_place_and_period() -> None:
    later = NOON + timedelta(hours=1)
    folds = gathered([_gathers(1, NOON), _gathers(2, NOON), _gathers(3, later)])
    assert [(fold.kind, len(fold.members)) for fold in folds] == [("periodic", 2), ("periodic", 1)]


@pytest.mark.parametrize(
    ("digest", "severity", "category", "reason", "until"),
    [
        ("never", "low", "trolling", "new_incident", None),
        ("hourly", "low", "trolling", "new_incident", datetime(2026, 10, 12, 13, tzinfo=UTC)),
        ("daily", "low", "trolling", "new_evidence", datetime(2026, 10, 13, tzinfo=UTC)),
        ("daily", "medium", "trolling", "new_incident", None),
        ("daily", "low", "safeguarding", "new_incident", None),
        ("daily", "low", "trolling", "escalated", None),
    ],
)
def test_what_can_wait_waits_for_the_end_of_its_period(
    digest: str, severity: str, category: str, reason: str, until: datetime | None
) -> None:
    route = Route.model_validate({"name": "Social media", "digest": digest})
    assert digest_at(route, card(severity=severity, category=category), reason, NOON) == until  # type: ignore[arg-type]


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(["hourly", "daily"]))
def test_a_period_ends_after_now_and_within_its_length(now: datetime, digest: str) -> None:
    if now.year == 9999:
        return
    until = digest_at(Route(name="R", digest=digest), card(severity="low"), "new_incident", now)  # type: ignore[arg-type]
    assert until is not None
    length = timedelta(hours=1) if digest == "hourly" else timedelta(days=1)
    assert timedelta() < until - now <= length


def test_by_itself_are_reasons() -> None:
    assert set(BY_ITSELF) <= set(REASONS)
