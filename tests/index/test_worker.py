import sys
import time
from pathlib import Path

import pytest

from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.worker import Worker
from tests.index.loaders.files import pdf, zip_bomb
from tests.processes import run_python

SCRIPT = """
import json, os, sys, time
started = time.monotonic_ns()
for line in sys.stdin:
    path = json.loads(line)["path"]
    if path == "hang": time.sleep(600)
    if path == "die": os._exit(3)
    if path == "eat": os._exit(77)
    if path == "cut": sys.stdout.write('{"items": '); sys.stdout.flush(); os._exit(0)
    if path == "last": print(json.dumps({"reason": "is the last"}), flush=True); os._exit(0)
    print(json.dumps({"items": [{"at": 1, "reason": str(started)}]}), flush=True)
"""
"""A loader that does as it is told, and otherwise says which process it is."""


@pytest.fixture
def scripted() -> Worker:
    return Worker([sys.executable, "-c", SCRIPT], seconds=20)


def process_of(worker: Worker) -> str:
    (fault,) = worker.load(Path("any"), ".any")
    assert isinstance(fault, Fault)
    return fault.reason


def test_one_process_reads_many_files(scripted: Worker) -> None:
    with scripted as worker:
        assert process_of(worker) == process_of(worker)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("die", r"makes its parser fail \(exit status 3\)"),
        ("cut", r"makes its parser fail \(exit status 0\)"),
        ("eat", "takes more than 1,024 MB of memory"),
    ],
)
def test_a_process_that_ends_is_named_and_started_again(scripted: Worker, order: str, reason: str) -> None:
    with scripted as worker:
        before = process_of(worker)
        with pytest.raises(UnreadableError, match=reason):
            worker.load(Path(order), ".any")
        assert process_of(worker) != before


def test_a_process_that_hangs_is_cut_and_started_again() -> None:
    with Worker([sys.executable, "-c", SCRIPT], seconds=1) as worker:
        began = time.monotonic()
        with pytest.raises(UnreadableError, match="takes more than 1 seconds to read"):
            worker.load(Path("hang"), ".any")
        assert time.monotonic() - began < 10
        assert process_of(worker)


def test_a_reason_is_passed_on_and_the_process_goes_on(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.pdf", tmp_path / "été.pdf"
    bad.write_bytes(b"junk")
    good.write_bytes(pdf([["L’œuvre."]]))
    with Worker() as worker:
        with pytest.raises(UnreadableError, match="is damaged or is not a PDF"):
            worker.load(bad, ".pdf")
        (loaded,) = worker.load(good, ".pdf")
        assert isinstance(loaded, Loaded)
        assert (loaded.text, [s.label for s in loaded.sections]) == ("L’œuvre.", ["page 1"])


def test_a_file_that_is_not_there_is_named() -> None:
    with Worker() as worker, pytest.raises(UnreadableError, match="cannot be read: No such file"):
        worker.load(Path("nowhere.pdf"), ".pdf")


def test_a_fault_that_no_loader_foresees_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_bytes(b"")
    with Worker() as worker, pytest.raises(UnreadableError, match=r"cannot be read as \.xyz \(KeyError\)"):
        worker.load(tmp_path / "a.xyz", ".xyz")


def test_text_that_cannot_be_written_as_utf8_keeps_its_length(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"question": "Q", "answer": "a \\ud800 b"}')
    with Worker() as worker:
        assert worker.load(tmp_path / "a.jsonl", ".jsonl") == [Loaded("a ? b", title="Q", line=1)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    path.write_bytes(b'{"question": "Q", "answer": [' + b"[]," * 5_000_000 + b"[]]}")
    with Worker(megabytes=256) as worker, pytest.raises(UnreadableError, match="takes more than 256 MB of memory"):
        worker.load(path, ".jsonl")


def test_a_parser_that_hangs_in_c_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_bytes(b"<div>" * 150_000)  # quadratic for an HTML5 parser: a minute
    with Worker(seconds=2) as worker, pytest.raises(UnreadableError, match="takes more than 2 seconds"):
        worker.load(path, ".html")


def test_a_zip_bomb_is_named_and_the_next_file_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.docx").write_bytes(zip_bomb())
    (tmp_path / "good.pdf").write_bytes(pdf([["Texte."]]))
    with Worker() as worker:
        with pytest.raises(UnreadableError, match="zip bombs"):
            worker.load(tmp_path / "bomb.docx", ".docx")
        assert worker.load(tmp_path / "good.pdf", ".pdf")


def test_no_process_is_left(scripted: Worker) -> None:
    with scripted as worker:
        process_of(worker)
        process = worker._process
    assert process is not None
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform == "win32", reason="needs alarms")
def test_a_loader_whose_build_is_gone_ends_by_itself(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_bytes(b"<div>" * 150_000)
    request = '{"path": "deep.html", "suffix": ".html"}\n'
    done = run_python("-m", "index.loaders", "1024", "1", stdin=request, cwd=tmp_path)
    assert done.returncode < 0
