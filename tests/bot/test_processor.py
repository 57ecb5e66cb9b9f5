import subprocess
import sys
from pathlib import Path

import pytest

from bot.processor import NEEDED, lacking, refusal

FLAGS = "fpu sse sse2 ht syscall nx lm pni cx16 hypervisor lahf_lm"


def listing(folder: Path, flags: str) -> Path:
    """Write what Linux says of two cores with these flags."""
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: {flags}\n", encoding="utf-8")
    return file


def test_what_a_processor_of_before_2008_lacks_is_named(tmp_path: Path) -> None:
    missing = lacking(listing(tmp_path, FLAGS), "x86_64")
    assert missing == ["POPCNT", "SSSE3", "SSE4.1", "SSE4.2"]
    assert "POPCNT, SSSE3, SSE4.1, SSE4.2" in refusal(missing)
    assert "\n" not in refusal(missing)


@pytest.mark.parametrize("more", ["", " avx avx2", " avx512f avx512_vnni"])
def test_a_processor_of_after_2011_lacks_nothing(more: str, tmp_path: Path) -> None:
    assert lacking(listing(tmp_path, " ".join(NEEDED) + more), "x86_64") == []


def test_other_architectures_and_systems_are_not_judged(tmp_path: Path) -> None:
    assert lacking(listing(tmp_path, "fp asimd"), "aarch64") == []
    assert lacking(tmp_path / "missing", "x86_64") == []
    (tmp_path / "empty").write_text("", encoding="utf-8")
    assert lacking(tmp_path / "empty", "x86_64") == []


def test_the_processor_is_looked_at_before_numpy_is_imported() -> None:
    code = "import sys, bot.__main__; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_this_processor_runs_it() -> None:
    assert lacking() == []
