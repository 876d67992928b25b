"""The embedded model beside Detoxify's architecture in torch, VADER and alt-profanity-check, on the same texts."""

import json
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path

import collectors
from benchmarks.measure import Row, compare
from classifiers.backends import scorer
from classifiers.normalise import normalise
from classifiers.scorer import InContext

SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"
FEW = 64  # texts for a peer that is slow: its speed a text does not depend on how many there are
WIDTH = 64  # tokens, special ones included

Peer = Callable[[Sequence[str]], object]


def texts() -> list[str]:
    """The distinct texts of the sample archive, as they come: most have 15 to 45 tokens."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(normalise(json.loads(line)["text"]).text for line in lines))


def full_texts(sample: Sequence[str]) -> list[str]:
    """The same words in texts that fill 64 tokens, so that no length bucket helps."""
    tokenizer = _tokenizer()
    full, now = [], ""
    for word in " ".join(sample).split():
        if len(tokenizer.encode(f"{now} {word}").ids) > WIDTH:
            full.append(now)
            now = word
        else:
            now = f"{now} {word}".strip()
    return full


def rows() -> Iterator[Row]:
    """One row a peer."""
    sample = texts()
    full = full_texts(sample)
    embedded = scorer("embedded")
    detoxify = _detoxify_architecture()

    def against(what: str, ours: Callable[[], object], mine: Sequence[str], peer: str, theirs: Peer, n: int) -> Row:
        return compare(what, len(mine), ours, peer, lambda: theirs(mine[:n]), n)

    bert = "Detoxify's BERT-base in torch"
    yield against("texts of 64 tokens, batches of 32", lambda: embedded.score(full), full, bert, detoxify, FEW)
    yield against("texts as they come", lambda: embedded.score(sample), sample, bert, detoxify, FEW)
    asked = [InContext(text, "Example Office . by A Customer : parent of two") for text in sample]
    in_context = "the same in context, 15 categories"
    yield against(in_context, lambda: embedded.score_in_context(asked), sample, bert, detoxify, FEW)
    every = len(sample)
    yield against(
        "texts as they come", lambda: embedded.score(sample), sample, "VADER (sentiment only)", _vader(), every
    )
    peer = "alt-profanity-check (one label)"
    yield against("texts as they come", lambda: embedded.score(sample), sample, peer, _profanity(), every)


def _tokenizer():  # type: ignore[no-untyped-def]
    from tokenizers import Tokenizer  # noqa: PLC0415

    return Tokenizer.from_buffer((resources.files("classifiers") / "weights" / "tokenizer.json").read_bytes())


def _detoxify_architecture() -> Peer:
    """BERT-base as Detoxify runs it, padded to the longest of a batch; random weights take the time of trained ones."""
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertForSequenceClassification  # noqa: PLC0415

    model = BertForSequenceClassification(BertConfig(num_labels=7)).eval()
    tokenizer = _tokenizer()

    def score(sample: Sequence[str]) -> None:
        with torch.inference_mode():
            for start in range(0, len(sample), 32):
                batch = tokenizer.encode_batch(list(sample[start : start + 32]))
                width = max(len(one.ids) for one in batch)
                ids = torch.tensor([[*one.ids, *[0] * (width - len(one.ids))] for one in batch])
                model(input_ids=ids, attention_mask=(ids > 0).long())

    return score


def _vader() -> Peer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415

    analyzer = SentimentIntensityAnalyzer()
    return lambda sample: [analyzer.polarity_scores(text) for text in sample]


def _profanity() -> Peer:
    from profanity_check import predict_prob  # noqa: PLC0415

    return lambda sample: predict_prob(list(sample))
