"""The second reading of the corpus: whole, of posts that exist, and compared as scikit-learn does."""

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")

from pydantic import ValidationError

from classifiers.training.agreement import paired, read_second, table
from classifiers.training.corpus import FOLDER, read_corpus
from policies.policy import CATEGORY_NAMES


def test_the_test_side_is_read_twice_and_the_two_readings_agree() -> None:
    corpus, readings = read_corpus(), read_second(FOLDER / "second_reading.jsonl")
    twice = {reading.id for reading in readings}
    assert len(twice) == len(readings)
    assert {post.id for post in corpus.split("test")} <= twice
    assert {name for reading in readings for name in reading.categories} <= set(CATEGORY_NAMES)
    first, second = paired(corpus, readings)
    assert (first == second).all(axis=1).mean() > 0.95, "the guide no longer decides what the labels are"
    rows = [list(column.cells) for column in table(first, second).columns]
    assert rows[0] == [*CATEGORY_NAMES, "mean"]
    assert all(float(str(kappa)) > 0.8 for kappa in rows[4])


def test_a_reading_that_is_none_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "second_reading.jsonl"
    bad.write_text(json.dumps({"id": "a-1", "category": "threat"}) + "\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="categories"):
        read_second(bad)
    bad.write_text(json.dumps({"id": "nobody-1", "categories": []}) + "\n", encoding="utf-8")
    with pytest.raises(KeyError, match="nobody-1"):
        paired(read_corpus(), read_second(bad))
