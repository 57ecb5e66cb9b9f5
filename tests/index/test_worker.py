import signal
import sys
from collections.abc import Sequence

import pytest

from index.blocks import Block
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.worker import MEGABYTES, Worker
from tests.index.loaders.files import pdf, zip_bomb
from tests.processes import run_python

SCRIPT = """
import json, os, sys, threading
while line := sys.stdin.buffer.readline():
    order = sys.stdin.buffer.read(json.loads(line)["bytes"])
    if order == b"hang": threading.Event().wait()
    if order == b"die": os._exit(3)
    if order == b"eat": os._exit(77)
    if order == b"cut": sys.stdout.write('{"items": '); sys.stdout.flush(); os._exit(0)
    print(json.dumps({"items": [{"place": 1, "reason": str(os.getpid())}]}), flush=True)
"""
"""A loader that does as the file tells it, and otherwise says which process it is."""


DEEP = b"<div>" * 150_000  # quadratic for an HTML5 parser: a minute


def patient(command: Sequence[str] | None = None, megabytes: int = MEGABYTES) -> Worker:
    """Return a worker that cuts no loader that ends by itself, however busy the machine is."""
    return Worker(command, seconds=600, megabytes=megabytes)


@pytest.fixture
def scripted() -> Worker:
    return patient([sys.executable, "-c", SCRIPT])


def process_of(worker: Worker) -> str:
    (fault,) = worker.load(b"", ".any")
    assert isinstance(fault, Fault)
    return fault.reason


def test_one_process_reads_many_files(scripted: Worker) -> None:
    with scripted as worker:
        assert process_of(worker) == process_of(worker)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (b"die", r"makes its parser fail \(exit status 3\)"),
        (b"cut", r"makes its parser fail \(exit status 0\)"),
        (b"eat", "takes more than 1,024 MB of memory"),
    ],
)
def test_a_process_that_ends_is_named_and_started_again(scripted: Worker, order: bytes, reason: str) -> None:
    with scripted as worker:
        before = process_of(worker)
        with pytest.raises(UnreadableError, match=reason):
            worker.load(order, ".any")
        assert process_of(worker) != before


@pytest.mark.parametrize("script", [SCRIPT, "import threading; threading.Event().wait()"], ids=["parsing", "reading"])
def test_a_process_that_hangs_is_cut(script: str) -> None:
    with Worker([sys.executable, "-c", script], seconds=1) as worker:
        with pytest.raises(UnreadableError, match="takes more than 1 seconds to read"):
            worker.load(b"hang" if script == SCRIPT else b"x" * 1_000_000, ".any")  # more than a pipe holds
        assert worker._process is None


def test_a_reason_is_passed_on_and_the_process_goes_on() -> None:
    with patient() as worker:
        with pytest.raises(UnreadableError, match="is damaged or is not a PDF"):
            worker.load(b"junk", ".pdf")
        (loaded,) = worker.load(pdf([["L’œuvre."]]), ".pdf")
        assert isinstance(loaded, Loaded)
        assert loaded.blocks == (Block("paragraph", "L’œuvre.", page=1),)


def test_a_fault_that_no_loader_foresees_is_named() -> None:
    with (
        patient() as worker,
        pytest.raises(UnreadableError, match=r"cannot be read as \.xyz \(KeyError\)"),
    ):
        worker.load(b"", ".xyz")


def test_half_a_character_which_no_utf8_can_hold_is_left_out_and_counted() -> None:
    with patient() as worker:
        items = worker.load(b'{"question": "Q", "answer": "a \\ud800 b"}', ".jsonl")
    blocks, left_out = (Block("paragraph", "a  b"),), {"invisible signs": 1}
    assert items == [Loaded(blocks, title="Q", line=1, is_pair=True, left_out=left_out)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space")
@pytest.mark.parametrize(("item", "count"), [(b"[],", 5_000_000), (b" ", 300_000_000)], ids=["to parse", "to hold"])
def test_memory_is_bounded(item: bytes, count: int) -> None:
    data = b'{"question": "Q", "answer": [' + item * count + b"[]]}"
    with (
        patient(megabytes=256) as worker,
        pytest.raises(UnreadableError, match="takes more than 256 MB of memory"),
    ):
        worker.load(data, ".jsonl")


def test_a_parser_that_hangs_in_c_is_cut() -> None:
    with Worker(seconds=2) as worker, pytest.raises(UnreadableError, match="takes more than 2 seconds"):
        worker.load(DEEP, ".html")


def test_a_zip_bomb_is_named_and_the_next_file_read() -> None:
    with patient() as worker:
        with pytest.raises(UnreadableError, match="zip bombs"):
            worker.load(zip_bomb(), ".docx")
        assert worker.load(pdf([["Texte."]]), ".pdf")


def test_no_process_is_left(scripted: Worker) -> None:
    with scripted as worker:
        process_of(worker)
        process = worker._process
    assert process is not None
    assert process.poll() is not None


@pytest.mark.skipif(sys.platform == "win32", reason="needs alarms")
def test_a_loader_whose_build_is_gone_ends_by_itself() -> None:
    request = f'{{"suffix": ".html", "bytes": {len(DEEP)}}}\n{DEEP.decode()}'
    done = run_python("-m", "index.loaders", "1024", "1", stdin=request)
    assert done.returncode == -signal.SIGALRM
