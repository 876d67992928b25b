"""The network as an ONNX file that computes in 8 bits, and as the scores that such a file gives."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifiers.training.batches import Batch, Truth
from classifiers.training.network import Logits, Network
from classifiers.training.quantise import by_row


def export(network: Network, path: Path) -> None:
    """Write the network to `path`: inputs `ids` and `kinds` (n, t) int64; outputs named as in `Logits`."""
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
        onnx.save(by_row(onnx.load(quantised)), path)


def logits(path: Path, batches: Iterable[Batch]) -> Truth:
    """What the exported file says of the batches, in order: logits in the shapes of their labels."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = [session.run(None, {"ids": b.ids.numpy(), "kinds": b.kinds.numpy()}) for b in batches]
    return Truth(*(np.concatenate(column) for column in zip(*rows, strict=True)))
