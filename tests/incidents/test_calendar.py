"""Working time and quiet hours over changes of the clocks, bank holidays and midnights; and turns on call."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.calendar import Calendar, instant, quiet_until, window
from incidents.oncall import on_call, person_on_call, turns
from policies.hours import Hours, clock, span_of
from policies.policy import Policy, Route
from policies.rota import OnCall, Override, wall
from tests.incidents.samples import POLICY

LONDON = ZoneInfo("Europe/London")
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 30, 59]))
ZONES = st.sampled_from(
    ["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
)
HOURS = st.builds(
    Hours,
    zone=ZONES,
    days=st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1).map(tuple),
    start=CLOCKS,
    end=CLOCKS,
    holidays=st.sampled_from([None, "GB-ENG", "GB-SCT"]),
    closed=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5).map(tuple),
).filter(lambda hours: hours.start != hours.end)
CALENDARS = st.builds(Calendar, st.none() | HOURS)
LATELY = st.datetimes(wall("2026-01-01 00:00"), wall("2027-12-31 00:00")).map(lambda each: each.replace(tzinfo=UTC))
SAMOA = st.datetimes(wall("2011-12-01 00:00"), wall("2012-02-01 00:00")).map(lambda each: each.replace(tzinfo=UTC))
INSTANTS = SAMOA | LATELY  # at the end of 2011 Samoa left out a whole day
SPANS = st.sampled_from(["15m", "4h", "2d", "1 working hour", "3 working hours", "1 working day", "4 working days"])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_and_never_falls(calendar, three):
    start, middle, end = three
    if end - start > timedelta(days=400):
        return
    whole = calendar.worked(start, end)
    assert whole == calendar.worked(start, middle) + calendar.worked(middle, end)
    assert timedelta(0) <= calendar.worked(start, middle) <= whole <= end - start
    assert calendar.worked(end, start) == timedelta(0)


@settings(max_examples=150, deadline=None)
@given(CALENDARS, INSTANTS, SPANS)
def test_a_deadline_is_the_first_moment_at_which_its_time_has_passed(calendar, start, words):
    span = span_of(words)
    due = calendar.after(start, span)
    passed = calendar.worked(start, due) if span.working else due - start
    assert passed == span.length(calendar.day_length if span.working else timedelta(days=1))
    just_before = due - timedelta(seconds=1)
    assert (calendar.worked(start, just_before) if span.working else just_before - start) < passed


@settings(max_examples=100, deadline=None)
@given(CALENDARS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=9)), SPANS)
def test_what_begins_later_is_never_due_earlier(calendar, start, later, words):
    span = span_of(words)
    assert calendar.after(start + later, span) >= calendar.after(start, span)


def _calendar(**hours: object) -> Calendar:
    return Calendar(Hours.model_validate({"zone": "Europe/London", "holidays": "GB-ENG", **hours}))


@pytest.mark.parametrize(
    ("start", "words", "due"),
    [
        (utc(2026, 11, 24, 11, 0), "1 working day", utc(2026, 11, 25, 11, 0)),
        (utc(2026, 11, 21, 12, 0), "1 working day", utc(2026, 11, 23, 17, 0)),  # of a Saturday
        (utc(2026, 11, 20, 16, 0), "3 working hours", utc(2026, 11, 23, 11, 0)),  # over a weekend
        (utc(2026, 12, 24, 16, 0), "2 working hours", utc(2026, 12, 29, 10, 0)),  # Christmas, a Saturday, its Monday
        (utc(2026, 3, 27, 16, 0), "2 working hours", utc(2026, 3, 30, 9, 0)),  # the clocks went forward between
        (utc(2026, 10, 23, 15, 30), "1 working hour", utc(2026, 10, 26, 9, 30)),  # and back
        (utc(2026, 11, 21, 23, 0), "4h", utc(2026, 11, 22, 3, 0)),  # of the clock: nobody's hours count
    ],
)
def test_deadlines_over_weekends_holidays_and_changes_of_the_clocks(start, words, due):
    assert _calendar().after(start, span_of(words)) == due


def test_a_closed_day_is_no_working_day():
    due = _calendar(closed=["2026-11-23"]).after(utc(2026, 11, 20, 16, 30), span_of("1 working hour"))
    assert due == utc(2026, 11, 24, 9, 30)


def test_a_night_shift_counts_for_the_day_on_which_it_starts_and_is_as_long_as_the_night():
    night = _calendar(start="22:00", end="06:00", days=["sat"])
    longer = night.worked(utc(2026, 10, 24, 12, 0), utc(2026, 10, 25, 12, 0))
    shorter = night.worked(utc(2026, 3, 28, 12, 0), utc(2026, 3, 29, 12, 0))
    assert (longer, shorter) == (timedelta(hours=9), timedelta(hours=7))
    assert night.day_length == timedelta(hours=8)


def test_a_time_that_the_clocks_skip_is_the_moment_after_and_one_shown_twice_the_first():
    assert instant(LONDON, wall("2026-03-29 01:30")) == utc(2026, 3, 29, 1, 0)
    assert instant(LONDON, wall("2026-10-25 01:30")) == utc(2026, 10, 25, 0, 30)


def _policy(**rules: object) -> Policy:
    route = Route.model_validate({"name": "Security", "hours": {"zone": "Europe/London"}, **rules})
    return POLICY.model_copy(update={"routes": {"security": route}})


NIGHTLY = {"quiet_hours": {"start": "22:00", "end": "07:00"}}


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (utc(2026, 11, 21, 22, 10), utc(2026, 11, 22, 7, 0)),
        (utc(2026, 11, 22, 6, 59), utc(2026, 11, 22, 7, 0)),
        (utc(2026, 11, 22, 7, 0), None),
        (utc(2026, 11, 21, 21, 59), None),
        (utc(2026, 7, 1, 21, 0), utc(2026, 7, 2, 6, 0)),  # in summer they sleep an hour earlier
        (utc(2026, 10, 24, 23, 0), utc(2026, 10, 25, 7, 0)),  # asleep in summer time, awake in winter's
    ],
)
def test_quiet_hours_cross_midnight_and_follow_the_clocks(at, until):
    policy = _policy(**NIGHTLY)
    assert quiet_until(policy, "security", "high", at) == until
    assert quiet_until(policy, "security", "critical", at) is None


@settings(max_examples=150, deadline=None)
@given(CLOCKS, CLOCKS, ZONES, LATELY)
def test_quiet_hours_end_when_they_say_and_then_the_bell_rings(start, end, zone, at):
    if start == end:
        return
    policy = _policy(hours={"zone": zone}, quiet_hours={"start": start, "end": end})
    until = quiet_until(policy, "security", "low", at)
    if until is None:
        return
    assert at < until <= at + timedelta(hours=25)
    assert quiet_until(policy, "security", "low", until) is None


def test_windows_of_days_on_end_never_overlap():
    days = [date(2026, 3, 26) + timedelta(days=each) for each in range(6)]  # the clocks go forward on the 29th
    nights = [window(LONDON, day, clock("02:00"), clock("01:30")) for day in days]
    assert all(before[1] <= after[0] for before, after in pairwise(nights))


ROTA = OnCall(
    people=("U0SAM", "U0ALEX", "U0KIT"),
    start="2026-10-19 09:00",
    overrides=(Override(person="U0OTHER", start="2026-10-28 18:00", end="2026-10-30 09:00"),),
)


@pytest.mark.parametrize(
    ("at", "person", "until"),
    [
        (utc(2026, 10, 19, 8, 0), "U0SAM", utc(2026, 10, 26, 9, 0)),  # a week of an hour more
        (utc(2026, 10, 26, 8, 59), "U0SAM", utc(2026, 10, 26, 9, 0)),
        (utc(2026, 10, 26, 9, 0), "U0ALEX", utc(2026, 10, 28, 18, 0)),
        (utc(2026, 10, 29, 0, 0), "U0OTHER", utc(2026, 10, 30, 9, 0)),
        (utc(2026, 10, 30, 9, 0), "U0ALEX", utc(2026, 11, 2, 9, 0)),
        (utc(2026, 11, 9, 9, 0), "U0SAM", utc(2026, 11, 16, 9, 0)),
    ],
)
def test_turns_are_weeks_of_the_clock_on_the_wall_and_others_stand_in(at, person, until):
    turn = on_call(ROTA, LONDON, at)
    assert (turn.person, turn.end) == (person, until)
    assert turn.instead_of == ("U0ALEX" if person == "U0OTHER" else None)


def test_before_the_rota_begins_nobody_is_on_call_and_the_first_is_next():
    early = utc(2026, 10, 19, 7, 59)
    assert on_call(ROTA, LONDON, early) is None
    assert next(turns(ROTA, LONDON, early)).person == "U0SAM"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["U0A", "U0B", "U0C"]), min_size=1, max_size=4),
    st.integers(0, 40),
    st.integers(1, 200),
    INSTANTS,
    ZONES,
)
def test_somebody_is_on_call_at_every_moment_and_one_turn_follows_the_other(people, gap, length, at, zone):
    at = max(at, utc(2026, 1, 5))
    start = wall("2026-01-01 09:00") + timedelta(days=gap)
    override = Override(
        person="U0X", start=f"{start:%Y-%m-%d %H:%M}", end=f"{start + timedelta(hours=length):%Y-%m-%d %H:%M}"
    )
    rota = OnCall(people=tuple(people), start="2026-01-01 09:00", overrides=(override,))
    following = turns(rota, ZoneInfo(zone), at)
    first, *others = [next(following) for _ in range(6)]
    assert first.start <= at < first.end
    for before, after in pairwise([first, *others]):
        assert before.end == after.start < after.end


def test_a_route_without_a_rota_has_nobody_on_call():
    assert person_on_call(_policy(), "security", utc(2026, 11, 1)) is None
    assert person_on_call(_policy(on_call=ROTA.model_dump()), "security", utc(2026, 11, 1)) == "U0ALEX"
    assert person_on_call(_policy(), "elsewhere", utc(2026, 11, 1)) is None
