import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, NamedTuple

import pytest

from tests.processes import surroundings

HOST = """
import os, sys
from index.ray.cluster import reach
with reach("local", workers=2):
    import ray  # not before it is told how to be
    print(ray.get_runtime_context().gcs_address, os.environ["RAY_AUTH_TOKEN"], flush=True)
    sys.stdin.read()
"""

TRIES = 3  # Ray gives its own processes 30 s to start, which is too short on a busy machine


class Running(NamedTuple):
    """A cluster on this machine, started as `--ray local` does."""

    address: str
    environment: dict[str, str]  # of whoever may use it
    pid: int


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Two workers on this machine, for all tests: a cluster takes seconds to start."""
    if find_spec("ray") is None:  # it is not imported here, for it reads the environment when it is
        pytest.skip("the extra `ray` is not installed")
    command = [sys.executable, "-c", HOST]
    for _ in range(TRIES):
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=surroundings()
        ) as host:
            assert host.stdin is not None
            assert host.stdout is not None
            if told := host.stdout.readline().split():
                address, token = told
                known = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token}
                yield Running(address, known, host.pid)
                host.stdin.close()
                return
    pytest.fail("Ray did not start; what it said stands above")


@pytest.fixture(scope="session")
def cluster(running: Running) -> Iterator[Any]:
    """A connection to it from this process."""
    from index.ray.cluster import reach

    with pytest.MonkeyPatch.context() as patch:
        for name, value in running.environment.items():
            patch.setenv(name, value)
        with reach(running.address) as reached:
            yield reached
