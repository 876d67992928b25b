"""Sentiment towards the organisation, which is not the sentiment of the text.

"Love my new job, no thanks to DWP" is a happy text and no praise. Where a text names the organisation, the model is
asked for the feeling towards it, and a few turns of phrase beside the name settle the matter without it; where a text
does not name it, the text's own feeling is all that there is.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import SENTIMENT_LABELS, Sentiment

Spans = Sequence[tuple[int, int]]
Feeling = NDArray[np.float32]  # (3,), probabilities of negative, neutral, positive

_NEAR = 60  # characters beside a name in which a turn of phrase is looked for
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


def sentiment(towards: Sequence[Feeling], own: Feeling) -> Sentiment:
    """From the feeling towards the organisation, one a passage that names it, and that of the whole text."""
    negative, neutral, positive = (float(one) for one in (np.mean(towards, axis=0) if towards else own))
    label = SENTIMENT_LABELS[int(np.argmax((negative, neutral, positive)))]
    return Sentiment(label, round(max(-1.0, min(1.0, positive - negative)), 4))


def settled(feeling: Feeling, text: str, names: Spans) -> Feeling:
    """The feeling towards the organisation, named at `names` in a normalised text, where grammar leaves no doubt."""
    near = [(text[max(0, start - _NEAR) : start], text[end : end + _NEAR]) for start, end in names]
    negative, neutral, positive = feeling
    if any(_about_to_name(_WORSE, before) or _thanks_for_nothing(after) for before, after in near):
        worse = np.array((max(negative, 0.8), min(neutral, 0.15), min(positive, 0.05)), np.float32)
        feeling = worse / worse.sum()
    elif negative < 0.5 and any(_about_to_name(_BETTER, before) for before, _ in near):
        better = np.array((min(negative, 0.1), min(neutral, 0.25), max(positive, 0.65)), np.float32)
        feeling = better / better.sum()
    return feeling


def _about_to_name(pattern: re.Pattern[str], before: str) -> bool:
    """Whether the phrase stands right before the name, with "the", "you" and the like between at most."""
    ends = [match.end() for match in pattern.finditer(before)]
    return bool(ends) and _BETWEEN.fullmatch(before[ends[-1] :]) is not None


def _thanks_for_nothing(after: str) -> bool:
    return re.match(r"\W{0,3}(?:thanks|thank you|cheers) for nothing|\W{0,3}for nothing\b", after, re.I) is not None
