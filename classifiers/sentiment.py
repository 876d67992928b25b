"""Sentiment towards the organisation, which is not the sentiment of the text.

"Love my new job, no thanks to DWP" is a happy text and no praise. Where the organisation is named in some parts of a
text and not in others, the parts about it are scored; a few turns of phrase settle the matter without a model.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import SENTIMENT_LABELS, Sentiment

Spans = Sequence[tuple[int, int]]

_BREAK = re.compile(
    r"(?<=[.!?…])\s+|\s*[;\n]\s*|,?\s+(?=(?:but|however|although|though|whereas|unlike|yet|while|except|"
    r"no thanks)\b)",
    re.I,
)
_CARRIES_ON = re.compile(r"^(?:and |so |also |still )?(?:they|their|them|it|its|it's|you|your|he|she|staff)\b", re.I)
_ADDRESS = re.compile(r"^(?:RT )?(?:@\w+[:,]?\s*)+$")

_WORSE = re.compile(
    r"\b(?:no|little) thanks? to\b|\b(?:thanks?|thank you|cheers)\b[^.!?]{0,40}\bfor (?:nothing|ruining|"
    r"wasting|losing|"
    r"cancell?ing|making me (?:wait|cry|miss)|the (?:stress|wait|delay|runaround|mess))|\bshame on\b|\bin spite of\b|"
    r"\bdespite\b|\bbecause of\b[^.!?]{0,20}$|\bunlike\b|\bbetter than\b|\bwithout (?:any )?help from\b|"
    r"\b(?:fuck|screw|boycott|scrap|abolish)\b",
    re.I,
)
_BETWEEN = re.compile(r"\W*(?:(?:the|those|that|all|everyone at|you|my|at)\W+){0,3}", re.I)
_BETTER = re.compile(
    r"\b(?:thanks? to|thank you to|thank you|big up|well done|credit to|shout ?out to|hats off to)\b", re.I
)


def focus(text: str, names: Spans) -> str | None:
    """The parts of a normalised text that are about the organisation, or None where that is all of it or none.

    `names` are the spans at which the organisation is named, in order.
    """
    if not names or _ADDRESS.match(text[: names[0][1]]):
        return None
    parts = _parts(text)
    if len(parts) < 2:
        return None
    starts = [first for first, _ in names]
    kept: list[str] = []
    follows = False
    for start, end in parts:
        part = text[start:end]
        place = bisect_left(starts, start)
        named = place < len(starts) and starts[place] < end
        follows = named or (follows and bool(_CARRIES_ON.match(part)))
        if follows:
            kept.append(part)
    return "".join(kept).strip() if kept and len(kept) < len(parts) else None


def towards(probabilities: NDArray[np.float32], text: str, names: Spans) -> Sentiment:
    """Sentiment from (negative, neutral, positive) of the text or its focus; `names` are spans in `text`."""
    negative, neutral, positive = (float(value) for value in probabilities)
    near = [(text[max(0, start - 60) : start], text[end : end + 60]) for start, end in names]
    if any(_about_to_name(_WORSE, before) or _thanks_for_nothing(after) for before, after in near):
        negative, neutral, positive = max(negative, 0.8), min(neutral, 0.15), min(positive, 0.05)
    elif negative < 0.5 and any(_about_to_name(_BETTER, before) for before, _ in near):
        negative, neutral, positive = min(negative, 0.1), min(neutral, 0.25), max(positive, 0.65)
    label = SENTIMENT_LABELS[int(np.argmax((negative, neutral, positive)))]
    return Sentiment(label, round(max(-1.0, min(1.0, positive - negative)), 4))


def _parts(text: str) -> list[tuple[int, int]]:
    edges = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(edges) if text[start:end].strip()]


def _about_to_name(pattern: re.Pattern[str], before: str) -> bool:
    """Whether the phrase stands right before the name, with "the", "you" and the like between at most."""
    ends = [match.end() for match in pattern.finditer(before)]
    return bool(ends) and _BETWEEN.fullmatch(before[ends[-1] :]) is not None


def _thanks_for_nothing(after: str) -> bool:
    return re.match(r"\W{0,3}(?:thanks|thank you|cheers) for nothing|\W{0,3}for nothing\b", after, re.I) is not None
