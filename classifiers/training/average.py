"""The mean of the weights of several runs: `python -m classifiers.training.average --out MEAN RUN RUN …`.

Runs that went on from one ancestor lie in one valley: their mean is better than each of them and costs no time in
use (Wortsman et al., *Model soups*, 2022). The result is a run like any other, for `finish` or for `train --from`.
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from classifiers.training.finish import restored


def average(runs: Sequence[Path], out: Path) -> None:
    """Write the mean of `runs` to `out`; held-out texts are those of the first that has some (`shipped` has none).

    Raises ValueError where a run has another vocabulary or other layers: such weights have no mean.
    """
    heldout = next((run / "heldout.jsonl" for run in runs if (run / "heldout.jsonl").exists()), None)
    if heldout is None:
        raise ValueError("None of these runs has a heldout.jsonl to calibrate on; name one that `train` made.")
    words = {(run / "tokenizer.json").read_bytes() for run in runs}
    if len(words) > 1:
        raise ValueError("These runs have different vocabularies; only runs that went on from one can be averaged.")
    networks, abouts = zip(*(restored(run) for run in runs), strict=True)
    if len({about["layers"] for about in abouts}) > 1:
        raise ValueError(
            "These runs have different numbers of layers; only runs that went on from one can be averaged."
        )
    state = _mean([network.state_dict() for network in networks])
    out.mkdir(parents=True, exist_ok=True)
    for path in (runs[0] / "tokenizer.json", heldout):
        shutil.copyfile(path, out / path.name)
    about = abouts[0] | {"mean_of": abouts}
    (out / "data.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    torch.save({"step": max(about["steps"] for about in abouts), "state": state}, out / "checkpoint.pt")


def _mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """What all agree on, as the frozen embeddings of the pieces, stays as it is: a mean of three would round it."""
    first, *others = states
    return {
        name: one
        if all(torch.equal(one, other[name]) for other in others)
        else torch.stack([state[name] for state in states]).mean(0)
        for name, one in first.items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Average the weights of training runs that went on from one.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders that train wrote its checkpoints to")
    parser.add_argument("--out", type=Path, required=True, help="folder for the mean, a run like the others")
    options = parser.parse_args()
    average(options.runs, options.out)
