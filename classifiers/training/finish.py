"""From a checkpoint to what ships: exported, then calibrated on what the exported file itself says.

`python -m classifiers.training.finish --run DIR --out DIR` finishes a run that was stopped early.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.training.batches import Encoded
from classifiers.training.calibrate import platt, temperature
from classifiers.training.example import Example
from classifiers.training.export import export, logits
from classifiers.training.network import Network

VERSION = "0.1"
_LENGTH = 64  # pieces a window, as in training


def finish(run: Path, out: Path) -> None:
    """Write model.onnx, tokenizer.json and model.json to `out` from the checkpoint and the notes in `run`."""
    out.mkdir(parents=True, exist_ok=True)
    network, about = restored(run)
    export(network, out / "model.onnx")
    tokenizer = Tokenizer.from_file(str(run / "tokenizer.json"))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    heldout = Encoded(read_heldout(run), tokenizer, _LENGTH)
    toxicity, sentiment = logits(out / "model.onnx", heldout.in_order(64))
    slopes, intercepts = platt(toxicity, heldout.toxicity)
    scale, offsets = temperature(sentiment, heldout.sentiment)
    card = {
        "name": "embedded",
        "version": VERSION,
        "toxicity": {
            name: {"slope": round(a, 5), "intercept": round(b, 5)}
            for name, a, b in zip(TOXICITY_LABELS, slopes, intercepts, strict=True)
        },
        "sentiment": {"labels": SENTIMENT_LABELS, "scale": round(scale, 5), "offsets": np.round(offsets, 5).tolist()},
        "window": _LENGTH,
        "training": about,
        "sha256": {name: _sha256(out / name) for name in ("model.onnx", "tokenizer.json")},
    }
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def restored(run: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a run's last checkpoint, and what the run wrote of its data, the steps done added."""
    kept = torch.load(run / "checkpoint.pt", weights_only=True)
    about = json.loads((run / "data.json").read_text(encoding="utf-8"))
    network = Network(len(kept["state"]["words.weight"]), about["layers"])
    network.load_state_dict(kept["state"])
    return network, about | {"steps": kept["step"]}


def read_heldout(run: Path) -> list[Example]:
    """The held-out examples that `train` wrote down."""
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (run / "heldout.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [
        Example(r["text"], r["source"], r["labels"], tuple(r["sentiment"]) if r["sentiment"] else None) for r in rows
    ]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Export and calibrate a training run.")
    parser.add_argument("--run", type=Path, required=True, help="folder that train wrote its checkpoint to")
    parser.add_argument("--out", type=Path, required=True, help="where the three files go")
    options = parser.parse_args()
    finish(options.run, options.out)
