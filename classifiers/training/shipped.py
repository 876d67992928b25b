"""A run from what ships: `python -m classifiers.training.shipped --out RUN`, for `train --from` and `average`.

Two networks ship: `--reads in_context` asks for the other. Checkpoints are large and are not kept with the code; the
weights that ship are. Read back they are what was trained to within half a step of eight bits. The texts held out for
calibration are not kept: `finish` needs another run's.
"""

import argparse
import json
from pathlib import Path

import onnx
import torch
from onnx import ModelProto, NodeProto
from onnx.numpy_helper import to_array
from tokenizers import Tokenizer
from torch import Tensor

from classifiers.training.network import Network, lengthened

WEIGHTS = Path(__file__).parents[1] / "weights"
_IN_A_LAYER = ("asked", "out", "up", "down")  # in the order in which they are computed
_HEADS = ("toxicity", "sentiment", "relevant", "towards", "categories")


def run_of(weights: Path, reads: str, run: Path) -> None:
    """Write a network of the model in the folder `weights` to `run`, as `train` keeps its own.

    reads: "alone" or "in_context", what the network is for. Raises ValueError where it is not one that `export` wrote.
    """
    about = json.loads((weights / "model.json").read_text(encoding="utf-8"))["training"].get(reads)
    if about is None:
        raise ValueError(f"{weights} holds a model from before there were two networks: it has none that reads {reads}")
    state = lengthened(unpacked(onnx.load(weights / f"{reads}.onnx")))
    network = Network(len(state["words.weight"]), about["layers"])
    missing, unexpected = network.load_state_dict(state, strict=False)
    if missing or unexpected:
        raise ValueError(f"{weights} does not fit the network: missing {missing}, unexpected {unexpected}")
    run.mkdir(parents=True, exist_ok=True)
    Tokenizer.from_file(str(weights / "tokenizer.json")).save(str(run / "tokenizer.json"))  # spaced as `train` does
    (run / "data.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    torch.save({"step": about["steps"], "state": network.state_dict()}, run / "checkpoint.pt")


def unpacked(model: ModelProto) -> dict[str, Tensor]:
    """The weights of an exported network by their names in `Network`, as floating-point numbers."""
    kept = {one.name: torch.tensor(to_array(one)) for one in model.graph.initializer}
    state = {name: value for name, value in kept.items() if name.endswith((".bias", ".weight")) or name == "beside"}
    state["words.weight"] = _numbers(kept, "words.weight_quantized", "words.weight_scale", "words.weight_zero_point")
    products = [node for node in model.graph.node if node.op_type == "MatMulIntegerToFloat"]
    for name, node in zip(_names(len(products)), products, strict=True):
        state[f"{name}.weight"] = _weight(kept, node).T
    return state


def _names(products: int) -> list[str]:
    layers = (products - len(_HEADS)) // len(_IN_A_LAYER)
    return [f"layers.{n}.{part}" for n in range(layers) for part in _IN_A_LAYER] + list(_HEADS)


def _weight(kept: dict[str, Tensor], product: NodeProto) -> Tensor:
    _, codes, _, scale, _, zero = product.input
    return _numbers(kept, codes, scale, zero)


def _numbers(kept: dict[str, Tensor], codes: str, scale: str, zero: str) -> Tensor:
    return (kept[codes].float() - kept[zero].float()) * kept[scale]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a training run of the weights that ship, to go on from.")
    parser.add_argument(
        "--weights", type=Path, default=WEIGHTS, help="folder of a model; the one that ships if not given"
    )
    parser.add_argument(
        "--reads", choices=("alone", "in_context"), default="alone", help="which of its two networks (default: alone)"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the run, a run like the others")
    options = parser.parse_args()
    run_of(options.weights, options.reads, options.out)
