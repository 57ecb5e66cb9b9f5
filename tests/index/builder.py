"""Build in a process of its own, which may die at a given step or run out of disk: `python -m tests.index.builder`.

A request is a line on standard input, {"seeds", "index", "dies_at", "room"}. The reply is a line on standard output:
the exit status of the build, and the steps that it took. A step is a moment at which a build is about to change a file
of the index or to embed texts, as the interpreter's own audit events tell; at step `dies_at` the build kills itself.
With `room` no file may grow beyond so many bytes: Python ignores the signal, so a write fails as on a full disk. Each
build is a fork, so that what it imports is imported once.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import reuse
from index.build import build_index
from index.errors import IndexingError
from tests.fakes import HashingEmbeddings

CANNOT_WRITE, OTHER_FAULT = 3, 1
BLOCK = 2  # passages between two writes of the log: few enough for several blocks

_CHANGES = frozenset(["os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"])
_VARIES = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}|(?<=embedding-)[0-9a-f]+")  # times and hashes


class AuditedEmbeddings(HashingEmbeddings):
    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        sys.audit("embed", "texts")
        return super().encode_documents(texts, progress)


def watch(index: Path, report: int, dies_at: int | None) -> None:
    """Write each step of this process to a pipe from now on, and kill the process at the last of them."""
    taken = 0

    def take(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        name = _changed(event, arguments, index)
        if name is None:
            return
        taken += 1
        os.write(report, f"{event} {name}\n".encode())
        if taken == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(take)


def _changed(event: str, arguments: tuple[object, ...], index: Path) -> str | None:
    """Return what the event is about to change, or None when that is nothing of the index."""
    if event == "embed":
        return "texts"
    is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE
    if not is_write and event not in _CHANGES:
        return None
    path = Path(str(arguments[0]))
    if path.is_relative_to(index):
        return _VARIES.sub("*", path.name)
    # `shutil.rmtree` names a file by its open folder, in the order of the file system
    return "something" if event in ("os.remove", "os.rmdir") and arguments[1] != -1 else None


def build(seeds: str, index: str, dies_at: int | None, room: int | None, report: int) -> int:
    """Build and return the exit status."""
    reuse.BLOCK = BLOCK
    if room is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    watch(Path(index), report, dies_at)
    try:
        build_index(Path(seeds), Path(index), AuditedEmbeddings())
    except IndexingError as error:
        return CANNOT_WRITE if "cannot be written" in str(error) else OTHER_FAULT
    return 0


def main() -> None:
    """Answer requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        steps, report = os.pipe()
        child = os.fork()
        if not child:
            os._exit(build(**request, report=report))
        os.close(report)
        with os.fdopen(steps, encoding="utf-8") as taken:
            names = taken.read().splitlines()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"status": status, "steps": names}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
