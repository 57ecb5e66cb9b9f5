"""Run multilingual-e5-small in onnxruntime: from a text to its unit vector.

Two graphs (25 kB, written by `training/encoder.py`) hold the lower and the upper layers; their weights come from the
packed file, in 4 bits as they are there. They take one text at a time: a batch of equal lengths is no faster, padding
slower. A passage and its sentences share the lower layers, which are most of the work, and have the upper ones each on
its own.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.packed import MAX_TOKENS, damaged, repacked
from index.model.pieces import lay_out, pieces_of
from index.model.runtime import Graph
from index.model.vocabulary import Vocabulary
from index.schema import Passage

LOWER, UPPER = (Path(__file__).with_name(f"encoder-{part}.onnx") for part in ("lower", "upper"))
SHARED = 10  # the lower layers
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

    def __init__(self, packed: Path, lower: Path = LOWER, upper: Path = UPPER) -> None:
        """Open the packed file and load the layers: 0.5 s, mostly for the vocabulary.

        Raises:
            EmbeddingError: the packed file is damaged, or onnxruntime cannot run here.
        """
        self.vocabulary = Vocabulary(packed)
        try:
            layers = range(self.vocabulary.config["layers"])
            below, above = (layer_weights(self.vocabulary, part) for part in (layers[:SHARED], layers[SHARED:]))
        except (ValueError, KeyError) as error:
            raise damaged(packed) from error
        try:
            self._lower, self._upper = Graph(lower, below), Graph(upper, above)
        except Exception as error:  # the errors of onnxruntime have no base class
            reason = " ".join(str(error).split())[:300]
            raise EmbeddingError(
                f"the bundled model cannot be loaded ({reason}): install Babillard and onnxruntime again"
            ) from error

    def encode(self, text: str) -> NDArray[np.float32]:
        """Return the mean over the first 512 tokens of `text`, scaled to length 1, shape (d,)."""
        ids = np.array(self.vocabulary.single(self.vocabulary.encode(text).ids[: MAX_TOKENS - 2]))
        return self._vector(self._hidden(ids, np.arange(len(ids)), np.ones((len(ids), len(ids)), np.bool_)))

    def encode_passage(self, passage: Passage) -> NDArray[np.float32]:
        """Return the unit vectors of the passage and of its sentences, shape (1 + sentences, d).

        In the lower layers each piece of the passage hears itself and the headings; in the upper ones the passage hears
        all of itself, and each sentence still the headings alone. A sentence that the first 512 tokens do not hold is
        embedded by itself.
        """
        if len(pieces_of(passage)) < 2:
            return np.stack([self.encode(passage.text)] * (1 + len(passage.sentences)))
        layout = lay_out(passage, self.vocabulary)
        hidden = self._hidden(layout.ids, layout.positions, layout.hears)
        sentences = (
            self.encode(passage.alone(sentence)) if end is None else self._vector(hidden[:, layout.hears[end]])
            for sentence, end in zip(passage.sentences, layout.ends, strict=True)
        )
        return np.stack([self._vector(hidden[:, layout.whole]), *sentences])

    def _hidden(
        self, ids: NDArray[np.int64], positions: NDArray[np.int64], hears: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return what the lower layers make of the tokens, shape (1, t, d)."""
        unheard = np.where(hears, np.float32(0), np.float32(-10_000))  # added before the softmax
        return self._lower.run(self.vocabulary.embed(ids[None], positions), unheard[None, None])

    def _vector(self, hidden: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean of what the upper layers make of `hidden`, scaled to length 1, shape (d,)."""
        mean = self._upper.run(hidden)[0].mean(axis=0)
        unit: NDArray[np.float32] = mean / np.linalg.norm(mean)
        return unit


def layer_weights(vocabulary: Vocabulary, layers: range) -> dict[str, NDArray[Any]]:
    """Return the weights of some layers by name: matrices in 4 bits with their scales, biases and norms.

    Raises:
        ValueError, KeyError: the packed file has other layers.
    """
    tensors = vocabulary.tensors

    def floats(name: str) -> NDArray[np.float32]:
        return np.frombuffer(tensors[name], "<f4").astype(np.float32)

    weights: dict[str, NDArray[Any]] = {}
    for layer in layers:
        for name in (f"l{layer}.{matrix}" for matrix in _MATRICES):
            weights[f"{name}.b"] = floats(f"{name}.b")
            weights[f"{name}.w"], weights[f"{name}.scale"] = repacked(tensors[f"{name}.w"], len(weights[f"{name}.b"]))
        for name in (f"l{layer}.{norm}.{kind}" for norm in _NORMS for kind in "wb"):
            weights[name] = floats(name)
    vocabulary.forget()
    return weights
