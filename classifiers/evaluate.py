"""How good a model, and the policy judged with it, are on labelled posts: figures, slices, and errors to read.

`tocsin evaluate` prints what this makes. Toxicity and sentiment are asked of the scorer as `tocsin classify` asks it;
categories, relevance and sentiment towards the organisation of the judge, rules and all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from classifiers.assessment import TOXICITY_LABELS, ToxicityLabel
from classifiers.evaluation.labelled import Labelled
from classifiers.evaluation.measures import Measure, by_slice, one_of_three, reliability, yes_or_no
from classifiers.evaluation.slices import slices_of
from classifiers.finding import Judgement
from classifiers.judge import Judge
from policies.policy import CATEGORY_NAMES

_AT_ONCE = 512

Told = Callable[[int], None]  # how many more posts are done


@dataclass(frozen=True)
class Mistake:
    """A post that was read wrongly: on which question, what is true and what was said."""

    question: str
    truth: str
    said: str
    sureness: float  # 0…1, how far the answer was from being right
    mention_id: str
    text: str


@dataclass(frozen=True)
class Evaluation:
    """`curves`: question to (mean score, share true, n) a bin. `mistakes`: worst first within a question."""

    measures: list[Measure]
    mistakes: list[Mistake]
    curves: dict[str, list[tuple[float, float, int]]]


def evaluate(judge: Judge, posts: Sequence[Labelled], told: Told = lambda n: None) -> Evaluation:
    """Judge every post and compare. Raises what the judge's scorer raises."""
    judged = list(_judged(judge, posts, told))
    slices = [slices_of(post) for post in posts]
    measures: list[Measure] = []
    mistakes: list[Mistake] = []
    curves = {}
    for question, rows, truth, scores in _questions(posts, judged):
        measures += by_slice([slices[i] for i in rows], _figures(question, truth, scores))
        mistakes += _mistakes(question, rows, truth, scores, posts)
        if len(np.unique(scores)) > 2:
            curves[question] = reliability(truth, scores)
    measures += _sentiment_measures(posts, judged, slices)
    mistakes += _sentiment_mistakes(posts, judged)
    measures += _whole(posts, judged)
    return Evaluation(measures, sorted(mistakes, key=lambda one: (one.question, -one.sureness)), curves)


def _judged(judge: Judge, posts: Sequence[Labelled], told: Told) -> Iterator[Judgement]:
    rest = iter(posts)
    while part := list(islice(rest, _AT_ONCE)):
        yield from judge.judge([post.mention for post in part])
        told(len(part))


Question = tuple[str, NDArray[np.intp], NDArray[np.bool_], NDArray[np.float64]]


def _questions(posts: Sequence[Labelled], judged: Sequence[Judgement]) -> Iterator[Question]:
    """Every question of yes or no that some post answers: name, rows, truth, scores."""
    for label in TOXICITY_LABELS:
        rows = [i for i, post in enumerate(posts) if label in post.toxicity]
        if rows:
            yield _question(label, rows, [posts[i].toxicity[label] for i in rows], _toxicity(judged, rows, label))
    rows = [i for i, post in enumerate(posts) if post.relevant is not None]
    if rows:
        yield _question(
            "relevant", rows, [bool(posts[i].relevant) for i in rows], [judged[i].assessment.relevant for i in rows]
        )
    rows = [i for i, post in enumerate(posts) if _is_to_be_judged(post)]
    for category in CATEGORY_NAMES:
        truth = [category in (posts[i].categories or ()) for i in rows]
        found = [any(finding.category == category for finding in judged[i].findings) for i in rows]
        if any(truth) or any(found):
            yield _question(f"finding: {category}", rows, truth, found)


def _question(name: str, rows: Sequence[int], truth: Sequence[bool], scores: Sequence[float]) -> Question:
    return name, np.array(rows, np.intp), np.array(truth, np.bool_), np.array(scores, np.float64)


def _toxicity(judged: Sequence[Judgement], rows: Sequence[int], label: ToxicityLabel) -> list[float]:
    return [judged[i].assessment.toxicity[label] for i in rows]


def _figures(
    question: str, truth: NDArray[np.bool_], scores: NDArray[np.float64]
) -> Callable[[str, NDArray[np.intp]], Iterator[Measure]]:
    return lambda part, rows: yes_or_no(question, part, truth[rows], scores[rows])


def _mistakes(
    question: str,
    rows: NDArray[np.intp],
    truth: NDArray[np.bool_],
    scores: NDArray[np.float64],
    posts: Sequence[Labelled],
) -> Iterator[Mistake]:
    for row, holds, score in zip(rows, truth, scores, strict=True):
        if holds != (score >= 0.5):
            mention = posts[row].mention
            said = ("yes" if score >= 0.5 else "no") + (f" ({score:.2f})" if 0 < score < 1 else "")
            yield Mistake(
                question, "yes" if holds else "no", said, abs(score - holds), mention.mention_id, mention.text
            )


def _felt(posts: Sequence[Labelled]) -> list[int]:
    return [i for i, post in enumerate(posts) if post.sentiment is not None]


def _sentiment_measures(
    posts: Sequence[Labelled], judged: Sequence[Judgement], slices: Sequence[set[str]]
) -> Iterator[Measure]:
    rows = _felt(posts)
    if not rows:
        return
    truth = [str(posts[i].sentiment) for i in rows]
    said = [judged[i].assessment.sentiment.label for i in rows]

    def figures(part: str, some: NDArray[np.intp]) -> Iterator[Measure]:
        return one_of_three("sentiment", part, [truth[i] for i in some], [said[i] for i in some])

    yield from by_slice([slices[i] for i in rows], figures)


def _sentiment_mistakes(posts: Sequence[Labelled], judged: Sequence[Judgement]) -> Iterator[Mistake]:
    for i in _felt(posts):
        said, mention = judged[i].assessment.sentiment, posts[i].mention
        if said.label != posts[i].sentiment:
            yield Mistake(
                "sentiment", str(posts[i].sentiment), said.label, abs(said.score), mention.mention_id, mention.text
            )


def _whole(posts: Sequence[Labelled], judged: Sequence[Judgement]) -> Iterator[Measure]:
    """Of the posts about the organisation: how many have just the findings that they should, and who is accused."""
    rows = [
        (post, set(post.categories or ()), {finding.category for finding in judgement.findings})
        for post, judgement in zip(posts, judged, strict=True)
        if _is_to_be_judged(post)
    ]
    innocent = [(post, found) for post, truth, found in rows if not truth]
    shares = (
        ("all", "just those", [truth == found for _, truth, found in rows]),
        ("posts with a category", "a right one found", [bool(truth & found) for _, truth, found in rows if truth]),
        ("innocent posts", "any found", [bool(found) for _, found in innocent]),
        ("criticism of the organisation", "any found", [bool(found) for post, found in innocent if _criticises(post)]),
    )
    for part, name, held in shares:
        if held:
            yield Measure("findings", part, name, float(np.mean(held)), len(held))
    present = [category for category in CATEGORY_NAMES if any(category in truth for _, truth, _ in rows)]
    if present:
        each = [
            f1_score([one in truth for _, truth, _ in rows], [one in found for *_, found in rows]) for one in present
        ]
        yield Measure("findings", "all", "macro-F1 over categories", float(np.mean(each)), len(rows))


def _is_to_be_judged(post: Labelled) -> bool:
    """Whether it is known what should be found: a post that is wrongly taken for somebody else's counts as missed."""
    return post.categories is not None and post.relevant is not False


def _criticises(post: Labelled) -> bool:
    return "criticism" in post.tags
