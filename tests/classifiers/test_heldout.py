"""The model card's figures: of the right posts, as scikit-learn counts them, and between the page's marks only."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")

from sklearn.metrics import f1_score

from classifiers.embedded import Embedded
from classifiers.evaluation.page import END, NoPlace, between
from classifiers.training.corpus import Corpus, read_corpus
from classifiers.training.heldout import BEGIN, figures

CARD = Path(__file__).parents[2] / "docs/model-card.md"


@pytest.fixture(scope="module")
def some() -> Corpus:
    corpus = read_corpus()
    return Corpus(tuple(corpus.split("test")[::11] + corpus.split("train")[:5]), corpus.organisations)


def test_the_figures_are_those_of_the_held_out_posts(some: Corpus) -> None:
    model = Embedded()
    lines = list(figures(some, "test", model))
    assert lines[0] == f"Model `{model.name}`, {len(some.posts) - 5} posts of the test side, at 0.5."
    posts = some.split("test")
    said = model.score_in_context([some.in_context(post) for post in posts]).categories[:, 5] >= 0.5
    truth = np.array(["threat" in post.categories for post in posts])
    assert truth.sum() >= 5
    (row,) = (line.split(" | ") for line in lines if line.startswith("| threat |"))
    both = f1_score(truth, said, average="macro")
    assert row[1:4] == [str(truth.sum()), f"{f1_score(truth, said):.3f}", f"{both:.3f}"]
    (half,) = (line.split(" | ") for line in lines if line.startswith("| 0.5 |"))
    (most,) = (line.split(" | ") for line in lines if line.startswith("| 0.9 |"))
    assert float(half[1].rstrip("%")) >= float(most[1].rstrip("%"))
    assert any(line.startswith("Relevance: recall 0.9") for line in lines)
    long = sum(len(post.text.split()) > 60 for post in posts)
    assert 0 < long < len(posts) / 10
    assert any(line.startswith(f"Of {long} posts of more than 60 words") for line in lines)


def test_a_figure_of_too_few_posts_is_not_told(some: Corpus) -> None:
    few = Corpus(some.posts[:3], some.organisations)
    assert any("too few" in line for line in figures(few, "test", Embedded()))


def test_the_card_has_a_place_and_nothing_else_changes() -> None:
    page = CARD.read_text(encoding="utf-8")
    assert f"Model `{Embedded().name}`" in page, "the card has the figures of another model: write them anew"
    again = between(page, BEGIN, ["invented"])
    assert (again.partition(BEGIN)[0], again.partition(END)[2]) == (page.partition(BEGIN)[0], page.partition(END)[2])
    assert f"{BEGIN}\n\ninvented\n{END}" in again
    with pytest.raises(NoPlace, match="put the lines"):
        between("# no marks", BEGIN, [])
