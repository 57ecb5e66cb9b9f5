"""How near a question is to chunks: computed alike over every store, so that the scores are equal to the last bit."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Cosines(NamedTuple):
    """The cosines of a question and a chunk."""

    chunk: float
    sentences: tuple[float, ...]  # in the order of the chunk
    question: float | None  # that the chunk answers; None where it tells none


def measured(
    query: NDArray[np.float32],
    vectors: NDArray[np.float32],
    parts: Iterable[NDArray[np.float16]],
    counts: Iterable[int],
) -> list[Cosines]:
    """Return the cosines of a unit vector (d,) and some chunks, same order.

    Args:
        query: the unit vector.
        vectors: those of the chunks, shape (chunks, d).
        parts: of each chunk, those of its sentences and of its question, if it has one.
        counts: how many sentences each chunk has.
    """
    of_chunks: list[float] = (vectors @ query).tolist()
    found = []
    for cosine, rows, sentences in zip(of_chunks, parts, counts, strict=True):
        scores: list[float] = (rows.astype(np.float32) @ query).tolist()
        found.append(Cosines(cosine, tuple(scores[:sentences]), next(iter(scores[sentences:]), None)))
    return found
