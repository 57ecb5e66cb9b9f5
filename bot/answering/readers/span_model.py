"""The span model: twelve layers in onnxruntime that say where in a passage the answer to a question starts and ends.

`training/reader` makes the file; the card beside it, `span-reader.md`, says what it was trained on and how good it is.
Tokens and their vectors come from the file of the embedding model, so that they are shipped once.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import ReaderError
from index.model.packed import MAX_TOKENS
from index.model.runtime import Graph
from index.model.vocabulary import Vocabulary

QUESTION_TOKENS = 48
"""Tokens of the question that are read, in training too; one question in 2,000 of PIAF and SQuAD 2 dev has more."""

MAX_ANSWER = 30
"""Tokens of an answer; 98 % of those of PIAF and SQuAD 2 dev are shorter."""


class Span(NamedTuple):
    """Where a passage answers, `passage[start:end]`, and how sure that is.

    The margin is the sum of its two logits minus that of "no answer here": above 0, an answer is likelier than none.
    """

    start: int
    end: int
    margin: float


class PassageLogits(NamedTuple):
    """What the model says of one passage: arrays with an entry for each of its t tokens."""

    spans: NDArray[np.int64]  # (t, 2): where each token starts and ends in the text
    starts: NDArray[np.float32]  # (t,): logits of the answer starting there
    ends: NDArray[np.float32]  # (t,): and of its ending there
    nothing: float  # sum of the two logits of "no answer here"

    def best_within(self, start: int, end: int) -> Span | None:
        """Return the likeliest span within `passage[start:end]`; None when the model read no token of it."""
        inside = np.flatnonzero((self.spans[:, 1] > start) & (self.spans[:, 0] < end))
        if not len(inside):
            return None
        sums = self.starts[inside, None] + self.ends[None, inside]
        sums[np.tri(len(inside), k=-1, dtype=bool) | ~np.tri(len(inside), k=MAX_ANSWER - 1, dtype=bool)] = -np.inf
        first, last = np.unravel_index(int(sums.argmax()), sums.shape)
        span = max(start, int(self.spans[inside[first], 0])), min(end, int(self.spans[inside[last], 1]))
        return Span(*span, float(sums[first, last]) - self.nothing)


class SpanModel:
    """Reads passages one at a time; safe to call from several threads."""

    def __init__(self, model: Path, vocabulary: Vocabulary) -> None:
        """Load the file.

        Args:
            model: as `training.reader.export` writes it.
            vocabulary: the encoder's.

        Raises:
            ReaderError: the file is missing or damaged, or onnxruntime cannot run here.
        """
        self._vocabulary = vocabulary
        try:
            self._layers = Graph(model)
        except Exception as error:  # onnxruntime's own errors share no base class
            raise ReaderError(f"{model.name} cannot be loaded: {' '.join(str(error).split())[:300]}") from error

    def read(self, question: str, passage: str, above: str = "") -> PassageLogits:
        """Return the logits of the tokens of `passage`, as many as the model has room for.

        Args:
            question: as it was understood.
            passage: that may answer.
            above: its title and headings, which say what it is about and hold no answer; "" for none.
        """
        asked = self._vocabulary.encode(question).ids[:QUESTION_TOKENS]
        head = len(asked) + 3
        shift = len(above) + 1 if above else 0
        tokens = self._vocabulary.encode(f"{above}\n{passage}" if above else passage)
        room = MAX_TOKENS - head - 1
        ids = self._vocabulary.pair(asked, tokens.ids[:room])
        logits = self._layers.run(self._vocabulary.embed(np.array([ids])))
        inside = logits[0, head:-1]
        spans = np.array(tokens.spans[:room], dtype=np.int64).reshape(-1, 2) - shift
        own = spans[:, 1] > 0
        spans = np.maximum(spans[own], 0)  # a token may hold the end of the title as well
        return PassageLogits(spans, inside[own, 0], inside[own, 1], float(logits[0, 0].sum()))
