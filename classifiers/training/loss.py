"""What a batch teaches: mean cross-entropy over what is known; an unknown label teaches nothing."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from classifiers.training.batches import Batch, Truth
from classifiers.training.network import WIDTH, Logits, Network

_TOXICITY, _CATEGORIES = 2.0, 15.0  # how much each question weighs beside a sentiment: each category as one
_NUDGE, _LEAST = 1.0, 1e-12  # how far a whole text is moved, beside some six that it is long
_POSITIVE = 3.0  # a category holds for few posts: each that holds counts as so many that do not


def step(network: Network, batch: Batch, optimiser: torch.optim.Optimizer) -> float:
    """Learn from one batch as it is, and again with each text moved to where it is hardest; returns the first loss.

    The fast gradient method of Miyato, Dai and Goodfellow (2017): what is said of a text must hold for its neighbours.
    """
    optimiser.zero_grad()
    still = torch.zeros((*batch.ids.shape, WIDTH), requires_grad=True)
    lost = _learnt(network, batch, still)
    _learnt(network, batch, hardest(still))
    _stepped(network, optimiser)
    return lost


def plain_step(network: nn.Module, batch: Batch, optimiser: torch.optim.Optimizer) -> float:
    """Learn from one batch as it is; returns its loss."""
    optimiser.zero_grad()
    lost = _learnt(network, batch)
    _stepped(network, optimiser)
    return lost


def _stepped(network: nn.Module, optimiser: torch.optim.Optimizer) -> None:
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()


def hardest(still: Tensor) -> Tensor:
    """Where a step of `_NUDGE` raises the loss most, by the gradient of where the texts are; (n, t, WIDTH)."""
    if still.grad is None:
        raise ValueError("No loss was traced back to the embeddings, so there is no direction in which it rises.")
    steepness = torch.linalg.vector_norm(still.grad, dim=(1, 2), keepdim=True)
    return _NUDGE * still.grad / steepness.clamp(min=_LEAST)


def _learnt(network: nn.Module, batch: Batch, *nudge: Tensor) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(batch.ids, batch.kinds, *nudge)
    loss = loss_of(logits, batch.truth)
    loss.backward()
    return float(loss.detach())


def loss_of(logits: Logits, truth: Truth) -> Tensor:
    """The losses of all questions, weighed and added."""
    loss = _yes_or_no(logits.toxicity, truth.toxicity) * _TOXICITY + _one_of(logits.sentiment, truth.sentiment)
    if not np.isnan(truth.categories).all():
        loss = loss + _yes_or_no(logits.relevant, truth.relevant)
        loss = loss + _one_of(logits.towards, truth.towards)
        loss = loss + _yes_or_no(logits.categories, truth.categories, _POSITIVE) * _CATEGORIES
    return loss


def _yes_or_no(logits: Tensor, truth: NDArray[np.float32], positive: float | None = None) -> Tensor:
    said = torch.from_numpy(truth)
    known = ~said.isnan()
    weight = None if positive is None else torch.tensor(positive)
    each = functional.binary_cross_entropy_with_logits(
        logits.float(), said.nan_to_num(), reduction="none", pos_weight=weight
    )
    return (each * known).sum() / known.sum().clamp(min=1)


def _one_of(logits: Tensor, truth: NDArray[np.float32]) -> Tensor:
    said = torch.from_numpy(truth)
    told = ~said.isnan().any(1)
    each = functional.cross_entropy(logits.float(), said.nan_to_num(), reduction="none")
    return (each * told).sum() / told.sum().clamp(min=1)
