"""What a channel is shown of a post: people by role, slurs by a letter. Names are invented; slurs are in ROT13."""

from codecs import decode
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.register import KnownPeople, Person, Worker
from incidents.briefing import Briefing, has_own_channel
from incidents.by_role import Aim, aim_of, excerpt, mask_slurs, told
from incidents.escape import harmless
from policies.policy import Policy, Route
from tests.incidents.samples import POLICY, exhibit

DAY = date(2026, 10, 12)
STAFF = KnownPeople(
    [Person(Worker("work coach"), (("x", "sample_worker"),), ("Orla Examplesson",)), Person(Worker("clerk"))]
)
COACH = Aim("employee", "work coach", ("sample_worker",))
SLUR = decode("ergneq", "rot13")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("hey @Sample_Worker, you", "hey {role}, you"),
        ("sample_worker's desk", "{role}'s desk"),
        ("＠ｓａｍｐｌｅ_worker", "{role}"),
        ("sam\u200bple_worker", "{role}"),
        ("\u202e@sample_worker", "{role}"),
        ("https://x.com/sample_worker/1", "https://x.com/{role}/1"),
        ("#sample_worker @sample_worker", "#{role} {role}"),
        ("Orla Examplesson, ORLA EXAMPLESSON", "[an employee], [an employee]"),
        ("sample_workers and resample_worker", "sample_workers and resample_worker"),
    ],
)
def test_the_target_stands_by_role(written: str, shown: str) -> None:
    assert told(written, COACH, STAFF, DAY) == shown.replace("{role}", "[an employee (work coach)]")


def test_a_name_without_an_account_and_one_with_its_server_are_found() -> None:
    named = Aim("employee", "", ("Orla Examplesson", "jo@social.example"))
    assert told("Orla  Examplesson's desk, @jo or jo@social.example", named) == (
        "[an employee]'s desk, [an employee] or [an employee]"
    )
    assert told("a jo of all trades", named) == "a jo of all trades"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.from_regex(r"[a-z_.]{2,15}", fullmatch=True), st.text(max_size=60))
def test_a_handle_of_the_target_never_shows(before: str, handle: str, after: str) -> None:
    shown = told(f"{before} @{handle} {after}", Aim("employee", "", (handle,)))
    assert f"@{handle} " not in shown


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_whatever_the_world_writes_comes_out_harmless(text: str) -> None:
    shown = told(text, COACH, STAFF, DAY)
    assert harmless(shown) == shown
    assert not set(shown) & set("<>\u202e\x00")


@pytest.mark.parametrize("disguise", [str.lower, str.upper, lambda word: word.replace("e", "3"), "-".join])
def test_a_slur_is_shown_by_its_first_letter(disguise: object) -> None:
    word = disguise(SLUR)  # type: ignore[operator]
    shown = mask_slurs(f"you {word}, you")
    assert word not in shown
    assert shown.startswith(f"you {word[0]}*")
    assert shown.endswith(", you")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=100))
def test_masking_changes_letters_into_asterisks_and_nothing_else(text: str) -> None:
    shown = mask_slurs(text)
    assert len(shown) == len(text)
    assert all(after in (before, "*") for before, after in zip(text, shown, strict=True))
    assert mask_slurs(shown) == shown


def test_what_was_found_late_in_a_long_post_is_seen() -> None:
    text = "word " * 300 + "found here"
    start = text.index("found")
    shown = excerpt(text, [(start, start + 5)])
    assert shown.startswith("… word")
    assert len(shown) < 250
    assert shown.endswith("found here")
    assert excerpt(text, []) == text


def test_the_role_is_the_registers() -> None:
    assert aim_of([exhibit()], STAFF).called == "an employee (work coach)"
    assert aim_of([exhibit(target_handle="somebody_else")], STAFF).called == "an employee"
    assert aim_of([exhibit(target_kind="group", target_handle=None)], STAFF).called == "a group of people"


def test_a_route_that_allows_names_gets_them_and_no_slurs() -> None:
    routes = {"security": Route(name="Security", slack_channel="C0SECURITY", names_in_channel=True)}
    open_pack = POLICY.model_copy(update={"routes": routes})
    briefing = Briefing.of(open_pack, "cyberbullying", [exhibit()], STAFF)
    assert briefing.named == "sample_worker"
    assert briefing.words(f"@sample_worker {SLUR}", DAY) == f"@sample_worker {SLUR[0]}" + "*" * (len(SLUR) - 1)
    assert Briefing.of(POLICY, "cyberbullying", [exhibit()], STAFF).named == ""


def test_the_reason_reads_as_a_sentence() -> None:
    why = "Aims “stupid” at sample_worker (one of our people): abuse of a person."
    said = "Aims “stupid” at an employee (work coach): abuse of a person."
    assert Briefing.of(POLICY, "cyberbullying", [exhibit()], STAFF).words(why, DAY) == said


def _with_routes(**routes: Route) -> Policy:
    own = POLICY.categories["safeguarding"].model_copy(update={"route": "care"})
    return POLICY.model_copy(update={"routes": routes, "categories": {**POLICY.categories, "safeguarding": own}})


def test_who_may_be_at_risk_is_told_of_in_a_channel_of_its_own_alone() -> None:
    shared, own = Route(name="Security", slack_channel="C0SECURITY"), Route(name="Care", slack_channel="C0CARE")
    for care, allowed in ((own, True), (shared, False), (Route(name="Care"), False)):
        pack = _with_routes(security=shared, care=care)
        briefing = Briefing.of(pack, "safeguarding", [exhibit(category="safeguarding")])
        assert has_own_channel(pack, "care") is allowed
        assert briefing.excerpt("I cannot go on", (), DAY) == ("I cannot go on" if allowed else "")
        assert ("slack_channel" in briefing.withheld) is not allowed
