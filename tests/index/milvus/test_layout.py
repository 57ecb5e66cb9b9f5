import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.milvus.client import MAX_BYTES
from index.milvus.layout import (
    alias_of,
    collection_of,
    decode_chunk_of,
    decode_parts,
    decode_vector,
    encode_row,
    file_rows,
    files_of,
    generation_of,
    index_of,
    joined,
    probes_of,
)
from index.schema import Chunk, Sentence
from index.store import new_generation

LAYERS = ["", "@cuisine", "@café", "@cafe", "@caf_", "@a-b", "@a_b", "learned@7", "learned@pages", "@" + "é" * 32]


def a_chunk(text: str, sentences: int = 1) -> Chunk:
    cuts = tuple(Sentence(0, 1) for _ in range(sentences))
    return Chunk("a#0", "a", "Titre", "a", "fr", 0, len(text), text, cuts)


def test_each_layer_has_a_name_of_its_own_that_milvus_allows() -> None:
    names = [alias_of(layer) for layer in LAYERS]
    assert len(set(names)) == len(LAYERS)
    for name in names:
        whole = files_of(collection_of(name, new_generation()))
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,254}", whole)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_collection_tells_its_generation_to_its_own_layer_alone(layer: str) -> None:
    generation = new_generation()
    collection = collection_of(alias_of(layer), generation)
    for name in (collection, files_of(collection)):
        found = [generation_of(alias_of(other), name) for other in LAYERS]
        assert found == [generation if other == layer else None for other in LAYERS]


@pytest.mark.parametrize(
    "name", ["babillard_articles", "docs", "babillard_articles__2021", "babillard_articles__x_files"]
)
def test_what_others_keep_in_the_same_milvus_is_no_generation(name: str) -> None:
    assert generation_of("babillard_articles", name) is None


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(lambda text: text * 500))
def test_a_chunk_of_any_length_survives_in_pieces_that_milvus_takes(text: str) -> None:
    row = encode_row(0, a_chunk(text), np.zeros(4, np.float32), np.zeros((1, 4), np.float16))
    assert max(len(piece.encode()) for piece in row["chunk"]) <= MAX_BYTES
    assert decode_chunk_of(row) == a_chunk(text)


@pytest.mark.parametrize("parts", [0, 1, 63, 500])
def test_vectors_come_back_to_the_last_bit(parts: int) -> None:
    numbers = np.random.default_rng(0)
    vector, sentences = (
        numbers.normal(size=384).astype(np.float32),
        numbers.normal(size=(parts, 384)).astype(np.float16),
    )
    row = encode_row(0, a_chunk("texte", parts), vector, sentences)
    assert all(len(piece) <= MAX_BYTES for piece in row["exact"] + row["parts"])
    assert decode_vector(row, 384).tobytes() == vector.tobytes()
    assert decode_parts(row, 384).tobytes() == sentences.tobytes()
    assert decode_parts(row, 384).shape == (parts, 384)


@given(st.lists(st.binary(max_size=200_000), max_size=3))
def test_files_come_back_from_their_pieces_in_any_order(contents: list[bytes]) -> None:
    files = [(f"{number}.npy", raw) for number, raw in enumerate(contents)]
    rows = list(file_rows(files))
    assert [row["row"] for row in rows] == list(range(len(rows)))
    for name, raw in files:
        assert joined([row for row in reversed(rows) if row["name"] == name]) == raw


def test_a_large_index_is_searched_by_cells_as_at_home() -> None:
    assert (index_of(20_000), probes_of(20_000)) == (("FLAT", {}), {})
    assert (index_of(1_000_000), probes_of(1_000_000)) == (("IVF_SQ8", {"nlist": 4_000}), {"nprobe": 512})
