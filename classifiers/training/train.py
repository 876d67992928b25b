"""Make the embedded model: `python -m classifiers.training.train --data DIR --out DIR`.

Three stages. The general one fine-tunes the backbone on the sets of the manifest: toxicity and sentiment of a text
alone. The second goes on with our own posts among a sample of those sets, and learns what a text means in its context
for one organisation, half from the labels and half from what a larger network thinks (`teacher`). The third parts the
two readings, since what makes a network better at one makes it worse at the other: one network goes on from the second
stage with texts alone, ours and published ones, another with our posts in context and nothing else. Then they are
calibrated on texts of no stage and written to `OUT`. Checkpoints are kept in `OUT/general`, `OUT/run`, `OUT/alone` and
`OUT/in_context`. Equal seed, data, library versions and processor give equal weights.
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
from classifiers.training.example import Example
from classifiers.training.loop import Recipe, saver, train
from classifiers.training.loss import step
from classifiers.training.network import BACKBONE, Network, pretrained
from classifiers.training.prepare import Prepared, prepare
from classifiers.training.shown import OPINIONS, Ours, in_context, mixed, our_own, texts_alone
from classifiers.training.vocabulary import prune

RECIPE = Recipe(48, (1.5e-4, 1e-3), step)


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and make the model."""
    parser = _parser()
    options = parser.parse_args(arguments)
    kept = [(options.out / name).resolve() for name in ("run", "alone", "in_context")]
    if options.earlier and options.earlier.resolve() in kept:
        parser.error(f"--from {options.earlier} is where --out {options.out} keeps its own run: give another --out")
    shown = (options.rounds, options.texts, options.last)
    if min(shown) < 0 or not any(shown):
        parser.error("--rounds, --texts and --last count how often our posts are shown: 0 or more, and not 0 all")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    kept_out = fingerprints(options.evaluation)
    ours = our_own(options.corpus, options.opinions or options.corpus / OPINIONS, kept_out)
    prepared = prepare(options.data, kept_out, options.seed, copied=KeptOut(all_texts(OURS)).holds)
    before = options.earlier or options.out / "general"
    if not options.earlier:
        about = {"seed": options.seed, "passes": options.passes, "layers": options.layers}
        learn_general(prepared, before, about, options.pieces)
    both = options.out / "run" if options.rounds else before
    if options.rounds:
        learn_policy(ours, prepared, before, both, options.rounds, options.seed)
    alone = options.out / "alone" if options.texts else both
    if options.texts:
        learn_texts(ours, prepared, both, alone, options.texts, options.seed)
    second = options.out / "in_context" if options.last else both
    if options.last:
        learn_contexts(ours, prepared, both, second, options.last, options.seed)
    finish.finish(alone, second, options.out, options.corpus)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make the embedded model from licensed, labelled texts and our own.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the published training sets")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--opinions", type=Path, help="what the teacher thinks of them; the corpus's if not given")
    parser.add_argument("--out", type=Path, required=True, help="where the model's files go")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], help="texts kept out of training")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--passes", type=float, default=3.0, help="times that each published text is shown")
    parser.add_argument(
        "--rounds",
        type=int,
        default=4,
        help="times that each of our own posts is shown, alone and in context; 0: only the last stage is run",
    )
    parser.add_argument("--texts", type=int, default=2, help="times more, to a network that reads texts alone; or 0")
    parser.add_argument("--last", type=int, default=1, help="times more, to a network that reads in context; or 0")
    parser.add_argument("--layers", type=int, default=6, choices=range(1, 7))
    parser.add_argument("--pieces", type=int, default=22_700, help="size of the vocabulary")
    parser.add_argument("--from", type=Path, dest="earlier", help="go on from the run in this folder, of any stage")
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
    _go_on(mixed(ours, prepared.train, rounds, seed), ours, prepared, earlier, run, {"rounds": rounds, "seed": seed})


def learn_texts(ours: Ours, prepared: Prepared, earlier: Path, run: Path, rounds: int, seed: int) -> None:
    """The third stage of the network that reads texts alone, from what the second kept in `earlier`."""
    shown = texts_alone(ours, prepared.train, rounds, seed)
    _go_on(shown, ours, prepared, earlier, run, {"rounds": 0, "texts": rounds, "seed": seed})


def learn_contexts(ours: Ours, prepared: Prepared, earlier: Path, run: Path, rounds: int, seed: int) -> None:
    """The third stage, from what the second (or an earlier third) kept in `earlier`, which is left as it is."""
    about = {"rounds": 0, "last": rounds, "seed": seed}
    _go_on(in_context(ours, rounds, seed), ours, prepared, earlier, run, about)


def _go_on(
    shown: list[Example], ours: Ours, prepared: Prepared, earlier: Path, run: Path, about: dict[str, int]
) -> None:
    torch.manual_seed(about["seed"])
    network, before = finish.restored(earlier)
    tokenizer = Tokenizer.from_file(str(earlier / "tokenizer.json"))
    if "rounds" not in before:
        network.towards.load_state_dict(network.sentiment.state_dict())  # feeling towards somebody is a feeling
    published = sum(example.source != "corpus" for example in shown)
    notes = {**about, "published shown": published, "layers": before["layers"], "ours": ours.counts, "from": before}
    record(prepared, tokenizer, run, notes)
    train(network, Encoded(shown, tokenizer, LENGTH), 1, about["seed"], saver(network, run), RECIPE)


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
