"""Stand-ins that are quick and predictable."""

import re
from collections.abc import Callable, Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.model.embedding import TextEmbeddings


class HashingEmbeddings(TextEmbeddings):
    """Texts that share words, or parts of words, are near; the same in every process, unlike `hash`."""

    model = "hashing"
    revision = "1"
    dimension = 64

    def encode_query(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for feature in _features(text):
            vector[crc32(feature.encode("utf-8", "replace")) % self.dimension] += 1
        if not vector.any():
            vector[0] = 1
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), 3):
            batch = texts[start : start + 3]
            vectors[start : start + len(batch)] = [self.encode_query(text) for text in batch]
            if progress is not None:
                progress(len(batch))
        return vectors


def _features(text: str) -> Iterator[str]:
    for word in re.findall(r"\w+", text.casefold()):
        yield word
        for at in range(len(word) - 2):
            yield word[at : at + 3]
