"""The model card's figures on held-out families: `python -m classifiers.training.heldout --page docs/model-card.md`.

The heads alone, at 0.5 and without rules, over the posts of a side of the corpus that no training saw. Printed as
Markdown; with `--page` they are put between two marks of that page, and nothing else of it is touched.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.embedded import Embedded
from classifiers.evaluation.measures import Flags, Floats, one_of_three, yes_or_no
from classifiers.evaluation.page import NoPlace, between
from classifiers.scorer import ContextScores, Scores
from classifiers.training.corpus import FOLDER, Corpus, Post, Split, read_corpus
from policies.policy import CATEGORY_NAMES

BEGIN = "<!-- figures: written by `python -m classifiers.training.heldout --page` -->"

_FIGURES = ("F1", "macro-F1", "precision", "recall", "average precision", "ROC AUC", "calibration error")
_THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
_LONG = 60  # words; in a long text something always looks alarming
_FEWEST = 20  # posts with a toxicity label, below which its F1 is chance


def main() -> None:
    """Parse the command line, score, and print or write the figures."""
    parser = argparse.ArgumentParser(description="Measure the model's heads on posts of our own that no training saw.")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--weights", type=Path, help="other weights than those that ship")
    parser.add_argument("--split", choices=("test", "calibration"), default="test", help="which side")
    parser.add_argument("--page", type=Path, help="a page with a place for the figures, to be written anew")
    options = parser.parse_args()
    lines = list(figures(read_corpus(options.corpus), options.split, Embedded(options.weights)))
    print("\n".join(lines))
    if options.page:
        try:
            page = between(options.page.read_text(encoding="utf-8"), BEGIN, lines)
        except (OSError, NoPlace) as error:
            parser.error(f"{options.page}: {error}")
        options.page.write_text(page, encoding="utf-8")


def figures(corpus: Corpus, side: Split, model: Embedded) -> Iterator[str]:
    """The figures of one side of the split as lines of Markdown."""
    posts = corpus.split(side)
    read = model.score_in_context([corpus.in_context(post) for post in posts])
    yield f"Model `{model.name}`, {len(posts):,} posts of the {side} side, at 0.5."
    yield ""
    yield from _of_categories(posts, read)
    yield from _false_alarms(posts, read)
    yield from _of_long_ones(posts, read)
    yield from _others(posts, read, model.score([post.text for post in posts]))


def _of_categories(posts: Sequence[Post], read: ContextScores) -> Iterator[str]:
    yield f"| category | positives | {' | '.join(_FIGURES)} |"
    yield "| --- |" + " ---: |" * (len(_FIGURES) + 1)
    every = []
    for name, scores in zip(CATEGORY_NAMES, read.categories.T, strict=True):
        truth = np.array([name in post.categories for post in posts])
        said = _measured(truth, scores.astype(np.float64))
        every.append(said)
        yield f"| {name} | {truth.sum()} | {' | '.join(_told(said.get(one)) for one in _FIGURES)} |"
    means = [np.mean([said[one] for said in every]) if all(one in said for said in every) else None for one in _FIGURES]
    yield f"| **mean** | | {' | '.join(f'**{_told(mean)}**' for mean in means)} |"
    yield ""


def _false_alarms(posts: Sequence[Post], read: ContextScores) -> Iterator[str]:
    """Of posts of no category, how many get one, by where the line is drawn; and what that leaves of the others."""
    truth = _truth(posts)
    innocent = ~truth.any(axis=1)
    critical = innocent & np.array(["criticism" in post.tags for post in posts])
    yield f"| threshold | of {innocent.sum():,} innocent posts flagged | of {critical.sum():,} critical ones | recall |"
    yield "| ---: | ---: | ---: | ---: |"
    for threshold in _THRESHOLDS:
        said = read.categories >= threshold
        flagged, criticised = (said[rows].any(axis=1).mean() for rows in (innocent, critical))
        yield f"| {threshold} | {flagged:.1%} | {criticised:.1%} | {said[truth].mean():.3f} |"
    yield ""


def _of_long_ones(posts: Sequence[Post], read: ContextScores) -> Iterator[str]:
    rows = np.array([len(post.text.split()) > _LONG for post in posts])
    truth, said = _truth(posts)[rows], read.categories[rows] >= _THRESHOLDS[0]
    innocent = ~truth.any(axis=1)
    if truth.any() and innocent.any():
        flagged = f"{said[innocent].any(axis=1).mean():.1%} of {innocent.sum()} innocent ones flagged"
        yield f"Of {rows.sum()} posts of more than {_LONG} words at 0.5: {flagged}, recall {said[truth].mean():.3f}."
        yield ""


def _truth(posts: Sequence[Post]) -> Flags:
    return np.array([[name in post.categories for name in CATEGORY_NAMES] for post in posts], bool)


def _others(posts: Sequence[Post], read: ContextScores, alone: Scores) -> Iterator[str]:
    relevant = np.array([post.relevant for post in posts])
    yield "Relevance: " + _sentence(_measured(relevant, read.relevant.astype(np.float64)), "recall", "left alone") + "."
    felt = [SENTIMENT_LABELS[column] for column in read.towards.argmax(axis=1)]
    pairs = [(post.sentiment, said) for post, said in zip(posts, felt, strict=True) if post.relevant]
    towards = {one.name: one.value for one in one_of_three("", "", [a for a, _ in pairs], [b for _, b in pairs])}
    yield "Feeling towards the organisation: " + _sentence(towards, "macro-recall") + "."
    told = []
    for name, scores in zip(TOXICITY_LABELS, alone.toxicity.T, strict=True):
        truth = np.array([name in post.toxicity for post in posts])
        if truth.sum() >= _FEWEST:
            told.append(f"{name} {_told(_measured(truth, scores.astype(np.float64)).get('F1'))}")
    yield f"F1 of the toxicity labels of the text alone: {', '.join(told)}."
    yield ""


def _measured(truth: Flags, scores: Floats) -> dict[str, float]:
    return {one.name: one.value for one in yes_or_no("", "", truth, scores)}


def _sentence(said: dict[str, float], *names: str) -> str:
    return ", ".join(f"{name} {_told(said.get(name))}" for name in names)


def _told(value: float | None) -> str:
    return "too few" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
