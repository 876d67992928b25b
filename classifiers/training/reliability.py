"""The model card's reliability curves: `python -m classifiers.training.reliability --out docs/images/reliability.png`.

Every yes-or-no answer of the model, over the corpus's held-out families.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import TOXICITY_LABELS
from classifiers.embedded import Embedded
from classifiers.evaluation.curves import Curve, draw
from classifiers.evaluation.measures import reliability
from classifiers.training.corpus import FOLDER, Post, read_corpus
from policies.policy import CATEGORY_NAMES

_FEWEST = 20  # posts that hold, below which a curve is chance


def main() -> None:
    """Parse the command line and draw."""
    parser = argparse.ArgumentParser(description="Draw how far the model's probabilities can be believed.")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--weights", type=Path, help="other weights than those that ship")
    parser.add_argument("--out", type=Path, required=True, help="an .svg or .png file")
    options = parser.parse_args()
    corpus = read_corpus(options.corpus)
    posts = corpus.split("test")
    model = Embedded(options.weights)
    alone = model.score([post.text for post in posts])
    read = model.score_in_context([corpus.in_context(post) for post in posts])
    curves = {
        **_curves(posts, "toxicity", TOXICITY_LABELS, alone.toxicity),
        **_curves(posts, "categories", CATEGORY_NAMES, read.categories),
    }
    draw({"held-out families": curves}, options.out)


def _curves(posts: list[Post], field: str, names: tuple[str, ...], scores: NDArray[np.float32]) -> dict[str, Curve]:
    truth = {name: np.array([name in getattr(post, field) for post in posts]) for name in names}
    return {
        name: reliability(truth[name], scores[:, column].astype(np.float64))
        for column, name in enumerate(names)
        if truth[name].sum() >= _FEWEST
    }


if __name__ == "__main__":
    main()
