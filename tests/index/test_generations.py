"""What a build and a search ask of a store holds for each kind of it: the files of a folder, and a Milvus."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.bm25 import BM25Index
from index.build import build_index, stale_reason
from index.config import fingerprint
from index.errors import DamagedIndexError, IndexingError, MissingIndexError, SeedsError, StaleIndexError
from index.generations import FolderGenerations, Generations, kept_in
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from index.schema import Language, SearchHit
from index.search import Searcher
from index.store import Contents
from tests.fakes import HashingEmbeddings

FRENCH = """# Le bureau

TORONTO – Netflix veut s’installer pour de bon au pays. M. Sarandos y voit un «\u00a0premier pas\u00a0».

## L’école

L’école d’art de Québec forme des créateurs. Son œuvre est connue. Elle coûte 3,5\u00a0M$.
"""
ENGLISH = """# The river

The Loire is the longest river in France. It rises in the Massif Central.

## Where does the company open an office?

The company opens an office in Toronto. Vancouver was the other choice.
"""
PAIRS = "question,answer\nQuand l’école ouvre-t-elle ?,À midi. Sauf le lundi.\nOù est le bureau ?,À Lévis.\n"
QUESTIONS: list[tuple[Language, str]] = [
    ("fr", "Quel est le plus long fleuve de France ?"),
    ("fr", "OU EST L'ECOLE D'ART"),
    ("fr", "Combien coûte l’œuvre\u202f?"),
    ("fr", "Quand ouvre l’école ?"),
    ("en", "Which is the longest river in France?"),
    ("en", "Where does the company open an office?"),
    ("en", "zzz"),
    ("en", ""),
]

Places = Callable[[], Generations]


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """One file of Milvus Lite; each test has layers of its own in it."""
    return Client(str(tmp_path_factory.mktemp("milvus") / "index.db"))


@pytest.fixture(params=["folder", "milvus"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """Return what makes places for indexes, of the kind that the test is run for."""
    names = (f"{request.node.name}-{number}" for number in range(100))

    def place() -> Generations:
        name = next(names)
        folder = tmp_path / "indexes" / str(abs(hash(name)))
        if request.param == "folder":
            return FolderGenerations(folder)
        return MilvusGenerations(request.getfixturevalue("milvus"), name, folder)

    return place


@pytest.fixture
def place(places: Places) -> Generations:
    return places()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "fr.md").write_text(FRENCH, encoding="utf-8")
    (folder / "en.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "faq.csv").write_text(PAIRS, encoding="utf-8")
    return folder


def hits(place: Generations | Path) -> list[list[SearchHit]]:
    searcher = Searcher(kept_in(place).open(), HashingEmbeddings())
    return [searcher.search(question, language, 5) for language, question in QUESTIONS]


def everything(place: Generations | Path) -> dict[str, Any]:
    """Return all that a store tells, for comparison with another."""
    store = kept_in(place).open()
    rows = range(store.manifest.chunks)
    query = HashingEmbeddings().encode_query("le bureau de Toronto")
    return {
        "chunks": [*store.chunks(rows)],
        "one by one": [store.chunk(row) for row in reversed(rows)][::-1],
        "nearest": store.dense_top(query, 3),
        "cosines": store.cosines(query, rows),
        "of some": store.cosines(query, [2, 0]),
        "vectors": [(key, vector.tobytes()) for key, vector in store.chunk_vectors()],
        "parts": [(key, vector.tobytes()) for key, vector in store.part_vectors()],
        "words": [store.bm25.scores([{"bureau": 1.0}]).tolist(), store.bm25.languages],
        "glossary": store.glossary,
        "files": {name: written for name, written in store.manifest.files.items() if name.startswith(("lex", "words"))},
    }


def test_a_store_tells_what_the_files_of_a_folder_tell_to_the_last_bit(
    place: Generations, seeds: Path, tmp_path: Path
) -> None:
    build_index(seeds, place, HashingEmbeddings())
    build_index(seeds, tmp_path / "plain", HashingEmbeddings())
    assert everything(place) == everything(tmp_path / "plain")


def test_a_search_finds_the_same_with_the_same_scores(place: Generations, seeds: Path, tmp_path: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    build_index(seeds, tmp_path / "plain", HashingEmbeddings())
    assert hits(place) == hits(tmp_path / "plain")


def test_chunks_that_were_read_ahead_are_the_same(place: Generations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    ahead, plain = place.open(), place.open()
    last = plain.manifest.chunks - 1
    ahead.read_ahead([last, 0])
    assert [ahead.chunk(row) for row in (0, last)] == [plain.chunk(row) for row in (0, last)]


def test_the_manifest_comes_back_as_it_was_written(place: Generations, seeds: Path) -> None:
    written = build_index(seeds, place, HashingEmbeddings()).manifest
    assert (place.manifest(), place.open().manifest, place.serving()) == (written, written, written.generation)


def test_nothing_is_embedded_again_and_the_result_is_that_of_a_full_build(places: Places, seeds: Path) -> None:
    grown, full = places(), places()
    build_index(seeds, grown, HashingEmbeddings())
    (seeds / "en.md").unlink()
    (seeds / "new.txt").write_text("Le bureau ouvre à Québec. C’est neuf.", encoding="utf-8")
    assert build_index(seeds, grown, HashingEmbeddings()).embedded == 3
    build_index(seeds, full, HashingEmbeddings())
    assert everything(grown) == everything(full)
    assert build_index(seeds, grown, HashingEmbeddings(), full=True).embedded > 3


def test_an_index_that_is_up_to_date_is_left_alone(place: Generations, seeds: Path) -> None:
    first = build_index(seeds, place, HashingEmbeddings()).manifest
    assert stale_reason(seeds, place, HashingEmbeddings()) is None
    assert build_index(seeds, place, HashingEmbeddings()).manifest == first
    (seeds / "fr.md").write_text("Autre chose.", encoding="utf-8")
    assert stale_reason(seeds, place, HashingEmbeddings()) == "1 article changed"


def test_a_reader_keeps_its_generation_when_the_next_one_replaces_it(place: Generations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    store, searcher = place.open(), Searcher(place.open(), HashingEmbeddings())
    before = searcher.search("the longest river", "en", 3)
    (seeds / "en.md").unlink()
    after = build_index(seeds, place, HashingEmbeddings()).manifest.generation
    assert searcher.search("the longest river", "en", 3) == before
    assert store.chunk(0).text
    assert place.open().manifest.generation == after != store.manifest.generation


def test_no_index_is_missing(place: Generations) -> None:
    assert place.serving() is None
    for look in (place.manifest, place.open):
        with pytest.raises(MissingIndexError, match="build it with `babillard index rebuild`"):
            look()


def test_other_settings_make_an_index_stale(place: Generations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    assert place.open(fingerprint("hashing", "1")).manifest.chunks
    with pytest.raises(StaleIndexError, match=r"built with other settings \(model hashing\).*babillard index rebuild"):
        place.open("fedcba9876543210")


def test_a_write_that_fails_leaves_the_old_generation_serving(place: Generations, seeds: Path) -> None:
    manifest = build_index(seeds, place, HashingEmbeddings()).manifest
    before = hits(place)
    with pytest.raises(IndexingError, match=r"cannot be written.*the old one, if any, still serves"):
        place.write(_unwritable(), manifest)
    assert (place.serving(), hits(place)) == (manifest.generation, before)


def _unwritable() -> Contents:
    class Unwritable(BM25Index):
        def save(self, folder: Path) -> None:
            raise OSError(28, "No space left on device")

    nothing = np.zeros((0, 64), np.float32)
    chunks: Any = ()
    other: Any = None
    return Contents(chunks, nothing, nothing.astype(np.float16), b"", Unwritable.build([]), other, other)


def test_where_no_article_can_be_read_an_empty_index_finds_nothing(place: Generations, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.txt").write_bytes(b"\xff")
    with pytest.raises(SeedsError, match=r"a\.txt"):
        build_index(tmp_path / "scans", place, HashingEmbeddings())
    assert Searcher(place.open(), HashingEmbeddings()).search("the longest river", "en", 1) == []
    assert stale_reason(tmp_path / "scans", place, HashingEmbeddings()) == "it holds no article"


def test_what_is_removed_is_missing_and_can_be_built_again(place: Generations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    place.remove()
    with pytest.raises(MissingIndexError):
        place.manifest()
    assert not place.folder.exists()
    build_index(seeds, place, HashingEmbeddings())
    assert place.open().manifest.documents == 4


def test_indexes_side_by_side_do_not_mix(places: Places, seeds: Path) -> None:
    one, other = places(), places()
    build_index(seeds, one, HashingEmbeddings())
    (seeds / "en.md").unlink()
    build_index(seeds, other, HashingEmbeddings())
    other.remove()
    assert one.open().manifest.documents == 4


def test_a_file_that_was_changed_is_damage(place: Generations, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = build_index(seeds, place, HashingEmbeddings()).manifest
    wrong = dataclasses.replace(manifest, chunks=manifest.chunks + 1)
    _vouch_for(place, wrong, monkeypatch)
    with pytest.raises(DamagedIndexError, match=r"damaged.*babillard index rebuild"):
        place.open()


def _vouch_for(place: Generations, manifest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the manifest be read as another."""
    for where in ("index.store.read_manifest", "index.milvus.generations.read_manifest"):
        monkeypatch.setattr(where, lambda *_: manifest)


@pytest.fixture(autouse=True)
def no_copies_are_left(tmp_path: Path) -> Iterator[None]:
    """A generation that is not complete is never left under the name of one that is."""
    yield
    assert not [*tmp_path.glob("indexes/*/copies/*.??????")]
