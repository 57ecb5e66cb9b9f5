"""Vectors are computed once: reused by text, and kept when a build is killed."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.reuse import BLOCK, VectorCache, passage_keys, remove_log
from index.schema import Passage, Span
from index.store import KEY_BYTES
from tests.fakes import HashingEmbeddings

TEXTS = [f"Le bureau numéro {n} ouvrira à Montréal." for n in range(2 * BLOCK + 10)]


def passages(*texts: str) -> list[Passage]:
    return [Passage(text, 0, (Span(3, len(text)),)) for text in texts]


class CountingEmbeddings(HashingEmbeddings):
    def __init__(self, dies_after: int | None = None) -> None:
        self.seen: list[str] = []
        self._dies_after = dies_after

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        if self._dies_after is not None and len(self.seen) >= self._dies_after:
            raise KeyboardInterrupt
        self.seen.extend(texts)
        return super().encode_documents(texts, progress)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / ".embedding-0123456789abcdef"


def interrupted(log: Path, texts: Sequence[str] = TEXTS, blocks: int = 2) -> None:
    """Leave the log of a build that died after so many blocks."""
    cache = VectorCache(log, CountingEmbeddings(dies_after=2 * blocks * BLOCK), None)
    with pytest.raises(KeyboardInterrupt):
        cache.compute(cache.missing(passages(*texts)), lambda done: None)


def resumed(log: Path) -> tuple[CountingEmbeddings, NDArray[np.float32]]:
    embeddings = CountingEmbeddings()
    cache = VectorCache(log, embeddings, None)
    cache.compute(cache.missing(passages(*TEXTS)), lambda done: None)
    return embeddings, cache.of_chunks(key for passage in passages(*TEXTS) for key in passage_keys(passage))


def test_an_interrupted_build_embeds_only_what_is_left(log: Path) -> None:
    interrupted(log)
    embeddings, vectors = resumed(log)
    assert len(embeddings.seen) == 20
    np.testing.assert_array_equal(vectors, HashingEmbeddings().encode_passages(passages(*TEXTS)))


@pytest.mark.parametrize("lost", [1, KEY_BYTES - 1, KEY_BYTES, KEY_BYTES + 1])
@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
def test_a_block_cut_short_costs_its_last_passage_alone(log: Path, suffix: str, lost: int) -> None:
    interrupted(log)
    path = log.with_suffix(suffix)
    path.write_bytes(path.read_bytes()[:-lost])
    embeddings, vectors = resumed(log)
    assert len(embeddings.seen) == 22
    np.testing.assert_array_equal(vectors, HashingEmbeddings().encode_passages(passages(*TEXTS)))


@pytest.mark.parametrize("suffix", [".keys", ".vectors"])
def test_half_a_log_is_dropped_before_another_build_dies(log: Path, suffix: str) -> None:
    interrupted(log, [f"{text} Bientôt." for text in TEXTS])
    log.with_suffix(suffix).unlink()
    interrupted(log)
    embeddings, vectors = resumed(log)
    assert len(embeddings.seen) == 20
    np.testing.assert_array_equal(vectors, HashingEmbeddings().encode_passages(passages(*TEXTS)))


def test_the_log_goes_when_the_build_is_done(log: Path) -> None:
    cache = VectorCache(log, HashingEmbeddings(), None)
    cache.compute(cache.missing(passages(*TEXTS[:3])), lambda done: None)
    assert list(log.parent.iterdir())
    remove_log(log)
    assert not list(log.parent.iterdir())


def test_a_passage_that_comes_twice_is_embedded_once(log: Path) -> None:
    cache = VectorCache(log, HashingEmbeddings(), None)
    assert cache.missing(passages("Où\u202f?", "Où\u202f?")) == passages("Où\u202f?")


@pytest.mark.parametrize(
    "other",
    [
        Passage("Guide\nUn. Deux!", 5, (Span(6, 9),)),
        Passage("Guide\nUn. Deux.", 0, (Span(6, 9),)),
        Passage("Guide\nUn. Deux.", 5, (Span(6, 10),)),
    ],
    ids=["text", "headings", "place"],
)
def test_what_shapes_the_vector_of_a_sentence_is_in_its_key(other: Passage) -> None:
    _, key = passage_keys(Passage("Guide\nUn. Deux.", 5, (Span(6, 9),)))
    assert key not in passage_keys(other)


def test_a_sentence_and_a_chunk_of_the_same_words_have_keys_of_their_own() -> None:
    assert len({*passage_keys(Passage("Où\u202f?", 0, (Span(0, 4),)))}) == 2


def test_a_lone_surrogate_has_a_key() -> None:
    assert [len(key) for key in passage_keys(Passage("\ud800", 0, ()))] == [KEY_BYTES]
