import json
from pathlib import Path

import pytest

from benchmarks.figures import hand_over, options, retrieval_figures


def slow_truth(ranks: list[int]) -> dict[str, float]:
    n = len(ranks)
    return {
        "r1": sum(rank == 1 for rank in ranks) / n,
        "r5": sum(rank in range(1, 6) for rank in ranks) / n,
        "mrr": sum(1 / rank for rank in ranks if rank in range(1, 11)) / n,
    }


@pytest.mark.parametrize("ranks", [[1], [0], [0, 0, 1], [1, 2, 3, 4, 5, 6, 10, 11, 0], [6, 10, 12]])
def test_retrieval_figures_count_what_is_found_in_time(ranks: list[int]) -> None:
    assert retrieval_figures(ranks) == pytest.approx(slow_truth(ranks))


def test_figures_are_handed_over_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    hand_over({"peers_é": 0.5}, None)
    assert not file.exists()
    hand_over({"peers_é": 0.5}, file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"peers_é": 0.5}


def test_every_benchmark_of_the_readme_takes_the_same_options(tmp_path: Path) -> None:
    chosen = options("What it measures.").parse_args(["--quick", "--json", str(tmp_path)])
    assert (chosen.quick, chosen.json) == (True, tmp_path)
