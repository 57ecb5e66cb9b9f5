"""What can happen to an index in Milvus; what every store does is in `tests/index/test_generations.py`."""

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import dense
from index.build import build_index
from index.errors import DamagedIndexError, IndexingError, StaleIndexError, UnreachableStoreError
from index.milvus import files, layout, store
from index.milvus.client import Client, Field, Row
from index.milvus.generations import MilvusGenerations
from index.milvus.layout import files_of, generation_of
from index.search import Searcher
from tests.fakes import HashingEmbeddings
from tests.processes import run_python


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    return Client(str(tmp_path_factory.mktemp("milvus") / "index.db"))


@pytest.fixture
def place(request: pytest.FixtureRequest, client: Client, tmp_path: Path) -> MilvusGenerations:
    return MilvusGenerations(client, request.node.name, tmp_path / "index")


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "loire.txt").write_text("The Loire is a river. It is the longest in France.", encoding="utf-8")
    (folder / "netflix.md").write_text("# Le bureau\n\nNetflix s’installe. Où\u202f? À Toronto.\n", encoding="utf-8")
    return folder


def edit(seeds: Path, text: str) -> None:
    (seeds / "new.txt").write_text(text, encoding="utf-8")


def collections(place: MilvusGenerations) -> set[str]:
    return {name for name in place.client.collections() if generation_of(place.alias, name)}


def of(place: MilvusGenerations, *generations: str) -> set[str]:
    names = {layout.collection_of(place.alias, generation) for generation in generations}
    return names | {files_of(name) for name in names}


def test_the_generation_before_is_kept_until_the_next_build(place: MilvusGenerations, seeds: Path) -> None:
    built = []
    for number in range(3):
        edit(seeds, f"Article {number}.")
        built.append(build_index(seeds, place, HashingEmbeddings()).manifest.generation)
        assert collections(place) == of(place, *built[-2:])
    build_index(seeds, place, HashingEmbeddings())  # nothing changed
    assert collections(place) == of(place, built[-1])
    place.remove()
    assert collections(place) == set()


KILLED_BUILD = """
import os, signal, sys
from pathlib import Path
from index.build import build_index
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from tests.fakes import HashingEmbeddings

class Dying(Client):
    def _die(self, *_):
        os.kill(os.getpid(), signal.SIGKILL)

uri, seeds, index, step = sys.argv[1:]
client = Dying(uri)
place = MilvusGenerations(client, "", Path(index))
print(build_index(Path(seeds), place, HashingEmbeddings()).manifest.generation, flush=True)
(Path(seeds) / "new.txt").write_text("Un article neuf.", encoding="utf-8")
setattr(client, step, client._die)
build_index(Path(seeds), place, HashingEmbeddings())
"""


@pytest.mark.parametrize("step", ["insert", "finish", "point"])
def test_a_build_that_is_killed_leaves_the_old_alias_serving(tmp_path: Path, seeds: Path, step: str) -> None:
    uri, index = str(tmp_path / "index.db"), tmp_path / "index"
    child = run_python("-c", KILLED_BUILD, uri, seeds, index, step)
    assert child.returncode == -signal.SIGKILL, child.stderr
    place = MilvusGenerations(Client(uri), "", index)
    old = child.stdout.strip()
    assert place.serving() == old
    assert "Loire" in Searcher(place.open(), HashingEmbeddings()).search("the longest river", "en", 1)[0].chunk.text
    again = build_index(seeds, place, HashingEmbeddings())
    assert (again.embedded, place.serving()) == (0, again.manifest.generation)  # the log had what was embedded
    assert collections(place) == of(place, old, again.manifest.generation)


def test_what_is_no_index_behind_the_alias_is_told(place: MilvusGenerations) -> None:
    place.client.create("notes_of_others", 2, [Field("piece", "text")])
    place.client.point(place.alias, "notes_of_others")
    assert place.serving() is None
    with pytest.raises(DamagedIndexError, match="points to notes_of_others, which is no index of Babillard: remove it"):
        place.open()


def test_a_manifest_of_another_version_makes_an_index_stale(place: MilvusGenerations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    _rewrite(place, "manifest.json", lambda raw: raw[:-1] + b', "colour": 1}')
    with pytest.raises(StaleIndexError, match="comes from another version of Babillard: rebuild it with"):
        place.open()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("manifest.json", lambda raw: raw[:-1], id="manifest cut"),
        pytest.param("glossary.json", lambda raw: raw + b" ", id="a byte more"),
        pytest.param("words.forms.npy", lambda raw: raw[:-1] + b"?", id="a byte changed"),
    ],
)
def test_a_file_that_changed_is_damage(
    place: MilvusGenerations, seeds: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    build_index(seeds, place, HashingEmbeddings())
    _rewrite(place, name, change)
    elsewhere = MilvusGenerations(place.client, place.layer, tmp_path / "another machine")
    with pytest.raises(DamagedIndexError, match="babillard index rebuild"):
        elsewhere.open()


def _rewrite(place: MilvusGenerations, name: str, change: Callable[[bytes], bytes]) -> None:
    """Write the files of the generation that serves anew, one of them changed."""
    generation = place.serving()
    assert generation
    collection = files_of(layout.collection_of(place.alias, generation))
    rows = place.client.rows(collection, "row >= 0", ["name", "piece"])
    rows.sort(key=lambda row: int(row["row"]))
    names = dict.fromkeys(row["name"] for row in rows)
    raw = {one: layout.joined([row for row in rows if row["name"] == one]) for one in names}
    place.client.drop(collection)
    place.client.create(collection, layout.FILE_DIMENSION, layout.FILE_FIELDS)
    place.client.insert(collection, list(layout.file_rows({**raw, name: change(raw[name])}.items())))
    place.client.finish(collection, "FLAT", {})


def test_a_copy_that_was_changed_is_fetched_again(place: MilvusGenerations, seeds: Path) -> None:
    manifest = build_index(seeds, place, HashingEmbeddings()).manifest
    (place.folder / "copies" / manifest.generation / "words.forms.npy").write_bytes(b"")
    assert place.open().glossary == place.open().glossary
    assert [folder.name for folder in (place.folder / "copies").iterdir()] == [manifest.generation]


def test_another_machine_fetches_the_files(place: MilvusGenerations, seeds: Path, tmp_path: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    elsewhere = MilvusGenerations(place.client, place.layer, tmp_path / "another machine")
    here, there = (
        Searcher(one.open(), HashingEmbeddings()).search("the longest river", "en", 2) for one in (place, elsewhere)
    )
    assert here == there


def test_a_collection_that_was_removed_under_a_reader_is_damage(place: MilvusGenerations, seeds: Path) -> None:
    build_index(seeds, place, HashingEmbeddings())
    opened = place.open()
    place.remove()
    query = HashingEmbeddings().encode_query("river")
    for ask in (lambda: opened.chunk(0), lambda: opened.dense_top(query, 1), lambda: opened.cosines(query, [0])):
        with pytest.raises(DamagedIndexError, match="was removed: rebuild it with `babillard index rebuild`"):
            ask()


def test_where_milvus_gives_out_the_old_generation_serves(place: MilvusGenerations, seeds: Path) -> None:
    class Failing(Client):
        def insert(self, name: str, rows: list[Row]) -> None:  # type: ignore[override]
            raise UnreachableStoreError("the disk of the server is full")

    old = build_index(seeds, place, HashingEmbeddings()).manifest.generation
    failing = Failing(place.client._uri)
    edit(seeds, "Un article neuf.")
    with pytest.raises(IndexingError, match=r"cannot be written in .* \(the disk of the server is full\); the old one"):
        build_index(seeds, MilvusGenerations(failing, place.layer, place.folder), HashingEmbeddings())
    assert (place.serving(), collections(place)) == (old, of(place, old))


def test_a_large_index_is_read_in_blocks_and_searched_by_cells(
    place: MilvusGenerations, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in [
        (layout, "MAX_EXACT", 100),
        (dense, "MAX_EXACT", 100),
        (store, "BATCH", 7),
        (store, "MAX_BATCH", 5),
        (store, "MAX_CHUNKS", 20),
        (files, "BATCH", 2),
    ]:
        monkeypatch.setattr(module, name, value)
    for number in range(300):
        (seeds / f"{number}.txt").write_text(f"L’article {number} parle du sujet {number % 7}.", encoding="utf-8")
    build_index(seeds, place, HashingEmbeddings())
    plain = tmp_path / "plain"
    build_index(seeds, plain, HashingEmbeddings())
    opened = place.open()
    query = HashingEmbeddings().encode_query("article 41 du sujet 6")
    rows = opened.dense_top(query, 5)
    cosines = [found.chunk for found in opened.cosines(query, range(opened.manifest.chunks))]
    assert np.mean([cosines[row] for row in rows]) > np.sort(cosines)[-5:].mean() - 0.01
    assert [opened.chunk(row) for row in range(300)] == [*opened.chunks(range(300))]
    assert build_index(seeds, place, HashingEmbeddings(), full=False).embedded == 0
