"""A course of posts read as one text: each may be mild, and what they come to is plain to who reads them in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.normalise import Normalised, normalise
from classifiers.scorebook import scorebook
from classifiers.scorer import InContext, Scorer
from policies.policy import CATEGORY_NAMES

_NEWEST = 6  # posts that are read together: more would be a second window, of which the model knows no first
_LONGEST = 500  # characters of each: the row is read with every stretch of a long post, and time stays in proportion
_PURSUIT = 0.7  # from which probability the model is believed: a customer let down by one person reads nearly like it
_GLAD = 0.1  # from which feeling posts in a row are no pursuer's: the model takes "saw you at parkrun" for watching


_WATCHED = [CATEGORY_NAMES.index("cyberstalking"), CATEGORY_NAMES.index("doxxing")]


@dataclass(frozen=True)
class InARow:
    """How a model reads posts in a row: how likely somebody is watched or looked into; their feeling, -1 to 1."""

    watched: float
    feeling: float

    @property
    def is_pursuit(self) -> bool:
        """Whether somebody is watched, followed or looked into, and not fondly."""
        return self.watched >= _PURSUIT and self.feeling < _GLAD


def read_in_a_row(scorer: Scorer, ask: Callable[[Normalised], InContext], texts: Sequence[str]) -> InARow:
    """How a model reads posts as one; `ask` puts a text into the place of the one that is judged."""
    whole = in_a_row(texts)
    asked = ask(whole)
    scores = scorebook(scorer, [whole.text], [asked])
    negative, _, positive = scores.alone[whole.text].sentiment
    return InARow(float(max(scores.in_context[asked].categories[_WATCHED])), float(positive - negative))


def in_a_row(texts: Sequence[str]) -> Normalised:
    """The newest of some posts, oldest first, as one text of whole sentences.

    Handles are left out: the person's own, over and over, would be most of what the model reads.
    """
    said = [" ".join(normalise(text[:_LONGEST]).text.replace("@user", " ").split()) for text in texts[-_NEWEST:]]
    return normalise(" ".join(one if one[-1] in ".!?" else f"{one}." for one in said if one))
