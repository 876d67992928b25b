"""Networks as ONNX files that compute in 8 bits, and as the scores that such a file gives."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import ModelProto
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifiers.onnx_model import WORDS
from classifiers.training.batches import Truth
from classifiers.training.network import Logits, Network
from classifiers.training.quantise import by_row
from classifiers.windows import Window, batches, padded

ALONE, IN_CONTEXT, WORDS_FILE = "alone.onnx", "in_context.onnx", "words.bin"


def export(alone: Network, in_context: Network, folder: Path) -> None:
    """Write two networks of one vocabulary to `folder`, and the embeddings of its pieces, which they share, once.

    Inputs `ids` and `kinds` (n, t) int64; outputs named as in `Logits`. Raises ValueError where they have not the same
    embeddings.
    """
    if not torch.equal(alone.words.weight, in_context.words.weight):
        raise ValueError("These networks know other pieces: only runs that went on from one can ship together.")
    for network, name in ((alone, ALONE), (in_context, IN_CONTEXT)):
        model = _quantised(network)
        words = next(one for one in model.graph.initializer if one.name == WORDS)
        (folder / WORDS_FILE).write_bytes(words.raw_data)
        set_external_data(words, WORDS_FILE)
        words.ClearField("raw_data")
        onnx.save(model, folder / name)


def _quantised(network: Network) -> ModelProto:
    network.eval()
    example = (torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64))
    n, t = torch.export.Dim("n", min=1), torch.export.Dim("t", min=2, max=128)
    with TemporaryDirectory() as folder:
        full, ready, quantised = (Path(folder, f"{name}.onnx") for name in ("full", "ready", "quantised"))
        torch.onnx.export(
            network,
            example,
            full,
            input_names=["ids", "kinds"],
            output_names=list(Logits._fields),
            dynamic_shapes=({0: n, 1: t}, {0: n, 1: t}),
            opset_version=20,
            external_data=False,
            dynamo=True,
        )
        bare = onnx.load(full)
        del bare.graph.value_info[:]  # shapes from before the exporter transposed weights; the quantiser trips on them
        onnx.save(bare, ready)
        quantize_dynamic(ready, quantised, weight_type=QuantType.QInt8, per_channel=True)
        return by_row(onnx.load(quantised))


def logits(path: Path, windows: Sequence[Window]) -> Truth:
    """What the exported file says of the windows, in their order: logits in the shapes of labels."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = list(batches(windows))
    said = [session.run(None, padded([windows[row] for row in some])) for some in rows]
    order = np.argsort(np.concatenate(rows))
    return Truth(*(np.concatenate(column) for column in zip(*said, strict=True))).rows(order)
