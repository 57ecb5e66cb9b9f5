"""A build with workers gives, byte for byte, what a build without them gives, whatever happens to a worker."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import reuse
from index.build import BuildReport, Progress, build_index
from index.config import fingerprint
from index.errors import ClusterError, EmbeddingError
from index.generations import Generations
from index.milvus.client import Client
from index.milvus.generations import MilvusGenerations
from index.model.embedding import TextEmbeddings
from index.ray.building import RayEmbeddings, parse_there
from index.ray.cluster import Cluster
from index.store import open_store
from tests.fakes import HashingEmbeddings
from tests.index.ray import models
from tests.index.test_incremental import contents_of

pytestmark = pytest.mark.slow

ARTICLES = {
    "été.md": "# L’œuvre\n\nElle coûte 3,5\u00a0M$. Où\u202f? À Montréal.\n\n<!-- à finir -->",
    "a/bureau.txt": "The office opens in Toronto. It opens in May.",
    "faq.csv": "question,réponse\nQuand ?,À midi.\nOù ?,\n",
    "page.html": "<html lang=fr><title>Une page</title><h1>Le fleuve</h1><p>La Loire naît au mont Gerbier.</p>",
    "entrées.jsonl": '{"question": "Quand \\ud800?", "answer": "À midi."}\n',
    "endommagé.pdf": "%PDF-1.4 rien",
    "glossary.csv": "PE;prime d’équipe\n",
}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for name, text in ARTICLES.items():
        path = tmp_path / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "seeds"


@pytest.fixture
def long_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Articles that make a dozen blocks."""
    monkeypatch.setattr(reuse, "BLOCK", 8)
    folder = tmp_path / "seeds"
    folder.mkdir()
    for n in range(12):
        lines = (f"L’article {n} dit en {m} mots où l’on va. It was written in {1900 + m}.\n" for m in range(4))
        (folder / f"{n:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


Build = Callable[..., BuildReport]


@pytest.fixture
def build(cluster: Cluster) -> Build:
    """Builds with the two workers."""

    def with_workers(
        seeds: Path,
        index: Path | Generations,
        embeddings: TextEmbeddings | None = None,
        progress: Progress | None = None,
        load: Callable[[str], TextEmbeddings] = models.hashing,
        window: int = 1_000_000,
    ) -> BuildReport:
        there = RayEmbeddings(embeddings or HashingEmbeddings(), cluster, load)
        return build_index(seeds, index, there, progress, parse=parse_there(cluster, window))

    return with_workers


@pytest.mark.parametrize("window", [200, 1_000_000], ids=["some files at a time", "all files at once"])
def test_any_files_give_what_a_local_build_gives(seeds: Path, tmp_path: Path, build: Build, window: int) -> None:
    there = build(seeds, tmp_path / "there", window=window)
    here = build_index(seeds, tmp_path / "here", HashingEmbeddings())
    assert contents_of(tmp_path / "there") == contents_of(tmp_path / "here")
    assert (there.skipped, there.read, there.embedded) == (here.skipped, here.read, here.embedded)
    assert there.skipped != ()
    assert (there.manifest.seeds, there.manifest.left_out) == (here.manifest.seeds, here.manifest.left_out)


def test_the_bundled_model_gives_the_same_vectors(
    seeds: Path, tmp_path: Path, build: Build, bundled: TextEmbeddings
) -> None:
    from index.ray.worker import load_model

    build(seeds, tmp_path / "there", bundled, load=load_model)
    build_index(seeds, tmp_path / "here", bundled)
    assert contents_of(tmp_path / "there") == contents_of(tmp_path / "here")


def test_only_what_changed_is_embedded(long_seeds: Path, tmp_path: Path, build: Build) -> None:
    index = tmp_path / "index"
    build(long_seeds, index)
    assert build(long_seeds, index).embedded == 0
    (long_seeds / "07.txt").write_text("Un article tout neuf. Il est court.", encoding="utf-8")
    assert build(long_seeds, index).embedded == 3
    build_index(long_seeds, tmp_path / "here", HashingEmbeddings())
    assert contents_of(index) == contents_of(tmp_path / "here")


def test_a_worker_that_is_killed_costs_nothing_but_time(long_seeds: Path, tmp_path: Path, build: Build) -> None:
    alive = tmp_path / "alive"
    alive.mkdir()
    killed: list[int] = []

    def kill_one(done: int) -> None:
        if not killed:
            killed.append(int(next(alive.iterdir()).name))
            os.kill(killed[0], signal.SIGKILL)

    report = build(long_seeds, tmp_path / "there", progress=Progress(advance=kill_one), load=models.Telling(alive))
    assert killed
    assert len(list(alive.iterdir())) == 3  # two workers, and the one that took the place of the first
    here = build_index(long_seeds, tmp_path / "here", HashingEmbeddings())
    assert report.embedded == here.embedded
    assert contents_of(tmp_path / "there") == contents_of(tmp_path / "here")


def test_a_build_that_is_interrupted_leaves_the_old_index_and_what_it_embedded(
    long_seeds: Path, tmp_path: Path, build: Build
) -> None:
    index = tmp_path / "index"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text("Un article.", encoding="utf-8")
    old = build_index(tmp_path / "old", index, HashingEmbeddings()).manifest
    done: list[int] = []

    def interrupt(texts: int) -> None:
        done.append(texts)
        if len(done) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(long_seeds, index, progress=Progress(advance=interrupt))
    assert open_store(index, fingerprint("hashing", "1")).manifest == old
    whole = build_index(long_seeds, tmp_path / "here", HashingEmbeddings())
    assert build(long_seeds, index).embedded == whole.embedded - sum(done[:2])  # the third block was not logged
    assert contents_of(index) == contents_of(tmp_path / "here")


def test_what_a_worker_says_of_its_model_is_told(seeds: Path, tmp_path: Path, build: Build) -> None:
    with pytest.raises(EmbeddingError, match=r"^the packed file is damaged: install it again$"):
        build(seeds, tmp_path / "index", load=models.refusing)


def test_a_worker_with_another_revision_of_the_model_is_refused(seeds: Path, tmp_path: Path, build: Build) -> None:
    with pytest.raises(ClusterError, match=r"^the worker on \S+ has revision 2 of the model hashing, not 1: bring "):
        build(seeds, tmp_path / "index", load=models.other)


def test_a_build_with_workers_can_be_kept_in_a_milvus(seeds: Path, tmp_path: Path, build: Build) -> None:
    place = MilvusGenerations(Client(str(tmp_path / "index.db")), "", tmp_path / "milvus")
    build(seeds, place)
    here = build_index(seeds, tmp_path / "here", HashingEmbeddings()).manifest
    assert place.manifest().rows == here.rows
    there_vectors, here_vectors = (
        dict(place.open().chunk_vectors()),
        dict(open_store(tmp_path / "here").chunk_vectors()),
    )
    assert there_vectors.keys() == here_vectors.keys()
    assert all(np.array_equal(there_vectors[key], vector) for key, vector in here_vectors.items())
