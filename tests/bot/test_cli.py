import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answer import Answer
from bot.journal.journal import Journal
from bot.messages import say
from index.schema import Language
from tests.bot.fakes import RECORD_KEYS
from tests.conftest import SEEDS
from tests.processes import run_python, surroundings

pytestmark = pytest.mark.slow

SUBSCRIBERS: dict[Language, str] = {
    "fr": "Combien d’abonnés Netflix compte-t-il au Canada\u00a0?",
    "en": "How many Canadian subscribers does Netflix have?",
}
CAPITAL: dict[Language, str] = {
    "fr": "Quelle est la capitale de l’Australie ?",
    "en": "What is the capital of Australia?",
}
C_LOCALE = {"LC_ALL": "C", "LANG": "C", "LANGUAGE": ""}


def bot(*arguments: str, index: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", *arguments, "--index", index, stdin=stdin, cwd=None, **environment)


def bot_bytes(*arguments: str | bytes, index: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments, "--index", str(index)],
        input=stdin,
        env=surroundings(),
        capture_output=True,
        timeout=120,
        check=False,
    )


def records(output: str | bytes) -> list[dict[str, Any]]:
    text = output.decode() if isinstance(output, bytes) else output
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


# --------------------------------------------------------------------------------------------------------- one question


@pytest.mark.parametrize(
    ("language", "opening", "source"),
    [
        pytest.param(
            "fr",
            "Voici ce qu’en dit «\u00a0Netflix veut un bureau au Canada\u00a0»\u00a0:",
            "[1] Netflix veut un bureau au Canada, § Le Canada en chiffres — Article de presse, 2021 "
            "(de 2021, peut-être dépassé)",
            id="fr",
        ),
        pytest.param(
            "en",
            "Here is what “Netflix veut un bureau au Canada” says, in French:",
            "[1] Netflix veut un bureau au Canada, § Le Canada en chiffres — Article de presse, 2021 "
            "(of 2021, may be out of date, in French)",
            id="en",
        ),
    ],
)
def test_ask_prints_the_quote_and_its_source(language: Language, opening: str, source: str, seed_index: Path) -> None:
    done = bot("ask", SUBSCRIBERS[language], index=seed_index)
    assert (done.returncode, done.stderr) == (0, "")
    first, quote, last = done.stdout.splitlines()
    assert (first, last) == (opening, source)
    assert quote.startswith("> ")
    assert "sept millions" in quote


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_abstention_is_no_failure(language: Language, seed_index: Path) -> None:
    done = bot("ask", CAPITAL[language], index=seed_index)
    assert (done.returncode, done.stdout, done.stderr) == (0, say("no_evidence", language) + "\n", "")


def test_an_empty_question_is_no_failure(seed_index: Path) -> None:
    done = bot("ask", "", index=seed_index)
    assert (done.returncode, done.stdout) == (0, say("no_question", "en") + "\n")


def test_a_question_that_opens_with_a_dash_comes_after_two(seed_index: Path) -> None:
    done = run_python("-m", "bot", "ask", "--index", seed_index, "--", f"- {SUBSCRIBERS['fr']}")
    assert done.returncode == 0
    assert "sept millions" in done.stdout


def test_json_is_one_object_with_the_documented_keys(seed_index: Path) -> None:
    done = bot("ask", SUBSCRIBERS["fr"], "--json", index=seed_index)
    [record] = records(done.stdout)
    assert list(record) == RECORD_KEYS
    assert record["question"] == SUBSCRIBERS["fr"]
    assert record["language"] == "fr"
    assert not record["abstained"]
    assert "sept millions" in record["citations"][0]["quote"]


@pytest.mark.parametrize("wanted", ["fr", "en"])
def test_lang_decides_the_language_of_the_reply(wanted: Language, seed_index: Path) -> None:
    other: Language = "en" if wanted == "fr" else "fr"
    [record] = records(bot("ask", SUBSCRIBERS[other], "--json", "--lang", wanted, index=seed_index).stdout)
    assert record["language"] == wanted
    assert record["answer"].startswith("Voici" if wanted == "fr" else "Here")


def test_an_unknown_language_is_a_mistake_of_use(seed_index: Path) -> None:
    done = bot("ask", "Qui ?", "--lang", "de", index=seed_index)
    assert done.returncode == 2
    assert "'de'" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_colour_is_written_to_a_pipe(seed_index: Path) -> None:
    done = bot("ask", SUBSCRIBERS["fr"], index=seed_index, TERM="xterm-256color", FORCE_COLOR="1")
    assert "\x1b" not in done.stdout


# ------------------------------------------------------------------------------------------------------- many questions


def test_each_line_of_standard_input_gets_one_object_in_order(seed_index: Path) -> None:
    long = ("Où est le bureau ? " * 16_000)[:300_000]
    lines = [SUBSCRIBERS["fr"], "", long, CAPITAL["en"], SUBSCRIBERS["en"] + "\r"]
    done = bot("ask", "-", "--json", index=seed_index, stdin="\n".join(lines))
    assert (done.returncode, done.stderr) == (0, "")
    found = records(done.stdout)
    assert [r["question"] for r in found] == [lines[0], "", long[:1000], lines[3], SUBSCRIBERS["en"]]
    assert [r["language"] for r in found] == ["fr", "en", "fr", "en", "en"]
    assert [r["abstained"] for r in found][:2] == [False, True]
    assert found[2]["answer"].endswith(say("cut", "fr", limit=1000))
    assert found[3]["abstained"]
    assert "sept millions" in found[4]["citations"][0]["quote"]


def test_each_line_is_shown_with_its_reply_and_a_blank_line(seed_index: Path) -> None:
    done = bot("ask", "-", index=seed_index, stdin=f"{SUBSCRIBERS['en']}\n{CAPITAL['fr']}\n")
    first, second, rest = done.stdout.split("\n\n")
    assert first.splitlines()[0] == f"? {SUBSCRIBERS['en']}"
    assert second.splitlines() == [f"? {CAPITAL['fr']}", say("no_evidence", "fr")]
    assert rest == ""


def test_an_echoed_question_does_not_drive_the_terminal(seed_index: Path) -> None:
    done = bot("ask", "-", index=seed_index, stdin="Qui \x1b[31m\x9b2J\x07est Ted ?\n")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout)


def test_nothing_on_standard_input_is_no_failure(seed_index: Path) -> None:
    done = bot("ask", "-", "--json", index=seed_index)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_repl_off_a_terminal_answers_a_line_each(seed_index: Path) -> None:
    done = bot("repl", index=seed_index, stdin=f"{SUBSCRIBERS['fr']}\n{CAPITAL['en']}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sept millions" in done.stdout
    assert say("no_evidence", "en") in done.stdout
    assert "\x1b" not in done.stdout


# ---------------------------------------------------------------------------------------------------------- odd bytes


def test_bytes_that_are_not_utf8_on_standard_input_are_read_as_far_as_they_go(seed_index: Path) -> None:
    stdin = b"Combien d\xe9 bureaux Netflix a-t-il dans le monde \xff?\n\xff\xfe\n"
    done = bot_bytes("ask", "-", "--json", index=seed_index, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = records(done.stdout)
    assert "21 bureaux" in first["citations"][0]["quote"]
    assert second["abstained"]


def test_bytes_that_are_not_utf8_in_the_argument_are_read_as_far_as_they_go(seed_index: Path) -> None:
    done = bot_bytes("ask", b"Combien de bureaux Netflix a-t-il dans le monde \xff?", index=seed_index)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "21 bureaux" in done.stdout.decode()


@pytest.mark.parametrize(
    ("language", "as_json"), [pytest.param("fr", False, id="fr-text"), pytest.param("en", True, id="en-json")]
)
def test_the_c_locale_changes_nothing(language: Language, as_json: bool, seed_index: Path) -> None:
    options = ["--json"] if as_json else []
    done = bot("ask", SUBSCRIBERS[language], *options, index=seed_index, **C_LOCALE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sept millions d’abonnés" in done.stdout


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_an_output_that_is_not_utf8_is_no_failure(as_json: bool, seed_index: Path) -> None:
    options = ["--json"] if as_json else []
    done = bot("ask", SUBSCRIBERS["fr"], *options, index=seed_index, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "sept millions" in done.stdout
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------------------- faults


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line of a foreseen fault; fail on anything else."""
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("babillard: ")
    return line


@pytest.mark.parametrize("arguments", [["ask", "Qui ?"], ["ask", "-"], ["repl"], ["ask", "Qui ?", "--json"]])
def test_a_missing_index_is_said_in_one_line_with_the_remedy(arguments: list[str], tmp_path: Path) -> None:
    done = bot(*arguments, index=tmp_path / "nulle part", stdin="Qui ?\n")
    assert "babillard index rebuild" in one_line(done)


def test_an_empty_folder_is_a_missing_index(tmp_path: Path) -> None:
    assert "babillard index rebuild" in one_line(bot("ask", "Qui ?", index=tmp_path))


@pytest.mark.parametrize(("name", "value"), [("TOP_K", "mille"), ("DEFAULT_LANGUAGE", "de")])
def test_a_setting_that_cannot_be_read_is_said_in_one_line(name: str, value: str, seed_index: Path) -> None:
    assert name in one_line(bot("ask", "Qui ?", index=seed_index, **{name: value}))


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_a_reader_that_leaves_early_gets_no_trace(as_json: bool, seed_index: Path) -> None:
    options = ["--json"] if as_json else []
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "-", *options, "--index", str(seed_index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(),
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        child.stdin.write(f"{SUBSCRIBERS['fr']}\n".encode() * 300)
        child.stdin.close()
        assert child.stdout.readline()
        child.stdout.close()  # as `| head -1` does
        assert child.stderr.read() == b""


@pytest.mark.parametrize("command", ["repl", "ask -"])
def test_a_closed_standard_input_gets_no_trace(command: str, seed_index: Path) -> None:
    script = f'"{sys.executable}" -m bot {command} --index "{seed_index}" <&-'
    done = subprocess.run(["sh", "-c", script], env=surroundings(), capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr


# --------------------------------------------------------------------------------------------------------------- gaps

ASKED: list[tuple[str, Language]] = [
    ("Quels sont les horaires d’ouverture du musée\u00a0?", "fr"),
    ("Le chien\n\x1b[31mest-il admis\u202f?", "fr"),
    ("What are the opening hours of the museum?", "en"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder whose journal holds `ASKED`, none answered."""
    with Journal(tmp_path / "data" / "journal.sqlite3") as journal:
        for question, language in ASKED:
            answer = Answer(question, language, abstention="no_evidence")
            journal.record(answer, user=1, guild=None, latency_ms=20)
    return tmp_path / "data"


def run_gaps(data: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", "gaps", *arguments, cwd=None, DATA_DIR=str(data), **environment)


def test_gaps_gives_a_line_to_each_question_whatever_its_language(data: Path) -> None:
    done = run_gaps(data)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert re.fullmatch(rf"   2 × .*(musée|museum).* \((fr 1, en 1|en 1, fr 1); last on {today}\)", first)
    assert second == f"   1 × Le chien [31mest-il admis\u202f? (fr 1; last on {today})"


def test_gaps_writes_an_object_a_line_with_the_documented_keys(data: Path) -> None:
    first, second = records(run_gaps(data, "--json").stdout)
    assert list(first) == "count label language languages last_asked questions".split()
    assert (first["count"], first["languages"], len(first["questions"])) == (2, {"fr": 1, "en": 1}, 2)
    assert second["questions"] == [ASKED[1][0]]


def test_gaps_leaves_out_what_was_asked_less_often(data: Path) -> None:
    assert len(run_gaps(data, "--min", "2").stdout.splitlines()) == 1
    done = run_gaps(data, "--min", "3")
    assert (done.returncode, "no question without a good answer" in done.stdout) == (0, True)


def test_gaps_writes_a_draft_for_each_once(data: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "à écrire"
    for said in ("2 drafts written", "0 drafts written"):
        done = run_gaps(data, "--stubs", drafts)
        assert (done.returncode, said in done.stderr) == (0, True)
    assert len(list(drafts.iterdir())) == 2


@pytest.mark.parametrize(
    ("days", "said"), [pytest.param("90", "no journal at", id="missing"), pytest.param("0", "JOURNAL_DAYS", id="off")]
)
def test_gaps_without_a_journal_says_so_and_makes_none(days: str, said: str, tmp_path: Path) -> None:
    done = run_gaps(tmp_path / "rien", JOURNAL_DAYS=days)
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (0, "", [])
    [line] = done.stdout.splitlines()
    assert said in line
    assert run_gaps(tmp_path / "rien", "--json", JOURNAL_DAYS=days).stdout == ""


def test_gaps_of_a_journal_without_questions_says_so(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.sqlite3").close()
    done = run_gaps(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no question without a good answer" in done.stdout


def test_a_damaged_journal_is_said_in_one_line_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").write_text("Ceci n’est pas une base." * 99, encoding="utf-8")
    assert "moved away" in one_line(run_gaps(tmp_path))


def test_a_folder_of_drafts_that_cannot_be_written_is_said_in_one_line(data: Path) -> None:
    done = run_gaps(data, "--min", "9", "--stubs", data / "journal.sqlite3", "--json")
    assert done.returncode == 1
    assert "name another folder" in done.stderr.splitlines()[-1]


# --------------------------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        pytest.param(["--help"], ["ask", "repl", "gaps", "index", "French or English"], id="all"),
        pytest.param(["ask", "--help"], ["--lang", "--json", "--index", "one question per line"], id="ask"),
        pytest.param(["repl", "--help"], ["--seeds", "--index", "/help"], id="repl"),
        pytest.param(["gaps", "--help"], ["--min", "--stubs", "--json"], id="gaps"),
        pytest.param(["index", "--help"], ["rebuild", "stats", "search"], id="index"),
    ],
)
def test_help_says_what_there_is(arguments: list[str], shown: list[str]) -> None:
    done = run_python("-m", "bot", *arguments, COLUMNS="200")
    assert (done.returncode, done.stderr) == (0, "")
    for word in shown:
        assert word in done.stdout


def test_no_command_shows_the_help() -> None:
    done = run_python("-m", "bot")
    assert "Usage" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------------------ lightness


@pytest.mark.parametrize(
    "arguments", [["ask", SUBSCRIBERS["fr"]], ["index", "search", "abonnés"]], ids=["ask", "search"]
)
def test_answering_imports_no_heavy_library(arguments: list[str], seed_index: Path) -> None:
    script = (
        "import sys\nfrom bot.cli import app\n"
        f"app({[*arguments, '--index', str(seed_index)]!r}, standalone_mode=False)\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'tokenizers', 'prompt_toolkit', 'discord',"
        " 'sqlalchemy', 'alembic', 'psycopg'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)\n"
    )
    done = run_python("-c", script)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert "Netflix" in done.stdout


def test_index_commands_are_there_too(seed_index: Path) -> None:
    done = bot("index", "stats", "--json", index=seed_index)
    assert json.loads(done.stdout)["documents"] == len(list(SEEDS.glob("*.md")))


# ------------------------------------------------------------------------------------------------------------- doctor

CHECKS = (
    "python settings seeds glossary pages language model reader index chat quotes "
    "data journal rules disk discord health"
).split()


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def doctor(index: Path, folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_python("-m", "bot", "doctor", *options, "--seeds", SEEDS, "--index", index, cwd=folder, **environment)


def test_the_doctor_finds_nothing_wrong_and_changes_nothing(seed_index: Path, tmp_path: Path) -> None:
    before = contents(seed_index)
    done = doctor(seed_index, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[2] for line in done.stdout.splitlines()] == CHECKS
    assert {line.split()[1] for line in done.stdout.splitlines()} == {"ok", "note"}
    assert contents(seed_index) == before
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_goes_through_all_checks_whatever_fails(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOP_K=mille\nSEED_DIR=x\nDISCORD_TOKEN=très.secret\n", encoding="utf-8")
    done = doctor(tmp_path / "nulle part", tmp_path, "--json", EMBEDDING_MODEL="nulle part/du tout", DATA_DIR=".env")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    found = records(done.stdout)
    assert [list(record) for record in found] == [["check", "state", "said"]] * len(found)
    failed = [record["check"] for record in found if record["state"] == "failed"]
    assert failed == ["settings", "pages", "model", "index", "data", "discord"]
    assert sorted({record["check"] for record in found}) == sorted(CHECKS)
    assert "très.secret" not in done.stdout


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "latin-1"}, {"TERM": "linux", "PYTHONIOENCODING": "utf-8"}]
)
def test_the_doctor_keeps_to_ascii_where_the_terminal_does(
    environment: dict[str, str], seed_index: Path, tmp_path: Path
) -> None:
    done = doctor(seed_index, tmp_path, **environment)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert {line[0] for line in done.stdout.splitlines()} == {"+", "-"}


def test_an_env_that_is_not_utf8_is_said_in_one_line(seed_index: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("SEEDS_DIR=été\n".encode("latin-1"))
    done = run_python("-m", "bot", "ask", "Qui ?", "--index", seed_index, cwd=tmp_path)
    assert "utf-8" in one_line(done)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_env_that_may_not_be_read_is_said_in_one_line(seed_index: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").touch(mode=0o000)
    done = run_python("-m", "bot", "ask", "Qui ?", "--index", seed_index, cwd=tmp_path)
    assert ".env cannot be read" in one_line(done)
