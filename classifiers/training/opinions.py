"""What a larger network, the teacher, thinks of our posts: half of what the small one is taught of their categories.

A label says yes or no. An opinion also says how nearly, and so what a post has in common with others: networks that
learn from both do better than from labels alone (Hinton, Vinyals, Dean, *Distilling the knowledge in a neural
network*, 2015). So it is for the feeling towards the organisation. What nobody labelled is taught by opinion alone: a
text beside a sibling's context, and a post with other words in it (`reworded`). The toxicity of texts alone is taught
by label: the teacher reads them in context.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import SENTIMENT_LABELS
from classifiers.training.example import Example, Feeling
from policies.policy import CATEGORY_NAMES

_SHARE = 0.5  # of what is taught; the rest is the label's
_STEPS = 255  # an opinion is kept in eight bits
_FIX = "name another with --opinions, or make it with `python -m classifiers.training.teacher`"
_FEELINGS = len(SENTIMENT_LABELS)
_ASKED = _FEELINGS + len(CATEGORY_NAMES)

REWORDED = "~"  # behind the id of a post whose text is read with other words in it

Read = tuple[str, str]  # the ids of the post whose text is read, and of the one whose context stands beside it


class OpinionsUnusable(Exception):
    """The file of opinions is missing, damaged or of other questions; the message names it and the fix."""


@dataclass(frozen=True)
class Opinion:
    """Probabilities 0…1 of a text in its context: of its feeling towards the organisation, of the categories."""

    towards: tuple[float, ...]
    categories: tuple[float, ...]


def write_opinions(path: Path, opinions: Mapping[Read, Opinion]) -> None:
    """One row an opinion, in numpy's compressed format."""
    rows = np.array([[*one.towards, *one.categories] for one in opinions.values()], np.float32)
    texts, contexts = zip(*opinions, strict=True)
    np.savez_compressed(
        path, texts=np.array(texts), contexts=np.array(contexts), said=np.rint(rows * _STEPS).astype(np.uint8)
    )


def read_opinions(path: Path) -> dict[Read, Opinion]:
    """Raises OpinionsUnusable."""
    try:
        with np.load(path) as kept:
            said: NDArray[np.float32] = kept["said"].astype(np.float32) / _STEPS
            reads = [(str(text), str(context)) for text, context in zip(kept["texts"], kept["contexts"], strict=True)]
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise OpinionsUnusable(f"{path} cannot be read ({error}): {_FIX}") from error
    if said.ndim != 2 or said.shape[1] != _ASKED:
        raise OpinionsUnusable(f"{path} does not answer the {_ASKED} questions of this version: {_FIX}")
    return {
        read: Opinion(tuple(map(float, row[:_FEELINGS])), tuple(map(float, row[_FEELINGS:])))
        for read, row in zip(reads, said, strict=True)
    }


def taught(beside: Example, opinion: Opinion | None) -> Example:
    """A post in context as it is labelled, each label that the teacher gives too moved half way to its opinion."""
    if opinion is None:
        return beside
    towards = None if beside.towards is None else _feeling(map(_between, beside.towards, opinion.towards))
    thought = zip(CATEGORY_NAMES, opinion.categories, strict=True)
    categories = {name: _between(beside.categories[name], chance) for name, chance in thought}
    return replace(beside, towards=towards, categories=categories)


def unlabelled(
    texts: Mapping[str, str], beside: Mapping[str, Example], opinions: Mapping[Read, Opinion]
) -> Iterator[Example]:
    """What nobody labelled, with what is thought of it: `texts` in the contexts of examples `beside`, both by id."""
    for (text, context), opinion in opinions.items():
        if text != context and text in texts and context in beside:
            categories = dict(zip(CATEGORY_NAMES, opinion.categories, strict=True))
            yield Example(texts[text], "corpus", context=beside[context].context, categories=categories)


def siblings(families: Iterable[tuple[object, str]], beside: Mapping[str, Example]) -> Iterator[Read]:
    """Every text with each other context of its family; `families` are pairs of a family and a post's id."""
    members: dict[object, list[str]] = {}
    for family, post in families:
        members.setdefault(family, []).append(post)
    for posts in members.values():
        first = {beside[post].context: post for post in reversed(posts)}
        yield from (
            (post, other) for post in posts for context, other in first.items() if context != beside[post].context
        )


def _between(label: float, thought: float) -> float:
    return (1 - _SHARE) * label + _SHARE * thought


def _feeling(parts: Iterable[float]) -> Feeling:
    negative, neutral, positive = parts
    return negative, neutral, positive
