"""From checkpoints to what ships: exported, then calibrated on what the exported files themselves say.

`python -m classifiers.training.finish --run DIR --in-context DIR --out DIR` finishes runs that were stopped early.
"""

import argparse
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.training.batches import CONTEXT, Truth
from classifiers.training.calibrate import Floats, platt, temperature
from classifiers.training.corpus import FOLDER, read_corpus
from classifiers.training.example import Example
from classifiers.training.export import ALONE, IN_CONTEXT, WORDS_FILE, export, logits
from classifiers.training.network import Network, lengthened
from classifiers.windows import Windows, highest, owners
from policies.policy import CATEGORY_NAMES

# Pieces read at once: in more, a telling sentence drowns; in fewer, what makes it harmless is out of sight.
_WINDOW = 128


def finish(run: Path, in_context: Path, out: Path, corpus: Path = FOLDER, version: str | None = None) -> None:
    """Write the two networks, tokenizer.json and model.json to `out` from the checkpoints and the notes of two runs.

    `run` reads texts alone; `in_context`, which may be the same, those in context; one of them has the texts held out.
    `version` is part of the name on every row that the model judges; of other weights another one, so if none is given
    it is the beginning of a SHA-256 of theirs. Raises ValueError where the two have not the same vocabulary.
    """
    heldout = read_heldout(in_context, run)
    out.mkdir(parents=True, exist_ok=True)
    (alone, about), (other, about_other) = restored(run), restored(in_context)
    export(alone, other, out)
    tokenizer = Tokenizer.from_file(str(run / "tokenizer.json"))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    ours = read_corpus(corpus)
    examples = [*heldout, *ours.examples(ours.split("calibration"))]
    sha256 = {name: _sha256(out / name) for name in (ALONE, IN_CONTEXT, WORDS_FILE, "tokenizer.json")}
    card = {
        "name": "embedded",
        "version": version or hashlib.sha256("".join(sha256.values()).encode()).hexdigest()[:8],
        **calibrated(said(out, examples, tokenizer), Truth.of(examples), np.arange(len(examples)) >= len(heldout)),
        "window": _WINDOW,
        "context": CONTEXT,
        "training": {"alone": lineage(about), "in_context": lineage(about_other)},
        "sha256": sha256,
    }
    (out / "model.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def said(out: Path, examples: list[Example], tokenizer: Tokenizer) -> Truth:
    """What each network answers of what it is asked, in windows as `onnx_model` reads them; NaN of a text of no words.

    Of a long text the window with the highest logit counts, and the mean of the windows' logits for feelings.
    """
    windows = Windows(tokenizer, _WINDOW, CONTEXT).of([e.text for e in examples], [e.context for e in examples])
    alone, in_context = (logits(out / name, windows) for name in (ALONE, IN_CONTEXT))
    read = replace(in_context, toxicity=alone.toxicity, sentiment=alone.sentiment)
    most = (highest(one, windows, len(examples)) for one in (read.toxicity, read.relevant, read.categories))
    toxicity, relevant, categories = (np.where(np.isinf(one), np.nan, one) for one in most)
    sentiment, towards = (_mean(one, owners(windows), len(examples)) for one in (read.sentiment, read.towards))
    return Truth(toxicity, sentiment, relevant, towards, categories)


def _mean(answers: Floats, of: NDArray[np.intp], texts: int) -> Floats:
    total = np.zeros((texts, answers.shape[1]), np.float32)
    np.add.at(total, of, answers)
    count = np.bincount(of, minlength=texts)[:, None]
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def lineage(about: dict[str, Any]) -> dict[str, Any]:
    """A run's notes, and under `legs` of all that it came from, each once; nested, each mean would double them."""
    told: list[dict[str, Any]] = []

    def tell(one: dict[str, Any]) -> None:
        own = {name: value for name, value in one.items() if name not in ("from", "mean_of", "legs")}
        if own not in told:
            told.append(own)
        for earlier in (*one.get("mean_of", ()), *one.get("legs", ()), one.get("from")):
            if earlier is not None:
                tell(earlier)

    tell(about)
    return told[0] | {"legs": told[1:]}


def calibrated(said: Truth, truth: Truth, ours: NDArray[np.bool_] | None = None) -> dict[str, Any]:
    """What to do with each logit to make it a probability, as model.json holds it; `ours` (n,) are posts of our own."""
    return {
        "toxicity": _sigmoids(TOXICITY_LABELS, said.toxicity, truth.toxicity),
        "relevant": _sigmoids(("relevant",), said.relevant[:, None], truth.relevant[:, None]),
        "categories": _sigmoids(CATEGORY_NAMES, said.categories, truth.categories),
        "sentiment": _softmax(*temperature(said.sentiment, truth.sentiment, ours)),
        "towards": _softmax(*temperature(said.towards, truth.towards)),
    }


def _sigmoids(names: tuple[str, ...], said: Floats, truth: Floats) -> dict[str, dict[str, float]]:
    rows = zip(names, *platt(said, truth), strict=True)
    return {name: {"slope": round(slope, 5), "intercept": round(intercept, 5)} for name, slope, intercept in rows}


def _softmax(scale: float, offsets: list[float]) -> dict[str, Any]:
    return {"labels": SENTIMENT_LABELS, "scale": round(scale, 5), "offsets": np.round(offsets, 5).tolist()}


def restored(run: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a run's last checkpoint, and what the run wrote of its data, the steps done added.

    Raises FileNotFoundError where `run` is the folder of no run, or of one that has kept nothing yet.
    """
    if not (run / "checkpoint.pt").is_file():
        raise FileNotFoundError(f"{run} has no checkpoint.pt: no run of `train` has kept anything there yet")
    kept = torch.load(run / "checkpoint.pt", weights_only=True)
    about = json.loads((run / "data.json").read_text(encoding="utf-8"))
    network = Network(len(kept["state"]["words.weight"]), about["layers"])
    network.load_state_dict(lengthened(kept["state"]))
    return network, about | {"steps": kept["step"]}


def read_heldout(*runs: Path) -> list[Example]:
    """The held-out examples that `train` wrote down in the first of the runs that has any: one of `shipped` has none.

    Raises FileNotFoundError where none has.
    """
    path = next((run / "heldout.jsonl" for run in runs if (run / "heldout.jsonl").is_file()), None)
    if path is None:
        named = " or ".join(map(str, runs))
        raise FileNotFoundError(f"No heldout.jsonl to calibrate on in {named}: give one run that `train` made")
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(r["text"], r["source"], r["labels"], tuple(r["sentiment"]) if r["sentiment"] else None) for r in rows
    ]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Export and calibrate a training run.")
    parser.add_argument("--run", type=Path, required=True, help="folder that train wrote its checkpoint to")
    parser.add_argument("--in-context", type=Path, help="the run of the network that reads in context, if another")
    parser.add_argument("--out", type=Path, required=True, help="where the model's files go")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--version", help="what the model is called after its name; if not given, by its SHA-256")
    options = parser.parse_args()
    finish(options.run, options.in_context or options.run, options.out, options.corpus, options.version)
