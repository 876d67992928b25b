"""Not acknowledged in time: which step, when, and each once, however often and however late somebody looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.escalation import Step, Taken, Waiting, has_route, next_step, waiting
from incidents.incident import Act
from incidents.lifecycle import Event
from incidents.summons import told_of
from incidents.text import plain
from incidents.watching import TAKEN_BACK
from policies.policy import SEVERITIES, Policy, Route
from tests.incidents.samples import NOON, POLICY, incident, notification

MINUTE = timedelta(minutes=1)
QUICK = {"critical": "15m", "high": "1h", "medium": "4h", "low": "never"}
ROTA = {"people": ["U0SAM"], "start": "2026-10-01 09:00"}


def policy(**security: Any) -> Policy:
    """A pack in which security hands on to management, and nobody stands behind that."""
    first = {"name": "Security", "slack_channel": "C0SECURITY", "acknowledge_within": QUICK, "reminders": 2}
    routes = {
        "security": Route.model_validate({**first, "escalates_to": "management", **security}),
        "management": Route.model_validate(
            {"name": "Management", "slack_channel": "C0MANAGEMENT", "acknowledge_within": QUICK, "reminders": 1}
        ),
    }
    return POLICY.model_copy(update={"routes": routes})


def case(**changes: Any) -> Waiting:
    """A high one, opened at noon of a Monday."""
    plain = Waiting("TOC-1001", "sample", "cyberbullying", "high", "security", 1, NOON, NOON)
    return replace(plain, **changes)


def walk(one: Waiting, pack: Policy, moments: list[datetime]) -> list[tuple[str, str, datetime]]:
    """What is done for an incident when somebody looks at these moments."""
    steps = []
    for now in moments:
        step = next_step(one, pack, now)
        if step is not None:
            one = replace(one, taken=(*one.taken, Taken(step.number, step.kind, step.route, now)))
            steps.append((step.kind, step.route, now))
    return steps


def every(minutes: int, hours: float, start: datetime = NOON) -> list[datetime]:
    """Looks at every so many minutes."""
    return [start + minutes * MINUTE * number for number in range(int(hours * 60 / minutes) + 1)]


def test_reminded_twice_then_the_next_route_then_the_operators_and_then_silence():
    hour = timedelta(hours=1)
    assert walk(case(), policy(), every(5, 24)) == [
        ("reminded", "security", NOON + hour),
        ("reminded", "security", NOON + 2 * hour),
        ("escalated", "management", NOON + 3 * hour),
        ("reminded", "management", NOON + 4 * hour),
        ("alarmed", "management", NOON + 5 * hour),
    ]


def test_the_interval_between_reminders_may_be_another_than_the_first():
    pack = policy(remind_every={"high": "10m"})
    assert [now - NOON for _, _, now in walk(case(), pack, every(5, 2))][:3] == [60 * MINUTE, 70 * MINUTE, 80 * MINUTE]


def test_without_reminders_it_goes_on_at_once_and_never_means_never():
    [first, *_] = walk(case(), policy(reminders=0), every(5, 24))
    assert first == ("escalated", "management", NOON + timedelta(hours=1))
    assert walk(case(severity="low"), policy(), every(60, 240)) == []


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(0, 4000), min_size=1, max_size=40).map(sorted),
    st.sampled_from(SEVERITIES[1:]),
    st.integers(0, 3),
)
def test_however_it_is_looked_at_no_step_is_lost_or_taken_twice(minutes, severity, reminders):
    pack, one = policy(reminders=reminders), case(severity=severity)
    looks = [NOON + minute * MINUTE for minute in minutes for _ in range(2)]  # each look is repeated
    steps = walk(one, pack, looks)
    kinds = [(kind, route) for kind, route, _ in steps]
    whole = [("reminded", "security")] * reminders
    whole += [("escalated", "management"), ("reminded", "management"), ("alarmed", "management")]
    assert kinds == whole[: len(kinds)]
    assert len({now for _, _, now in steps}) == len(steps)
    often = walk(one, pack, sorted({*looks, *every(1, 4000 / 60)}))
    assert [(kind, route) for kind, route, _ in often] == whole


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 3000), st.sampled_from(SEVERITIES[1:]), st.integers(1, 600))
def test_a_late_look_takes_one_step_and_the_next_waits_its_time(late, severity, later):
    pack, one = policy(), case(severity=severity)
    now = NOON + late * MINUTE
    first = next_step(one, pack, now)
    if first is None:
        return
    assert first.due_at <= now
    one = replace(one, taken=(Taken(1, first.kind, first.route, now),))
    second = next_step(one, pack, now + later * MINUTE)
    assert second is None or second.due_at - now >= {"critical": 15, "high": 60, "medium": 240}[severity] * MINUTE


NIGHT = {"quiet_hours": {"start": "22:00", "end": "07:00"}, "hours": {"zone": "Europe/London"}}
EVENING = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_the_clock_starts_when_the_bell_rings_and_nobody_is_reminded_at_night():
    sleeping = case(since=EVENING, rang_at=EVENING)
    [first, *_] = walk(sleeping, policy(**NIGHT), every(5, 24, EVENING))
    assert first == ("reminded", "security", MORNING + timedelta(hours=1))


def test_what_falls_due_at_night_waits_for_the_morning_and_critical_does_not():
    late = EVENING - 40 * MINUTE
    assert walk(case(since=late, rang_at=late), policy(**NIGHT), every(5, 12, late))[0][2] == MORNING
    grave = case(severity="critical", since=late, rang_at=late)
    assert walk(grave, policy(**NIGHT), every(5, 12, late))[0][2] == late + 15 * MINUTE


def test_what_a_silence_covers_is_not_escalated_and_its_clock_starts_when_that_is_over():
    over = NOON + timedelta(hours=5)
    reminded = Taken(1, "reminded", "security", NOON + timedelta(hours=1))
    [first, *_] = walk(case(taken=(reminded,), hushed_until=over), policy(), every(5, 12, NOON + timedelta(hours=1)))
    assert first == ("reminded", "security", over + timedelta(hours=1))
    grave = case(severity="critical", hushed_until=over)
    assert walk(grave, policy(), every(5, 12))[0][2] == NOON + 15 * MINUTE
    asked = case(asked_at=NOON + MINUTE, hushed_until=over)
    assert next_step(asked, policy(), NOON + MINUTE).kind == "escalated"


def test_working_time_stands_still_outside_the_hours():
    pack = policy(hours={"zone": "Europe/London", "holidays": "GB-ENG"}, acknowledge_within={"high": "4 working hours"})
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    [first, *_] = walk(case(since=friday, rang_at=friday), pack, every(15, 24 * 4, friday))
    assert first[2] == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_person_who_escalates_is_not_made_to_wait():
    asked = case(asked_at=NOON + MINUTE)
    step = next_step(asked, policy(), NOON + MINUTE)
    assert (step.kind, step.route, step.asked) == ("escalated", "management", True)
    done = replace(asked, taken=(Taken(1, "escalated", "management", NOON + MINUTE),))
    assert next_step(done, policy(), NOON + 2 * MINUTE) is None


def test_a_route_that_the_pack_has_no_more_hands_over_to_that_of_its_category():
    gone = case(route="abolished", taken=(Taken(1, "escalated", "abolished too", NOON),))
    assert next_step(gone, policy(), NOON + timedelta(hours=1)).route == "security"


def test_a_case_whose_route_and_category_the_pack_has_no_more_has_nobody_to_go_to():
    orphan = case(route="abolished", category="unauthorised_recording")
    bare = policy().model_copy(update={"categories": {}})
    assert (has_route(orphan, bare), has_route(case(category="unauthorised_recording"), bare)) == (False, True)


def _events(*acts: tuple[Act, int, dict[str, Any]]) -> list[Event]:
    return [
        Event("TOC-1001", act, "Sam", NOON + minute * MINUTE, origin=detail.pop("origin", "slack"), detail=detail)
        for act, minute, detail in acts
    ]


OPENED: tuple[Act, int, dict[str, Any]] = ("opened", 0, {"origin": "pipeline", "severity": "low"})


@pytest.mark.parametrize(
    "acts",
    [
        [("acknowledged", 5, {})],
        [("investigating", 5, {})],
        [("resolved", 5, {})],
        [("dismissed", 5, {})],
        [("merged", 5, {"into": "TOC-1002"})],
        [("inhibited", 5, {"by": "TOC-1002", "origin": "pipeline"})],
    ],
)
def test_what_somebody_has_taken_waits_for_nobody(acts):
    assert waiting(incident(), _events((*OPENED[:2], dict(OPENED[2])), *acts), []) is None


def test_a_life_begins_anew_with_each_reopening_and_a_graver_turn_rings_anew():
    acts = [
        ("resolved", 10, {}),
        ("reopened", 20, {}),
        ("evidence", 30, {"severity_before": "low", "severity": "high"}),
    ]
    one = waiting(incident(), _events((*OPENED[:2], dict(OPENED[2])), *acts), [(1, Taken(1, "reminded", "x", NOON))])
    assert (one.life, one.since, one.rang_at) == (2, NOON + 20 * MINUTE, NOON + 30 * MINUTE)
    assert one.taken == ()


def test_assigning_and_new_evidence_take_nothing_off_the_clock():
    acts = [("assigned", 10, {"assignee": "Alex"}), ("evidence", 20, {"severity": "low"})]
    one = waiting(incident(), _events((*OPENED[:2], dict(OPENED[2])), *acts), [])
    assert (one.since, one.rang_at, one.asked_at) == (NOON, NOON, None)


def test_what_was_acknowledged_and_then_escalated_by_a_person_waits_for_the_next_route():
    acts = [("acknowledged", 5, {}), ("escalated", 50, {})]
    one = waiting(incident(), _events((*OPENED[:2], dict(OPENED[2])), *acts), [])
    assert (one.since, one.asked_at) == (NOON + 50 * MINUTE, NOON + 50 * MINUTE)
    assert next_step(one, policy(), one.since).route == "management"


def _step(kind: str, route: str, **more: Any) -> Step:
    return Step(case(), 3, kind, route, "security", NOON, **more)


def test_the_next_route_is_told_all_and_the_first_thread_where_it_went():
    arrival, left = told_of(_step("escalated", "management", reminders=2), notification(), policy(), NOON)
    assert (arrival.channel, left.channel) == ("C0MANAGEMENT", "C0SECURITY")
    assert arrival.card.note == "from Security, not acknowledged since 12 Oct 2026 12:00 UTC, after 2 reminders"
    assert left.card.note == "to Management, not acknowledged since 12 Oct 2026 12:00 UTC, after 2 reminders"
    assert (arrival.card.told, arrival.card.status, arrival.card.excerpt) == (
        "Management",
        "escalated",
        "Invented post.",
    )
    assert arrival.id != left.id


def test_where_both_routes_share_a_channel_one_message_says_it():
    shared = policy(slack_channel="C0MANAGEMENT")
    [told] = told_of(_step("escalated", "management"), notification(), shared, NOON)
    assert told.card.note.startswith("from Security to Management, not acknowledged since")


def test_a_reminder_calls_whoever_is_on_call_and_nobody_else_is_called():
    pack = policy(on_call=ROTA, hours={"zone": "Europe/London"})
    [reminder] = told_of(_step("reminded", "security", reminder=1, reminders=2), notification(), pack, NOON)
    assert (reminder.reason, reminder.card.on_call) == ("not_acknowledged", "U0SAM")
    assert reminder.card.note == "waiting since 12 Oct 2026 12:00 UTC; reminder 1 of 2"
    _, left = told_of(_step("escalated", "management"), notification(), pack, NOON)
    assert left.card.on_call is None


@pytest.mark.parametrize("shared", [True, False])
def test_of_a_person_at_risk_the_next_route_hears_that_nobody_answered_and_no_word_of_theirs(shared):
    one = notification(card=replace(notification().card, category="safeguarding"))
    pack = policy(slack_channel="C0MANAGEMENT") if shared else policy()
    arrival, *_ = told_of(_step("escalated", "management"), one, pack, NOON)
    assert (arrival.card.excerpt, arrival.card.excerpt_url) == ("", None)
    assert arrival.card.withheld == "they tell of a person who may be at risk; Security has them"
    assert "Invented post" not in plain(arrival)
    assert "Urgent help is asked for: from Security" in plain(arrival)


def test_of_a_person_at_risk_the_reason_stays_behind_too_where_their_newest_post_was_taken_down():
    gone = replace(
        notification().card, category="safeguarding", excerpt="", withheld=TAKEN_BACK, why="“I cannot go on”"
    )
    arrival, left = told_of(_step("escalated", "management"), notification(card=gone), policy(), NOON)
    assert arrival.card.withheld == "they tell of a person who may be at risk; Security has them"
    assert "I cannot go on" not in plain(arrival)
    assert left.card.withheld == TAKEN_BACK
