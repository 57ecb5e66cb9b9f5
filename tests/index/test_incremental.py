"""A build that reuses what did not change gives what a full one gives, whatever happens to it."""

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.build import build_index
from index.config import fingerprint
from index.search import Searcher
from index.store import open_store
from tests.fakes import HashingEmbeddings
from tests.processes import surroundings

NAMES = ("été.md", "a/bureau.txt", "a/faq.jsonl", "zèbre.txt")
TEXTS = (
    "# L’œuvre\n\nElle coûte 3,5\u00a0M$. Où\u202f? À Montréal.",
    "The office opens in Toronto. It opens in May.",
    "L’œuvre coûte 3,5\u00a0M$.",
    '{"question": "Quand ?", "answer": "À midi."}\n{"question": "Où ?"}\n',
    "",
)


def contents_of(index: Path) -> dict[str, bytes]:
    """Return every file of the serving generation but the manifest, which tells the time."""
    folder = index / "generations" / (index / "CURRENT").read_text(encoding="utf-8").split()[0]
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


Edit = tuple[str, str | None]


@hypothesis_settings(max_examples=30)
@given(st.lists(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from((None, *TEXTS))), max_size=4), max_size=4))
def test_any_sequence_of_edits_gives_what_a_full_build_gives(rounds: list[list[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        seeds, embeddings = Path(folder, "seeds"), HashingEmbeddings()
        (seeds / "a").mkdir(parents=True)
        (seeds / "stays.txt").write_text("Ceci reste.", encoding="utf-8")
        for edits in rounds:
            for name, text in edits:
                (seeds / name).unlink(missing_ok=True)
                if text is not None:
                    (seeds / name).write_text(text, encoding="utf-8")
            grown = build_index(seeds, Path(folder, "grown"), embeddings)
            full = build_index(seeds, Path(folder, "full"), embeddings, full=True)
            assert contents_of(Path(folder, "grown")) == contents_of(Path(folder, "full"))
            assert (grown.skipped, grown.read) == (full.skipped, full.read)
            assert grown.manifest.rows == full.manifest.rows


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for n in range(12):
        lines = (f"L’article {n} dit en {m} mots où l’on va. It was written in {1900 + m}.\n" for m in range(6))
        (folder / f"{n:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_one_changed_file_costs_that_file(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    (seeds / "07.txt").write_text("Un article tout neuf. Il est court.", encoding="utf-8")
    assert build_index(seeds, index, embeddings).embedded == 3


def test_nothing_changed_costs_nothing(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    first = build_index(seeds, index, embeddings).manifest
    again = build_index(seeds, index, embeddings)
    assert (again.embedded, again.manifest) == (0, first)


def test_a_build_killed_before_it_cleaned_up_is_cleaned_up_by_the_next(
    seeds: Path, index: Path, embeddings: HashingEmbeddings
) -> None:
    serving = build_index(seeds, index, embeddings).manifest.generation
    (index / "generations" / "20200101T000000-000000").mkdir()
    assert build_index(seeds, index, embeddings).manifest.generation == serving
    assert [path.name for path in (index / "generations").iterdir()] == [serving]


def test_a_file_that_moves_keeps_its_vectors(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    (seeds / "07.txt").rename(seeds / "zz.txt")
    assert build_index(seeds, index, embeddings).embedded == 0


def test_a_removed_file_leaves_the_index(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    build_index(seeds, index, embeddings)
    (seeds / "07.txt").unlink()
    build_index(seeds, index, embeddings)
    hits = Searcher(open_store(index), embeddings).search("L’article 7", "fr", 1000)
    assert hits
    assert "07.txt" not in {hit.chunk.document_id for hit in hits}


def test_a_full_build_reuses_nothing(seeds: Path, index: Path, embeddings: HashingEmbeddings) -> None:
    first = build_index(seeds, index, embeddings)
    assert build_index(seeds, index, embeddings, full=True).embedded == first.embedded


BUILDER = """
import os, resource, sys
from pathlib import Path
from index.build import build_index
from index.errors import IndexingError
from tests.fakes import HashingEmbeddings

for line in sys.stdin:
    seeds, index, room = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if not child:
        status = 0
        if room:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
        try:
            build_index(Path(seeds), Path(index), HashingEmbeddings())
        except IndexingError as error:
            status = 3 if "cannot be written" in str(error) else 1
        os._exit(status)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Builds in a fresh process for each line it reads, with room for files of so many bytes: Python ignores the signal, so
a write fails as on a full disk. Imports come once, before the forks."""


class Builder:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def start(self, seeds: Path, index: Path, room: str = "") -> int:
        self._stdin.write(f"{seeds}\t{index}\t{room}\n")
        self._stdin.flush()
        return int(self._stdout.readline())

    def wait(self) -> int:
        return int(self._stdout.readline())


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=surroundings(),
    ) as process:
        yield Builder(process)


def edit(seeds: Path, number: int) -> None:
    (seeds / f"{number % 12:02}.txt").write_text(f"L’article {number} est neuf. Où\u202f? Là.", encoding="utf-8")


@pytest.mark.slow
def test_a_hundred_kills_leave_a_valid_index_each_time(
    seeds: Path, index: Path, embeddings: HashingEmbeddings, builder: Builder
) -> None:
    build_index(seeds, index, embeddings)
    longest = 0.0
    for number in (10, 11):  # the first build of the process imports what the others find there
        edit(seeds, number)
        began = time.monotonic()
        builder.start(seeds, index)
        assert builder.wait() == 0
        longest = time.monotonic() - began
    chance = random.Random(1)
    killed, generations = 0, set()
    for number in itertools.count():
        if killed == 100:
            break
        edit(seeds, number)
        child = builder.start(seeds, index)
        time.sleep(chance.uniform(0, longest))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        killed += builder.wait() == -signal.SIGKILL
        store = open_store(index, fingerprint(embeddings.model, embeddings.revision))
        assert Searcher(store, embeddings).search("L’article 11", "fr", 1)
        generations.add(store.manifest.generation)
    assert len(generations) > 1  # some were killed after the swap, some before
    build_index(seeds, index, embeddings)
    build_index(seeds, index.with_name("full"), embeddings)
    assert contents_of(index) == contents_of(index.with_name("full"))
    assert len(list((index / "generations").iterdir())) == 1


@pytest.mark.slow
@pytest.mark.parametrize("room", [0, 100, 1_000, 3_000])
def test_a_full_disk_leaves_the_old_index_and_loses_nothing(
    seeds: Path, index: Path, embeddings: HashingEmbeddings, builder: Builder, room: int
) -> None:
    old = build_index(seeds, index, embeddings).manifest
    for number in range(12):
        edit(seeds, number)
    builder.start(seeds, index, str(room))
    assert builder.wait() == 3
    assert open_store(index).manifest == old
    build_index(seeds, index, embeddings)
    build_index(seeds, index.with_name("full"), embeddings)
    assert contents_of(index) == contents_of(index.with_name("full"))
