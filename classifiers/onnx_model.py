"""The model's files, loaded: tokens in, calibrated probabilities out."""

import hashlib
import json
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.scorer import ContextScores, Scores
from classifiers.windows import Window, Windows, batches, highest, owners, padded
from policies.policy import CATEGORY_NAMES

Floats = NDArray[np.float32]

_SURE = 30.0  # log-odds beyond which a probability is 0 or 1 anyway
# onnxruntime 1.31 computes these two more slowly fused than apart: a seventh more texts a second without them.
_UNFUSED = ["SkipLayerNormFusion", "BiasGeluFusion"]
WORDS = "words.weight_quantized"  # in both networks; kept once, in a file of its own
_FIX = "install Tocsin again, or make the weights with `make train`"


class WeightsUnusable(Exception):
    """The model's files are missing, damaged, or of another make; the message names the file and the fix."""


class OnnxModel:
    """Two networks: one reads texts alone, one in context, each better at its own than one that does both.

    `about` is model.json: name, version, calibration of every output, size of window.
    """

    def __init__(self, files: dict[str, bytes], about: dict[str, Any], threads: int) -> None:
        self.about = about
        tokenizer = Tokenizer.from_buffer(files["tokenizer.json"])
        words = np.frombuffer(files["words.bin"], np.uint8).reshape(tokenizer.get_vocab_size(), -1)
        self._words = onnxruntime.OrtValue.ortvalue_from_numpy(words)  # read where they lie: they must outlive both
        options = _options(self._words)
        self._alone = _session(files["alone.onnx"], options)
        self._in_context = _session(files["in_context.onnx"], options)
        self._threads = threads
        self._windows = Windows(tokenizer, about["window"], about["context"])
        self._toxicity = _Sigmoid(about["toxicity"], TOXICITY_LABELS)
        self._relevant = _Sigmoid(about["relevant"], ("relevant",))
        self._categories = _Sigmoid(about["categories"], CATEGORY_NAMES)
        self._sentiment, self._towards = _Softmax(about["sentiment"]), _Softmax(about["towards"])

    @classmethod
    def load(cls, folder: Traversable, threads: int | None) -> "OnnxModel":
        """All cores that this process may use, if `threads` is not given. Raises WeightsUnusable."""
        try:
            about = json.loads(_read(folder, "model.json", None))
            files = {name: _read(folder, name, digest) for name, digest in about["sha256"].items()}
            return cls(files, about, threads or _cores())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WeightsUnusable(
                f"{folder}/model.json is not a description of the model ({error!r}): {_FIX}"
            ) from error

    def alone(self, texts: Sequence[str]) -> Scores:
        """Of a long text the worst window gives the toxicity, the mean over windows the sentiment."""
        windows = self._windows.of(texts, [None] * len(texts))
        asked = {"toxicity": len(TOXICITY_LABELS), "sentiment": len(SENTIMENT_LABELS)}
        toxicity, sentiment = self._run(self._alone, windows, asked)
        return Scores(
            _worst(self._toxicity(toxicity), windows, len(texts)),
            _mean(self._sentiment(sentiment), windows, len(texts)),
        )

    def in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> ContextScores:
        """Of a long text the worst window gives relevance and categories, the mean over windows the feeling."""
        windows = self._windows.of(texts, contexts)
        asked = {"relevant": 1, "towards": len(SENTIMENT_LABELS), "categories": len(CATEGORY_NAMES)}
        relevant, towards, categories = self._run(self._in_context, windows, asked)
        return ContextScores(
            _worst(self._relevant(relevant), windows, len(texts))[:, 0],
            _mean(self._towards(towards), windows, len(texts)),
            _worst(self._categories(categories), windows, len(texts)),
        )

    def _run(
        self, network: onnxruntime.InferenceSession, windows: Sequence[Window], asked: dict[str, int]
    ) -> list[Floats]:
        """The logits of the outputs `asked` for, by their widths."""
        answers = [np.empty((len(windows), width), np.float32) for width in asked.values()]

        def fill(rows: NDArray[np.intp]) -> None:
            said = network.run(list(asked), padded([windows[row] for row in rows]))
            for answer, part in zip(answers, said, strict=True):
                answer[rows] = part.reshape(len(rows), -1)

        with ThreadPoolExecutor(self._threads) as pool:  # made anew each time: threads do not survive a fork
            deque(pool.map(fill, batches(windows)), maxlen=0)  # asking for each result raises what went wrong
        return answers


def _options(words: onnxruntime.OrtValue) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a thread a batch: threads within one wait for each other at every operator
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # batches come in every shape
    options.add_external_initializers([WORDS], [words])
    return options


def _session(network: bytes, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        network, options, providers=["CPUExecutionProvider"], disabled_optimizers=_UNFUSED
    )


class _Sigmoid:
    """Platt scaling, one slope and intercept a label."""

    def __init__(self, about: dict[str, dict[str, float]], labels: Sequence[str]) -> None:
        self._slopes = np.array([about[label]["slope"] for label in labels], np.float32)
        self._intercepts = np.array([about[label]["intercept"] for label in labels], np.float32)

    def __call__(self, logits: Floats) -> Floats:
        odds = np.clip(logits * self._slopes + self._intercepts, -_SURE, _SURE)
        scores: Floats = 1 / (1 + np.exp(-odds))
        return scores


class _Softmax:
    """A temperature, and an offset a class."""

    def __init__(self, about: dict[str, Any]) -> None:
        self._scale, self._offsets = np.float32(about["scale"]), np.array(about["offsets"], np.float32)

    def __call__(self, logits: Floats) -> Floats:
        sure = logits * self._scale + self._offsets
        odds = np.exp(sure - sure.max(axis=1, keepdims=True))
        scores: Floats = odds / odds.sum(axis=1, keepdims=True)
        return scores


def _worst(scores: Floats, windows: Sequence[Window], n: int) -> Floats:
    """A text of no words does nothing."""
    return np.maximum(highest(scores, windows, n), 0)


def _mean(scores: Floats, windows: Sequence[Window], n: int) -> Floats:
    """A text of no words is neutral."""
    total = np.zeros((n, scores.shape[1]), np.float32)
    of = owners(windows)
    np.add.at(total, of, scores)
    total[np.bincount(of, minlength=n) == 0] = (0, 1, 0)
    mean: Floats = total / total.sum(axis=1, keepdims=True)
    return mean


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
