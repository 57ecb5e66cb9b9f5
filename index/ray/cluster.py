"""Reach a Ray cluster, or start one on this machine, and let its workers go through rows; alone imports Ray.

Ray is kept quiet: it reports to nobody, shows no dashboard, and logs into its own folder. A local one listens on the
loopback interface alone, wants a token that only its processes know, and ends with the build.
"""

import importlib
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from index.errors import ClusterError, IndexingError
from index.model.runtime import cores
from index.ray.worker import Facts, Row, check_same, facts

LOCAL = "local"  # as Ray calls a cluster that is started on this machine, for this build

CLIENT = "ray://"  # of Ray Client, in which data sets work in part: <https://github.com/ray-project/ray/issues/39860>

CONNECT_SECONDS = 10  # after which an address that does not answer is given up

ANSWER_SECONDS = 120  # for the first answer of a worker: two busy cores took 35 s to start one

OBJECT_STORE = 200 << 20
"""Bytes of shared memory of a local cluster, for what is on its way; Ray moves to the disk what has no room in it."""

MAX_FOLDER = 20
"""Characters of the temporary folder. A socket's path may have 103 on macOS, of which Ray's part and ours take 83."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # it would report to its makers
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # on standard error
    "RAY_DATA_LOG_LEVEL": "CRITICAL",  # the same; what goes wrong is raised
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # it would announce a change of a later version
    "RAY_py_gcs_connect_timeout_s": str(CONNECT_SECONDS),
}

_LOCAL = {
    "RAY_agent_register_timeout_ms": "60000",  # by default a busy machine loses its agents
    # as Ray is on macOS and Windows: each process listens on the loopback address, and on no other
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",  # for other people on this machine
}


class Cluster:
    """Workers that are ready, one for each core."""

    def __init__(self, workers: int, expected: Facts) -> None:
        """Use what `reach` reached."""
        self.workers, self.expected = workers, expected

    def work(self, rows: Sequence[Row], kind: type, given: Sequence[object], tasks: int) -> Iterator[Row]:
        """Yield what a worker makes of each row, as soon as it is there, in any order.

        A worker that dies is started again, wherever there is room, and what it had is done again.

        Args:
            rows: with the same columns.
            kind: of the workers: a class whose instances take a row and return one.
            given: to each instance when it is made.
            tasks: into how many parts the rows are divided; a worker takes one after another.

        Raises:
            IndexingError: as a worker raised it, or the cluster is gone.
        """
        from ray.data import ActorPoolStrategy, from_items

        most = min(self.workers, tasks)
        # those without work may end before the others, so that one whose machine is gone finds room elsewhere
        pool = ActorPoolStrategy(min_size=1, max_size=most, initial_size=most, max_tasks_in_flight_per_actor=2)
        data = from_items(list(rows), override_num_blocks=tasks)
        try:
            yield from data.map(kind, fn_constructor_args=given, compute=pool, num_cpus=1).iter_rows()
        except Exception as error:  # those of Ray have no base class
            raise _foreseen(error) from error


@contextmanager
def reach(address: str, workers: int | None = None) -> Iterator[Cluster]:
    """Connect to a cluster for the time of a build.

    Args:
        address: as Ray takes it: `local`, `auto` or `host:6379`.
        workers: of a local cluster; None takes one for each core.

    Raises:
        ClusterError: Ray is not installed, nothing answers at the address, or a worker has another version.
    """
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    with ExitStack() as leaving:
        if address == LOCAL:
            leaving.enter_context(_environment(_QUIET | _LOCAL | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}))
            folder = leaving.enter_context(_folder())
            options |= {"num_cpus": workers or cores(), "object_store_memory": OBJECT_STORE}
            options |= {"include_dashboard": False, "_temp_dir": folder}
        else:
            leaving.enter_context(_environment(_QUIET))
            _knock(address)
        ray = _ray()
        try:
            leaving.callback(ray.shutdown)
            with _without_greeting():
                ray.init(address, **options)
        except Exception as error:  # those of Ray have no base class
            raise ClusterError(_refused(address, _line(error))) from error
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        context.raise_original_map_exception = True  # for `_foreseen`; what Ray wraps arrives without its cause
        expected = facts()
        for where, found in _answers(ray):
            check_same(expected, found, where)
        yield Cluster(max(1, int(ray.cluster_resources().get("CPU", 1))), expected)


def _refused(address: str, reason: str) -> str:
    if address == LOCAL:
        return (
            f"Ray cannot be started here ({reason}): see that memory, /dev/shm and the temporary folder have room, and "
            "that the machine is not too busy, then build again"
        )
    return (
        f"the Ray at {address} cannot be used ({reason}): start it with `ray start`, on this machine too, in the "
        "versions of Ray and Python that are here, or take `--ray local`"
    )


def _folder() -> TemporaryDirectory[str]:
    """Make a folder for logs, sockets and what has no room in memory; its path is short, as that of a socket is."""
    usual = gettempdir()
    short = usual if len(usual) <= MAX_FOLDER else "/tmp"  # noqa: S108 - a folder of its own is made there
    return TemporaryDirectory(prefix="babillard-", dir=short, ignore_cleanup_errors=True)


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Set variables that Ray reads when it is imported and started, and that its processes inherit."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _without_greeting() -> Iterator[None]:
    """Drop what Ray writes to standard error while it starts: that it was told to write less. Its faults are raised."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _ray() -> Any:
    try:
        importlib.import_module("ray.data")
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        raise ClusterError(
            f"--ray needs the package {error.name}: install the extra with `.venv/bin/pip install -c constraints.txt "
            "-e '.[ray]'`, or `pip install 'babillard[ray]'`"
        ) from error


def _knock(address: str) -> None:
    """Fail soon where nobody listens, since Ray would go on trying, and where its data sets do not work."""
    if address.startswith(CLIENT):
        host = address.removeprefix(CLIENT).partition(":")[0]
        raise ClusterError(
            f"{address} is for Ray Client, which Ray Data does not support: let this machine join the cluster "
            f"with `ray start --address {host}:6379`, then give --ray {host}:6379"
        )
    host, separator, port = address.rpartition(":")
    if not separator:  # `auto`, or what Ray will refuse
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ClusterError(
            f"nothing answers at {address} ({reason}): check the address, that `ray start --head` runs there, and that "
            "no firewall is between"
        ) from error


def _answers(ray: Any) -> Iterator[tuple[str, Facts | None]]:
    """Yield the name of each machine that may work, and what is installed there."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    ask = ray.remote(num_cpus=0)(_question())
    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    asked = [
        ask.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)).remote()
        for node in nodes
    ]
    for node, answer in zip(nodes, asked, strict=True):
        where = node["NodeManagerHostname"]
        try:
            yield where, ray.get(answer, timeout=ANSWER_SECONDS)
        except Exception as error:  # those of Ray have no base class
            raise ClusterError(
                f"the worker on {where} does not answer ({_line(error)}): look at `ray status`, then build again"
            ) from error


def _question() -> Callable[[], Facts | None]:
    def found() -> Facts | None:  # travels with its code, not by its name, for there may be no such module there
        try:
            from index.ray import worker
        except ImportError:
            return None
        return worker.facts()

    return found


def _foreseen(error: Exception) -> IndexingError:
    """Return what a worker raised, where it was foreseen, else what to do."""
    cause = getattr(error, "cause", None)  # of an error that Ray brings from a worker
    if isinstance(cause, IndexingError):
        return type(cause)(str(cause).partition("\n")[0])  # what follows, Ray says of itself
    return ClusterError(
        f"the workers cannot go on ({_line(error)}): look at `ray status`, then build again; what was embedded is "
        "kept, and the old index, if any, still serves"
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
