"""Make the embedded model: `python -m classifiers.training.train --data DIR --out DIR`.

Two stages. The general one fine-tunes the backbone on the sets of the manifest: toxicity and sentiment of a text
alone. The second goes on with our own posts among a sample of those sets, and learns what a text means in its context
for one organisation, half from the labels and half from what a larger network thinks (`teacher`). Then it calibrates on
texts of neither and writes `OUT/model.onnx`, `OUT/tokenizer.json` and `OUT/model.json`. Checkpoints are kept in
`OUT/general` and `OUT/run`. Equal seed, data, library versions and processor give equal weights.
"""

import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from classifiers.training import finish
from classifiers.training.batches import LENGTH, Encoded
from classifiers.training.corpus import FOLDER
from classifiers.training.evaluation_sets import OURS, KeptOut, all_texts, fingerprints
from classifiers.training.loop import Recipe, saver, train
from classifiers.training.loss import step
from classifiers.training.network import BACKBONE, Network, pretrained
from classifiers.training.prepare import Prepared, prepare
from classifiers.training.shown import OPINIONS, Ours, mixed, our_own
from classifiers.training.vocabulary import prune

RECIPE = Recipe(48, (1.5e-4, 1e-3), step)


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and make the model."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.earlier and options.earlier.resolve() == (options.out / "run").resolve():
        parser.error(f"--from {options.earlier} is where --out {options.out} keeps its own run: give another --out")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    kept_out = fingerprints(options.evaluation)
    ours = our_own(options.corpus, options.opinions or options.corpus / OPINIONS, kept_out)
    prepared = prepare(options.data, kept_out, options.seed, copied=KeptOut(all_texts(OURS)).holds)
    before = options.earlier or options.out / "general"
    if not options.earlier:
        about = {"seed": options.seed, "passes": options.passes, "layers": options.layers}
        learn_general(prepared, before, about, options.pieces)
    learn_policy(ours, prepared, before, options.out / "run", options.rounds, options.seed)
    finish.finish(options.out / "run", options.out, options.corpus)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make the embedded model from licensed, labelled texts and our own.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the published training sets")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--opinions", type=Path, help="what the teacher thinks of them; the corpus's if not given")
    parser.add_argument("--out", type=Path, required=True, help="where model.onnx and its companions go")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], help="texts kept out of training")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--passes", type=float, default=3.0, help="times that each published text is shown")
    parser.add_argument("--rounds", type=int, default=4, help="times that each of our own posts is shown")
    parser.add_argument("--layers", type=int, default=6, choices=range(1, 7))
    parser.add_argument("--pieces", type=int, default=22_700, help="size of the vocabulary")
    parser.add_argument("--from", type=Path, dest="earlier", help="go on from the run in this folder, of either stage")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def learn_general(prepared: Prepared, run: Path, about: dict[str, object], pieces: int) -> None:
    """The first stage, from the backbone; what it learnt is kept in `run`."""
    network, tokenizer = start(prepared, pieces, int(str(about["layers"])))
    record(prepared, tokenizer, run, about)
    shown = Encoded(prepared.train, tokenizer, LENGTH)
    train(network, shown, float(str(about["passes"])), int(str(about["seed"])), saver(network, run), RECIPE)


def learn_policy(ours: Ours, prepared: Prepared, earlier: Path, run: Path, rounds: int, seed: int) -> None:
    """The second stage, from what the first kept in `earlier`, or more rounds of it from an earlier run of its own."""
    torch.manual_seed(seed)
    network, before = finish.restored(earlier)
    tokenizer = Tokenizer.from_file(str(earlier / "tokenizer.json"))
    if "rounds" not in before:
        network.towards.load_state_dict(network.sentiment.state_dict())  # feeling towards somebody is a feeling
    about = {"layers": before["layers"], "seed": seed, "rounds": rounds, "ours": ours.counts, "from": before}
    record(prepared, tokenizer, run, about)
    shown = Encoded(mixed(ours, prepared.train, rounds, seed), tokenizer, LENGTH)
    train(network, shown, 1, seed, saver(network, run), RECIPE)


def start(prepared: Prepared, pieces: int, layers: int) -> tuple[Network, Tokenizer]:
    """The backbone's first `layers` layers, untrained heads on them, and a vocabulary of `pieces` pieces."""
    texts = [example.text for example in prepared.train]
    tokenizer, rows = prune(Tokenizer.from_file(str(BACKBONE / "tokenizer.json")), texts, pieces)
    return pretrained(BACKBONE / "model.safetensors", rows, layers), tokenizer


def record(prepared: Prepared, tokenizer: Tokenizer, run: Path, about: dict[str, object]) -> None:
    """Write down what `finish` needs beside the checkpoint, so that it can be run on its own.

    An earlier training's checkpoint goes: stopped before its own first, this one would be finished from another's.
    """
    run.mkdir(parents=True, exist_ok=True)
    (run / "checkpoint.pt").unlink(missing_ok=True)
    tokenizer.save(str(run / "tokenizer.json"))
    rows = [
        {"text": e.text, "source": e.source, "labels": e.labels, "sentiment": e.sentiment} for e in prepared.heldout
    ]
    (run / "heldout.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    data = {"sha256": prepared.sha256, "sets": prepared.counts, "shown": len(prepared.train)}
    (run / "data.json").write_text(json.dumps(data | about, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
