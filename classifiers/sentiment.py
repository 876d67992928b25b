"""Sentiment towards the organisation, which is not the sentiment of the text.

"Love my new job, no thanks to DWP" is a happy text and no praise. Where a text names the organisation, the model is
asked for the feeling towards it; where it does not, the text's own feeling is all that there is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import SENTIMENT_LABELS, Sentiment


def sentiment(towards: Sequence[NDArray[np.float32]], own: NDArray[np.float32]) -> Sentiment:
    """From probabilities of negative, neutral, positive: towards the organisation a passage, and of the whole text."""
    negative, neutral, positive = (float(one) for one in (np.mean(towards, axis=0) if towards else own))
    label = SENTIMENT_LABELS[int(np.argmax((negative, neutral, positive)))]
    return Sentiment(label, round(max(-1.0, min(1.0, positive - negative)), 4))
