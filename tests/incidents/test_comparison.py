"""Two packs over the same findings: which incidents are gained, lost, changed, and that none is told twice."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.campaign import is_campaign
from incidents.comparison import compared, raised
from incidents.incident import Exhibit
from policies.policy import Account, Category, CategoryName, Policy, Route
from tests.incidents.samples import NOON, POLICY, exhibit

WORKER, OTHER = exhibit(1), exhibit(2, target_handle="other_worker", author="author-2")


def pack(
    category: CategoryName = "cyberbullying", accounts: tuple[Account, ...] = POLICY.accounts, **changes: Any
) -> Policy:
    """The sample pack with one category, and its accounts, as given."""
    routes = {**POLICY.routes, "team": Route(name="Team"), "moved": Route(name="Security", slack_channel="C0MOVED")}
    one: Category = POLICY.categories[category].model_copy(update=changes)
    categories = {**POLICY.categories, category: one}
    return POLICY.model_copy(update={"categories": categories, "routes": routes, "accounts": accounts})


def kinds(
    old: list[Exhibit], new: list[Exhibit], before: Policy = POLICY, after: Policy = POLICY
) -> list[tuple[str, str]]:
    """Each shift with the target that it is about."""
    return [(s.kind, s.key.target) for s in compared(raised(old, before, NOON), raised(new, after, NOON))]


def test_what_one_pack_alone_finds_is_gained_or_lost() -> None:
    assert kinds([WORKER], [WORKER, OTHER]) == [("same", "sample_worker"), ("gained", "other_worker")]
    assert kinds([WORKER, OTHER], [OTHER]) == [("lost", "sample_worker"), ("same", "other_worker")]
    assert kinds([], []) == []


def test_findings_of_one_key_are_one_incident_as_severe_as_its_gravest() -> None:
    graver = exhibit(3, severity="high", why="It goes further.")
    (shift,) = compared(raised([WORKER], POLICY, NOON), raised([WORKER, graver], POLICY, NOON))
    assert (shift.kind, shift.changes) == ("changed", {"severity": ("medium", "high")})
    assert shift.case.incident.mention_ids == ("x:1", "x:3")
    assert shift.case.incident.why == shift.case.exhibit.why == "It goes further."


def test_another_route_channel_or_clause_is_a_change_too() -> None:
    for after, told in (
        (pack(route="team"), {"route": ("security (C0SECURITY)", "team")}),
        (pack(route="moved"), {"route": ("security (C0SECURITY)", "moved (C0MOVED)")}),
    ):
        (shift,) = compared(raised([WORKER], POLICY, NOON), raised([WORKER], after, NOON))
        assert (shift.kind, shift.changes) == ("changed", told)
    cited = replace(WORKER, clauses=("EW 1.1", "EW 2.2"))
    (shift,) = compared(raised([WORKER], POLICY, NOON), raised([cited], POLICY, NOON))
    assert shift.changes == {"clauses": ("EW 1.1", "EW 1.1, EW 2.2")}


def test_what_a_pack_suppresses_opens_nothing_and_is_counted() -> None:
    strict, spared = pack(threshold=0.95), pack(accounts=(Account(handle="sample_author", kind="exempt"),))
    for after in (strict, spared, pack(enabled=False)):
        assert kinds([WORKER], [WORKER], after=after) == [("lost", "sample_worker")]
        made = raised([WORKER], after, NOON)
        assert (made.findings, made.suppressed, dict(made.cases)) == (1, 1, {})


def test_a_pile_on_is_one_incident_as_triage_groups_it_however_much_of_it_each_pack_finds() -> None:
    crowd = [exhibit(number, author=f"author-{number}") for number in range(1, 6)]
    posts = {crowd[4].finding_id: frozenset(each.mention_id for each in crowd)}
    before, after = raised(crowd, POLICY, NOON, posts), raised(crowd[1:], POLICY, NOON, posts)
    (key,) = before.cases
    assert is_campaign(key)
    assert after.cases.keys() != before.cases.keys(), "it begins with another post"
    (shift,) = compared(before, after)
    assert (shift.kind, shift.key) == ("same", key)
    assert len(shift.case.incident.authors) == 4
    apart = compared(raised(crowd, POLICY, NOON), after)
    assert sorted(each.kind for each in apart) == ["gained", *["lost"] * 5]
    elsewhere = [replace(each, target_handle="another") for each in crowd]
    assert {each.kind for each in compared(before, raised(elsewhere, POLICY, NOON, posts))} == {"gained", "lost"}


def test_the_gravest_come_first() -> None:
    light, grave = exhibit(1, severity="low"), exhibit(9, severity="critical", target_handle="worst")
    assert kinds([light, grave], [light, grave]) == [("same", "worst"), ("same", "sample_worker")]


some = st.lists(
    st.builds(
        exhibit,
        st.integers(1, 30),
        author=st.sampled_from(["author-1", "author-2"]),
        severity=st.sampled_from(["low", "high"]),
        target_handle=st.sampled_from(["a_worker", None]),
        category=st.sampled_from(["threat", "cyberbullying"]),
    ),
    max_size=8,
    unique_by=lambda each: each.finding_id,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(some, some)
def test_every_incident_of_either_pack_is_told_once_and_the_other_way_round_is_its_mirror(
    old: list[Exhibit], new: list[Exhibit]
) -> None:
    before, after = raised(old, POLICY, NOON), raised(new, POLICY, NOON)
    there, back = compared(before, after), compared(after, before)
    assert {s.key for s in there} == before.cases.keys() | after.cases.keys()
    assert len({s.key for s in there}) == len(there)
    mirror = {"gained": "lost", "lost": "gained", "changed": "changed", "same": "same"}
    assert {s.key: mirror[s.kind] for s in there} == {s.key: s.kind for s in back}
    assert {s.kind for s in compared(before, before)} <= {"same"}
