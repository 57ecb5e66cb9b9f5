import io
import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import typer

from index.cli import MAX_LINE, foreseen_faults, load_settings, questions
from index.config import IndexSettings
from index.store import read_manifest
from tests.processes import REPOSITORY, run_python, surroundings

SEEDS = REPOSITORY / "seeds"
FRENCH = "Dans quelles villes Netflix pourrait-il ouvrir un bureau\u202f?"
ENGLISH = "Which Python version does Babillard need?"


def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None, **environment: str) -> CompletedProcess[str]:
    return run_python("-m", "index", *arguments, stdin=stdin, cwd=cwd, **environment)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CompletedProcess[str]]:
    """An index of the project's seeds, and what the command that built it said."""
    index = tmp_path_factory.mktemp("cli") / "index"
    return index, run("rebuild", "--seeds", SEEDS, "--index", index, "--json", cwd=index.parent)


@pytest.fixture(scope="module")
def index(built: tuple[Path, CompletedProcess[str]]) -> Path:
    assert built[1].returncode == 0, built[1].stderr
    return built[0]


@pytest.mark.slow
def test_rebuild_reports_one_json_object(built: tuple[Path, CompletedProcess[str]]) -> None:
    report = json.loads(built[1].stdout)
    assert " ".join(report) == "documents chunks sentences read embedded skipped left_out generation seconds"
    count = len(list(SEEDS.glob("*.*")))
    assert (report["documents"], report["read"], report["skipped"]) == (count, {".md": count}, [])


@pytest.mark.slow
def test_rebuild_off_a_terminal_shows_no_bar(built: tuple[Path, CompletedProcess[str]]) -> None:
    assert built[1].stderr == ""


@pytest.mark.slow
def test_rebuild_reports_in_words_and_names_what_it_skipped(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "été.md").write_text("L’œuvre coûte 3,5\u00a0M$. Où\u202f?", encoding="utf-8")
    (seeds / "faq.csv").write_text("question,réponse\nQuand ?,À midi.\nOù ?,\n", encoding="utf-8")
    (seeds / "b\x1b[2Jad.md").write_bytes(b"<!-- -->")
    (seeds / "image.png").write_bytes(b"\x89PNG")
    done = run("rebuild")
    assert done.returncode == 0
    assert done.stdout.startswith("2 documents, 2 chunks, 3 sentences; 5 texts embedded, ")
    assert done.stderr == (
        "read .csv: 1 file\n"
        "read .md: 1 file\n"
        "left out comments: 1 in b\ufffd[2Jad.md\n"
        "skipped *.png: 1 file not read: a picture: put its words into a text\n"
        "skipped b\ufffd[2Jad.md: holds no text\n"
        "skipped faq.csv#3: has no answer\n"
    )


@pytest.mark.slow
def test_rebuild_if_stale_says_nothing_when_up_to_date(index: Path) -> None:
    done = run("rebuild", "--if-stale", "--seeds", SEEDS, "--index", index)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
def test_rebuild_if_stale_says_why_it_builds(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Un article.", encoding="utf-8")
    done = run("rebuild", "--if-stale")
    assert (done.returncode, done.stderr) == (
        0,
        "Building the index: there is no index yet.\nread .txt: 1 file\n",
    )


STATS = (
    "documents chunks sentences languages bytes generation created age_seconds model model_revision dimension "
    "fingerprint files"
).split()


@pytest.mark.slow
def test_stats_as_json(index: Path) -> None:
    record = json.loads(run("stats", "--index", index, "--json").stdout)
    assert list(record) == STATS
    assert sum(record["languages"].values()) == record["chunks"]
    assert sum(record["files"].values()) == record["bytes"]
    assert 0 <= record["age_seconds"] < 3_600


@pytest.mark.slow
def test_stats_in_words(index: Path) -> None:
    done = run("stats", "--index", index)
    assert (done.returncode, done.stderr) == (0, "")
    named = [line[:15].strip() for line in done.stdout.splitlines() if not line.startswith("  ")]
    assert named == [name.replace("_", " ") for name in STATS]
    assert re.search(r"^  vectors\.npy +[\d,]+$", done.stdout, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "source"),
    [pytest.param(FRENCH, "netflix-canada.fr.md", id="fr"), pytest.param(ENGLISH, "babillard-guide.en.md", id="en")],
)
def test_search_as_json_finds_the_article_first(index: Path, question: str, source: str) -> None:
    record = json.loads(run("search", question, "-k", "2", "--index", index, "--json").stdout)
    assert (list(record), record["question"]) == (["question", "hits"], question)
    assert [h["rank"] for h in record["hits"]] == [1, 2]
    assert record["hits"][0]["chunk_id"].startswith(f"{source}#")
    assert list(record["hits"][0]) == "rank score dense lexical chunk_id title source language text".split()


@pytest.mark.slow
def test_search_in_words_shows_scores_and_the_words_that_matched(index: Path) -> None:
    done = run("search", FRENCH, "-k", "1", "--index", index)
    first, hit, title, text = done.stdout.splitlines()
    assert (done.returncode, done.stderr, first) == (0, "", FRENCH)
    assert hit.startswith(" 1. ")
    assert "bureau" in hit
    assert "Netflix veut un bureau au Canada [fr] netflix-canada.fr.md#" in title
    assert 0 < len(text.strip()) <= 160


@pytest.mark.slow
def test_search_reads_one_question_a_line(index: Path) -> None:
    lines = [FRENCH, "", ENGLISH, "  espaces  "]
    done = run("search", "-", "--index", index, "--json", stdin="\n".join(lines))
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["question"] for r in records] == [line.strip() for line in lines]
    assert [len(r["hits"]) for r in records] == [5, 0, 5, 5]


@pytest.mark.slow
def test_search_writes_utf8_in_any_locale(index: Path) -> None:
    done = run("search", FRENCH, "-k", "1", "--index", index, "--json", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)["question"] == FRENCH


@pytest.mark.slow
def test_search_in_words_survives_a_narrow_locale(index: Path) -> None:
    done = run("search", FRENCH, "-k", "1", "--index", index, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def assert_one_line(done: CompletedProcess[str], said: str) -> None:
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("babillard: ")
    assert said in line


@pytest.mark.parametrize(
    "arguments", [["stats"], ["search", "Combien ?"], ["search", "-", "--json"]], ids=["stats", "search", "search -"]
)
def test_a_missing_index_is_one_line_that_names_the_command(arguments: list[str]) -> None:
    assert_one_line(run(*arguments), "babillard index rebuild")


def test_missing_seeds_are_one_line_that_says_what_to_do() -> None:
    assert_one_line(run("rebuild"), "there is no seeds folder at seeds")


@pytest.mark.slow
def test_other_settings_are_one_line_that_names_the_command(index: Path, tmp_path: Path) -> None:
    copy = tmp_path / "index"
    copy.symlink_to(index)
    script = (
        "from index import chunking; chunking.TARGET_CHARS += 1\n"
        "from index.cli import app; app(['search', 'Combien ?', '--index', 'index'])"
    )
    assert_one_line(run_python("-c", script), "babillard index rebuild")


@pytest.mark.slow
def test_an_unknown_model_is_one_line_that_names_the_setting() -> None:
    done = run("rebuild", EMBEDDING_MODEL="nobody/no-such-model", HF_HUB_OFFLINE="1")
    assert_one_line(done, "EMBEDDING_MODEL")


def test_a_dotenv_file_that_is_not_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("INDEX_DIR=été\n".encode("cp1252"))
    assert_one_line(run("stats"), ".env")


class CountedSettings(IndexSettings):
    top_k: int = 10


def test_a_bad_value_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOP_K", "beaucoup")
    with pytest.raises(typer.Exit) as stopped, foreseen_faults():
        load_settings(CountedSettings, None, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert (stopped.value.exit_code, "TOP_K" in line, ".env" in line) == (1, True, True)


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEEDS_DIR", "environment")
    monkeypatch.setenv("INDEX_DIR", "environment")
    settings = load_settings(IndexSettings, Path("option"), None)
    assert (settings.seeds_dir, settings.index_dir) == (Path("option"), Path("environment"))


class Input:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param("Où\u202f?\r\n\nEt l’œuvre ?".encode(), ["Où\u202f?", "", "Et l’œuvre ?"], id="lines"),
        pytest.param(b"\xff\n", ["\ufffd"], id="not UTF-8"),
        pytest.param(b"x" * (3 * MAX_LINE) + b"\nafter\n", ["x" * MAX_LINE, "after"], id="an enormous line"),
        pytest.param(b"x" * (MAX_LINE - 1) + b"\nafter\n", ["x" * (MAX_LINE - 1), "after"], id="a line at the bound"),
        pytest.param(b"x" * MAX_LINE + b"\nafter\n", ["x" * MAX_LINE, "after"], id="a line just over the bound"),
    ],
)
def test_each_line_of_standard_input_is_a_question(
    monkeypatch: pytest.MonkeyPatch, raw: bytes, expected: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Input(raw))
    assert list(questions("-")) == expected


@pytest.mark.slow
def test_verify_says_that_every_byte_is_right(index: Path) -> None:
    done = run("verify", "--index", index, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, "dense.faiss" in report["files"]) == (0, True)


@pytest.mark.slow
def test_verify_names_the_damaged_file_and_the_remedy(index: Path, tmp_path: Path) -> None:
    copy = tmp_path / "index"
    shutil.copytree(index, copy)
    damaged = next(copy.rglob("lexical.weights.npy"))
    data = bytearray(damaged.read_bytes())
    data[-1] ^= 1
    damaged.write_bytes(data)
    done = run("verify", "--index", copy)
    assert done.returncode == 1
    assert "lexical.weights.npy" in done.stderr
    assert "babillard index rebuild" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_watch_rebuilds_when_the_seeds_change_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    seeds.mkdir()
    (seeds / "école.md").write_text("L’école d’été ouvre à Québec. Où\u202f?", encoding="utf-8")
    command = [sys.executable, "-m", "index", "watch", "--seeds", str(seeds), "--index", str(index)]
    with subprocess.Popen(
        command,
        env=surroundings(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - background jobs ignore it
    ) as watching:
        assert watching.stdout is not None
        patience = threading.Timer(600, watching.kill)  # a change that is missed fails the test, and does not hang it
        patience.start()
        assert watching.stdout.readline().startswith("1 documents")
        (seeds / "œuvre.md").write_text("L’œuvre coûte 3,5\u00a0M$.", encoding="utf-8")
        assert watching.stdout.readline().startswith("2 documents")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(600) in (0, 130)  # 130: in the middle of a build
        patience.cancel()
    assert read_manifest(index).documents == 2
