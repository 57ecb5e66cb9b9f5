"""multilingual-e5-small in onnxruntime: a text in, a unit vector out.

The graph of its layers is `encoder.onnx`, 25 kB, which `training/encoder.py` writes; the weights are the packed file's,
at 4 bits as it has them. One text at a time: batches of like lengths take as long for each, and padding longer.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.packed import MAX_TOKENS, damaged, repacked
from index.model.runtime import Graph
from index.model.vocabulary import Vocabulary

GRAPH = Path(__file__).with_name("encoder.onnx")
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")  # of a layer: query, key, value, and the outputs of its two halves
_NORMS = ("aln", "oln")


class Encoder:
    """The model, open; safe to call from several threads."""

    def __init__(self, packed: Path, graph: Path = GRAPH) -> None:
        """Open the packed file and load its layers: 0.5 s, most of it for the vocabulary.

        Raises:
            EmbeddingError: the packed file is damaged, or onnxruntime cannot run here.
        """
        self.vocabulary = Vocabulary(packed)
        try:
            weights = layer_weights(self.vocabulary)
        except (ValueError, KeyError) as error:
            raise damaged(packed) from error
        try:
            self._layers = Graph(graph, weights)
        except Exception as error:  # onnxruntime raises kinds of its own, which share no base
            reason = " ".join(str(error).split())[:300]
            raise EmbeddingError(
                f"the bundled model cannot be loaded ({reason}): install Babillard and onnxruntime again"
            ) from error

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return the mean over the first 512 tokens of `text`, scaled to length 1, shape (d,)."""
        ids = self.vocabulary.single(self.vocabulary.encode(text).ids[: MAX_TOKENS - 2])
        mean = self._layers.run(self.vocabulary.embed(np.array([ids])))[0].mean(axis=0)
        unit: NDArray[np.float32] = mean / np.linalg.norm(mean)
        return unit


def layer_weights(vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """Return what the graph is filled with, by name: matrices in nibbles and their scales, biases, norms.

    Raises:
        ValueError, KeyError: the packed file has other layers.
    """
    tensors = vocabulary.tensors

    def floats(name: str) -> NDArray[np.float32]:
        return np.frombuffer(tensors[name], "<f4").astype(np.float32)

    weights: dict[str, NDArray[Any]] = {}
    for layer in range(vocabulary.config["layers"]):
        for name in (f"l{layer}.{matrix}" for matrix in _MATRICES):
            weights[f"{name}.b"] = floats(f"{name}.b")
            weights[f"{name}.w"], weights[f"{name}.scale"] = repacked(tensors[f"{name}.w"], len(weights[f"{name}.b"]))
        for name in (f"l{layer}.{norm}.{kind}" for norm in _NORMS for kind in "wb"):
            weights[name] = floats(name)
    vocabulary.forget()
    return weights
