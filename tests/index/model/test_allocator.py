import platform

import pytest

from tests.processes import run_python

MEASURED = """
import gc
from pathlib import Path
from index.model.allocator import give_back, use_one_heap

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

use_one_heap()
kept = [bytearray(1000) for _ in range(50_000)]
last = bytearray(1000)
kept.clear()
before = resident()
give_back()
print(before - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is another one")
def test_what_is_free_between_others_goes_back_to_the_system() -> None:
    done = run_python("-c", MEASURED)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 20_000_000
