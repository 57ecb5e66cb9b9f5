import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from index.errors import ClusterError
from index.ray.cluster import Cluster, reach
from index.store import read_manifest
from tests.index.ray.conftest import Running
from tests.processes import run_python, surroundings

LINUX_ONLY = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def rebuild(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command over two articles."""
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds" / "a.md").write_text("# L’œuvre\n\nElle coûte 3,5\u00a0M$. Où\u202f?", encoding="utf-8")
    (folder / "seeds" / "b.txt").write_text("The office opens in Toronto.", encoding="utf-8")
    return run_python("-m", "index", "rebuild", *arguments, cwd=folder, **environment)


@pytest.mark.slow
def test_the_command_tells_what_a_local_build_tells_and_nothing_of_ray(tmp_path: Path, running: Running) -> None:
    done = rebuild(tmp_path, "--ray", running.address, **running.environment)
    assert (done.returncode, done.stderr) == (0, "read .md: 1 file\nread .txt: 1 file\n")
    assert done.stdout.startswith("2 documents, 2 chunks, 3 sentences; 4 texts embedded, ")
    again = rebuild(tmp_path, "--if-stale")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.slow
def test_ctrl_c_leaves_the_old_index_and_no_traceback(tmp_path: Path, running: Running) -> None:
    assert rebuild(tmp_path).returncode == 0
    index = tmp_path / "var" / "index"
    old = read_manifest(index)
    lines = "\n\n".join(f"La ligne {n} va de Lyon à Sète en {n} minutes." for n in range(1_500))
    (tmp_path / "seeds" / "c.txt").write_text(lines, encoding="utf-8")
    command = [sys.executable, "-m", "index", "rebuild", "--ray", running.address]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=surroundings(**running.environment),
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - background jobs ignore it
    ) as building:
        while building.poll() is None and not list(index.glob(".embedding-*.keys")):
            time.sleep(0.05)
        os.killpg(building.pid, signal.SIGINT)
        _, said = building.communicate(timeout=120)
    assert building.returncode == 130
    assert "Traceback" not in said
    assert read_manifest(index) == old
    assert list(index.glob(".embedding-*.keys"))


@pytest.mark.slow
def test_without_its_token_a_local_cluster_is_closed(tmp_path: Path, running: Running) -> None:
    done = rebuild(tmp_path, "--ray", running.address, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="0" * 64)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"babillard: the Ray at {running.address} cannot be used (")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@LINUX_ONLY
def test_a_local_cluster_listens_on_the_loopback_interface_alone(running: Running, cluster: Cluster) -> None:
    heard = listening(family(running.pid))
    assert heard
    assert [address for address in heard if not address.startswith(("0100007F:", "0" * 16 + "FFFF00000100007F:"))] == []


def family(pid: int) -> set[int]:
    """Return a process and all that came of it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(
                stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[1]
            )
        except OSError:
            continue
    found, size = {pid}, 0
    while len(found) > size:
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def listening(pids: set[int]) -> list[str]:
    """Return the addresses on which processes listen, as the kernel writes them."""
    sockets: set[str] = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets.add(str(descriptor.readlink()))
            except OSError:
                continue
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]


def test_an_address_where_nobody_listens_is_told_soon() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    began = time.monotonic()
    with (
        pytest.raises(ClusterError, match=rf"^nothing answers at {address} \(Connection refused\): check "),
        reach(address),
    ):
        pass
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("address", ["host:port", ":", "nulle-part.invalid:6379"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(ClusterError, match=f"^nothing answers at {address} "), reach(address):
        pass


def test_an_address_for_ray_client_is_refused_with_the_other_one() -> None:
    with pytest.raises(ClusterError, match=r"then give --ray 10\.0\.0\.1:6379$"), reach("ray://10.0.0.1:10001"):
        pass


def test_without_the_extra_the_remedy_is_told(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "ray.py").write_text("raise ModuleNotFoundError('no ray', name='ray')", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "without"), surroundings()["PYTHONPATH"]])
    done = rebuild(tmp_path, "--ray", "local", PYTHONPATH=path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "babillard: --ray needs the package ray: install the extra with `.venv/bin/pip install -c constraints.txt "
        "-e '.[ray]'`, or `pip install 'babillard[ray]'`\n"
    )


ASKED = """
import sys
from ray import cloudpickle
from index.ray.cluster import _question
sent = cloudpickle.dumps(_question())
for name in [name for name in sys.modules if name.split(".")[0] == "index"]:
    del sys.modules[name]
assert cloudpickle.loads(sent)()["Babillard"]
sys.modules["index.ray"] = None  # the older version that a machine may have
assert cloudpickle.loads(sent)() is None
for name in [name for name in sys.modules if name.split(".")[0] == "index"]:
    del sys.modules[name]
sys.modules["index"] = None
assert cloudpickle.loads(sent)() is None
"""


@pytest.mark.slow
def test_a_machine_without_babillard_can_say_so(tmp_path: Path) -> None:
    if find_spec("ray") is None:
        pytest.skip("the extra `ray` is not installed")
    done = run_python("-c", ASKED, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
