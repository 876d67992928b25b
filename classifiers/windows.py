"""Texts as the rows of token numbers that the networks read: cut into windows, like lengths together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

_TOKENS = 512  # tokens of one batch, padding included: more would not stay in a processor's cache
_OVERLAP = 12  # tokens that neighbouring windows of a long text share


@dataclass(frozen=True)
class Window:
    """A stretch of text number `text`: its `own` token numbers, then those of what stands `beside` it."""

    text: int
    own: list[int]
    beside: list[int]

    def __len__(self) -> int:
        return len(self.own) + len(self.beside)


class Windows:
    """Cuts texts into windows of `room` pieces at most, special ones included, and contexts to `beside`."""

    def __init__(self, tokenizer: Tokenizer, room: int, beside: int) -> None:
        vocabulary = tokenizer.get_vocab()
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._tokenizer, self._room, self._beside = tokenizer, room - 2, beside - 1

    def of(self, texts: Sequence[str], contexts: Sequence[str | None]) -> list[Window]:
        """Every window of every text, in order; a text of no words has none."""
        beside = {context: self._context(context) for context in set(contexts)}
        pieces = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [
            Window(text, [self._first, *own, self._last], beside[contexts[text]])
            for text, encoding in enumerate(pieces)
            for own in self._stretches(encoding.ids)
        ]

    def _stretches(self, ids: list[int]) -> Iterator[list[int]]:
        for start in range(0, max(len(ids) - _OVERLAP, min(len(ids), 1)), self._room - _OVERLAP):
            yield ids[start : start + self._room]

    def _context(self, context: str | None) -> list[int]:
        if context is None:
            return []
        return [*self._tokenizer.encode(context, add_special_tokens=False).ids[: self._beside], self._last]


def owners(windows: Sequence[Window]) -> NDArray[np.intp]:
    """The number of the text that each window is of."""
    return np.array([window.text for window in windows], np.intp)


def highest(said: NDArray[np.float32], windows: Sequence[Window], texts: int) -> NDArray[np.float32]:
    """Of (windows, …) answers the highest of each text, (texts, …); -inf of a text without a window."""
    most = np.full((texts, *said.shape[1:]), -np.inf, np.float32)
    np.maximum.at(most, owners(windows), said)
    return most


def batches(windows: Sequence[Window]) -> Iterator[NDArray[np.intp]]:
    """Rows of `windows`, like lengths together, so that a batch has little padding and at most `_TOKENS` tokens."""
    lengths = np.array([len(window) for window in windows], np.intp)
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, _TOKENS // int(lengths[order[start]]))
        yield order[start : start + size]
        start += size


def padded(windows: Sequence[Window]) -> dict[str, NDArray[np.int64]]:
    """The network's inputs: `ids` and `kinds`, (n, t); kinds is 1 at a text's own tokens, 2 beside it, 0 where none."""
    ids = np.zeros((len(windows), max(map(len, windows))), np.int64)
    kinds = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = [*window.own, *window.beside]
        kinds[row, : len(window)] = 2
        kinds[row, : len(window.own)] = 1
    return {"ids": ids, "kinds": kinds}
