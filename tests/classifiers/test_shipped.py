"""A training run from the weights that ship: the same network to within half a step of eight bits."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="Training is an optional extra: pip install 'tocsin[train]'")
pytest.importorskip("onnxscript", reason="Training is an optional extra: pip install 'tocsin[train]'")

import onnx  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

from classifiers.embedded import Embedded  # noqa: E402
from classifiers.training.batches import CONTEXT  # noqa: E402
from classifiers.training.corpus import read_corpus  # noqa: E402
from classifiers.training.export import ALONE, IN_CONTEXT, export, logits  # noqa: E402
from classifiers.training.finish import restored, said  # noqa: E402
from classifiers.training.network import POSITIONS, Network, lengthened  # noqa: E402
from classifiers.training.shipped import WEIGHTS, run_of, unpacked  # noqa: E402
from classifiers.windows import Windows, padded  # noqa: E402
from policies.policy import CATEGORY_NAMES  # noqa: E402


def test_an_exported_network_is_read_back_to_within_half_a_step(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = Network(40, layers=2)
    for weights in network.parameters():  # as after training: the exporter writes equal tensors once
        torch.nn.init.normal_(weights)
    other = Network(40, layers=2)
    other.load_state_dict({name: 2 * weight for name, weight in network.state_dict().items()} | words_of(network))
    export(network, other, tmp_path)
    for exported, name in ((network, ALONE), (other, IN_CONTEXT)):
        assert close(unpacked(onnx.load(tmp_path / name)), exported.state_dict())


def words_of(network: Network) -> dict[str, torch.Tensor]:
    return {"words.weight": network.words.weight}


def close(state: dict[str, torch.Tensor], exported: dict[str, torch.Tensor]) -> bool:
    """Whether weights read back are those that were exported, to within half a step."""
    for name, weight in exported.items():
        step = weight.abs().max() / 127 if weight.dim() == 2 else torch.tensor(0.0)
        assert (state[name] - weight).abs().max() <= 0.51 * step + 1e-7, name
    return state.keys() == exported.keys()


def test_networks_of_other_words_do_not_ship_together(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="know other pieces"):
        export(Network(40, layers=1), Network(40, layers=1), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reads", ["alone", "in_context"])
def test_the_run_of_what_ships_says_what_the_shipped_file_says(tmp_path: Path, reads: str) -> None:
    run_of(WEIGHTS, reads, tmp_path)
    network, about = restored(tmp_path)
    assert about["steps"] > 0
    corpus = read_corpus()
    examples = list(corpus.examples(corpus.split("test")[:60]))
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    windows = Windows(tokenizer, 128, CONTEXT).of([e.text for e in examples], [e.context for e in examples])
    shipped = logits(WEIGHTS / f"{reads}.onnx", windows).categories
    network.eval()
    with torch.no_grad():
        shown = {name: torch.from_numpy(numbers) for name, numbers in padded(windows).items()}
        read_back = network(**shown).categories.numpy()
    assert np.corrcoef(shipped.ravel(), read_back.ravel())[0, 1] > 0.99
    assert ((shipped > 0) == (read_back > 0)).mean() > 0.995


def test_calibration_reads_a_long_post_as_the_model_does() -> None:
    corpus = read_corpus()
    posts = [post for post in corpus.split("calibration") if len(post.text.split()) > 120][:8]
    about = json.loads((WEIGHTS / "model.json").read_text(encoding="utf-8"))
    read = said(WEIGHTS, [corpus.pair(post)[1] for post in posts], Tokenizer.from_file(str(WEIGHTS / "tokenizer.json")))
    slopes, intercepts = (
        np.array([about["categories"][name][of] for name in CATEGORY_NAMES]) for of in ("slope", "intercept")
    )
    scores = Embedded().score_in_context([corpus.in_context(post) for post in posts]).categories
    assert len(posts) == 8
    np.testing.assert_allclose(1 / (1 + np.exp(-(read.categories * slopes + intercepts))), scores, rtol=0, atol=0.02)


def test_another_network_is_refused(tmp_path: Path) -> None:
    for name in ("model.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    network = Network(40, layers=2)
    export(network, network, tmp_path)
    with pytest.raises(ValueError, match="does not fit the network"):
        run_of(tmp_path, "alone", tmp_path / "run")
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
