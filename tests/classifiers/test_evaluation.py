"""Evaluation: labels read as a person wrote them, figures as a textbook has them, mistakes that can be read."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluate import evaluate
from classifiers.evaluation.curves import draw
from classifiers.evaluation.development import development_sets
from classifiers.evaluation.labelled import Labelled, LabelsUnusable, read_labelled
from classifiers.evaluation.measures import calibration_error, one_of_three, reliability, yes_or_no
from classifiers.evaluation.slices import slices_of
from classifiers.judge import Judge
from collectors.mention import Mention

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_json_line_says_what_it_says(tmp_path: Path) -> None:
    row = {
        "text": "The DWP are late",
        "categories": [],
        "sentiment": "negative",
        "toxicity": ["insult"],
        "split": "test",
    }
    path = write(tmp_path / "posts.jsonl", row, {"text": "hello", "toxicity": {"threat": 0}, "split": "train"})
    both = read_labelled(path, {}, {})
    assert both[0].categories == frozenset()
    assert both[0].toxicity["insult"]
    assert not both[0].toxicity["threat"]
    assert (both[1].toxicity, both[1].categories, both[1].sentiment) == ({"threat": False}, None, None)
    assert read_labelled(path, {}, {"split": "test"}) == both[:1]


def test_a_table_with_other_names_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "tweet,rude,feeling", '"You, idiot",1,Negative', "Fine day,0,positive")
    posts = read_labelled(path, {"text": "tweet", "insult": "rude", "sentiment": "feeling"}, {})
    assert [post.mention.text for post in posts] == ["You, idiot", "Fine day"]
    assert [post.toxicity["insult"] for post in posts] == [True, False]
    assert [post.sentiment for post in posts] == ["negative", "positive"]


@pytest.mark.parametrize(
    "row",
    [
        {"toxicity": {"threat": None, "insult": 1}},
        {"toxicity": {"threat": float("nan"), "insult": 1}},
        {"threat": None, "insult": 1},
        {"threat": "nan", "insult": "1.0"},
    ],
)
def test_what_nobody_has_said_is_no_label(tmp_path: Path, row: dict[str, object]) -> None:
    path = write(tmp_path / "posts.jsonl", {"text": "You, idiot", "relevant": float("nan"), **row})
    (post,) = read_labelled(path, {}, {})
    assert (post.toxicity, post.relevant) == ({"insult": True}, None)


def test_a_mapped_column_that_no_row_has_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "text,toxicity,mood", "Fine day,0,positive")
    with pytest.raises(LabelsUnusable, match=r"t\.csv has no moood: name under --map"):
        read_labelled(path, {"sentiment": "moood"}, {})
    some = write(tmp_path / "some.jsonl", {"text": "a", "rude": 1}, {"text": "b"})
    assert [post.toxicity for post in read_labelled(some, {"insult": "rude"}, {})] == [{"insult": True}, {}]


def test_rows_are_chosen_by_yes_no_and_nothing_as_one_writes_them(tmp_path: Path) -> None:
    rows = [
        {"text": "a", "relevant": True, "organisation": None},
        {"text": "b", "relevant": False, "organisation": "x"},
    ]
    path = write(tmp_path / "posts.jsonl", *rows)
    for keep in ({"relevant": "true"}, {"organisation": "null"}):
        assert [post.mention.text for post in read_labelled(path, {}, keep)] == ["a"]
    with pytest.raises(LabelsUnusable, match=r"No row of .* has splt: name under --where"):
        read_labelled(path, {}, {"splt": "test"})
    with pytest.raises(LabelsUnusable, match="holds no labelled posts with organisation=y"):
        read_labelled(path, {}, {"organisation": "y"})


def test_a_byte_order_mark_blank_lines_and_labels_in_one_cell(tmp_path: Path) -> None:
    (tmp_path / "posts.jsonl").write_text('{"text": "a", "sentiment": NaN, "relevant": 1}\n\n', encoding="utf-8-sig")
    assert [post.relevant for post in read_labelled(tmp_path / "posts.jsonl", {}, {})] == [True]
    (post,) = read_labelled(write(tmp_path / "t.csv", "text,toxicity", "You idiot,insult toxicity"), {}, {})
    assert {name for name, holds in post.toxicity.items() if holds} == {"insult", "toxicity"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["{"], "line 1 is not JSON"),
        (["[]"], "line 1 is not a JSON object"),
        ([{"text": "a", "categories": ["rudeness"]}], "record 1: 'rudeness' is none of trolling"),
        ([{"text": "a", "toxicity": "insult thrall"}], "'insult thrall' is neither yes nor no"),
        ([{"text": "a", "relevant": "perhaps"}], "'perhaps' is neither yes nor no"),
        ([{"text": "a"}], "has no labels; name their columns"),
        ([{"categories": []}], "record 1 is no post"),
        ([], "holds no labelled posts"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, rows: list[object], said: str) -> None:
    with pytest.raises(LabelsUnusable, match=said.replace("[", r"\[")):
        read_labelled(write(tmp_path / "bad.jsonl", *rows), {}, {})


def test_a_file_of_another_kind_and_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LabelsUnusable, match="neither"):
        read_labelled(write(tmp_path / "posts.xlsx", "x"), {}, {})
    with pytest.raises(LabelsUnusable, match="cannot be read"):
        read_labelled(tmp_path / "none.jsonl", {}, {})


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_label_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = write(
        tmp_path_factory.mktemp("any") / "any.jsonl", {"text": "a", "toxicity": value, "relevant": value, "tags": value}
    )
    try:
        assert len(read_labelled(path, {}, {})) == 1
    except LabelsUnusable as error:
        assert "any.jsonl" in str(error)  # noqa: PT017 - either outcome is right, a crash is not


def test_figures_on_a_case_counted_by_hand() -> None:
    truth = np.array([True] * 6 + [False] * 10)
    scores = np.array([0.9] * 4 + [0.1] * 2 + [0.8] * 2 + [0.2] * 8)
    found = {one.name: one.value for one in yes_or_no("q", "all", truth, scores)}
    assert found["recall"] == pytest.approx(4 / 6)
    assert found["precision"] == pytest.approx(4 / 6)
    assert found["left alone"] == pytest.approx(0.8)
    assert found["accuracy"] == pytest.approx(12 / 16)
    feelings = {
        one.name: one.value
        for one in one_of_three("s", "all", ["negative"] * 6 + ["positive"] * 6, ["negative"] * 9 + ["positive"] * 3)
    }
    assert feelings["macro-recall"] == pytest.approx(0.75)


def test_calibration_error_is_none_where_scores_mean_what_they_say() -> None:
    rng = np.random.default_rng(5)
    scores = rng.random(40_000)
    truth = rng.random(40_000) < scores
    assert calibration_error(truth, scores) < 0.01
    assert calibration_error(truth, scores**3) > 0.1
    assert sum(n for _, _, n in reliability(truth, scores)) == 40_000


def test_slices_come_from_tags_and_from_the_text() -> None:
    mention = Mention.from_record(
        {
            "platform": "reddit",
            "id": "1",
            "text": "He said “go home” but I will not, aye",
            "created_at": "2026-10-01T00:00:00Z",
        }
    )
    found = slices_of(Labelled(mention, tags=frozenset({"dialect=scots", "quotation"})))
    assert {
        "platform: reddit",
        "dialect: scots",
        "tag: quotation",
        "quotation marks",
        "negation",
        "dialect words: scots",
    } <= found


def test_a_judge_is_measured_and_its_mistakes_can_be_read(judge: Judge, tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "text": f"The DWP is a disgrace {n}", "sentiment": "negative", "categories": []}
        for n in range(8)
    ]
    rows += [
        {"id": f"p{n}", "text": f"The DWP is brilliant {n}", "sentiment": "neutral", "categories": []} for n in range(8)
    ]
    rows += [
        {
            "id": "t",
            "text": "I will burn down the jobcentre with the DWP in it",
            "categories": ["threat"],
            "relevant": True,
        }
    ]
    posts = read_labelled(write(tmp_path / "p.jsonl", *rows), {}, {})
    done: list[int] = []
    found = evaluate(judge, posts, done.append)
    assert sum(done) == len(posts)
    values = {(one.question, one.part, one.name): one.value for one in found.measures}
    assert values["sentiment", "all", "recall of negative"] == 1.0
    assert values["sentiment", "all", "recall of neutral"] == 0.0
    assert values["findings", "innocent posts", "any found"] == 0.0
    assert values["findings", "all", "just those"] == 1.0
    assert {one.said for one in found.mistakes if one.question == "sentiment"} == {"positive"}
    draw({"p": {"threat": [(0.1, 0.0, 9), (0.9, 1.0, 2)]}}, tmp_path / "curves.svg")
    assert "<svg" in (tmp_path / "curves.svg").read_text(encoding="utf-8")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published test sets are not beside the checkout")
def test_published_sets_are_read() -> None:
    sets = dict(development_sets(SHARED / "dev_eval"))
    assert len(sets) == 6
    assert len(sets["HatemojiCheck"]) == 3_930
    assert {post.toxicity["identity_attack"] for post in sets["HatemojiCheck"]} == {True, False}
    assert len(dict(development_sets(SHARED / "real_mentions"))["airline tweets"]) > 14_000


def test_a_folder_without_any_of_the_sets_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsUnusable, match="none of the development sets"):
        list(development_sets(tmp_path))
