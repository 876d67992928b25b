"""Several posts about one organisation as one long post, which has the categories that any of them has.

Long posts are few among ours, and the network must learn from somewhere that one sentence in twenty can matter, and
that twenty which do not matter are not alarming together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from classifiers.training.corpus import Post
from classifiers.training.example import Example
from policies.policy import CATEGORY_NAMES

_PARTS, _LONGEST = 3, 1100  # innocent posts in one at most, and characters
_SHORT = 500  # characters of a post that is joined to others
_BETWEEN = (" ", "\n", "\n\n")
_HOLDS = 0.5  # of the long posts have one among them that has a category


def joined(
    posts: Sequence[Post], beside: Mapping[str, Example], number: int, rng: np.random.Generator
) -> list[Example]:
    """So many long posts; `beside` has the examples in context by id.

    Only posts with the same context are joined: who writes, or what is answered, can make them what they are. There are
    none where no context has posts of both kinds.
    """
    kinds = _by_context(posts, beside)
    names = [name for name, (innocent, holding) in kinds.items() if len(innocent) > 1 and holding]
    if not names:
        return []
    sizes = np.array([sum(map(len, kinds[name])) for name in names], float)
    chosen = rng.choice(len(names), size=number, p=sizes / sizes.sum())
    return [_one([beside[post] for post in _parts(*kinds[names[i]], rng)], rng) for i in chosen]


def _by_context(posts: Sequence[Post], beside: Mapping[str, Example]) -> dict[str | None, tuple[list[str], list[str]]]:
    kinds: dict[str | None, tuple[list[str], list[str]]] = {}
    for post in posts:
        if post.relevant and len(post.text) <= _SHORT:
            kinds.setdefault(beside[post.id].context, ([], []))[bool(post.categories)].append(post.id)
    return kinds


def _parts(innocent: Sequence[str], holding: Sequence[str], rng: np.random.Generator) -> list[str]:
    parts = [innocent[i] for i in rng.integers(len(innocent), size=rng.integers(1, _PARTS + 1))]
    if rng.random() < _HOLDS:
        parts.insert(int(rng.integers(len(parts) + 1)), holding[rng.integers(len(holding))])
    elif len(parts) == 1:
        parts.append(innocent[rng.integers(len(innocent))])
    return parts


def _one(parts: list[Example], rng: np.random.Generator) -> Example:
    while sum(len(part.text) for part in parts) > _LONGEST:
        parts.pop()
    text = _BETWEEN[rng.integers(len(_BETWEEN))].join(part.text for part in parts)
    categories = {name: max(part.categories[name] for part in parts) for name in CATEGORY_NAMES}
    return replace(parts[0], text=text, towards=None, categories=categories)
