"""The gate before a release: no innocent post is flagged that was not known of, and enough of the rest is found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from classifiers.backends import scorer
from classifiers.evaluation.fairness import by_functionality, by_slice
from classifiers.evaluation.fairness_page import BEGIN, PAGE, renewed
from classifiers.evaluation.gate import accepted, gate, read_known, write_known
from classifiers.evaluation.guard import FOLDER, SIDES, GuardUnusable, Outcome, judged
from classifiers.evaluation.page import END
from classifiers.finding import Finding
from classifiers.history import MentionHistory
from classifiers.judge import Judge
from policies.check import load
from policies.policy import CATEGORY_NAMES

PACKS = Path(__file__).parents[2] / "policies"


def judge_with_thresholds(folder: Path, threshold: float) -> Callable[[str], Judge]:
    """Judges by copies of the packs whose every threshold is another."""

    def judge_for(name: str) -> Judge:
        pack = yaml.safe_load((PACKS / f"{name}.yaml").read_text(encoding="utf-8"))
        for category in pack["categories"].values():
            category["threshold"] = threshold
        copy = folder / f"{name}.yaml"
        copy.write_text(yaml.safe_dump(pack, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return Judge(load(str(copy)), scorer("embedded"), MentionHistory())

    return judge_for


def test_the_gate_is_open(outcomes: list[Outcome]) -> None:
    stops = gate(outcomes, read_known(FOLDER))
    if stops:
        pytest.fail("\n\n".join(map(str, stops)), pytrace=False)


def test_a_careless_pack_shuts_the_gate(tmp_path: Path, some: list[Outcome]) -> None:
    sure = [one.case for one in some if one.right and one.findings and max(map(_confidence, one.findings)) < 0.99]
    innocent = [
        case.model_copy(update={"expected": (), "categories": (), "near_misses": case.expected, "protected": "satire"})
        for case in sure[:15]
    ]
    assert len(innocent) >= 3
    known = accepted(judged(innocent, judge_with_thresholds(tmp_path, 1.0)))
    assert known.wrongly_flagged == {}
    stops = gate(judged(innocent, judge_with_thresholds(tmp_path, 0.01)), known)
    assert len(stops) == 1
    told = str(stops[0])
    assert told.startswith(f"{len(innocent)} innocent posts are flagged that were left alone before")
    assert all(f"{case.id} [{case.functionality}, protected speech] “{case.text}” found" in told for case in innocent)
    assert "--accept" in told


def _confidence(finding: Finding) -> float:
    return finding.confidence


def test_a_pack_that_is_deaf_shuts_the_gate(tmp_path: Path, some: list[Outcome]) -> None:
    asked = [one for one in some if one.case.expected]
    deaf = judged([one.case for one in asked], judge_with_thresholds(tmp_path, 1.0))
    assert gate(asked, accepted(asked)) == []
    stops = gate(deaf, accepted(asked))
    assert len(stops) == 1
    assert "under the floor" in str(stops[0])
    assert all(f"{one.case.id} [" in str(stops[0]) for one in deaf if not one.right)


def test_a_listed_failure_that_is_none_any_more_shuts_the_gate(some: list[Outcome]) -> None:
    innocent = next(one for one in some if not one.case.expected and one.right).case
    known = accepted(some)
    listed = {**known.wrongly_flagged, innocent.id: innocent.functionality, "guard-gone-01-1": "gone"}
    stops = gate(some, known.model_copy(update={"wrongly_flagged": listed}))
    told = "\n".join(map(str, stops))
    assert "2 known failures are none any more" in told
    assert innocent.id in told
    assert "guard-gone-01-1" in told


def test_what_is_accepted_opens_the_gate_and_is_sorted(tmp_path: Path, some: list[Outcome]) -> None:
    known = accepted(some)
    write_known(known, tmp_path)
    assert read_known(tmp_path) == known
    assert list(known.wrongly_flagged) == sorted(known.wrongly_flagged)
    assert gate(some, known) == []


def test_more_than_a_fair_reader_could_find_is_wrong(some: list[Outcome]) -> None:
    found = next(one for one in some if one.right and one.findings)
    other = next(name for name in CATEGORY_NAMES if name not in found.case.categories)
    assert not replace(found, findings=(*found.findings, replace(found.findings[0], category=other))).right
    assert not replace(found, findings=()).right


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "is missing; `tocsin guard --accept`"),
        ("{}", "is no list of known failures"),
        ('{"found_at_least": 2, "wrongly_flagged": {}}', "less than or equal to 1"),
    ],
)
def test_a_bad_list_is_named_with_the_fix(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "known-failures.json").write_text(text, encoding="utf-8")
    with pytest.raises(GuardUnusable, match=says):
        read_known(tmp_path)


def test_figures_are_told_by_whom_a_mistake_would_harm(some: list[Outcome]) -> None:
    functionalities = by_functionality(some)
    assert [SIDES.index(one.side) for one in functionalities] == sorted(
        SIDES.index(one.side) for one in functionalities
    )
    assert sum(one.total for one in functionalities) == len(some)
    names = {one.slice.partition(":")[0] for one in by_slice(some)}
    assert names == {"all", "organisation", "account", "protected", "category", "group", "dialect"}


def test_the_page_is_renewed_between_its_marks_only(some: list[Outcome]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    again = renewed(page, some, "some-model")
    assert again.partition(BEGIN)[0] == page.partition(BEGIN)[0]
    assert again.partition(END)[2] == page.partition(END)[2]
    assert "`some-model`" in again
    assert renewed(again, some, "some-model") == again
    with pytest.raises(GuardUnusable, match="no place for figures"):
        renewed("# A page without marks", some, "some-model")
