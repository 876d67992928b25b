"""Deadlines, calendars, escalations and rotas in a pack: each mistake is named by its line, with the fix."""

from pathlib import Path

import pytest

from policies.check import PACKS, check, load
from policies.difference import differences
from policies.hours import Span, span_of

STARTER = (PACKS / "starter.yaml").read_text(encoding="utf-8")
HEAD = STARTER[: STARTER.index("\nroutes:")]
HEAD = HEAD[: HEAD.index("\nhours:")] if "\nhours:" in HEAD else HEAD
HOURS = "hours: {zone: Europe/London, holidays: GB-ENG}"
ROUTES = """
routes:
  social_media:
    name: Social media team
    escalates_to: security
  security:
    name: Security team
    on_call:
      people: [U0SAMPLE1, U0SAMPLE2]
      start: 2026-11-23 09:00
      overrides:
        - {person: U0SAMPLE3, start: 2026-12-24 09:00, end: 2026-12-27 09:00}
    quiet_hours: {start: "22:00", end: "07:00"}
    acknowledge_within: {critical: 15m, high: 2h, medium: 1 working day, low: never}
  safeguarding: {name: Safeguarding lead}
"""


@pytest.fixture
def pack(tmp_path: Path):
    """Writes a pack with these routes and hours, and gives its path and the line on which some words stand."""

    def write(routes: str = ROUTES, hours: str = HOURS) -> Path:
        path = tmp_path / "pack.yaml"
        path.write_text(f"{HEAD}\n{hours}\n{routes}", encoding="utf-8")
        return path

    return write


def _line(path: Path, words: str) -> int:
    """Of the routes: the packs' words before them may hold the same."""
    text = path.read_text(encoding="utf-8")
    return text.count("\n", 0, text.index(words, text.index("\nroutes:"))) + 1


def test_a_pack_says_who_must_act_how_soon_and_who_is_next(pack):
    policy = load(pack())
    security = policy.routes["security"]
    assert policy.routes["social_media"].escalates_to == "security"
    assert (security.within("critical"), security.between("critical")) == ("15m", "15m")
    assert policy.hours_of("security").zone == "Europe/London"


def test_every_pack_that_says_nothing_of_it_has_deadlines(pack):
    plain = load(pack("\nroutes: {social_media: {name: A}, security: {name: B}, safeguarding: {name: C}}", ""))
    route = plain.routes["security"]
    assert [route.within(each) for each in ("critical", "high", "medium", "low")] == [
        "30m",
        "4h",
        "1 working day",
        "5 working days",
    ]
    assert plain.hours_of("security") is None


@pytest.mark.parametrize(("words", "span"), [
    ("15m", Span(15, "m", working=False)),
    ("4h", Span(4, "h", working=False)),
    ("2d", Span(2, "d", working=False)),
    ("1 working day", Span(1, "d", working=True)),
    ("3 working hours", Span(3, "h", working=True)),
    ("never", None),
])  # fmt: skip
def test_a_length_of_time_is_read_as_it_is_written(words, span):
    assert span_of(words) == span


BAD = [
    ("high: 2h", "high: 2 hours", "routes.security.acknowledge_within.high", "15m, 4h, 2d, 3 working hours"),
    ("high: 2h", "high: 90", "routes.security.acknowledge_within.high", "cannot be '90': write a length of time"),
    ("critical: 15m", "critical: 1 working day", "routes.security.acknowledge_within.critical", "never waits"),
    ("critical: 15m", "critical: never", "routes.security.acknowledge_within.critical", "never waits"),
    ("escalates_to: security", "escalates_to: securty", "routes.social_media.escalates_to", "did you mean 'security'?"),
    ('start: "22:00", end', "start: 22:00, end", "routes.security.quiet_hours.start", 'put quotes around it, "22:00"'),
    ('end: "07:00"', 'end: "22:00"', "routes.security.quiet_hours.end", "is the start, too"),
    ('end: "07:00"', 'end: "7 am"', "routes.security.quiet_hours.end", 'write a time of day as "09:00"'),
    ("[U0SAMPLE1,", "[sam,", "routes.security.on_call.people.0", "write a Slack user id, as U0123ABCDEF"),
    ("[U0SAMPLE1,", "[S0GROUP1,", "routes.security.on_call.people.0", "write a Slack user id"),
    ("[U0SAMPLE1, U0SAMPLE2]", "[]", "routes.security.on_call.people", "name at least one"),
    ("start: 2026-11-23 09:00", "start: 2026-11-23", "routes.security.on_call.start", "write day and time as"),
    ("start: 2026-11-23 09:00", "start: 2026-02-30 09:00", "routes.security.on_call.start", "2026-11-23 09:00"),
    ("start: 2026-12-24 09:00", "start: 2026-12-28 09:00", "routes.security.on_call.overrides.0.end", "not after its"),
    ("2026-12-24 09:00, end: 2026-12-27", "2026-11-01 09:00, end: 2026-11-20",
     "routes.security.on_call.overrides.0.end", "nobody on call from 2026-11-20 09:00 until 2026-11-23 09:00"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "place", "said"), BAD)
def test_each_mistake_is_named_by_its_line_with_the_fix(pack, right, wrong, place, said):
    assert right in ROUTES
    path = pack(ROUTES.replace(right, wrong))
    found = [problem for problem in check(path) if problem.path == place]
    assert len(found) == 1, [str(each) for each in check(path)]
    assert said in found[0].message
    assert found[0].line == _line(path, wrong)


@pytest.mark.parametrize(("hours", "place", "said"), [
    ("hours: {zone: Europe/Londn}", "hours.zone", "did you mean 'Europe/London'?"),
    ("hours: {zone: Europe}", "hours.zone", "there is no time zone 'Europe'"),
    ("hours: {zone: Europe/London, holidays: GB-EN}", "hours.holidays", "no bank holidays are known of 'GB-EN'"),
    ("hours: {zone: Europe/London, holidays: England}", "hours.holidays", "write a country, and a part of it"),
    ("hours: {zone: Europe/London, days: [mon, tues]}", "hours.days.1", "did you mean 'tue'?"),
    ("hours: {zone: Europe/London, start: 10:00}", "hours.start", 'put quotes around it, "10:00"'),
    ('hours: {zone: Europe/London, start: "17:00"}', "hours.end", "round the clock"),
    ("", "routes.security.quiet_hours", "need a time zone"),
    ("", "routes.security.on_call", "needs a time zone"),
])  # fmt: skip
def test_a_calendar_is_checked_too(pack, hours, place, said):
    found = [problem for problem in check(pack(hours=hours)) if problem.path == place]
    assert len(found) == 1
    assert said in found[0].message


def test_an_escalation_that_comes_back_to_itself_is_named_once_with_its_way(pack):
    routes = ROUTES.replace("name: Security team", "name: Security team\n    escalates_to: safeguarding")
    routes = routes.replace("{name: Safeguarding lead}", "{name: Safeguarding lead, escalates_to: social_media}")
    path = pack(routes)
    [problem] = check(path)
    assert problem.line == _line(path, "Safeguarding lead, esc")
    assert "safeguarding → social_media → security → safeguarding" in problem.message


def test_a_route_that_escalates_to_itself_is_a_circle(pack):
    [problem] = check(pack(ROUTES.replace("escalates_to: security", "escalates_to: social_media")))
    assert "social_media → social_media" in problem.message


def test_names_do_not_go_where_they_may_not_be(pack):
    path = pack(ROUTES.replace("escalates_to: security", "names_in_channel: true\n    escalates_to: security"))
    [problem] = check(path)
    assert (problem.line, problem.path) == (_line(path, "escalates_to: security"), "routes.social_media.escalates_to")
    assert "carries names to security" in problem.message


def test_two_who_stand_in_at_once_are_told_apart(pack):
    second = "        - {person: U0SAMPLE4, start: 2026-12-26 09:00, end: 2026-12-29 09:00}\n"
    path = pack(ROUTES.replace("    quiet_hours", second + "    quiet_hours"))
    [problem] = check(path)
    assert problem.line == _line(path, "U0SAMPLE4")
    assert "2026-12-26 09:00 is before U0SAMPLE3 has done" in problem.message


def test_critical_cannot_be_left_to_wait_for_the_morning(pack):
    [problem] = check(pack(ROUTES.replace("    quiet_hours", "    rings_in_quiet_hours: [high]\n    quiet_hours")))
    assert "critical, which never waits" in problem.message


def test_a_rota_is_no_new_version_and_a_deadline_is(pack):
    before = load(pack())
    assert load(pack(ROUTES.replace("U0SAMPLE3", "U0SAMPLE9"))).version == before.version
    after = load(pack(ROUTES.replace("high: 2h", "high: 3h")))
    assert after.version != before.version
    assert [str(each) for each in differences(before, after)] == [
        "route security: acknowledge within high 2h becomes 3h"
    ]
