import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import chunking
from index.build import Progress, build_index, stale_reason
from index.config import fingerprint
from index.errors import EmbeddingError, IndexingError, SeedsError
from index.glossary import Pair
from index.ingestion import hash_seeds
from index.search import Searcher
from index.store import open_store, read_manifest, serving_generation
from tests.fakes import HashingEmbeddings
from tests.processes import surroundings


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "en").mkdir(parents=True)
    (folder / "netflix.md").write_text("# Le bureau\n\nNetflix s’installe. Où\u202f? À Toronto.\n", encoding="utf-8")
    (folder / "en" / "loire.txt").write_text("The Loire is a river. It is the longest in France.", encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "var" / "index"


class FailingEmbeddings(HashingEmbeddings):
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        super().encode_documents(texts[:3], progress)
        raise EmbeddingError("the model gave out")


class BlockingEmbeddings(HashingEmbeddings):
    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.began.set()
        assert self.go_on.wait(600)
        return super().encode_documents(texts, progress)


def assert_serves(index: Path, embeddings: HashingEmbeddings, generation: str) -> None:
    """The generation given is the one that serves, it answers, and nothing else lies beside it."""
    store = open_store(index, fingerprint(embeddings.model, embeddings.revision))
    assert store.manifest.generation == generation
    assert "Loire" in Searcher(store, embeddings).search("the longest river", "en", 1)[0].chunk.text


def test_a_build_counts_what_it_read(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    manifest = build_index(seeds, index, embeddings).manifest
    assert (manifest.documents, manifest.chunks, manifest.sentences) == (2, 2, 5)


def test_the_report_is_what_the_index_says_of_itself(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    assert build_index(seeds, index, embeddings).manifest == read_manifest(index)


def test_the_manifest_tells_the_model_and_the_seeds(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    manifest = build_index(seeds, index, embeddings).manifest
    assert (manifest.model, manifest.model_revision, manifest.dimension) == ("hashing", "1", 64)
    assert manifest.seeds == hash_seeds(seeds)


def test_each_article_gets_its_language(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    store = open_store(index)
    assert {store.chunk(row).document_id: store.chunk(row).language for row in range(2)} == {
        "netflix.md": "fr",
        "en/loire.txt": "en",
    }


def test_a_bad_article_is_reported_and_the_rest_built(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    (seeds / "bad.md").write_bytes(b"\xff")
    report = build_index(seeds, index, embeddings)
    assert ([s.id for s in report.skipped], report.manifest.documents) == (["bad.md"], 2)


def test_the_files_read_are_counted_by_format(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    (seeds / "faq.csv").write_text("question,answer\nQuand ?,À midi.\nOù ?,À Lévis.\n", encoding="utf-8")
    report = build_index(seeds, index, embeddings)
    assert (report.read, report.manifest.documents) == ({".csv": 1, ".md": 1, ".txt": 1}, 4)


def test_the_words_of_the_glossary_and_of_the_articles_are_kept_and_the_glossary_can_be_quoted(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (seeds / "glossary.csv").write_text("PE;prime d’équipe\nCR;\nPE;plan d’épargne\n", encoding="utf-8")
    (seeds / "rta.md").write_text("The Regional Transport Authority (RTA) has nine members.", encoding="utf-8")
    report = build_index(seeds, index, embeddings)
    assert [(skipped.id, skipped.reason) for skipped in report.skipped] == [("glossary.csv#2", "has no meaning for CR")]
    store = open_store(index)
    assert store.glossary.pairs == (
        Pair("PE", "prime d’équipe", "glossary.csv#1#0", is_listed=True),
        Pair("PE", "plan d’épargne", "glossary.csv#1#0", is_listed=True),
        Pair("RTA", "Regional Transport Authority", "rta.md#0"),
    )
    (chunk,) = (chunk for chunk in map(store.chunk, range(store.manifest.chunks)) if chunk.source == "glossary.csv")
    assert chunk.title == "Glossary"
    assert [chunk.text[s.start : s.end] for s in chunk.sentences] == ["PE\n:   prime d’équipe", "plan d’épargne"]


def test_a_larger_bound_makes_an_index_stale_where_it_lets_a_file_in(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (seeds / "large.txt").write_text("Un mot. " * 200_000, encoding="utf-8")
    report = build_index(seeds, index, embeddings, max_mb=1)
    assert [s.id for s in report.skipped] == ["large.txt"]
    assert stale_reason(seeds, index, embeddings, max_mb=1) is None
    assert stale_reason(seeds, index, embeddings, max_mb=2) == "1 article changed"


def test_progress_adds_up(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    totals: list[int] = []
    steps: list[int] = []
    build_index(seeds, index, embeddings, Progress(start=totals.append, advance=steps.append))
    assert totals == [sum(steps)]


def test_a_text_that_comes_twice_is_embedded_once(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    (seeds / "en" / "copies").mkdir()
    (seeds / "en" / "copies" / "loire.txt").write_bytes((seeds / "en" / "loire.txt").read_bytes())
    texts: list[int] = []
    build_index(seeds, index, embeddings, Progress(start=texts.append), full=True)
    assert texts == [7]


def test_the_same_seeds_give_the_same_rows(seeds: Path, tmp_path: Path, embeddings: HashingEmbeddings) -> None:
    one, other = (build_index(seeds, tmp_path / name, embeddings).manifest for name in ("one", "other"))
    assert one.files == other.files


def test_an_article_with_nothing_to_quote_is_still_found(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (seeds / "heading.md").write_text("# Hippopotame", encoding="utf-8")
    build_index(seeds, index, embeddings)
    hit = Searcher(open_store(index), embeddings).search("hippopotame", "fr", 1)[0]
    assert (hit.chunk.document_id, hit.sentence_dense) == ("heading.md", ())


def test_no_index_is_stale(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    assert stale_reason(seeds, index, embeddings) == "there is no index yet"


def test_a_fresh_index_is_not_stale(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    assert stale_reason(seeds, index, embeddings) is None


def test_a_skipped_article_does_not_make_an_index_stale(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (seeds / "bad.md").write_bytes(b"\xff")
    build_index(seeds, index, embeddings)
    assert stale_reason(seeds, index, embeddings) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(lambda s: (s / "netflix.md").write_text("Autre chose."), "1 article changed", id="changed"),
        pytest.param(lambda s: (s / "new.txt").write_text("Un ajout."), "1 article changed", id="added"),
        pytest.param(lambda s: (s / "netflix.md").unlink(), "1 article changed", id="removed"),
        pytest.param(lambda s: (s / "netflix.md").rename(s / "n.md"), "2 articles changed", id="renamed"),
    ],
)
def test_a_change_of_the_seeds_makes_an_index_stale(
    seeds: Path, index: Path, embeddings: HashingEmbeddings, change: Callable[[Path], object], reason: str
) -> None:
    build_index(seeds, index, embeddings)
    change(seeds)
    assert stale_reason(seeds, index, embeddings) == reason


def test_other_settings_make_an_index_stale(
    seeds: Path, index: Path, embeddings: HashingEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(seeds, index, embeddings)
    monkeypatch.setattr(chunking, "TARGET_CHARS", 801)
    assert stale_reason(seeds, index, embeddings) == "the settings changed"


def test_an_unreadable_index_is_stale(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    (index / "CURRENT").write_text("nowhere", encoding="utf-8")
    assert stale_reason(seeds, index, embeddings) == "the index cannot be read"


def test_an_unreadable_index_is_replaced(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    (index / "CURRENT").write_bytes(b"\xff")
    assert_serves(index, embeddings, build_index(seeds, index, embeddings).manifest.generation)


def test_where_no_article_can_be_read_an_empty_index_finds_nothing(
    tmp_path: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.txt").write_bytes(b"\xff")
    for _ in range(2):
        with pytest.raises(SeedsError, match=r"a\.txt: is in no encoding"):
            build_index(tmp_path / "scans", index, embeddings)
        assert Searcher(open_store(index), embeddings).search("the longest river", "en", 1) == []
        assert stale_reason(tmp_path / "scans", index, embeddings) == "it holds no article"
    (tmp_path / "scans" / "b.txt").write_text("The Loire is the longest river.", encoding="utf-8")
    assert_serves(index, embeddings, build_index(tmp_path / "scans", index, embeddings).manifest.generation)


def test_without_a_file_that_could_be_an_article_no_index_is_made(
    tmp_path: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    (tmp_path / "empty").mkdir()
    for seeds in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(SeedsError):
            build_index(seeds, index, embeddings)
        assert serving_generation(index) is None


def test_a_build_that_reads_nothing_leaves_the_old_index(
    seeds: Path, index: Path, tmp_path: Path, embeddings: HashingEmbeddings
) -> None:
    old = build_index(seeds, index, embeddings).manifest.generation
    (tmp_path / "empty").mkdir()
    with pytest.raises(SeedsError):
        build_index(tmp_path / "empty", index, embeddings)
    assert_serves(index, embeddings, old)


def test_a_build_whose_model_fails_midway_leaves_the_old_index(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    old = build_index(seeds, index, embeddings).manifest.generation
    (seeds / "new.txt").write_text("Un autre article.", encoding="utf-8")
    with pytest.raises(EmbeddingError):
        build_index(seeds, index, FailingEmbeddings())
    assert_serves(index, embeddings, old)


def test_an_article_that_changes_during_a_build_makes_its_index_stale(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    class EditingEmbeddings(HashingEmbeddings):
        def encode_documents(
            self, texts: Sequence[str], progress: Callable[[int], None] | None = None
        ) -> NDArray[np.float32]:
            (seeds / "netflix.md").write_text("Autre chose.", encoding="utf-8")
            return super().encode_documents(texts, progress)

    build_index(seeds, index, EditingEmbeddings())
    assert stale_reason(seeds, index, embeddings) == "1 article changed"


def test_a_failed_build_lets_the_next_one_in(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    with pytest.raises(EmbeddingError):
        build_index(seeds, index, FailingEmbeddings())
    assert_serves(index, embeddings, build_index(seeds, index, embeddings).manifest.generation)


SLOW_BUILD = """
import sys, time
from pathlib import Path
from index.build import build_index
from tests.fakes import HashingEmbeddings

class Slow(HashingEmbeddings):
    def encode_documents(self, texts, progress=None):
        print("embedding", flush=True)
        time.sleep(120)

build_index(Path(sys.argv[1]), Path(sys.argv[2]), Slow())
"""


def kill_a_build(seeds: Path, index: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_BUILD, str(seeds), str(index)], stdout=subprocess.PIPE, env=surroundings()
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"embedding\n"
        child.kill()


def test_a_killed_build_leaves_the_old_index(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    old = build_index(seeds, index, embeddings).manifest.generation
    (seeds / "new.txt").write_text("Un autre article.", encoding="utf-8")
    kill_a_build(seeds, index)
    assert_serves(index, embeddings, old)


def test_a_killed_build_lets_the_next_one_in(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    kill_a_build(seeds, index)
    assert_serves(index, embeddings, build_index(seeds, index, embeddings).manifest.generation)


def test_what_a_build_killed_while_writing_left_is_removed(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    half = index / "generations" / "20210101T000000-abcdef"
    half.mkdir(parents=True)
    (half / "chunks.jsonl").write_text("{")
    build_index(seeds, index, embeddings)
    assert not half.exists()


def test_a_second_build_says_that_one_is_at_work(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    blocking = BlockingEmbeddings()
    first = threading.Thread(target=build_index, args=(seeds, index, blocking))
    first.start()
    try:
        assert blocking.began.wait(600)
        with pytest.raises(IndexingError, match="another build is at work"):
            build_index(seeds, index, embeddings)
    finally:
        blocking.go_on.set()
        first.join()
    assert stale_reason(seeds, index, embeddings) is None


def test_a_folder_that_cannot_be_made_says_what_to_do(
    seeds: Path, tmp_path: Path, embeddings: HashingEmbeddings
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexingError, match="INDEX_DIR"):
        build_index(seeds, tmp_path / "file" / "index", embeddings)
