import pytest

from benchmarks.serving import Run, over_runs


def run(processes: int, rate: float) -> Run:
    return Run(processes, rate, p50_ms=40, p95_ms=90, bots=1, discord=0.1, machine=2)


def test_processes_are_compared_by_the_medians_of_their_runs() -> None:
    runs = [run(1, 20), run(2, 30), run(1, 22), run(2, 38), run(1, 90), run(2, 44)]
    figures = over_runs(runs)
    assert figures["serving_1_rate"] == 22
    assert figures["serving_2_rate"] == 38
    assert figures["serving_ratio"] == pytest.approx(38 / 22)
