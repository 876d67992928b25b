"""The Detoxify backend: the real `Detoxify` class for toxicity, another scorer for all that it does not know.

Detoxify (Hanu and Unitary 2020, Apache-2.0) is ten times as large and as slow as the embedded model. Its checkpoints
are pickled: load only files that you trust.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from classifiers.assessment import TOXICITY_LABELS
from classifiers.scorer import ContextScores, InContext, Scorer, Scores

ModelType = Literal["unbiased", "unbiased-small", "multilingual"]  # those that know all seven labels
Floats = NDArray[np.float32]

_BATCH = 32
_LONGEST = 512  # tokens that Detoxify's models read; what is longer is read in pieces


class DetoxifyUnavailable(Exception):
    """Detoxify is not installed, or its checkpoint cannot be had or used; the message names the fix."""


class DetoxifyScorer:
    """Implements `classifiers.scorer.Scorer`. The checkpoint is loaded, or fetched, at the first score.

    checkpoint: a local file; without one Detoxify fetches that of `model_type`. others: who judges sentiment, and
    texts in their context.
    """

    def __init__(self, checkpoint: Path | None, others: Scorer, model_type: ModelType = "unbiased") -> None:
        self._checkpoint = checkpoint
        self._others = others
        self._model_type = model_type

    @cached_property
    def name(self) -> str:
        """Which checkpoint judged toxicity, and which scorer the rest."""
        which = self._checkpoint.stem if self._checkpoint else self._model_type
        return f"detoxify-{which}+{self._others.name}"

    @cached_property
    def _detoxify(self) -> Any:
        try:
            from detoxify import Detoxify  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise DetoxifyUnavailable("Detoxify is not installed: pip install 'tocsin[detoxify]'") from error
        try:
            model = Detoxify(self._model_type, checkpoint=self._checkpoint)
        except Exception as error:  # unpickling, network and transformers raise what they like
            raise DetoxifyUnavailable(self._advice(repr(error))) from error
        if missing := [label for label in TOXICITY_LABELS if label not in model.class_names]:
            raise DetoxifyUnavailable(self._advice(f"it does not know {', '.join(missing)}"))
        return model

    def _advice(self, reason: str) -> str:
        if self._checkpoint:
            return (
                f"Detoxify checkpoint {self._checkpoint} cannot be used: {reason}. Give an 'unbiased' or 'multilingual'"
                " checkpoint whose config.arch.args.model_type is a folder with the model's config and tokenizer"
            )
        return (
            f"Detoxify could not fetch its '{self._model_type}' checkpoint: {reason}. "
            "Without network, set TOCSIN_DETOXIFY_CHECKPOINT to a local file, or TOCSIN_BACKEND=embedded"
        )

    def score(self, texts: Sequence[str]) -> Scores:
        """As `Scorer.score`; the toxicity of a long text is that of its worst piece. Raises DetoxifyUnavailable."""
        rows: dict[str, int] = {}
        index = np.array([rows.setdefault(text, len(rows)) for text in texts], dtype=np.intp)
        return Scores(self._toxicity(list(rows))[index], self._others.score(texts).sentiment)

    def score_in_context(self, texts: Sequence[InContext]) -> ContextScores:
        """As `Scorer.score_in_context`, by the other scorer."""
        return self._others.score_in_context(texts)

    def _toxicity(self, texts: list[str]) -> Floats:
        pieces = [(row, piece) for row, text in enumerate(texts) for piece in self._pieces(text)]
        pieces.sort(key=lambda pair: len(pair[1]))
        toxicity = np.zeros((len(texts), len(TOXICITY_LABELS)), np.float32)
        for start in range(0, len(pieces), _BATCH):
            batch = pieces[start : start + _BATCH]
            found = self._detoxify.predict([piece for _, piece in batch])
            # One text comes back as a number a label, several as a list.
            columns = [np.reshape(found[label], -1) for label in TOXICITY_LABELS]
            np.maximum.at(toxicity, [row for row, _ in batch], np.stack(columns, axis=1).astype(np.float32))
        return toxicity

    def _pieces(self, text: str) -> Iterator[str]:
        """The text in pieces that the model can read whole; an empty text has none and scores 0."""
        tokenizer, config = self._detoxify.tokenizer, self._detoxify.model.config
        room = min(_LONGEST, tokenizer.model_max_length, config.max_position_embeddings - 2) - 2
        if len(text) <= room:  # a token is a character at least
            yield from [text] if text.strip() else []
            return
        spans = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False)
        offsets = spans["offset_mapping"]
        for start in range(0, len(offsets), room):
            window = offsets[start : start + room]
            yield text[window[0][0] : window[-1][1]]
