"""How far two readings of the corpus agree: `python -m classifiers.training.agreement`.

The second reading (`corpus/second_reading.jsonl`: the test side, and the posts written against the model) was made by
the guide alone, without sight of the first labels. Cohen's kappa is agreement beyond chance; F1 takes the first reading
as the truth.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table
from sklearn.metrics import cohen_kappa_score, f1_score

from classifiers.training.corpus import FOLDER, Corpus, read_corpus
from policies.policy import CATEGORY_NAMES

Marks = NDArray[np.bool_]


class Reading(BaseModel):
    """One post as the second reader saw it; `unsure`: two fair readers of the guide could differ."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    categories: tuple[str, ...]
    unsure: bool = False


def main() -> None:
    """Parse the command line and print the table."""
    parser = argparse.ArgumentParser(description="Compare the corpus's labels with a second reading of the same posts.")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--split", choices=("train", "calibration", "test"), default="test", help="which side")
    options = parser.parse_args()
    corpus = read_corpus(options.corpus)
    side = {post.id for post in corpus.split(options.split)}
    readings = [one for one in read_second(options.corpus / "second_reading.jsonl") if one.id in side]
    if not readings:
        parser.error(f"no post of the {options.split} side was read twice")
    first, second = paired(corpus, readings)
    Console().print(table(first, second))
    same, flagged = (first == second).all(axis=1).mean(), second[~first.any(axis=1)].any(axis=1).mean()
    kappa = cohen_kappa_score(first.any(axis=1), second.any(axis=1))
    unsure = sum(reading.unsure for reading in readings)
    print(f"{len(readings):,} posts; the same categories in {same:.1%}; any category at all: kappa {kappa:.3f}.")
    print(f"Innocent at first and not at second: {flagged:.2%}. The second reader was unsure of {unsure}.")


def read_second(path: Path) -> list[Reading]:
    """The second reading. Raises ValueError (pydantic's) at a line that is none."""
    return [Reading.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def paired(corpus: Corpus, readings: list[Reading]) -> tuple[Marks, Marks]:
    """First and second labels of the posts read twice, each (posts, categories). Raises KeyError at an unknown id."""
    posts = {post.id: post for post in corpus.posts}
    first = [[name in posts[reading.id].categories for name in CATEGORY_NAMES] for reading in readings]
    second = [[name in reading.categories for name in CATEGORY_NAMES] for reading in readings]
    return np.array(first, bool), np.array(second, bool)


def table(first: Marks, second: Marks) -> Table:
    """By category: how many each reading found, F1 of the second against the first, kappa; the means last."""
    shown = Table("category", "first", "second", "F1", "kappa", title="Two readings")
    f1 = [f1_score(a, b) for a, b in zip(first.T, second.T, strict=True)]
    kappa = [cohen_kappa_score(a, b) for a, b in zip(first.T, second.T, strict=True)]
    for name, a, b, how_near, beyond_chance in zip(CATEGORY_NAMES, first.T, second.T, f1, kappa, strict=True):
        shown.add_row(name, str(a.sum()), str(b.sum()), f"{how_near:.3f}", f"{beyond_chance:.3f}")
    shown.add_row("mean", "", "", f"{np.mean(f1):.3f}", f"{np.mean(kappa):.3f}", style="bold")
    return shown


if __name__ == "__main__":
    main()
