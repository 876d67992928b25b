"""Whether the words shown for a finding are those that the model decided by.

They are deleted, and the model asked again: comprehensiveness in the sense of DeYoung et al. 2020 (ERASER), beside the
same with as many words drawn by chance. Words of a rule are measured alike: they too are shown as the reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from classifiers.evaluation.labelled import Labelled
from classifiers.evaluation.measures import Measure
from classifiers.explain import WORD, Span, remaining
from classifiers.judge import Judge, Passage, read
from classifiers.normalise import Normalised
from classifiers.scorer import InContext
from collectors.mention import Mention
from policies.policy import CATEGORY_NAMES, CategoryName

_AT_ONCE = 512
_DRAWS = 5  # random deletions that each case is compared with
_FEWEST = 5  # cases below which a mean would be chance


@dataclass(frozen=True)
class _Case:
    """A passage in which a category was found; `shown` are the rows of `words` that a person is shown."""

    passage: Passage
    category: CategoryName
    words: tuple[Span, ...]
    shown: tuple[int, ...]

    def without(self, rows: Sequence[int]) -> InContext:
        gone = [self.words[row] for row in rows]
        left = remaining(self.passage.normalised.text, self.passage.names, gone)
        return InContext(left, self.passage.asked.context)


def faithfulness(judge: Judge, posts: Sequence[Labelled], seed: int = 5) -> Iterator[Measure]:
    """Measures of question "explanations", over all findings of a category that the model holds too, and of each.

    Raises what the judge's scorer raises.
    """
    cases, rng = list(_cases(judge, [post.mention for post in posts])), np.random.default_rng(seed)
    if not cases:
        return
    asked = [
        question
        for case in cases
        for question in (
            case.passage.asked,
            case.without(case.shown),
            *(case.without(_drawn(case, rng)) for _ in range(_DRAWS)),
        )
    ]
    scored = judge.scorer.score_in_context(asked).categories.reshape(len(cases), 2 + _DRAWS, len(CATEGORY_NAMES))
    scores = np.array([scored[i, :, CATEGORY_NAMES.index(case.category)] for i, case in enumerate(cases)], np.float64)
    held = scores[:, 0] >= 0.5
    share = np.array([len(case.shown) / len(case.words) for case in cases])
    for part in ("all", *sorted({case.category for case in cases})):
        rows = held & np.array([part in ("all", case.category) for case in cases])
        if rows.sum() >= _FEWEST:
            yield from _measures(part, scores[rows], share[rows])


def _measures(part: str, scores: NDArray[np.float64], share: NDArray[np.float64]) -> Iterator[Measure]:
    plain, without, random = scores[:, :1], scores[:, 1:2], scores[:, 2:]
    for name, values in (
        ("fall without the words shown", plain - without),
        ("fall without random words", plain - random),
        ("flips without the words shown", without < 0.5),
        ("flips without random words", random < 0.5),
        ("share of words shown", share),
    ):
        yield Measure("explanations", part, name, float(values.mean()), len(scores))


def _cases(judge: Judge, mentions: Sequence[Mention]) -> Iterator[_Case]:
    rest = iter(mentions)
    while part := list(islice(rest, _AT_ONCE)):
        for reading, judgement in zip(read(part), judge.judge(part), strict=True):
            passages = judge.passages(reading) if judgement.findings else []
            for finding in judgement.findings:
                for passage in passages:
                    words = tuple(match.span() for match in WORD.finditer(passage.normalised.text))
                    if shown := _within(passage.normalised, words, finding.spans):
                        yield _Case(passage, finding.category, words, shown)


def _within(normalised: Normalised, words: Sequence[Span], spans: Sequence[Span]) -> tuple[int, ...]:
    """The rows of the words that stand for any part of the spans, which are in the writer's characters."""
    written = [normalised.to_original(word) for word in words]
    return tuple(
        row for row, (start, end) in enumerate(written) if any(start < last and first < end for first, last in spans)
    )


def _drawn(case: _Case, rng: np.random.Generator) -> list[int]:
    drawn: list[int] = rng.choice(len(case.words), len(case.shown), replace=False).tolist()
    return drawn
