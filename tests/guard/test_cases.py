"""The guard's own cases: enough of each kind, labels as the packs have them, and none that a training has seen."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from classifiers.evaluation.guard import FOLDER, Case, GuardUnusable, read_cases
from classifiers.training.evaluation_sets import OURS, KeptOut, all_texts, fingerprints
from policies.check import load
from policies.policy import CATEGORY_NAMES

CORPUS = FOLDER.parent


def test_there_are_enough_of_each_kind(cases: list[Case]) -> None:
    assert len(cases) >= 640
    assert sum(case.side == "protected speech" for case in cases) >= 300
    sizes = Counter(case.functionality for case in cases)
    assert {name: size for name, size in sizes.items() if not 5 <= size <= 10} == {}
    kinds = {case.protected for case in cases} - {None}
    assert len(kinds) == 17


@pytest.mark.parametrize("category", CATEGORY_NAMES)
def test_every_category_has_its_functionalities_on_both_sides(cases: list[Case], category: str) -> None:
    fires = {case.functionality for case in cases if category in case.expected}
    leaves = {case.functionality for case in cases if category in case.near_misses}
    assert len(fires) >= 3
    assert len(leaves) >= 3


def test_a_functionality_asks_one_thing(cases: list[Case]) -> None:
    asked = defaultdict(set)
    for case in cases:
        asked[case.functionality].add((case.expected, case.near_misses, case.protected))
    assert [name for name, each in asked.items() if len(each) > 1] == []


def test_contrasts_stand_side_by_side(cases: list[Case]) -> None:
    families = defaultdict(set)
    for case in cases:
        families[case.family].add(bool(case.expected))
    assert sum(sides == {True, False} for sides in families.values()) >= 250


def test_every_case_can_be_right_under_its_pack(cases: list[Case]) -> None:
    packs = {name: load(name) for name in {case.organisation for case in cases}}
    assert set(packs) == {"dwp", "restart-provider", "clean-slate", "dmm"}
    lacking = [case.id for case in cases if not set(case.expected) <= set(packs[case.organisation].categories)]
    assert lacking == []


def test_no_case_nor_a_near_copy_is_among_the_posts_that_teach(cases: list[Case]) -> None:
    kept_out = KeptOut(case.text for case in cases)
    posts = [json.loads(line) for path in (CORPUS / "posts").glob("*.jsonl") for line in path.open(encoding="utf-8")]
    assert len(posts) > 10_000
    assert [post["id"] for post in posts if kept_out.holds(post["text"])] == []


def test_the_guard_and_the_suite_are_kept_out_of_training(cases: list[Case]) -> None:
    assert {folder.name for folder in OURS} == {"guard", "suite"}
    kept_out = KeptOut(all_texts(OURS))
    assert all(kept_out.holds(case.text) for case in cases)
    assert kept_out.fingerprints == fingerprints(OURS)


def test_near_copies_are_known_and_others_are_not() -> None:
    kept_out = KeptOut(
        ["My work coach lost the form that I handed her on Tuesday and then blamed me for it", "no form"]
    )
    assert kept_out.holds("MY work coach lost the form that I handed her on Tuesday, and then blamed me for it!!")
    assert kept_out.holds("My work coach lost the form that I handed her on Monday and then blamed me for it")
    assert kept_out.holds("No  Form")
    assert not kept_out.holds("My work coach found the letter I was missing and rang me on Tuesday to say so")
    assert not kept_out.holds("a form")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"expected": ["threat"], "categories": []}, "expected must be among categories"),
        ({"near_misses": []}, "name near_misses for an innocent post"),
        ({"expected": ["threat"], "categories": ["threat"], "near_misses": []}, "no protected speech"),
        ({"protected": "rudeness"}, "protected"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_case_is_named_by_its_line(
    tmp_path: Path, cases: list[Case], changed: dict[str, object], says: str
) -> None:
    good = next(case for case in cases if case.protected).model_dump(mode="json")
    lines = [json.dumps(good), json.dumps(good | {"id": "another"} | changed)]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(GuardUnusable, match=rf"cases\.jsonl, line 2: .*{says}"):
        read_cases(tmp_path)


def test_a_file_in_another_encoding_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_bytes(b"{}\n" + "{“é”}".encode("cp1252"))
    with pytest.raises(GuardUnusable, match=r"cases\.jsonl, line 2: .*UTF-8"):
        read_cases(tmp_path)


def test_no_cases_and_two_of_one_id_are_named(tmp_path: Path, cases: list[Case]) -> None:
    with pytest.raises(GuardUnusable, match="holds no cases"):
        read_cases(tmp_path)
    line = json.dumps(cases[0].model_dump(mode="json"))
    (tmp_path / "cases.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(GuardUnusable, match="two cases of one id"):
        read_cases(tmp_path)
