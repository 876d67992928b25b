"""The loop of every training here: warm-up, decay, pieces hidden, checkpoints that a kill does not harm."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import nn

from classifiers.training.batches import Encoded
from classifiers.training.network import WithHeads

_WARM_UP = 0.05
_HIDDEN = 0.08  # of the pieces of a text, at each step: what is learnt by heart is learnt of no other post
_CHECKPOINT_EVERY = 500


@dataclass(frozen=True)
class Recipe:
    """How batches of `size` are learnt: by which step, at which rates of the encoder and of the heads at the most."""

    size: int
    rates: tuple[float, float]
    step: Callable[..., float]  # of a network, a batch and an optimiser; gives the loss


def train(
    network: WithHeads,
    examples: Encoded,
    passes: float,
    seed: int,
    keep: Callable[[int], None],
    recipe: Recipe,
) -> None:
    """Fine-tune in place. `keep` gets the step's number, now and then and last."""
    rng = np.random.default_rng(seed)
    steps = int(passes * -(-len(examples.ids) // recipe.size))
    optimiser = _optimiser(network, recipe.rates)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step / steps))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    network.train()
    done, lost = 0, 0.7
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("training", total=steps)
        while done < steps:
            for batch in examples.shuffled(recipe.size, rng):
                lost += 0.01 * (recipe.step(network, batch.hiding(_HIDDEN, rng), optimiser) - lost)
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


def _optimiser(network: WithHeads, rates: tuple[float, float]) -> torch.optim.AdamW:
    heads = [parameter for head in network.heads for parameter in head.parameters()]
    ours = {id(parameter) for parameter in heads}
    encoder = [p for p in network.parameters() if p.requires_grad and id(p) not in ours]
    groups = [{"params": encoder, "lr": rates[0]}, {"params": heads, "lr": rates[1]}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def saver(network: nn.Module, run: Path) -> Callable[[int], None]:
    """What to call to keep a checkpoint in `run`; a kill while it is written leaves the one before."""

    def keep(step: int) -> None:
        partial = run / "checkpoint.partial"
        torch.save({"step": step, "state": network.state_dict()}, partial)
        partial.replace(run / "checkpoint.pt")

    return keep
