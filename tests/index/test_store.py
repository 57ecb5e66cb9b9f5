import json
import pickle
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from index.bm25 import BM25Index
from index.chunking import chunk_document, embedding_text, part_texts
from index.errors import DamagedIndexError, IndexingError, MissingIndexError, StaleIndexError
from index.glossary import Glossary, Pair
from index.loaders.text import read_text
from index.schema import FORMAT, Chunk, Document, Manifest, Sentence
from index.store import (
    KEY_BYTES,
    Contents,
    decode_chunk,
    encode_chunk,
    new_generation,
    open_store,
    read_manifest,
    write_generation,
)
from index.text import stems
from index.vocabulary import Vocabulary
from index.writing import write
from tests.fakes import HashingEmbeddings

TEXT = "# Où est le bureau\u202f?\n\nL’œuvre « Bientôt » coûte 3,5\u00a0M$. Où\u202f?\n\n"
TEXT += "# The office\n\nIt opens in Toronto. Yes.\n"
WRITTEN, BLOCKS = write(read_text(TEXT))
DOCUMENT = Document("presse/netflix.md", "Un bureau", "Article de presse", "fr", WRITTEN, "2021", BLOCKS)
CHUNKS = chunk_document(DOCUMENT, lambda text, fallback: "en" if "office" in text else "fr")
EMBEDDINGS = HashingEmbeddings()
MANIFEST = Manifest(
    format=FORMAT,
    generation="",
    created="",
    model="hashing",
    model_revision="1",
    dimension=EMBEDDINGS.dimension,
    fingerprint="0123456789abcdef",
    chunking={},
    documents=1,
    chunks=len(CHUNKS),
    sentences=sum(len(c.sentences) for c in CHUNKS),
    seeds={DOCUMENT.id: "0" * 64},
    rows={DOCUMENT.id: len(CHUNKS)},
    faulty=[],
    left_out={},
    files={},
)
FILES = (
    "chunks.jsonl chunks.npy vectors.npy dense.faiss parts.npy part_rows.npy keys.npy "
    "lexical.terms.npy lexical.indptr.npy lexical.rows.npy lexical.counts.npy lexical.weights.npy "
    "lexical.french.npy words.keys.npy words.starts.npy words.forms.npy words.counts.npy glossary.json"
).split()
ARRAYS = [name for name in FILES if name.endswith(".npy")]


def contents() -> Contents:
    texts = [embedding_text(c) for c in CHUNKS]
    parts = [text for c in CHUNKS for text in part_texts(c)]
    return Contents(
        chunks=CHUNKS,
        vectors=EMBEDDINGS.encode_documents(texts),
        part_vectors=EMBEDDINGS.encode_documents(parts).astype(np.float16),
        keys=bytes(KEY_BYTES * (len(texts) + len(parts))),
        bm25=BM25Index.build([(text, c.language) for text, c in zip(texts, CHUNKS, strict=True)]),
        vocabulary=Vocabulary.build(CHUNKS),
        glossary=Glossary((Pair("PE", "prime d’équipe", CHUNKS[0].id),)),
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "var" / "index"
    write_generation(folder, contents(), MANIFEST)
    return folder


def generation(index: Path) -> Path:
    return index / "generations" / (index / "CURRENT").read_text(encoding="utf-8").split()[0]


def read_everything(index: Path) -> list[Chunk]:
    """Do all that a search does with a store."""
    store = open_store(index)
    query = EMBEDDINGS.encode_query("Quel bureau à Toronto ?")
    terms = [{stem: 1.0} for stem in stems("Où est l’œuvre ? bureau Toronto office", "fr")]
    store.bm25.idf(terms)
    store.bm25.scores(terms)
    rows = range(store.manifest.chunks)
    store.cosines(query, store.dense_top(query, 5))
    chunks = [store.chunk(row) for row in rows]
    for row in rows:
        store.cosines(query, [row])
        stems(chunks[row].text, chunks[row].language)
    return chunks


def test_chunks_come_back_as_they_were_written(index: Path) -> None:
    assert read_everything(index) == CHUNKS


def test_the_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert write_generation(tmp_path, contents(), MANIFEST) == read_manifest(tmp_path)


def test_the_manifest_names_every_file(index: Path) -> None:
    assert sorted(read_manifest(index).files) == sorted(FILES)


@pytest.mark.parametrize("row", range(len(CHUNKS)))
def test_row_i_is_chunk_i(index: Path, row: int) -> None:
    store = open_store(index)
    vector = EMBEDDINGS.encode_query(embedding_text(CHUNKS[row]))
    assert (store.dense_top(vector, 1), store.chunk(row).id) == ([row], CHUNKS[row].id)


def test_cosines_are_those_of_the_vectors_written(index: Path) -> None:
    store, vector = open_store(index), EMBEDDINGS.encode_query("le bureau de Toronto")
    found = [cosines.chunk for cosines in store.cosines(vector, [1, 0])]
    np.testing.assert_allclose(found, contents().vectors[[1, 0]] @ vector, atol=1e-6)


def test_cosines_of_parts_are_those_of_the_vectors_written(index: Path) -> None:
    store, vector = open_store(index), EMBEDDINGS.encode_query("le bureau de Toronto")
    scores = store.cosines(vector, range(len(CHUNKS)))
    assert [len(s.sentences) for s in scores] == [len(c.sentences) for c in CHUNKS]
    assert [s.question is not None for s in scores] == [c.question != "" for c in CHUNKS]
    found = [cosine for s in scores for cosine in (*s.sentences, s.question) if cosine is not None]
    np.testing.assert_allclose(found, contents().part_vectors @ vector, atol=1e-3)  # float16 on disk


def test_no_more_rows_are_found_than_there_are(index: Path) -> None:
    assert sorted(open_store(index).dense_top(EMBEDDINGS.encode_query("bureau"), 1000)) == list(range(len(CHUNKS)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.text(st.characters(exclude_categories=["Cs"])))
def test_any_chunk_survives_the_round_trip_on_one_line(text: str, date: str | None) -> None:
    chunk = Chunk("a#0", "a", text, text, "fr", 3, 3 + len(text), text, (Sentence(0, 1), Sentence(1, 2, text)), date)
    line = encode_chunk(chunk)
    assert (decode_chunk(line), line.count(b"\n")) == (chunk, 1)


def test_old_generations_are_removed(index: Path) -> None:
    (index / "generations" / "left-by-a-killed-build").mkdir()
    write_generation(index, contents(), MANIFEST)
    assert list((index / "generations").iterdir()) == [generation(index)]


def test_a_reader_keeps_its_generation_when_the_next_one_replaces_it(index: Path) -> None:
    store, vector = open_store(index), EMBEDDINGS.encode_query("le bureau")
    before = store.cosines(vector, [0])
    write_generation(index, contents(), MANIFEST)
    assert [store.chunk(row) for row in range(len(CHUNKS))] == CHUNKS
    assert store.dense_top(vector, 1) == [0]
    assert store.cosines(vector, [0]) == before


def test_a_folder_that_cannot_be_written_is_a_foreseen_fault(tmp_path: Path) -> None:
    (tmp_path / "generations").write_text("in the way")
    with pytest.raises(IndexingError, match="cannot be written"):
        write_generation(tmp_path, contents(), MANIFEST)


def test_a_failed_write_leaves_the_old_generation_serving(index: Path) -> None:
    wrong = replace(contents(), vectors=np.zeros((1, 3), dtype=np.float32), bm25=_Unwritable.build([]))
    with pytest.raises(IndexingError):
        write_generation(index, wrong, MANIFEST)
    assert read_everything(index) == CHUNKS
    assert list((index / "generations").iterdir()) == [generation(index)]


class _Unwritable(BM25Index):
    def save(self, folder: Path) -> None:
        raise OSError(28, "No space left on device")


def test_other_settings_make_an_index_stale(index: Path) -> None:
    with pytest.raises(StaleIndexError, match=r"other settings.*babillard index rebuild"):
        open_store(index, "fedcba9876543210")


def test_the_same_settings_open_it(index: Path) -> None:
    assert open_store(index, MANIFEST.fingerprint).manifest.chunks == len(CHUNKS)


def test_no_index_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingIndexError, match="babillard index rebuild"):
        open_store(tmp_path / "nowhere")


def edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def vouch(folder: Path, manifest: str) -> None:
    """Write another manifest as a build would, its checksum in the pointer."""
    path = folder / "manifest.json"
    path.write_text(manifest, encoding="utf-8")
    write_current(folder, f"{folder.name} {xxhash.xxh3_128(path.read_bytes()).hexdigest()}".encode())


def changed_manifest(folder: Path, **changes: object) -> str:
    return json.dumps({**json.loads((folder / "manifest.json").read_text(encoding="utf-8")), **changes})


def write_current(folder: Path, raw: bytes) -> None:
    (folder.parents[1] / "CURRENT").write_bytes(raw)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        pytest.param(lambda f: (f / "manifest.json").unlink(), DamagedIndexError, id="no manifest"),
        pytest.param(lambda f: (f / "manifest.json").write_text("{"), DamagedIndexError, id="manifest not JSON"),
        pytest.param(lambda f: (f / "manifest.json").write_bytes(b"\xff"), DamagedIndexError, id="manifest not UTF-8"),
        pytest.param(lambda f: (f / "manifest.json").write_text("[" * 10**5), DamagedIndexError, id="manifest nested"),
        pytest.param(lambda f: vouch(f, "[]"), StaleIndexError, id="manifest of another shape"),
        pytest.param(lambda f: vouch(f, "{}"), StaleIndexError, id="manifest without fields"),
        pytest.param(
            lambda f: vouch(f, changed_manifest(f, colour=1)), StaleIndexError, id="manifest of another version"
        ),
        pytest.param(lambda f: vouch(f, changed_manifest(f, format=FORMAT - 1)), StaleIndexError, id="an older format"),
        pytest.param(lambda f: vouch(f, changed_manifest(f, format=FORMAT + 1)), StaleIndexError, id="a later format"),
        pytest.param(lambda f: edit_manifest(f, model="other"), DamagedIndexError, id="manifest edited by hand"),
        pytest.param(lambda f: edit_manifest(f, chunks="2"), DamagedIndexError, id="a count that is no number"),
        pytest.param(lambda f: vouch(f, changed_manifest(f, chunks=9)), DamagedIndexError, id="chunks miscounted"),
        pytest.param(
            lambda f: vouch(f, changed_manifest(f, sentences=1)), DamagedIndexError, id="sentences miscounted"
        ),
        pytest.param(lambda f: vouch(f, changed_manifest(f, dimension=384)), DamagedIndexError, id="other dimension"),
        pytest.param(lambda f: write_current(f, b"nowhere"), DamagedIndexError, id="CURRENT points nowhere"),
        pytest.param(lambda f: write_current(f, b""), DamagedIndexError, id="CURRENT empty"),
        pytest.param(lambda f: write_current(f, b"\xff\x00"), DamagedIndexError, id="CURRENT not UTF-8"),
        pytest.param(lambda f: write_current(f, b"a\x00b"), DamagedIndexError, id="CURRENT holds U+0000"),
        pytest.param(shutil.rmtree, DamagedIndexError, id="generation gone"),
    ],
)
def test_a_damaged_manifest_or_pointer_names_the_remedy(
    index: Path, damage: Callable[[Path], object], error: type[IndexingError]
) -> None:
    damage(generation(index))
    with pytest.raises(error, match="babillard index rebuild"):
        open_store(index)


def test_an_index_of_another_format_is_stale(index: Path) -> None:
    folder = generation(index)
    vouch(folder, changed_manifest(folder, format=99, fingerprint="of another format"))
    with pytest.raises(StaleIndexError, match="babillard index rebuild"):
        open_store(index, MANIFEST.fingerprint)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path, raw: path.unlink(), id="missing"),
        pytest.param(lambda path, raw: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path, raw: path.write_bytes(raw[: len(raw) // 2]), id="half"),
        pytest.param(lambda path, raw: path.write_bytes(raw[:-1]), id="one byte short"),
        pytest.param(lambda path, raw: path.write_bytes(b"\xff" * len(raw)), id="junk"),
    ],
)
def test_a_damaged_file_names_the_remedy(index: Path, name: str, damage: Callable[[Path, bytes], object]) -> None:
    path = generation(index) / name
    damage(path, path.read_bytes())
    with pytest.raises(DamagedIndexError, match="babillard index rebuild"):
        read_everything(index)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_flipped_bit_is_found_and_its_file_named(index: Path, name: str) -> None:
    path = generation(index) / name
    raw = path.read_bytes()
    for at in {0, 1, 41, len(raw) // 3, len(raw) // 2, len(raw) - 1}:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :])
        with pytest.raises(DamagedIndexError, match=rf"{re.escape(name)}.*babillard index rebuild"):
            open_store(index)


class _Trap:
    """Unpickled, it would leave a file behind."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("sprung"),)  # type: ignore[return-value]


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("wrapped", [True, False], ids=["array of objects", "bare pickle"])
def test_a_pickled_array_is_refused_unread(index: Path, tmp_path: Path, name: str, wrapped: bool) -> None:
    path = generation(index) / name
    if wrapped:
        np.save(path, np.array([_Trap()], dtype=object), allow_pickle=True)
    else:
        path.write_bytes(pickle.dumps(_Trap()))
    with pytest.raises(DamagedIndexError):
        open_store(index)
    assert not (tmp_path / "sprung").exists()


def test_the_names_of_generations_are_in_the_order_of_time() -> None:
    names = []
    for _ in range(50):
        names.append(new_generation())
        time.sleep(0.0001)
    assert names == sorted(names)
    assert len(set(names)) == len(names)
