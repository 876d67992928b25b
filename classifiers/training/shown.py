"""What is shown to the network of our own posts: which of them, how they are labelled, and how often in which guise."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from classifiers.context import unmarked
from classifiers.normalise import fingerprint, normalise
from classifiers.training.corpus import Corpus, Post, read_corpus
from classifiers.training.evaluation_sets import OURS, KeptOut, all_texts
from classifiers.training.example import Example
from classifiers.training.noise import noisy
from classifiers.training.opinions import Opinion, Read, read_opinions, taught, unlabelled
from classifiers.training.renamed import renamed

OPINIONS = "opinions.npz"  # in the folder of the corpus
_PUBLISHED = 1 / 3  # as many published texts as this share of our own
_UNMARKED = 0.1  # of our own posts: a name that a pack does not know is not marked either


@dataclass(frozen=True)
class Ours:
    """Our own posts as examples: their texts alone, in context, and beside a sibling's context; `counts` of each."""

    alone: list[Example]
    beside: list[Example]
    swapped: list[Example]
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
    learnt = [taught(beside, opinions.get((post, post))) for post, (_, beside) in pairs.items()]
    swapped = list(unlabelled({post: beside for post, (_, beside) in pairs.items()}, opinions))
    known = sum((post, post) in opinions for post in pairs)
    counts: dict[str, object] = {"posts": len(posts), "with an opinion": known, "beside a sibling": len(swapped)}
    return Ours([alone for alone, _ in pairs.values()], learnt, swapped, counts)


def mixed(ours: Ours, published: list[Example], rounds: int, seed: int) -> list[Example]:
    """Our own posts `rounds` times, each time with other names and slips, and a third as many published texts, once."""
    rng = np.random.default_rng(seed)
    every = [*ours.alone, *ours.beside, *ours.swapped]
    shown = [otherwise(example, rng) for _ in range(rounds) for example in every]
    return shown + [published[i] for i in rng.permutation(len(published))[: int(_PUBLISHED * len(shown))]]


def otherwise(example: Example, rng: np.random.Generator) -> Example:
    """The same post with other names in it, a slip now and then, and sometimes with the organisation unmarked."""
    other = renamed(example, rng)
    text = noisy(other.text, rng, disguises=True)
    return replace(other, text=unmarked(text) if rng.random() < _UNMARKED else text)
