import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from bot.errors import EvaluationError
from bot.evaluation.asking import Measured
from bot.evaluation.comparing import Comparison, compare, print_comparison, read_baseline
from bot.evaluation.printing import run_record
from tests.bot.evaluation.test_figures import MISSED, RIGHT, number

OLD = number(*[RIGHT, RIGHT, MISSED] * 20)


def verdicts(comparison: Comparison) -> dict[str, str]:
    return {change.figure.key: change.verdict for change in comparison.changes if change.slice == "all"}


def changed(times: int, **how: Any) -> list[Measured]:
    """Return the old run with as many of the right answers changed."""
    return [replace(m, **how) if m.right and n < 1.5 * times else m for n, m in enumerate(OLD)]


def test_the_same_run_twice_changes_nothing() -> None:
    comparison = compare(OLD, OLD)
    assert set(verdicts(comparison).values()) == {"same"}
    assert (comparison.shared, comparison.added, comparison.gone, comparison.regressions) == (60, 0, 0, [])


def test_a_figure_that_fell_clearly_is_a_regression() -> None:
    comparison = compare(OLD, changed(12, first_quote=False))
    assert verdicts(comparison)["first_quote"] == "worse"
    assert {change.figure.key for change in comparison.regressions} == {"first_quote"}
    [everything] = [c for c in comparison.regressions if c.slice == "all"]
    assert everything.difference.value == pytest.approx(-12 / 60)
    assert everything.difference.low < everything.difference.value < everything.difference.high < 0


def test_one_answer_of_sixty_is_no_regression() -> None:
    comparison = compare(OLD, changed(1, first_quote=False))
    assert verdicts(comparison)["first_quote"] == "unsure"
    assert comparison.regressions == []


def test_where_lower_is_better_a_rise_is_the_regression() -> None:
    comparison = compare(OLD, changed(12, refused=True))
    assert verdicts(comparison)["answerable_refused"] == "worse"
    assert verdicts(compare(changed(12, refused=True), OLD))["answerable_refused"] == "better"


def test_slower_answers_are_told_and_do_not_fail() -> None:
    comparison = compare(OLD, [replace(m, ms=2 * m.ms) for m in OLD])
    assert verdicts(comparison)["latency_p50_ms"] == "worse"
    assert comparison.regressions == []


def test_longer_useful_replies_are_told_and_do_not_fail() -> None:
    old = [replace(m, useful=True, useful_length=300 + n) for n, m in enumerate(OLD)]
    comparison = compare(old, [replace(m, useful_length=2_000) for m in old])
    assert verdicts(comparison)["useful_length"] == "worse"
    assert comparison.regressions == []


def test_fewer_useful_replies_are_a_regression() -> None:
    old = [replace(m, useful=True) for m in OLD]
    comparison = compare(old, [replace(m, useful=n % 3 > 0) for n, m in enumerate(old)])
    assert {change.figure.key for change in comparison.regressions} == {"useful"}


def test_a_baseline_of_before_questions_had_kinds_is_still_read(tmp_path: Path) -> None:
    record = json.loads(json.dumps(run_record({"mode": "index"}, [], OLD)))
    for outcome in record["outcomes"]:
        for field in ("kind", "useful", "useful_length", "page_cited", "plain_rank", "first_passage"):
            del outcome[field]
    file = tmp_path / "old.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert read_baseline(file, contexts=False) == OLD


def test_only_the_questions_of_both_runs_are_compared() -> None:
    added = replace(MISSED, id="new")
    comparison = compare(OLD, [*OLD[10:], added])
    assert (comparison.shared, comparison.added, comparison.gone) == (50, 1, 10)
    assert set(verdicts(comparison).values()) == {"same"}


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    with pytest.raises(EvaluationError, match="none of these questions"):
        compare(OLD, [replace(m, set="other.json") for m in OLD])


def test_the_interval_is_that_of_the_paired_difference() -> None:
    """Two runs that differ a little everywhere are told apart, though each alone is known far less well."""
    rng = np.random.default_rng(0)
    old = [replace(m, token_f1=float(f)) for m, f in zip(OLD, rng.random(60), strict=True)]
    new = [replace(m, token_f1=(m.token_f1 or 0.0) - 0.02) for m in old]
    assert verdicts(compare(old, new))["token_f1"] == "worse"


def test_a_run_that_was_written_is_a_baseline(tmp_path: Path) -> None:
    thirds = [replace(m, confidence=1 / 3, token_f1=1 / 7) for m in OLD]
    file = tmp_path / "old.json"
    file.write_text(json.dumps(run_record({"mode": "index"}, [], thirds)), encoding="utf-8")
    comparison = compare(read_baseline(file, contexts=False), thirds)
    assert set(verdicts(comparison).values()) == {"same"}


def spoiled(**how: Any) -> Callable[[dict[str, Any]], object]:
    return lambda record: {**record, **how}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoiled(mode="contexts"), "was measured with --contexts: do the same"),
        (spoiled(format=0), "comes from another version"),
        (spoiled(outcomes=[{"id": "0"}]), "is not what `babillard eval --json` writes"),
        (spoiled(outcomes=3), "is not what"),
        (lambda record: [record], "is not what"),
        (lambda record: "oups", "is not what"),
        (lambda record: {}, "is not what"),
    ],
)
def test_a_baseline_that_is_none_is_refused(
    spoil: Callable[[dict[str, Any]], object], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps(spoil(run_record({"mode": "index"}, [], OLD[:2]))), encoding="utf-8")
    with pytest.raises(EvaluationError, match=said):
        read_baseline(file, contexts=False)


def test_a_baseline_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"old\.json: cannot be read"):
        read_baseline(tmp_path / "old.json", contexts=False)
    (tmp_path / "old.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(EvaluationError, match="is not what"):
        read_baseline(tmp_path / "old.json", contexts=False)


def test_people_see_what_changed_the_count_and_the_rule() -> None:
    console = Console(width=100, record=True)
    print_comparison(compare(OLD, changed(12, first_quote=False, reply_language=False)), console)
    shown = console.export_text()
    assert "first quote" in shown
    assert "reply language" in shown
    assert "R@1" not in shown
    assert "60 questions in both runs; 6 regressions." in shown
    assert "paired difference" in shown
