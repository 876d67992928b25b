"""What differs between two packs: told field by field, in words, and nothing that judges is passed over."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.check import load
from policies.difference import differences
from policies.policy import CATEGORY_NAMES, Policy
from tests.incidents.samples import POLICY


def changed(*place: str | int, to: Any) -> Policy:
    """The sample pack with one value replaced."""
    plain = POLICY.model_dump(mode="json")
    within: Any = plain
    for part in place[:-1]:
        within = within[part]
    within[place[-1]] = to
    return Policy.model_validate(plain)


def told(new: Policy) -> list[str]:
    """Each difference from the sample pack, as it reads."""
    return [str(each) for each in differences(POLICY, new)]


def test_a_pack_does_not_differ_from_itself_nor_by_its_version_or_examples() -> None:
    assert told(POLICY) == told(POLICY.model_copy(update={"version": "ffffffffffff"})) == []
    assert told(changed("categories", "threat", "examples", to={"fires": ["I will break it"]})) == []


def test_a_clauses_words_are_told_with_the_words_around_them() -> None:
    new = changed("clauses", 1, "text", to="Threats and blackmail are reported at once.")
    assert told(new) == [
        "clause EW 2.2: text “Threats are reported at once.” becomes “Threats and blackmail are reported at once.”"
    ]
    long = "one two three four five six {} eight nine ten eleven twelve thirteen"
    old, new = (
        changed("clauses", 0, "text", to=long.format("seven")),
        changed("clauses", 0, "text", to=long.format("7")),
    )
    (only,) = differences(old, new)
    assert str(only) == (
        "clause EW 1.1: text “… three four five six seven eight nine ten eleven …” becomes "
        "“… three four five six 7 eight nine ten eleven …”"
    )


@pytest.mark.parametrize(
    ("place", "to", "said"),
    [
        (("categories", "threat", "threshold"), 0.35, "category threat: threshold 0.5 becomes 0.35"),
        (("categories", "threat", "severity"), "high", "category threat: severity medium becomes high"),
        (("categories", "threat", "enabled"), False, "category threat: enabled yes becomes no"),
        (("categories", "threat", "clauses"), ["EW 1.1", "EW 2.2"], "category threat: clauses gains EW 2.2"),
        (("categories", "threat", "clauses"), ["EW 2.2"], "category threat: clauses gains EW 2.2 and loses EW 1.1"),
        (("categories", "threat", "next_step"), "", "category threat: next step “Look at it, then act.” becomes “”"),
        (
            ("routes", "security", "slack_channel"),
            "C0OTHER",
            "route security: slack channel C0SECURITY becomes C0OTHER",
        ),
        (("routes", "security", "slack_channel"), None, "route security: slack channel is removed: C0SECURITY"),
        (("accounts", 0, "kind"), "personal", "account @example_union: kind union becomes personal"),
        (("accounts",), [], "account @Excused_One: is removed: handle Excused_One, kind exempt"),
        (("vocabulary", "not_us"), ["water polo"], "vocabulary: not us gains water polo"),
        (("retention", "mentions_days"), 30, "retention: mentions days 365 becomes 30"),
        (("title",), "Another", "title “Sample policy” becomes Another"),
        (("topics",), {"Matter": {"Bills": ["bill"]}}, "topics: Matter is added: Bills bill"),
    ],
)
def test_each_kind_of_change_reads_as_a_sentence(place: tuple[str | int, ...], to: Any, said: str) -> None:
    assert told(changed(*place, to=to))[-1] == said


def test_clauses_come_first_and_their_place_in_the_file_does_not_count() -> None:
    clause = {"id": "EW 3.3", "document": "ew.txt", "paragraph": "3.3", "text": "Kindness\nis owed."}
    plain = POLICY.model_dump(mode="json")
    plain["clauses"] = [clause, *reversed(plain["clauses"])]
    plain["categories"]["threat"]["threshold"] = 0.7
    plain["title"] = "Other"
    assert told(Policy.model_validate(plain)) == [
        "clause EW 3.3: is added: Kindness is owed.",
        "category threat: threshold 0.5 becomes 0.7",
        "title “Sample policy” becomes Other",
    ]


@settings(max_examples=50)
@given(
    st.sampled_from(CATEGORY_NAMES[:-1]),
    st.sampled_from(["severity", "threshold", "enabled", "next_step", "clauses"]),
    st.data(),
)
def test_no_change_of_a_category_is_passed_over(name: str, field: str, data: st.DataObject) -> None:
    values: dict[str, st.SearchStrategy[Any]] = {
        "severity": st.sampled_from(["low", "medium", "high", "critical"]),
        "threshold": st.floats(0, 1),
        "enabled": st.booleans(),
        "next_step": st.text(),
        "clauses": st.permutations(["EW 1.1", "EW 2.2"]),
    }
    to = data.draw(values[field])
    new = changed("categories", name, field, to=to)
    same = new == POLICY
    assert [each.place for each in differences(POLICY, new)] == ([] if same else [("categories", name, field)])
    assert bool(differences(new, POLICY)) != same


def test_packs_that_ship_can_be_laid_side_by_side() -> None:
    packs = [load(name) for name in ("dwp", "starter", "clean-slate")]
    for one in packs:
        for other in packs:
            lines = [str(each) for each in differences(one, other)]
            assert bool(lines) == (one is not other)
            assert not [line for line in lines if "\n" in line]
