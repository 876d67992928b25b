"""What is shown to the network of our own posts: which of them, how they are labelled, and how often in which guise."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from classifiers.context import unmarked
from classifiers.normalise import fingerprint, normalise
from classifiers.training.corpus import Corpus, Post, read_corpus
from classifiers.training.evaluation_sets import OURS, KeptOut, all_texts
from classifiers.training.example import Example
from classifiers.training.joined import joined
from classifiers.training.noise import noisy
from classifiers.training.opinions import REWORDED, Opinion, Read, read_opinions, taught, unlabelled
from classifiers.training.renamed import renamed
from classifiers.training.reworded import rewordings

OPINIONS = "opinions.npz"  # in the folder of the corpus
_PUBLISHED = 1 / 3  # as many published texts as this share of our own
_LONG = 1 / 18  # as many long posts made of several as this share of our own, in each round
_UNMARKED = 0.1  # of our own posts: a name that a pack does not know is not marked either


@dataclass(frozen=True)
class Ours:
    """Our own posts as examples: their texts alone, in context, changed so that nobody labelled them; `counts` of each.

    `long` makes so many long posts of several.
    """

    alone: list[Example]
    beside: list[Example]
    unlabelled: list[Example]
    long: Callable[[int, np.random.Generator], list[Example]]
    counts: dict[str, object]


def our_own(folder: Path, opinions: Path, kept_out: Collection[str]) -> Ours:
    """The posts of the corpus in `folder` as they are taught. Raises CorpusUnusable, OpinionsUnusable."""
    corpus = read_corpus(folder)
    ours = with_opinions(corpus, list(to_train_on(corpus, kept_out)), read_opinions(opinions))
    return replace(ours, counts=ours.counts | {"opinions": hashlib.sha256(opinions.read_bytes()).hexdigest()})


def to_train_on(corpus: Corpus, kept_out: Collection[str]) -> Iterator[Post]:
    """The training side, without what is only measured on: fingerprints `kept_out`, our own suites and near copies."""
    measured = KeptOut(all_texts(OURS))
    for post in corpus.split("train"):
        if fingerprint(normalise(post.text).text) not in kept_out and not measured.holds(post.text):
            yield post


def with_opinions(corpus: Corpus, posts: list[Post], opinions: Mapping[Read, Opinion]) -> Ours:
    """The posts, in context half as labelled and half as the teacher thinks, where it was asked."""
    pairs = {post.id: corpus.pair(post) for post in posts}
    beside = {post: example for post, (_, example) in pairs.items()}
    learnt = [taught(example, opinions.get((post, post))) for post, example in beside.items()]
    texts = {post: example.text for post, example in beside.items()}
    again = dict(rewordings(texts, (text.removesuffix(REWORDED) for text, _ in opinions if text.endswith(REWORDED))))
    changed = list(unlabelled(texts | again, beside, opinions))
    known = sum((post, post) in opinions for post in pairs)
    counts: dict[str, object] = {"posts": len(posts), "with an opinion": known, "of opinion alone": len(changed)}
    return Ours([alone for alone, _ in pairs.values()], learnt, changed, partial(joined, posts, beside), counts)


def mixed(ours: Ours, published: list[Example], rounds: int, seed: int) -> list[Example]:
    """Our own posts `rounds` times, each time with other names and slips, and published texts besides, each once."""
    rng = np.random.default_rng(seed)
    shown = _shown([*ours.alone, *ours.beside, *ours.unlabelled], ours, rounds, rng)
    return shown + [published[i] for i in rng.permutation(len(published))[: int(_PUBLISHED * len(shown))]]


def texts_alone(ours: Ours, published: list[Example], rounds: int, seed: int) -> list[Example]:
    """Our own texts alone, `rounds` times, each time with other names and slips; and published ones, half as many."""
    rng = np.random.default_rng(seed)
    shown = [otherwise(example, rng) for _ in range(rounds) for example in ours.alone]
    return shown + [published[i] for i in rng.permutation(len(published))[: len(shown) // 2]]


def in_context(ours: Ours, rounds: int, seed: int) -> list[Example]:
    """Our own posts in context and nothing else, `rounds` times, each time with other names and slips."""
    return _shown([*ours.beside, *ours.unlabelled], ours, rounds, np.random.default_rng(seed))


def _shown(guises: list[Example], ours: Ours, rounds: int, rng: np.random.Generator) -> list[Example]:
    shown: list[Example] = []
    for _ in range(rounds):
        long = ours.long(int(_LONG * len(ours.beside)), rng)
        shown += [otherwise(example, rng) for example in [*guises, *long]]
    return shown


def otherwise(example: Example, rng: np.random.Generator) -> Example:
    """The same post with other names in it, a slip now and then, and sometimes with the organisation unmarked."""
    other = renamed(example, rng)
    text = noisy(other.text, rng, disguises=True)
    return replace(other, text=unmarked(text) if rng.random() < _UNMARKED else text)
