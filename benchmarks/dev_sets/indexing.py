"""Index the paragraphs of a set; several indexes share their vectors."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from index.build import build_index
from index.model.embedding import TextEmbeddings
from index.search import Searcher
from index.store import open_store


class RememberingEmbeddings(TextEmbeddings):
    """Embeds each text once, however many indexes hold it."""

    def __init__(self, inner: TextEmbeddings) -> None:
        """Remember what `inner` computes."""
        self._inner = inner
        self._queries: dict[str, NDArray[np.float32]] = {}
        self._documents: dict[str, NDArray[np.float32]] = {}
        self.model, self.revision, self.dimension = inner.model, inner.revision, inner.dimension

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        if text not in self._queries:
            self._queries[text] = self._inner.encode_query(text)
        return self._queries[text]

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of the texts."""
        new = [t for t in dict.fromkeys(texts) if t not in self._documents]
        if new:
            self._documents.update(zip(new, self._inner.encode_documents(new, progress), strict=True))
        return np.stack([self._documents[t] for t in texts])


def index_texts(texts: dict[str, str], embeddings: TextEmbeddings) -> Searcher:
    """Write the texts as seed files, build their index, and open it."""
    with TemporaryDirectory() as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        seeds.mkdir()
        for name, text in texts.items():
            (seeds / name).write_text(text, encoding="utf-8")
        build_index(seeds, index, embeddings)
        return Searcher(open_store(index), embeddings)
