"""The reader: the bundled encoder with its embeddings frozen, and a linear head for the start and the end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from platformdirs import user_cache_path
from torch import Tensor, nn
from transformers import BertModel

from training.unpacking import packed_weights, unpack_model


class SpanReader(nn.Module):
    """Scores every token as the start and the end of the answer; token 0 stands for no answer."""

    def __init__(self, encoder: BertModel) -> None:
        """Start from an encoder; without dropout, for one pass over the data needs none and it costs a third."""
        super().__init__()
        self.encoder = encoder
        self.encoder.embeddings.requires_grad_(False)
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        self.head = nn.Linear(self.encoder.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the logits, shape (n, t, 2) float32; far below all others where `mask` is 0."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        logits: Tensor = self.head(hidden).float()
        return logits.masked_fill(mask[..., None] == 0, -1e4)

    def trained_state(self) -> dict[str, Any]:
        """Return the weights that training changes: the layers and the head."""
        return {name: p for name, p in self.state_dict().items() if not name.startswith("encoder.embeddings.")}

    def load_trained(self, state: dict[str, Any]) -> None:
        """Take the weights of `trained_state`."""
        self.load_state_dict(state, strict=False)


def load_reader(states: Sequence[Path]) -> SpanReader:
    """Return the reader with the mean of the weights in the files; without any, the bundled encoder and a new head.

    Averaging: Wortsman et al. 2022, "Model soups".
    """
    folder = unpack_model(packed_weights(), user_cache_path("babillard"))
    reader = SpanReader(
        BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32)
    )
    trained = [torch.load(path, weights_only=True, map_location="cpu") for path in states]
    if trained:
        reader.load_trained({name: torch.stack([t[name] for t in trained]).mean(0) for name in trained[0]})
    return reader
