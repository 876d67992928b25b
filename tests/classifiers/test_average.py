"""The mean of training runs: what it is of, and what has none."""

import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("onnxscript", reason="Training is an optional extra: pip install 'tocsin[train]'")

from classifiers.training.average import average  # noqa: E402
from classifiers.training.finish import lineage, restored  # noqa: E402
from classifiers.training.network import Network  # noqa: E402


def written_run(folder: Path, seed: int, layers: int = 1, words: str = "[UNK] a b") -> Path:
    """A run as `train` leaves it, of an untrained network of a few pieces."""
    torch.manual_seed(seed)
    folder.mkdir(parents=True)
    state = Network(len(words.split()), layers).state_dict()
    torch.save({"step": seed, "state": state}, folder / "checkpoint.pt")
    vocabulary = {word: n for n, word in enumerate(words.split())}
    Tokenizer(WordLevel(vocabulary, unk_token="[UNK]")).save(str(folder / "tokenizer.json"))
    (folder / "heldout.jsonl").write_text("", encoding="utf-8")
    (folder / "data.json").write_text(json.dumps({"layers": layers, "seed": seed}), encoding="utf-8")
    return folder


def test_the_mean_of_runs_is_a_run_that_names_them(tmp_path: Path) -> None:
    one, two = written_run(tmp_path / "one", 1), written_run(tmp_path / "two", 2)
    average([one, two], tmp_path / "mean")
    (first, _), (second, _), (mean, about) = map(restored, (one, two, tmp_path / "mean"))
    for name, weights in mean.state_dict().items():
        assert torch.allclose(weights, (first.state_dict()[name] + second.state_dict()[name]) / 2), name
    assert [each["seed"] for each in about["mean_of"]] == [1, 2]
    assert (tmp_path / "mean" / "tokenizer.json").read_bytes() == (one / "tokenizer.json").read_bytes()


def test_runs_of_other_shape_have_no_mean(tmp_path: Path) -> None:
    one = written_run(tmp_path / "one", 1)
    with pytest.raises(ValueError, match="different numbers of layers"):
        average([one, written_run(tmp_path / "deep", 1, layers=2)], tmp_path / "mean")
    with pytest.raises(ValueError, match="different vocabularies"):
        average([one, written_run(tmp_path / "other", 1, words="[UNK] a c")], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_held_out_texts_are_those_of_a_run_that_has_some(tmp_path: Path) -> None:
    one, two = written_run(tmp_path / "one", 1), written_run(tmp_path / "two", 2)
    (one / "heldout.jsonl").unlink()
    (two / "heldout.jsonl").write_text("{}\n", encoding="utf-8")
    average([one, two], tmp_path / "mean")
    assert (tmp_path / "mean" / "heldout.jsonl").read_text(encoding="utf-8") == "{}\n"
    with pytest.raises(ValueError, match="None of these runs has a heldout"):
        average([one], tmp_path / "other")


def test_every_leg_of_a_mean_of_means_is_told_once(tmp_path: Path) -> None:
    one, two = written_run(tmp_path / "one", 1), written_run(tmp_path / "two", 2)
    average([one, two], tmp_path / "mean")
    average([tmp_path / "mean", one, two], tmp_path / "again")
    _, about = restored(tmp_path / "again")
    told = lineage(about | {"from": about})
    seeds = [leg["seed"] for leg in (told, *told["legs"])]
    assert set(seeds) == {1, 2}
    assert len(seeds) <= 4, "each once, but for the steps that a mean takes from the longest"
    assert lineage(told) == told
