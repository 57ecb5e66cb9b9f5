import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import MODULES, main, report
from benchmarks.tables import DOCUMENTATION, PEERS, QUALITY, SPEED, USEFULNESS
from tests.processes import REPOSITORY, surroundings

EVERYTHING = QUALITY.names | USEFULNESS.names | DOCUMENTATION.names | SPEED.names | PEERS.names


@pytest.mark.slow
def test_one_command_gives_every_figure_of_the_readme(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--out", str(tmp_path)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=surroundings(), capture_output=True, encoding="utf-8", timeout=2_400, check=False
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert record["quick"] is True
    assert record["figures"].keys() >= EVERYTHING
    assert all(isinstance(value, float | int) for value in record["figures"].values())
    assert (tmp_path / "report.md").read_text(encoding="utf-8").strip() == done.stdout.strip()
    assert "–" not in done.stdout


def test_the_report_holds_the_tables_that_were_measured_and_no_others() -> None:
    figures = dict.fromkeys(SPEED.names, 1.0)
    text = report(figures, "une machine", quick=False)
    assert text.startswith("Measured on une machine.\n\n## Speed and memory\n\n| speed and memory | |")
    assert "Against" not in text
    assert "quick" not in text
    assert "mean nothing" in report(figures, "une machine", quick=True)


def test_an_unknown_benchmark_is_refused_with_the_names_of_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["qualité"])
    assert ended.value.code == 2
    assert "qualité" in (said := capsys.readouterr().err)
    assert all(module in said for module in MODULES)
