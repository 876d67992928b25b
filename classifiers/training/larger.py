"""The larger network that the small one learns from: all-mpnet-base-v2, the upper half of it tuned, with our heads."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import MPNetModel

from classifiers.assessment import SENTIMENT_LABELS, TOXICITY_LABELS
from classifiers.training.network import Logits, WithHeads
from policies.policy import CATEGORY_NAMES


class Teacher(WithHeads):
    """MPNet with the heads of `network.Network`. Its embeddings and the lower half of its layers are left as they are.

    What attention makes of distance is shared by all layers, and tuned.

    backbone: folder with config.json, model.safetensors and tokenizer.json.
    """

    def __init__(self, backbone: Path) -> None:
        super().__init__()
        self.body = MPNetModel.from_pretrained(backbone, add_pooling_layer=False)
        width, layers = self.body.config.hidden_size, self.body.config.num_hidden_layers
        self.frozen = layers // 2
        self.body.embeddings.requires_grad_(False)
        self.body.encoder.layer[: self.frozen].requires_grad_(False)
        self.beside = nn.Parameter(torch.zeros(width))  # added to the context's tokens where the tuned half begins
        self.toxicity, self.sentiment = nn.Linear(width, len(TOXICITY_LABELS)), nn.Linear(width, len(SENTIMENT_LABELS))
        self.relevant, self.towards = nn.Linear(width, 1), nn.Linear(width, len(SENTIMENT_LABELS))
        self.categories = nn.Linear(2 * width, len(CATEGORY_NAMES))
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: Tensor, kinds: Tensor) -> Logits:
        """As `network.Network.forward`."""
        pad = self.body.config.pad_token_id
        x = self.body.embeddings(input_ids=ids.masked_fill(kinds == 0, pad))
        mask = (kinds == 0).to(x.dtype)[:, None, None, :] * -1e4
        bias = self.body.encoder.compute_position_bias(x)
        with torch.no_grad():
            for layer in self.body.encoder.layer[: self.frozen]:
                x = layer(x, mask, position_bias=bias)[0]
        x = x + (kinds == 2).to(x.dtype)[:, :, None] * self.beside
        for layer in self.body.encoder.layer[self.frozen :]:
            x = layer(x, mask, position_bias=bias)[0]
        own = (kinds == 1).to(x.dtype)
        mean = self.dropout((x * own[:, :, None]).sum(1) / own.sum(1, keepdim=True))
        peak = self.dropout(x.masked_fill((kinds != 1)[:, :, None], -1e4).amax(1))
        return self.answers(mean, mean, torch.cat((mean, peak), 1))
