"""Models that workers load by name; each process of a worker tells that it is there."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import EmbeddingError
from index.model.embedding import TextEmbeddings
from tests.fakes import HashingEmbeddings


def hashing(model: str) -> TextEmbeddings:
    """Return the stand-in of most tests."""
    return HashingEmbeddings()


class Telling:
    """Loads a stand-in that leaves its process number in a folder, and takes some time for a block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, model: str) -> TextEmbeddings:
        (self.folder / str(os.getpid())).touch()
        return SlowEmbeddings()


class SlowEmbeddings(HashingEmbeddings):
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        time.sleep(0.2)
        return super().encode_documents(texts, progress)


class RefusingEmbeddings(HashingEmbeddings):
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        raise EmbeddingError("the packed file is damaged: install it again")


def refusing(model: str) -> TextEmbeddings:
    """Return a model whose file turns out to be damaged when it is first used."""
    return RefusingEmbeddings()


class OtherRevision(HashingEmbeddings):
    revision = "2"


def other(model: str) -> TextEmbeddings:
    """Return a model of the same name, and not the same."""
    return OtherRevision()
