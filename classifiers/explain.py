"""Which words decided: the fewest words found without which the model would have decided otherwise.

Deletion is a method that a reviewer can repeat by hand, and its answer is checked against the model itself: words are
ranked by how far the score falls without each, then taken away together, most telling first, until the score is below
the threshold (a counterfactual in the sense of Wachter et al. 2017; ranked by occlusion, Li et al. 2016).
"""

import re
from collections.abc import Sequence

import numpy as np

from classifiers.context import marked
from classifiers.scorer import InContext, Scorer
from policies.policy import CATEGORY_NAMES, CategoryName

Span = tuple[int, int]

_UNITS = 40  # a longer text is taken apart by stretches of words
_MOST = 8  # units that a finding shows
WORD = re.compile(r"\S+")


def deciding_words(
    scorer: Scorer, text: str, names: Sequence[Span], context: str, category: CategoryName, threshold: float = 0.5
) -> tuple[Span, ...]:
    """Spans of a normalised text that decided its category, in order; neighbours are one span."""
    column = CATEGORY_NAMES.index(category)
    if not (units := _units(text)):
        return ()

    def without(gone: Sequence[int]) -> InContext:
        return InContext(remaining(text, names, [units[i] for i in gone]), context)

    alone = scorer.score_in_context([without([i]) for i in range(len(units))]).categories[:, column]
    order = np.argsort(alone, kind="stable")[:_MOST].tolist()
    together = scorer.score_in_context([without(order[: n + 1]) for n in range(len(order))]).categories[:, column]
    enough = next((n for n, score in enumerate(together) if score < threshold), int(np.argmin(together)))
    return _merged(sorted(units[i] for i in order[: enough + 1]))


def _units(text: str) -> list[Span]:
    words = [match.span() for match in WORD.finditer(text)]
    size = max(1, -(-len(words) // _UNITS))
    return [(words[i][0], words[min(i + size, len(words)) - 1][1]) for i in range(0, len(words), size)]


def remaining(text: str, names: Sequence[Span], gone: Sequence[Span]) -> str:
    """The marked text without some stretches, as `InContext.text`; a name that loses a part loses its mark."""
    parts, done = [], 0
    for start, end in [*sorted(gone), (len(text), len(text))]:
        kept = [(a - done, b - done) for a, b in names if done <= a and b <= start]
        parts.append(marked(text[done:start], kept).strip())
        done = end
    return " ".join(part for part in parts if part)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start - merged[-1][1] <= 1:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)
