"""Other names in a post that training shows again: consistent, of the same kind, written alike, and nothing else."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifiers.training.example import Example
from classifiers.training.renamed import renamed

POST = Example("Denise from GRIMSBY, we know where Denise parks", "corpus", context="DWP . by : denise from Hull")


def others() -> list[Example]:
    return [renamed(POST, np.random.default_rng(seed)) for seed in range(200)]


def test_a_name_becomes_one_other_name_wherever_it_stands() -> None:
    for other in others():
        again = re.fullmatch(r"(\w+) from ([A-Z]+), we know where (\w+) parks", other.text)
        beside = re.fullmatch(r"DWP \. by : (\w+) from (\w+)", other.context or "")
        assert again is not None
        assert beside is not None
        assert again[1] == again[3]
        assert beside[1] == again[1].lower()
        assert again[1][0].isupper()
        assert beside[2][0].isupper()


def test_most_are_renamed_and_not_all_alike() -> None:
    texts = [other.text for other in others()]
    assert 0.2 < texts.count(POST.text) / len(texts) < 0.4
    assert len(set(texts)) > 100


@given(st.text(), st.integers(0, 2**32))
def test_a_text_without_names_is_left_as_it_is(text: str, seed: int) -> None:
    digits = re.sub(r"[^\W\d]", "7", text)
    example = Example(digits, "corpus")
    assert renamed(example, np.random.default_rng(seed)) == example
