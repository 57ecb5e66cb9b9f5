"""A build that reuses what did not change gives what a full one gives, whatever happens to it."""

import json
import math
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.build import build_index
from index.config import fingerprint
from index.search import Searcher
from index.store import open_store, serving_generation
from tests.fakes import HashingEmbeddings
from tests.index.builder import BLOCK, CANNOT_WRITE
from tests.processes import surroundings

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")

NAMES = ("été.md", "a/bureau.txt", "a/faq.jsonl", "zèbre.txt", "glossary.csv")
TEXTS = (
    "# L’œuvre\n\nElle coûte 3,5\u00a0M$. Où\u202f? À Montréal.",
    "The office opens in Toronto. It opens in May.\n\n<!-- TODO -->",
    "L’œuvre coûte 3,5\u00a0M$.",
    '{"question": "Quand ?", "answer": "À midi."}\n{"question": "Où ?"}\n',
    "PE;prime d’équipe\nRAF;\nPE;plan d’épargne\n",
    "La Régie des transports (RT) ouvre. La PE (prime d’équipe) est due.",
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
            assert grown.manifest.left_out == full.manifest.left_out


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


class Outcome(NamedTuple):
    status: int
    steps: list[str]


class Builder:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._stdin, self._stdout = process.stdin, process.stdout

    def build(self, seeds: Path, index: Path, dies_at: int | None = None, room: int | None = None) -> Outcome:
        request = {"seeds": str(seeds), "index": str(index), "dies_at": dies_at, "room": room}
        self._stdin.write(f"{json.dumps(request)}\n")
        self._stdin.flush()
        return Outcome(**json.loads(self._stdout.readline()))


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.index.builder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=surroundings(),
    ) as process:
        yield Builder(process)


def edit(seeds: Path, number: int) -> None:
    (seeds / f"{number:02}.txt").write_text(f"L’article {number} est neuf. Où\u202f? Là.", encoding="utf-8")


def of_embedding(steps: list[str]) -> list[str]:
    return [step for step in steps if step.startswith(("embed", "open .embedding"))]


LOGGED = "open .embedding-*.keys"
ONE_BLOCK = ["embed texts", "open .embedding-*.vectors", LOGGED]
POINTER_MOVES = "os.rename CURRENT.next"


@pytest.mark.slow
@POSIX_ONLY
@pytest.mark.parametrize("is_first", [True, False], ids=["first build", "later build"])
def test_a_build_may_be_killed_at_any_step(
    tmp_path: Path, embeddings: HashingEmbeddings, builder: Builder, is_first: bool
) -> None:
    before, index, full = tmp_path / "before", tmp_path / "index", tmp_path / "full"
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(4):
        edit(seeds, number)
    before.mkdir()
    old = None if is_first else build_index(seeds, before, embeddings).manifest.generation
    for number in range(4, 8):
        edit(seeds, number)
    to_embed = build_index(seeds, shutil.copytree(before, full), embeddings).embedded
    steps = builder.build(seeds, shutil.copytree(before, index)).steps
    assert of_embedding(steps) == ONE_BLOCK * math.ceil(to_embed / BLOCK)

    for dies_at, step in enumerate(steps, start=1):
        shutil.rmtree(index)
        shutil.copytree(before, index)
        assert builder.build(seeds, index, dies_at) == (-signal.SIGKILL, steps[:dies_at])
        taken = steps[: dies_at - 1]
        serving = serving_generation(index)
        assert (serving == old) == (POINTER_MOVES not in taken), step
        if serving is not None:
            store = open_store(index, fingerprint(embeddings.model, embeddings.revision))
            assert Searcher(store, embeddings).search("L’article 3", "fr", 1), step
        again = build_index(seeds, index, embeddings)
        logged = BLOCK * taken.count(LOGGED)
        assert again.embedded == (0 if POINTER_MOVES in taken else max(to_embed - logged, 0)), step
        assert contents_of(index) == contents_of(full), step
        assert [path.name for path in (index / "generations").iterdir()] == [again.manifest.generation], step
        assert {path.name for path in index.iterdir()} <= {"CURRENT", "generations", ".building"}, step


@pytest.mark.slow
@POSIX_ONLY
@pytest.mark.parametrize("room", [0, 100, 1_000, 3_000])
def test_a_full_disk_leaves_the_old_index_and_loses_nothing(
    seeds: Path, index: Path, embeddings: HashingEmbeddings, builder: Builder, room: int
) -> None:
    old = build_index(seeds, index, embeddings).manifest
    for number in range(12):
        edit(seeds, number)
    assert builder.build(seeds, index, room=room).status == CANNOT_WRITE
    assert open_store(index).manifest == old
    build_index(seeds, index, embeddings)
    build_index(seeds, index.with_name("full"), embeddings)
    assert contents_of(index) == contents_of(index.with_name("full"))
