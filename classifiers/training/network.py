"""The network: the first layers of MiniLM, mean pooling, one sigmoid head a toxicity label, one softmax for sentiment.

Written out rather than taken from a library, so that the exported graph has nothing in it that we did not ask for.
The architecture is BERT's (Devlin et al. 2019), the weights all-MiniLM-L6-v2's (Apache-2.0).
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS

WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 128
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


class Network(nn.Module):
    """Token numbers in, logits out. The word embeddings are frozen: small data would only blur them."""

    def __init__(self, pieces: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH).requires_grad_(False)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = nn.Dropout(_DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.toxicity = nn.Linear(WIDTH, len(TOXICITY_LABELS))
        self.sentiment = nn.Linear(WIDTH, len(SENTIMENT_LABELS))

    def forward(self, ids: Tensor, attended: Tensor) -> tuple[Tensor, Tensor]:
        """ids, attended: (n, t) int64, attended 1 where there is a token. Logits (n, 7) and (n, 3)."""
        x = self.dropout(self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]]))
        present = attended.to(x.dtype)
        mask = (1.0 - present)[:, None, None, :] * -1e4
        for layer in self.layers:
            x = layer(x, mask)
        pooled = (x * present[:, :, None]).sum(1) / present.sum(1, keepdim=True)
        return self.toxicity(self.dropout(pooled)), self.sentiment(self.dropout(pooled))


def pretrained(weights: Path, pieces: list[int], layers: int) -> Network:
    """A network that starts from the backbone's first `layers` layers and the rows `pieces` of its vocabulary."""
    theirs = {name.removeprefix("bert."): tensor for name, tensor in load_file(weights).items()}
    network = Network(len(pieces), layers)
    kind = theirs["embeddings.token_type_embeddings.weight"][0]  # always the first sentence: folded into the positions
    ours = {
        "words.weight": theirs["embeddings.word_embeddings.weight"][pieces],
        "positions.weight": theirs["embeddings.position_embeddings.weight"][:POSITIONS] + kind,
        "norm.weight": theirs["embeddings.LayerNorm.weight"],
        "norm.bias": theirs["embeddings.LayerNorm.bias"],
    }
    for number in range(layers):
        for our, their in _LAYER_NAMES.items():
            for part in ("weight", "bias"):
                pieces_of_it = [theirs[f"encoder.layer.{number}.{name}.{part}"] for name in their]
                ours[f"layers.{number}.{our}.{part}"] = torch.cat(pieces_of_it)
    missing, unexpected = network.load_state_dict(ours, strict=False)
    if unexpected or any(not name.startswith(("toxicity", "sentiment")) for name in missing):
        raise ValueError(f"{weights} does not fit the network: missing {missing}, unexpected {unexpected}")
    return network


_LAYER_NAMES = {
    "asked": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "attention_norm": ("attention.output.LayerNorm",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
    "norm": ("output.LayerNorm",),
}
