"""Connect with a Milvus, or open a file of Milvus Lite; nothing of either is imported before."""

import logging
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import IndexingError, UnreachableStoreError

NO_PINGS_MS = 2_147_483_647
"""Milvus Lite hangs up on who pings it every 10 s, as pymilvus does, in a call that takes a minute; it is in this
process, and needs no ping."""

RECONNECT_MS = 1_000
"""Between two tries to connect with a Milvus that went away: a try costs nothing, and gRPC alone would wait up to two
minutes (<https://grpc.github.io/grpc/core/md_doc_connection-backoff.html>) while Milvus is back."""

REMEDY = "see that it runs, and that VECTOR_STORE and VECTOR_STORE_TOKEN are right; the log of Milvus tells more"
REMEDY_LITE = (
    "one process at a time can open a file of Milvus Lite: end the other, or serve the file to all with `milvus-lite "
    "server` and set VECTOR_STORE to its address"
)


class Engine(NamedTuple):
    """What is connected."""

    milvus: Any
    kinds: Any  # of fields
    faults: tuple[type[Exception], ...]


def connect(uri: str, token: str, patience: float, name: str) -> Engine:
    """Connect.

    Args:
        uri: an address, or a file that ends in `.db`, which is made where it is missing.
        token: `user:password` or a key; "" for none.
        patience: seconds that it may take.
        name: of the Milvus, for messages.

    Raises:
        UnreachableStoreError: it does not answer, or another process has the file open.
        IndexingError: a package is not installed.
    """
    is_file = uri.endswith(".db")
    try:
        import grpc
        import pymilvus

        if is_file:
            import milvus_lite  # noqa: F401
    except ImportError as error:
        raise IndexingError(
            f"VECTOR_STORE needs the package {error.name}: install the extra with `.venv/bin/pip install -c "
            "constraints.txt -e '.[milvus]'`, or `pip install 'babillard[milvus]'`"
        ) from error
    for noisy in ("pymilvus", "milvus_lite"):  # a traceback for each fault, which is told here in a line
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    faults = (pymilvus.MilvusException, grpc.RpcError)
    options = {f"grpc.{bound}_reconnect_backoff_ms": RECONNECT_MS for bound in ("initial", "max")}
    try:
        if is_file:
            Path(uri).parent.mkdir(parents=True, exist_ok=True)
            options["grpc.keepalive_time_ms"] = NO_PINGS_MS
        milvus = pymilvus.MilvusClient(uri, token=token, timeout=patience, grpc_options=options)
    except (*faults, OSError) as error:
        remedy = REMEDY_LITE if is_file else REMEDY
        raise UnreachableStoreError(f"{name} cannot be opened ({said(error)}): {remedy}") from error
    return Engine(milvus, pymilvus.DataType, faults)


def said(error: Exception) -> str:
    """Return the first line of what a fault says of itself."""
    words = str(getattr(error, "message", "") or getattr(error, "details", lambda: "")() or error)
    return words.strip().partition("\n")[0][:200]
