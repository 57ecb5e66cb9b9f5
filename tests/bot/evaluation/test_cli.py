"""The commands as a user runs them, over the project's own articles and the real model."""

import json
import subprocess
from pathlib import Path

import pytest

from bot.answering.readers.own_calibration import FILE_NAME
from bot.evaluation.figures import BY_KEY
from tests.bot.calibration.test_own_index import FACTS, TOWNS
from tests.bot.evaluation.test_squad import FERRY, MUSEUM, article, squad, write
from tests.processes import run_python

pytestmark = pytest.mark.slow

TABLE = """question,réponse,source,langue
Combien d’abonnés Netflix compte-t-il au Canada ?,sept millions,,fr
How many offices does Netflix have around the world?,21 bureaux,,en
Which Python version does Babillard need?,,babillard-guide.en.md,en
Quelle est la capitale de l’Australie ?,,,fr
Who won the World Cup in 1998?,,,en
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path, "questions.csv", TABLE)


def evaluate(*arguments: str | Path, index: Path) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", "eval", *arguments, "--index", index)


def test_the_users_own_index_is_asked(table: Path, seed_index: Path) -> None:
    done = evaluate(table, "--json", index=seed_index)
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert (record["mode"], record["files"], record["questions"], record["answerable"]) == (
        "index",
        ["questions.csv"],
        5,
        3,
    )
    assert record["nowhere"] == 0
    assert list(record["slices"]) == ["all", "fr", "en", "fr→fr", "en→en", "en→fr"]
    everything = record["slices"]["all"]["figures"]
    assert list(everything) == list(BY_KEY)
    assert everything["first_quote"]["value"] == everything["reply_language"]["value"] == 1.0
    assert everything["unanswerable_refused"]["value"] == 1.0
    assert [outcome["id"] for outcome in record["outcomes"]] == [line.split(",")[0] for line in TABLE.splitlines()[1:]]


def test_people_get_tables(table: Path, seed_index: Path) -> None:
    done = evaluate(table, index=seed_index)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("5 questions of questions.csv, asked of the index (generation ")
    for title in ("Retrieval", "Answer", "Abstention", "Reply"):
        assert title in done.stdout


def test_the_passages_of_a_file_can_be_indexed_instead(tmp_path: Path) -> None:
    record = squad(
        article(FERRY, ("noon", "When does the ferry leave Lévis?", ["at noon"])),
        article(MUSEUM, ("year", "When did the museum buy the work?", ["en 1998"])),
    )
    done = evaluate(write(tmp_path, "set.json", record), "--contexts", "--json", index=tmp_path / "index")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["slices"]["all"]["figures"]["recall_at_1"]["value"] == 1.0
    assert not (tmp_path / "index").exists()


def test_a_run_is_the_baseline_of_the_next_and_has_a_report(table: Path, seed_index: Path, tmp_path: Path) -> None:
    first = evaluate(table, "--json", index=seed_index)
    baseline, report = write(tmp_path, "old.json", first.stdout), tmp_path / "out" / "report.html"
    done = evaluate(table, "--baseline", baseline, "--report", report, index=seed_index)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 questions in both runs; no regressions." in done.stdout
    page = report.read_text(encoding="utf-8")
    assert "No figure regressed." in page
    assert "Combien d’abonnés Netflix" not in page  # it is answered right, and only the worst are shown


def test_a_regression_is_exit_status_1(table: Path, seed_index: Path, tmp_path: Path) -> None:
    """The baseline is made of the real run: then as many answers were right as there are, now they are wrong."""
    wrong = TABLE.replace("sept millions", "onze millions").replace("21 bureaux", "99 bureaux")
    right = json.loads(evaluate(table, "--json", index=seed_index).stdout)
    done = evaluate(
        write(tmp_path, "questions.csv", wrong),
        "--json",
        "--baseline",
        write(tmp_path, "old.json", right),
        index=seed_index,
    )
    comparison = json.loads(done.stdout)["comparison"]
    assert (done.returncode, done.stderr) == (1, "")
    first = [c for c in comparison["changes"] if (c["slice"], c["figure"]) == ("all", "first_quote")]
    assert [(c["old"], c["new"], c["verdict"], c["regression"]) for c in first] == [(1.0, 0.0, "worse", True)]


@pytest.mark.parametrize(
    ("name", "text", "options", "said"),
    [
        ("q.csv", "question,answer\nQui ?,a\n,b\n", (), "q.csv, line 3: has no question\n"),
        ("q.csv", "question,source\nQui ?,absent.md\n", (), "q.csv, line 2: no article of the index has the file"),
        ("q.csv", "question,answer\nQui ?,a\n", ("--contexts",), "q.csv: holds no passages: leave out --contexts"),
        ("q.json", "{", (), "q.json, line 1: is not JSON"),
        ("q.csv", "question,answer\nQui ?,a\n", ("--baseline", "absent.json"), "absent.json: cannot be read"),
    ],
)
def test_a_foreseen_fault_is_one_line(
    name: str, text: str, options: tuple[str, ...], said: str, seed_index: Path, tmp_path: Path
) -> None:
    done = evaluate(write(tmp_path, name, text), *options, index=seed_index)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("babillard: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_an_index_the_command_says_how_to_build_one(table: Path, tmp_path: Path) -> None:
    done = evaluate(table, index=tmp_path / "absent")
    assert (done.returncode, done.stdout) == (1, "")
    assert "build it with `babillard index rebuild`" in done.stderr


def test_a_calibration_is_fitted_kept_and_used(tmp_path: Path) -> None:
    seeds, index = tmp_path / "articles", tmp_path / "index"
    seeds.mkdir()
    rows = ["question,réponse,langue", "Quelle est la capitale de l’Australie ?,,fr"]
    for n, town in enumerate(TOWNS):
        filled = [[part.format(town=town, n=n + 3, year=1901 + n) for part in fact] for fact in FACTS]
        write(seeds, f"{town}.txt", f"{town}\n\n" + " ".join(sentence for sentence, _, _ in filled))
        rows += [f"{question},{answer},fr" for _, question, answer in filled]
    table = write(tmp_path, "villes.csv", "\n".join(rows))
    assert run_python("-m", "bot", "index", "rebuild", "--seeds", seeds, "--index", index).returncode == 0
    done = run_python("-m", "bot", "calibrate", table, "--index", index)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Calibrated on {len(TOWNS) * len(FACTS)} questions of villes.csv")
    assert str(index / FILE_NAME) in "".join(done.stdout.splitlines())
    measured = json.loads(evaluate(table, "--json", index=index).stdout)
    assert measured["calibration"].startswith("110 questions of villes.csv")
    few = run_python("-m", "bot", "calibrate", write(tmp_path, "few.csv", "\n".join(rows[:50])), "--index", index)
    assert (few.returncode, few.stdout) == (1, "")
    assert few.stderr.startswith("babillard: 48 questions have an answer that stands in the index, and 100 are needed")
    assert few.stderr.count("\n") == 1
