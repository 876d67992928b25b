"""The model that ships: an 8-bit ONNX network of three transformer layers, run by onnxruntime on the CPU.

What it was made from, how good it is and where it fails is in docs/model-card.md; `make train` makes it again.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.normalise import normalise
from classifiers.scorer import Scores

Floats = NDArray[np.float32]

_CHUNK = 2048  # texts tokenised at a time; memory does not grow beyond that
_TOKENS = 2048  # tokens of one batch, padding included
_OVERLAP = 12  # tokens that neighbouring windows of a long text share
_FIX = "install Tocsin again, or make the weights with `make train`"


class WeightsUnusable(Exception):
    """The model's files are missing, damaged, or of another make; the message names the file and the fix."""


class Embedded:
    """Implements `classifiers.scorer.Scorer`. Files are read at the first score, not at construction.

    folder: where model.onnx, tokenizer.json and model.json are; those that ship with Tocsin if not given.
    threads: processor threads to use; all that this process may use if not given.
    """

    def __init__(self, folder: Traversable | None = None, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads

    @cached_property
    def name(self) -> str:
        """Name and version, stamped on every row. Raises WeightsUnusable."""
        return f"{self._model.about['name']}-{self._model.about['version']}"

    @cached_property
    def _model(self) -> "_Model":
        folder = resources.files("classifiers") / "weights" if self._folder is None else self._folder
        return _Model.load(folder, self._threads or _cores())

    def score(self, texts: Sequence[str]) -> Scores:
        """As `Scorer.score`: any number, any length; identical texts are scored once. Raises WeightsUnusable.

        A long text is read in windows: its toxicity is that of the worst, its sentiment the mean over all. A text of
        no words is not toxic and neutral.
        """
        plain = [normalise(text).text for text in texts]
        rows: dict[str, int] = {}
        index = np.array([rows.setdefault(text, len(rows)) for text in plain], dtype=np.intp)
        distinct = list(rows)
        toxicity = np.zeros((len(distinct), len(TOXICITY_LABELS)), np.float32)
        sentiment = np.zeros((len(distinct), len(SENTIMENT_LABELS)), np.float32)
        for start in range(0, len(distinct), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            toxicity[chunk], sentiment[chunk] = self._model.score(distinct[chunk])
        return Scores(toxicity[index], sentiment[index])


@dataclass(frozen=True)
class _Window:
    """A piece of text `text`: its token numbers, special ones included."""

    text: int
    ids: list[int]


class _Model:
    """The loaded files."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, about: dict[str, Any]) -> None:
        self.about = about
        self._session = session
        self._tokenizer = tokenizer
        vocabulary = tokenizer.get_vocab()
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]
        scales = [about["toxicity"][label] for label in TOXICITY_LABELS]
        self._slopes = np.array([one["slope"] for one in scales], np.float32)
        self._intercepts = np.array([one["intercept"] for one in scales], np.float32)
        self._scale = np.float32(about["sentiment"]["scale"])
        self._offsets = np.array(about["sentiment"]["offsets"], np.float32)

    @classmethod
    def load(cls, folder: Traversable, threads: int) -> "_Model":
        """Raises WeightsUnusable."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch of every shape it has met
        try:
            about = json.loads(_read(folder, "model.json", None))
            files = {name: _read(folder, name, digest) for name, digest in about["sha256"].items()}
            session = onnxruntime.InferenceSession(files["model.onnx"], options, providers=["CPUExecutionProvider"])
            return cls(session, Tokenizer.from_buffer(files["tokenizer.json"]), about)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsUnusable(
                f"{folder}/model.json is not a description of the model ({error!r}): {_FIX}"
            ) from error

    def score(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Toxicity (n, 7) and sentiment (n, 3) of normalised texts."""
        windows = list(self._windows(texts))
        raw_toxicity = np.empty((len(windows), len(TOXICITY_LABELS)), np.float32)
        raw_sentiment = np.empty((len(windows), len(SENTIMENT_LABELS)), np.float32)
        for rows in _batches(windows):
            raw_toxicity[rows], raw_sentiment[rows] = self._run([windows[row].ids for row in rows])
        return self._gathered(windows, raw_toxicity, raw_sentiment, len(texts))

    def _windows(self, texts: Sequence[str]) -> Iterator[_Window]:
        room = self.about["window"] - 2
        for text, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)):
            for start in range(0, max(len(encoding.ids) - _OVERLAP, min(len(encoding.ids), 1)), room - _OVERLAP):
                yield _Window(text, [self._first, *encoding.ids[start : start + room], self._last])

    def _run(self, batch: list[list[int]]) -> tuple[Floats, Floats]:
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        attended = np.zeros_like(ids)
        for row, numbers in enumerate(batch):
            ids[row, : len(numbers)] = numbers
            attended[row, : len(numbers)] = 1
        toxicity, sentiment = self._session.run(["toxicity", "sentiment"], {"ids": ids, "attended": attended})
        return toxicity, sentiment

    def _gathered(
        self, windows: list[_Window], raw_toxicity: Floats, raw_sentiment: Floats, n: int
    ) -> tuple[Floats, Floats]:
        owner = np.array([window.text for window in windows], np.intp)
        toxicity = np.zeros((n, len(TOXICITY_LABELS)), np.float32)
        np.maximum.at(toxicity, owner, 1 / (1 + np.exp(-(raw_toxicity * self._slopes + self._intercepts))))
        scaled = np.exp(raw_sentiment * self._scale + self._offsets)
        sentiment = np.zeros((n, len(SENTIMENT_LABELS)), np.float32)
        np.add.at(sentiment, owner, scaled / scaled.sum(axis=1, keepdims=True))
        sentiment[np.bincount(owner, minlength=n) == 0] = (0, 1, 0)
        return toxicity, sentiment / sentiment.sum(axis=1, keepdims=True)


def _batches(windows: Sequence[_Window]) -> Iterator[NDArray[np.intp]]:
    """Rows of `windows`, like lengths together, so that a batch has little padding and at most `_TOKENS` tokens."""
    lengths = np.array([len(window.ids) for window in windows], np.intp)
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        size = max(1, _TOKENS // int(lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _read(folder: Traversable, name: str, digest: str | None) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise WeightsUnusable(f"{folder}/{name} cannot be read ({error.strerror}): {_FIX}") from error
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise WeightsUnusable(f"{folder}/{name} is not the file that model.json describes: {_FIX}")
    return content


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
