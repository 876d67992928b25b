"""The real Detoxify class, on a checkpoint of a tiny BERT that is made here and knows nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from classifiers.assessment import TOXICITY_LABELS
from classifiers.detoxify_backend import DetoxifyScorer, DetoxifyUnavailable
from classifiers.embedded import Embedded

WORDS = ["the", "form", "is", "late", "thank", "you", "idiot", "go", "home", "now", "please", "help", "me"]
# The order in which Detoxify's "unbiased" checkpoint keeps its classes, identities after them.
CLASSES = ["toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit", "male"]


def make_checkpoint(folder: Path, classes: list[str]) -> Path:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
        num_labels=len(classes),
        initializer_range=1.0,  # far from zero, so that different words get clearly different scores
    )
    config.save_pretrained(folder)
    torch.manual_seed(5)
    model = transformers.BertForSequenceClassification(config)
    arch = {"model_type": str(folder), "num_classes": len(classes)}
    arch |= {"model_name": "BertForSequenceClassification", "tokenizer_name": "BertTokenizer"}
    settings = {"arch": {"args": arch}, "dataset": {"args": {"classes": classes}}}
    torch.save({"config": settings, "state_dict": model.state_dict()}, folder / "tiny.ckpt")
    return folder / "tiny.ckpt"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("detoxify", reason="Detoxify is an optional extra: pip install 'tocsin[detoxify]'")
    return make_checkpoint(tmp_path_factory.mktemp("tiny"), CLASSES)


@pytest.fixture(scope="module")
def real(checkpoint: Path) -> Any:
    from detoxify import Detoxify

    return Detoxify(checkpoint=checkpoint)


def test_scores_are_detoxifys_own_under_our_order(checkpoint: Path, real: Any) -> None:
    texts = ["thank you", "you idiot go home", "the form is late", "thank you"]
    scores = DetoxifyScorer(checkpoint, Embedded()).score(texts)
    for row, text in enumerate(texts):
        expected = real.predict(text)
        assert scores.toxicity[row] == pytest.approx([expected[label] for label in TOXICITY_LABELS], abs=1e-5)
    assert len({float(value) for value in scores.toxicity[:, 0]}) == 3, "different texts have different scores"


def test_sentiment_is_the_other_scorers(checkpoint: Path) -> None:
    texts = ["thank you so much, this was excellent", "still no answer after three weeks"]
    embedded = Embedded()
    found = DetoxifyScorer(checkpoint, embedded)
    assert found.score(texts).sentiment.tolist() == embedded.score(texts).sentiment.tolist()
    assert found.name == f"detoxify-tiny+{embedded.name}"


def test_one_none_and_empty(checkpoint: Path) -> None:
    scorer = DetoxifyScorer(checkpoint, Embedded())
    assert scorer.score([]).toxicity.shape == (0, 7)
    assert scorer.score([" "]).toxicity.tolist() == [[0.0] * 7]
    assert scorer.score(["idiot"]).toxicity.shape == (1, 7)


def test_a_long_text_is_as_toxic_as_its_worst_piece(checkpoint: Path, real: Any) -> None:
    room = 28  # 32 positions less two that RoBERTa keeps back and two special tokens
    first, second = ["please"] * room, ["idiot"] * room
    pieces = [real.predict(" ".join(piece)) for piece in (first, second)]
    scores = DetoxifyScorer(checkpoint, Embedded()).score([" ".join(first + second)])
    worst = [max(piece[label] for piece in pieces) for label in TOXICITY_LABELS]
    assert scores.toxicity[0] == pytest.approx(worst, abs=1e-5)


def test_a_checkpoint_that_lacks_a_label_is_refused(tmp_path: Path, checkpoint: Path) -> None:
    original = make_checkpoint(tmp_path, ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"])
    with pytest.raises(DetoxifyUnavailable, match="does not know sexual_explicit"):
        DetoxifyScorer(original, Embedded()).score(["thank you"])


def test_a_missing_checkpoint_names_the_fix(tmp_path: Path, checkpoint: Path) -> None:
    with pytest.raises(DetoxifyUnavailable, match=r"nothing\.ckpt cannot be used.*unbiased"):
        DetoxifyScorer(tmp_path / "nothing.ckpt", Embedded()).score(["thank you"])
