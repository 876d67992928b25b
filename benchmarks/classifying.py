"""The embedded model beside Detoxify's architecture in torch, VADER and alt-profanity-check, on the same texts."""

import json
from collections.abc import Iterator
from pathlib import Path

import collectors
from benchmarks.measure import Row, compare
from classifiers.backends import scorer
from classifiers.normalise import normalise

SAMPLE = Path(collectors.__file__).parent / "sample" / "mentions.jsonl"
FEW = 64  # texts for a peer that is slow: its speed a text does not depend on how many there are


def texts() -> list[str]:
    """The distinct texts of the sample archive."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(normalise(json.loads(line)["text"]).text for line in lines))


def rows() -> Iterator[Row]:
    """One row a peer."""
    sample = texts()
    embedded = scorer("embedded")

    def ours() -> object:
        return embedded.score(sample)

    few, detoxify = sample[:FEW], _detoxify_architecture()
    yield compare(
        "toxicity and sentiment", len(sample), ours, "Detoxify's BERT-base in torch", lambda: detoxify(few), FEW
    )
    vader = _vader()
    yield compare(
        "toxicity and sentiment", len(sample), ours, "VADER (sentiment only)", lambda: vader(sample), len(sample)
    )
    profanity = _profanity()
    peer = "alt-profanity-check (one label)"
    yield compare("toxicity and sentiment", len(sample), ours, peer, lambda: profanity(sample), len(sample))


def _detoxify_architecture():  # type: ignore[no-untyped-def]
    """BERT-base as Detoxify runs it, 64 tokens, batches of 32; random weights take the same time as trained ones."""
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertForSequenceClassification  # noqa: PLC0415

    model = BertForSequenceClassification(BertConfig(num_labels=7)).eval()

    def score(sample: list[str]) -> None:
        with torch.inference_mode():
            for start in range(0, len(sample), 32):
                model(input_ids=torch.randint(0, 30000, (len(sample[start : start + 32]), 64)))

    return score


def _vader():  # type: ignore[no-untyped-def]
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415

    analyzer = SentimentIntensityAnalyzer()
    return lambda sample: [analyzer.polarity_scores(text) for text in sample]


def _profanity():  # type: ignore[no-untyped-def]
    from profanity_check import predict_prob  # noqa: PLC0415

    return predict_prob
