"""Quiet hours hold back the bell: in order, nothing lost, and not a word longer than they must."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.outbox import Undelivered
from incidents.quiet import hushed, ringing
from incidents.wording import heading
from policies.policy import Route
from tests.incidents.samples import NOON, POLICY, card, notification

HOURS = st.none() | st.integers(0, 20)
ROWS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["C0A", "C0B"]), HOURS, st.booleans()), max_size=14)


def _waiting(rows) -> list[Undelivered]:
    return [
        Undelivered(
            replace(
                notification(number, incident),
                channel=channel,
                not_before=None if hour is None else NOON + timedelta(hours=hour),
            ),
            in_doubt,
        )
        for number, (incident, channel, hour, in_doubt) in enumerate(rows, start=1)
    ]


def _thread(item: Undelivered) -> tuple[str, str | None]:
    return item.notification.incident_id, item.notification.channel


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(0, 20))
def test_what_goes_out_of_a_thread_is_its_beginning_and_in_the_end_everything_does(rows, hour):
    waiting = _waiting(rows)
    going = [item.notification.id for item in ringing(waiting, NOON + timedelta(hours=hour))]
    for thread in {_thread(item) for item in waiting}:
        mine = [item.notification.id for item in waiting if _thread(item) == thread]
        gone = [name for name in going if name in mine]
        assert gone == mine[: len(gone)]
    assert ringing(waiting, NOON + timedelta(hours=21)) == waiting


@settings(max_examples=200, deadline=None)
@given(ROWS, st.integers(0, 20))
def test_nothing_is_held_that_may_ring_and_nothing_rings_alone_that_may_not(rows, hour):
    now = NOON + timedelta(hours=hour)
    waiting = _waiting(rows)
    going = {item.notification.id for item in ringing(waiting, now)}
    for place, item in enumerate(waiting):
        later = [each for each in waiting[place:] if _thread(each) == _thread(item)]
        free = [each for each in later if each.in_doubt or (each.notification.not_before or now) <= now]
        assert (item.notification.id in going) == bool(free)


NIGHTLY = Route.model_validate(
    {
        "name": "Security",
        "hours": {"zone": "Europe/London"},
        "quiet_hours": {"start": "12:00", "end": "07:30"},
        "rings_in_quiet_hours": ["critical", "high"],
    }
)
PACK = POLICY.model_copy(update={"routes": {"security": NIGHTLY}})


def test_a_held_message_says_from_when_until_when_and_by_what():
    one = hushed(notification(card=card(severity="medium")), PACK, NOON + timedelta(minutes=10))
    assert one.not_before == NOON + timedelta(hours=18, minutes=30)
    assert heading(one.card, one.reason) == "New incident: held from 13:10 until 07:30 by quiet hours (Europe/London)"


def test_what_may_ring_is_not_touched():
    for severity in ("high", "critical"):
        one = notification(card=card(severity=severity))
        assert hushed(one, PACK, NOON) == one
    light = notification(card=card(severity="low"))
    assert hushed(light, PACK, NOON - timedelta(hours=2)) == light
