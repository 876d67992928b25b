"""A training run from the weights that ship: the same network to within half a step of eight bits."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("onnxscript", reason="Training is an optional extra: pip install 'tocsin[train]'")

import onnx  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from classifiers.training.batches import Encoded  # noqa: E402
from classifiers.training.corpus import read_corpus  # noqa: E402
from classifiers.training.export import export, logits  # noqa: E402
from classifiers.training.finish import restored  # noqa: E402
from classifiers.training.network import POSITIONS, Network, lengthened  # noqa: E402
from classifiers.training.shipped import WEIGHTS, run_of, unpacked  # noqa: E402


def test_an_exported_network_is_read_back_to_within_half_a_step(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = Network(40, layers=2)
    for weights in network.parameters():  # as after training: the exporter writes equal tensors once
        torch.nn.init.normal_(weights)
    export(network, tmp_path / "model.onnx")
    state = unpacked(onnx.load(tmp_path / "model.onnx"))
    assert state.keys() == network.state_dict().keys()
    for name, weight in network.state_dict().items():
        step = weight.abs().max() / 127 if weight.dim() == 2 else torch.tensor(0.0)
        assert (state[name] - weight).abs().max() <= 0.51 * step + 1e-7, name


def test_the_run_of_what_ships_says_what_the_shipped_file_says(tmp_path: Path) -> None:
    run_of(WEIGHTS, tmp_path)
    network, about = restored(tmp_path)
    assert about["steps"] > 0
    corpus = read_corpus()
    shown = Encoded(
        list(corpus.examples(corpus.split("test")[:60])), Tokenizer.from_file(str(tmp_path / "tokenizer.json")), 64
    )
    shipped = logits(WEIGHTS / "model.onnx", shown.in_order(20)).categories
    network.eval()
    with torch.no_grad():
        read_back = np.concatenate([network(b.ids, b.kinds).categories.numpy() for b in shown.in_order(20)])
    assert np.corrcoef(shipped.ravel(), read_back.ravel())[0, 1] > 0.99
    assert ((shipped > 0) == (read_back > 0)).mean() > 0.995


def test_another_network_is_refused(tmp_path: Path) -> None:
    for name in ("model.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    export(Network(40, layers=2), tmp_path / "model.onnx")
    with pytest.raises(ValueError, match="does not fit the network"):
        run_of(tmp_path, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_network_of_shorter_texts_goes_on_with_longer_ones_and_keeps_what_it_learnt() -> None:
    state = Network(40, layers=1).state_dict()
    short = state | {"positions.weight": state["positions.weight"][:64]}
    long = lengthened(short)
    assert len(long["positions.weight"]) == POSITIONS
    assert torch.equal(long["positions.weight"][:64], short["positions.weight"])
    norms = long["positions.weight"][64:].norm(dim=1)  # the backbone's own: neither nothing nor drawn by chance
    assert ((norms > 0.3) & (norms < 3)).all()
    assert torch.equal(lengthened(long)["positions.weight"], long["positions.weight"])
