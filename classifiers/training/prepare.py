"""From labelled sets to what is shown to the model: normalised, without repeats or leaks, balanced, split, pruned."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from classifiers.assessment import ToxicityLabel
from classifiers.normalise import fingerprint, normalise
from classifiers.training.example import Example, Labels
from classifiers.training.manifest import SETS, TrainingSet
from classifiers.training.noise import noisy

_LONGEST = 320  # characters; of a longer text only the start is seen, and what earned its label may be beyond it
_RARE: tuple[ToxicityLabel, ...] = ("threat", "severe_toxicity", "sexual_explicit")
_RARE_REPEAT = 2
_HOSTILE: tuple[ToxicityLabel, ...] = ("threat", "insult", "identity_attack")


@dataclass(frozen=True)
class Prepared:
    """`train` with repeats, shuffled; `heldout` (one text in twenty) without. `counts` says what became of each set."""

    train: list[Example]
    heldout: list[Example]
    counts: dict[str, dict[str, int]]
    sha256: str


def prepare(
    data: Path,
    excluded: Collection[str],
    seed: int,
    sets: Iterable[TrainingSet] = SETS,
    copied: Callable[[str], bool] = lambda text: False,
) -> Prepared:
    """Read every set under `data`, leaving out texts whose fingerprint is `excluded`. Raises DataChanged.

    `copied`: whether a text is one that is only measured on, or a near copy of one; left out too.
    """
    rng = np.random.default_rng(seed)
    seen = set(excluded)
    train: list[Example] = []
    heldout: list[Example] = []
    counts: dict[str, dict[str, int]] = {}
    digest = hashlib.sha256()
    for one in sets:
        examples = list(one.read(one.verified(data)))
        kept = list(_usable(examples, seen, excluded, counts.setdefault(one.name, {}), copied))
        kept = [kept[i] for i in sorted(rng.permutation(len(kept))[: one.cap])]
        for example in kept:
            digest.update(json.dumps([example.text, example.labels, example.sentiment]).encode())
            if is_held_out(example.text):
                heldout.append(example)
            else:
                train += [replace(example, text=noisy(example.text, rng)) for _ in range(_times(example, one))]
        counts[one.name]["used"] = len(kept)
    return Prepared([train[i] for i in rng.permutation(len(train))], heldout, counts, digest.hexdigest())


def is_held_out(text: str) -> bool:
    """One text in twenty, by its fingerprint: the same in every run, and for every copy of a text."""
    return int(fingerprint(text)[:8], 16) % 20 == 0


def _usable(
    examples: Iterable[Example],
    seen: set[str],
    excluded: Collection[str],
    counts: dict[str, int],
    copied: Callable[[str], bool],
) -> Iterator[Example]:
    tally = Counter(counts)
    for example in examples:
        tally["read"] += 1
        text = normalise(example.text).text
        key = fingerprint(text)
        if key in excluded or copied(text):
            tally["in an evaluation set"] += 1
        elif key in seen or not text:
            tally["repeated or empty"] += 1
        elif len(text) > _LONGEST and max(example.labels.values(), default=0) >= 0.5:
            tally["too long for its label"] += 1
        else:
            seen.add(key)
            yield replace(example, text=text[: 2 * _LONGEST], sentiment=example.sentiment or _hostile(example.labels))
    counts.update(tally)


def _hostile(labels: Labels) -> tuple[float, float, float] | None:
    """Abuse is hardly ever said with a good feeling, and most sets of abuse say nothing of sentiment."""
    return (0.85, 0.12, 0.03) if any(labels.get(name, 0) >= 0.5 for name in _HOSTILE) else None


def _times(example: Example, one: TrainingSet) -> int:
    rare = any(example.labels.get(name, 0) >= 0.5 for name in _RARE)
    return one.repeat * (_RARE_REPEAT if rare else 1)
