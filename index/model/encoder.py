"""Run multilingual-e5-small in onnxruntime: from a text to its unit vector.

`encoder.onnx` (25 kB, written by `training/encoder.py`) is the graph of the layers; their weights come from the packed
file, in 4 bits as they are there. It takes one text at a time: a batch of equal lengths is no faster, padding slower.
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
_MATRICES = (
    "q",
    "k",
    "v",
    "ao",
    "fi",
    "fo",
)  # of a layer: query, key, value, attention output, feed-forward in and out
_NORMS = ("aln", "oln")


class Encoder:
    """The loaded model. Thread-safe."""

    def __init__(self, packed: Path, graph: Path = GRAPH) -> None:
        """Open the packed file and load the layers: 0.5 s, mostly for the vocabulary.

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
        except Exception as error:  # the errors of onnxruntime have no base class
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
    """Return the weights of the graph by name: matrices in 4 bits with their scales, biases and norms.

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
