"""Examples as tensors: texts of like length together, so that little is spent on padding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from classifiers.assessment import TOXICITY_LABELS
from classifiers.training.example import Example

_POOL = 50  # batches sorted by length together; more would show the model like with like


@dataclass(frozen=True)
class Batch:
    """ids, attended: (n, t); toxicity (n, 7) and sentiment (n, 3), NaN where unknown."""

    ids: Tensor
    attended: Tensor
    toxicity: Tensor
    sentiment: Tensor


class Encoded:
    """All examples tokenised once, cut at `length` pieces."""

    def __init__(self, examples: Sequence[Example], tokenizer: Tokenizer, length: int) -> None:
        tokenizer.enable_truncation(length)
        self.ids = [
            np.asarray(e.ids, np.int32) for e in tokenizer.encode_batch_fast([example.text for example in examples])
        ]
        tokenizer.no_truncation()
        unknown = float("nan")
        self.toxicity = np.array([[e.labels.get(n, unknown) for n in TOXICITY_LABELS] for e in examples], np.float32)
        self.sentiment = np.array([e.sentiment or (unknown,) * 3 for e in examples], np.float32)

    def batch(self, rows: Sequence[int]) -> Batch:
        """The examples `rows`, padded to the longest of them."""
        width = max(len(self.ids[i]) for i in rows)
        ids = torch.zeros((len(rows), width), dtype=torch.int64)
        for n, i in enumerate(rows):
            ids[n, : len(self.ids[i])] = torch.from_numpy(self.ids[i])
        index = np.asarray(rows)
        return Batch(
            ids, (ids != 0).long(), torch.from_numpy(self.toxicity[index]), torch.from_numpy(self.sentiment[index])
        )

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
