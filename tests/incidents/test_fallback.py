"""What goes by another way, and what waits: for any order of faults, and never what its route keeps to itself."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.bulletin import page
from incidents.fallback import OPERATORS, SayingSo, Trouble, Waiting, chosen, due, reworded
from incidents.notification import Card, DigestCard, Notification, Receipt, SilenceCard
from incidents.outbox import Head
from incidents.text import plain
from policies.policy import Route
from tests.incidents.samples import NOON, card, notification

T = timedelta(minutes=15)
NOW = NOON + timedelta(hours=1)
CALM = Trouble(None, {})


def item(number: int = 1, subject: str = "TOC-1001", **changes: object) -> Waiting:
    """One that waits since noon."""
    plain: dict[str, object] = {
        "notification_id": f"n-{number}",
        "subject": subject,
        "about": "incident",
        "category": "threat",
        "routes": (("sample", "security"),),
        "address": "C0A",
        "set_aside": False,
        "waits_since": NOON,
        "failed_at": None,
    }
    return Waiting(**(plain | changes))  # type: ignore[arg-type]


def ids(found: list[Waiting]) -> list[str]:
    """Which."""
    return [each.notification_id for each in found]


def test_what_waits_its_turn_in_a_flood_goes_nowhere_else() -> None:
    assert due([item(number) for number in range(5)], CALM, NOW, T) == []


@pytest.mark.parametrize("ago", [0, 14, 15, 40])
def test_a_fault_counts_from_its_age_on(ago: int) -> None:
    since = NOW - timedelta(minutes=ago)
    assert bool(due([item()], Trouble(since, {}), NOW, T)) is (ago >= 15)
    assert bool(due([item()], Trouble(None, {"C0A": since}), NOW, T)) is (ago >= 15)
    assert bool(due([item(failed_at=since)], CALM, NOW, T)) is (ago >= 15)
    assert due([item()], Trouble(None, {"C0ELSEWHERE": since}), NOW, T) == []


def test_what_is_young_waits_even_in_an_old_fault_and_an_alarm_does_not() -> None:
    trouble = Trouble(NOON, {})
    young = item(1, waits_since=NOW - timedelta(minutes=1))
    alarm = item(2, "SRC-1", about="alarm", waits_since=NOW, routes=(), category="")
    assert ids(due([young, alarm], trouble, NOW, T)) == ["n-2"]


def test_what_waits_behind_what_is_held_goes_with_it() -> None:
    waiting = [item(1, failed_at=NOON), item(2), item(3, "TOC-1002"), item(4, set_aside=True, subject="TOC-1003")]
    assert ids(due([*waiting, item(5, "TOC-1003")], CALM, NOW, T)) == ["n-1", "n-2", "n-4"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.booleans()), max_size=12), st.integers(0, 60))
def test_nothing_that_is_due_stops_being_due_as_time_passes(rows: list[tuple[int, int, bool]], later: int) -> None:
    waiting = [
        item(number, f"TOC-{case}", waits_since=NOON, failed_at=NOON + timedelta(minutes=at) if fails else None)
        for number, (case, at, fails) in enumerate(rows)
    ]
    now = NOON + timedelta(minutes=30)
    before = ids(due(waiting, CALM, now, T))
    after = ids(due(waiting, CALM, now + timedelta(minutes=later), T))
    assert set(before) <= set(after)


def test_the_fallback_is_the_routes_own_else_the_operators_and_restricted_tells_them_nothing() -> None:
    routes = {
        ("sample", "own"): Route(name="Own", fallback="phone"),
        ("sample", "open"): Route(name="Open"),
        ("sample", "closed"): Route(name="Closed", restricted=True),
        ("sample", "closed_own"): Route(name="Closed", restricted=True, fallback="safe_mail"),
    }
    found = {
        (route, category): chosen(item(routes=(("sample", route),), category=category), routes)
        for route in ("own", "open", "closed", "closed_own", "gone")
        for category in ("threat", "safeguarding")
    }
    told = {key: (relay.channel, relay.why) for key, relay in found.items()}
    assert told == {
        ("own", "threat"): ("phone", "fallback"),
        ("own", "safeguarding"): ("phone", "fallback"),
        ("open", "threat"): (OPERATORS, "fallback"),
        ("open", "safeguarding"): (OPERATORS, "withheld"),
        ("closed", "threat"): (OPERATORS, "withheld"),
        ("closed", "safeguarding"): (OPERATORS, "withheld"),
        ("closed_own", "threat"): ("safe_mail", "fallback"),
        ("closed_own", "safeguarding"): ("safe_mail", "fallback"),
        ("gone", "threat"): (OPERATORS, "withheld"),
        ("gone", "safeguarding"): (OPERATORS, "withheld"),
    }
    assert chosen(item(about="alarm", routes=(), category=""), routes).why == "fallback"


def test_a_bulletin_goes_by_the_fallback_that_all_its_routes_name_else_the_operators_hear_its_numbers() -> None:
    routes = {
        ("one", "own"): Route(name="Own", fallback="phone"),
        ("two", "own"): Route(name="Own", fallback="phone"),
        ("one", "lead"): Route(name="Lead", fallback="lead_mail"),
        ("one", "open"): Route(name="Open"),
    }
    for names, told in (
        ((("one", "own"),), ("phone", "fallback")),
        ((("one", "own"), ("two", "own")), ("phone", "fallback")),
        ((("one", "own"), ("one", "lead")), (OPERATORS, "withheld")),
        ((("one", "own"), ("gone", "own")), (OPERATORS, "withheld")),
        ((("one", "open"),), (OPERATORS, "withheld")),
        ((), (OPERATORS, "withheld")),
    ):
        relay = chosen(item(about="bulletin", subject="DIG-1", category="", routes=names), routes)
        assert (relay.channel, relay.why) == told, names


def test_withheld_is_made_anew_and_holds_nothing_of_the_case() -> None:
    secret = card(
        **dict.fromkeys(("organisation",), "hush"),
        **dict.fromkeys(("category", "excerpt", "excerpt_url", "why", "note", "told", "assignee"), "secret"),
        **dict.fromkeys(("target_kind", "target_handle", "target_role", "named", "evidence", "excerpt_of"), "secret"),
        clauses=(("secret", "secret"),),
        platforms=("secret",),
    )
    told = reworded(notification(card=secret, route="secret", channel="secret"), "withheld")
    assert "secret" not in repr(told)
    assert isinstance(told.card, Card)
    assert told.card.incident_id == "TOC-1001"
    digest = DigestCard(
        *("DIG-1", "flood", "Example", 3, (), (("low", 3),), (("secret", 3),), (("secret", 3),), 1, 1),
        *((("TOC-1", "low", "secret"),), NOON, NOON),
    )
    counted = reworded(notification(card=digest, route="x"), "withheld").card
    assert "secret" not in repr(counted)
    assert isinstance(counted, DigestCard)
    assert "3 incidents at once" in page(counted, "digest").said  # and not that people need help: nobody knows
    silence = SilenceCard(
        *("SIL-1", "Example", (("Posts with", "secret"),), "Sam", "secret", NOON, NOON, 3, (("low", 3),)),
        *((("TOC-1", "low", "secret"),), "Security", "ended by Sam: secret"),
    )
    for reason in ("silence_started", "silence_expiring", "silence_ended"):
        hidden = reworded(notification(card=silence, reason=reason), "withheld")
        assert "secret" not in plain(hidden) + repr(hidden.card)
        assert "SIL-1" in plain(hidden)


class Shelf:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[Notification] = []

    def address(self, notification: Notification) -> str:
        """One place."""
        return "C0A"

    def find(self, notification: Notification, head: Head | None) -> Receipt | None:
        """Nothing."""
        return None

    def send(self, notification: Notification, head: Head | None) -> Receipt:
        """Keep it."""
        self.kept.append(notification)
        return Receipt(notification.id, "C0A", "1", {"thread": "1"})


def test_what_is_late_says_where_it_went_and_what_is_not_says_nothing() -> None:
    shelf, one, two = Shelf(), notification(1), notification(2, card=card(note="one more finding"))
    told = SayingSo(shelf, lambda name: ("phone", NOON) if name == two.id else None)
    for each in (one, two):
        told.send(each, None)
    assert shelf.kept[0] == one
    assert isinstance(shelf.kept[1].card, Card)
    assert shelf.kept[1].card.note == (
        "late, for it was not taken at first: it went by phone on 12 Oct 2026 12:00 UTC. one more finding"
    )
    assert shelf.kept[1].id == two.id
