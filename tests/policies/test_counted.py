"""One post is "1 post", in every sentence that counts."""

import pytest

from policies.counted import counted


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("post",), "0 posts"),
        (1, ("post",), "1 post"),
        (2000, ("new post",), "2,000 new posts"),
        (1, ("person", "people"), "1 person"),
        (2, ("person", "people"), "2 people"),
    ],
)
def test_one_is_told_as_one(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said
