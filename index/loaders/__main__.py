"""`python -m index.loaders MEGABYTES SECONDS`: read files in a process that can be killed.

A request is a line on standard input, {"suffix", "bytes", "address"}, and then so many bytes: those of the file. The
reply is a line on standard output, {"items"} or {"reason"}. The process may use so much memory, and ends by itself when
one file takes longer, so that a hostile file hurts nobody, even when the build that started it is gone.
"""

import json
import os
import signal
import sys
from typing import IO, Any

from index.loaders.exchange import OUT_OF_MEMORY, to_records
from index.loaders.formats import load
from index.loaders.loaded import UnreadableError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def main(megabytes: int, seconds: int) -> None:
    """Answer requests until standard input ends."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil a reply
    while line := sys.stdin.buffer.readline():
        _alarm(seconds)
        request = json.loads(line)
        reply = json.dumps(_reply(sys.stdin.buffer, request), ensure_ascii=False)
        replies.write(reply.encode("utf-8", "replace") + b"\n")  # a lone surrogate becomes "?": offsets stay right
        replies.flush()
        _alarm(0)


def _reply(requests: IO[bytes], request: dict[str, Any]) -> dict[str, Any]:
    try:
        data = requests.read(request["bytes"])
        return {"items": to_records(load(request["suffix"], data, request.get("address", "")))}
    except UnreadableError as error:
        return {"reason": str(error)}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  a parser may raise anything on a hostile file, and the build goes on
        return {"reason": f"cannot be read as {request['suffix']} ({type(error).__name__})"}


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


main(int(sys.argv[1]), int(sys.argv[2]))
