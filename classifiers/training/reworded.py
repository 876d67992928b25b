"""Our posts with some words exchanged for their neighbours: new texts that nobody labelled, to ask the teacher about.

The more of a large network's answers a small one is shown, the more it learns of it; texts enough for that are made of
those there are, by words whose vectors lie nearest in the backbone's vocabulary (Jiao et al., *TinyBERT*, 2020). What
a post means with other words in it is for the teacher to say: its label is not kept.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from classifiers.training.network import BACKBONE
from classifiers.training.opinions import REWORDED

_SHARE = 0.25  # of the words that have neighbours
_NEAREST, _ALIKE = 8, 0.3  # of a word's neighbours, and their cosine at the least
_WORD = re.compile(r"(?<![\w@#])(?<!§ )[A-Za-z]{3,}(?![\w'’])")
_WHOLE = re.compile(r"[a-z]{3,}")
_KEPT = re.compile(  # who does what to whom hangs on these
    r"the|and|for|that|this|with|from|you|your|they|them|their|not|have|has|had|was|were|are|been|but|his|her|she|him|its|"
    r"our|out|all|any|who|what|when|where|which|will|would|can|could|about|into|over|than|then|there|here|just|one|also|"
    r"own|did|does|doing|being|off|how|why"
)


class Neighbours:
    """Which words of a vocabulary lie nearest to a word. vectors: one row a piece, as `vocabulary` numbers them."""

    def __init__(self, vocabulary: Mapping[str, int], vectors: NDArray[np.float32]) -> None:
        self._words = sorted(word for word in vocabulary if _WHOLE.fullmatch(word))
        rows = vectors[[vocabulary[word] for word in self._words]]
        rows = rows - rows.mean(0)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        self._found: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of_backbone(cls) -> "Neighbours":
        """Those of the backbone's own vocabulary."""
        vectors = load_file(BACKBONE / "model.safetensors")
        (name,) = (name for name in vectors if name.endswith("word_embeddings.weight"))
        return cls(Tokenizer.from_file(str(BACKBONE / "tokenizer.json")).get_vocab(), vectors[name].float().numpy())

    def of(self, word: str) -> tuple[str, ...]:
        """The nearest first; none of a word that is not in the vocabulary as a whole, or that is kept."""
        if word not in self._found:
            self._found[word] = self._nearest(word)
        return self._found[word]

    def _nearest(self, word: str) -> tuple[str, ...]:
        row = self._places.get(word)
        if row is None or _KEPT.fullmatch(word):
            return ()
        alike = self._rows @ self._rows[row]
        nearest = np.argsort(-alike, kind="stable")[1 : _NEAREST + 1]
        return tuple(self._words[i] for i in nearest if alike[i] > _ALIKE)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self._words)}


def reworded(post_id: str, text: str, neighbours: Neighbours) -> str:
    """The text of a post with about a quarter of its words exchanged; the same each time. Names of us stay."""
    rng = np.random.default_rng(zlib.crc32(post_id.encode()))

    def other(match: re.Match[str]) -> str:
        word = match.group()
        near = neighbours.of(word.lower())
        if not near or rng.random() >= _SHARE:
            return word
        chosen = near[rng.integers(len(near))]
        return chosen.capitalize() if word[0].isupper() else chosen

    return _WORD.sub(other, text)


def rewordings(texts: Mapping[str, str], ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of the posts `ids` that are among `texts` (by id) the reworded text, by the id with `REWORDED` behind it."""
    neighbours: Neighbours | None = None
    for post in ids:
        if post in texts:
            neighbours = neighbours or Neighbours.of_backbone()
            yield post + REWORDED, reworded(post, texts[post], neighbours)
