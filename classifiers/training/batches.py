"""Examples as tensors: texts of like length together, so that little is spent on padding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from classifiers.assessment import TOXICITY_LABELS
from classifiers.training.example import Example
from policies.policy import CATEGORY_NAMES

LENGTH = 320  # pieces of a text at most, some 240 words: what earned its label is in it, in nearly all
CONTEXT = 46  # pieces of context at most
_POOL = 50  # batches sorted by length together; more would show the model like with like
_UNKNOWN = float("nan")


@dataclass(frozen=True)
class Truth:
    """What n examples are labelled as, NaN where unknown; shapes as `network.Logits`."""

    toxicity: NDArray[np.float32]
    sentiment: NDArray[np.float32]
    relevant: NDArray[np.float32]
    towards: NDArray[np.float32]
    categories: NDArray[np.float32]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Truth":
        """The labels of the examples, in their order."""
        return cls(
            _table((example.labels for example in examples), TOXICITY_LABELS),
            np.array([example.sentiment or (_UNKNOWN,) * 3 for example in examples], np.float32).reshape(-1, 3),
            np.array([_UNKNOWN if e.relevant is None else e.relevant for e in examples], np.float32),
            np.array([example.towards or (_UNKNOWN,) * 3 for example in examples], np.float32).reshape(-1, 3),
            _table((example.categories for example in examples), CATEGORY_NAMES),
        )

    def rows(self, index: NDArray[np.intp]) -> "Truth":
        """The labels of some of the examples."""
        every = (self.toxicity, self.sentiment, self.relevant, self.towards, self.categories)
        return Truth(*(one[index] for one in every))


def _table(rows: Iterable[Mapping[Any, float]], names: Sequence[str]) -> NDArray[np.float32]:
    return np.array([[row.get(name, _UNKNOWN) for name in names] for row in rows], np.float32).reshape(-1, len(names))


@dataclass(frozen=True)
class Batch:
    """ids, kinds: (n, t), as `network.Network.forward` reads them; truth: of the n examples."""

    ids: Tensor
    kinds: Tensor
    truth: Truth
    mask: int  # the piece that stands for any

    def hiding(self, share: float, rng: np.random.Generator) -> "Batch":
        """The batch with a share of the texts' own pieces masked, those that open and close a text left."""
        drawn = torch.from_numpy(rng.random(self.ids.shape) < share) & (self.kinds == 1)
        drawn[:, 0] = False
        closes = (self.kinds == 1).sum(1, keepdim=True) - 1
        drawn.scatter_(1, closes, False)
        return replace(self, ids=self.ids.masked_fill(drawn, self.mask))


class Encoded:
    """All examples tokenised once, texts cut at `length` pieces, contexts at `CONTEXT`; `mask` stands for any piece."""

    def __init__(self, examples: Sequence[Example], tokenizer: Tokenizer, length: int, mask: str = "[MASK]") -> None:
        tokenizer.enable_truncation(length)
        own = [one.ids for one in tokenizer.encode_batch_fast([example.text for example in examples])]
        tokenizer.enable_truncation(CONTEXT)
        # As the second of a pair a context ends in a separator and has no opening piece.
        beside = [
            one.ids[1:] if example.context is not None else []
            for example, one in zip(
                examples, tokenizer.encode_batch_fast([e.context or "" for e in examples]), strict=True
            )
        ]
        tokenizer.no_truncation()
        self._mask = tokenizer.token_to_id(mask)
        if self._mask is None:
            raise ValueError(f"The tokenizer has no piece {mask}, which hides others in training.")
        self.ids = [np.asarray([*a, *b], np.int32) for a, b in zip(own, beside, strict=True)]
        self._own = [len(one) for one in own]
        self.truth = Truth.of(examples)

    def batch(self, rows: Sequence[int]) -> Batch:
        """The examples `rows`, padded to the longest of them."""
        width = max(len(self.ids[i]) for i in rows)
        ids = torch.zeros((len(rows), width), dtype=torch.int64)
        kinds = torch.zeros((len(rows), width), dtype=torch.int64)
        for n, i in enumerate(rows):
            ids[n, : len(self.ids[i])] = torch.from_numpy(self.ids[i])
            kinds[n, : self._own[i]] = 1
            kinds[n, self._own[i] : len(self.ids[i])] = 2
        return Batch(ids, kinds, self.truth.rows(np.asarray(rows, np.intp)), self._mask)

    def shuffled(self, size: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Every example once, in random batches of like length."""
        order = rng.permutation(len(self.ids))
        for start in range(0, len(order), size * _POOL):
            pool = sorted(order[start : start + size * _POOL], key=lambda i: len(self.ids[i]))
            batches = [pool[i : i + size] for i in range(0, len(pool), size)]
            for n in rng.permutation(len(batches)):
                yield self.batch(batches[n])

    def in_order(self, size: int) -> Iterator[Batch]:
        """Every example once, in the order given."""
        for start in range(0, len(self.ids), size):
            yield self.batch(range(start, min(start + size, len(self.ids))))
