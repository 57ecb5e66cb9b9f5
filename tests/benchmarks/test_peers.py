import json
import math
from pathlib import Path

import pytest

from benchmarks.dev_sets.sets import Asked
from benchmarks.peers import check_packages, in_a_process, rank, with_ratios
from tests.processes import REPOSITORY

ASKED = Asked("1", "Où va-t-on\u202f?", "fr", "b.txt", 0, ("là",))


@pytest.mark.parametrize(
    ("found", "expected"),
    [(["b.txt", "a.txt"], 1), (["a.txt", "a.txt", "b.txt"], 2), (["a.txt"], 0), ([], 0)],
)
def test_a_rank_counts_paragraphs_not_their_chunks(found: list[str], expected: int) -> None:
    assert rank(ASKED, found) == expected


def test_ratios_are_to_babillard_figure_by_figure() -> None:
    figures = {"babillard_fr_r1": 0.8, "langchain_fr_r1": 0.6, "babillard_fr_p50_ms": 20.0, "langchain_fr_p50_ms": 30.0}
    added = with_ratios(figures)
    assert added["langchain_fr_r1_ratio"] == pytest.approx(0.75)
    assert added["langchain_fr_p50_ms_ratio"] == pytest.approx(1.5)
    assert added.keys() - figures.keys() == {"langchain_fr_r1_ratio", "langchain_fr_p50_ms_ratio"}


def test_there_is_no_ratio_to_nothing() -> None:
    assert math.isnan(with_ratios({"babillard_fr_r1": 0.0, "bm25_fr_r1": 0.5})["bm25_fr_r1_ratio"])


def test_a_missing_package_is_said_with_the_command_that_installs_it() -> None:
    check_packages({"json": "of-the-standard-library"})
    with pytest.raises(SystemExit, match=r"needs absent-one, absent-two: .*pip install -c constraints.txt") as said:
        check_packages({"absent_one": "absent-one", "json": "json", "absent_two": "absent-two"})
    assert "'.[test,bench]'" in str(said.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(REPOSITORY)
    paragraphs = {
        "a.txt": "La sœur de Zoé vit à Québec.",
        "b.txt": "Le fleuve gèle en hiver.",
        "c.txt": "Rien d’autre.",
    }
    (tmp_path / "paragraphs.json").write_text(json.dumps(paragraphs), encoding="utf-8")
    (tmp_path / "questions.json").write_text(json.dumps(["Quand le fleuve gèle", "la sœur de Zoé"]), encoding="utf-8")
    (tmp_path / "bm25").mkdir()
    return tmp_path


def test_a_system_builds_and_serves_in_processes_of_their_own(folder: Path) -> None:
    assert in_a_process("build", "bm25", folder).keys() == {"build_s"}
    served = in_a_process("serve", "bm25", folder)
    assert [found[0] for found in served.pop("found")] == ["b.txt", "a.txt"]
    assert served.keys() == {"cold_s", "p50_ms", "p95_ms", "peak_mb"}
    assert all(value > 0 for value in served.values())
    assert len(in_a_process("serve", "bm25", folder, "--max-questions", "1")["found"]) == 1


def test_a_system_that_fails_says_why(folder: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)BM25 alone could not serve.*texts.json"):
        in_a_process("serve", "bm25", folder)
