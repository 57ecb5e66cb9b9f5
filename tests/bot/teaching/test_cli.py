"""`babillard taught`: what it shows, writes and takes in."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.answering.answer import Question
from bot.cli import app
from bot.config import BotSettings
from bot.factory import build_bot
from bot.postgres.server import Postgres
from bot.seen import Seen
from bot.teaching.cli import entry_record
from bot.teaching.postgres import PostgresTaught
from bot.teaching.store import FILE_NAME, TaughtStore
from index.build import build_index
from index.model.embedding import TextEmbeddings
from tests.bot.fakes import FRENCH
from tests.postgres import Server

HERE, THERE = 1234567890123456789, 20
QUESTION, ANSWER = (
    "Quel est le mot de passe du wifi\u202f?",
    "Le mot de passe est «\u00a0tournesol\u00a0».\n\n- l’œuvre, ici",
)


def babillard(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TaughtStore]:
    """Yield what two servers were taught, in the folder that is DATA_DIR by default."""
    with TaughtStore(tmp_path / "var" / "data" / FILE_NAME) as store:
        store.teach(HERE, QUESTION, ANSWER, teacher=5, link="https://discord.com/channels/1/2/3")
        old = store.teach(HERE, "Où est la clé\u202f?", "Chez Zoé.", teacher=5)
        store.withdraw(HERE, old.number, teacher=5)
        store.teach(THERE, "When is the meeting?", "On Monday.", teacher=6)
        yield store


def test_what_was_taught_is_listed_by_server(store: TaughtStore) -> None:
    shown = babillard("taught", "list")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines() == [
        f"server {THERE}: 1 in use",
        "     3 When is the meeting? — On Monday.",
        f"server {HERE}: 1 in use, 1 withdrawn",
        f"     1 {QUESTION} — Le mot de passe est «\u00a0tournesol\u00a0». […]",
        "     2 (withdrawn) Où est la clé\u202f? — Chez Zoé.",
    ]
    assert "wifi" not in babillard("taught", "list", "--guild", str(THERE)).stdout


def test_programs_are_given_an_object_a_line(store: TaughtStore) -> None:
    records = [
        json.loads(line) for line in babillard("taught", "list", "--guild", str(HERE), "--json").stdout.splitlines()
    ]
    assert records == [entry_record(entry) for entry in store.entries(HERE)]
    assert records[0]["guild"] == str(HERE)
    assert [record["active"] for record in records] == [True, False]


def test_where_nobody_taught_the_way_to_teach_is_told_and_no_file_made(tmp_path: Path) -> None:
    shown = babillard("taught", "list")
    assert shown.exit_code == 0
    assert "/teach" in shown.stdout
    assert babillard("taught", "list", "--json").stdout == ""
    assert not (tmp_path / "var").exists()


def test_a_folder_gets_a_table_of_each_server_without_what_was_withdrawn(store: TaughtStore, tmp_path: Path) -> None:
    written = babillard("taught", "export", "tables")
    assert written.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [f"{HERE}.csv", f"{THERE}.csv"]
    rows = [*csv.DictReader(io.StringIO((tmp_path / "tables" / f"{HERE}.csv").read_text(encoding="utf-8")))]
    assert [(row["question"], row["answer"], row["author"]) for row in rows] == [(QUESTION, ANSWER, "5")]
    before = (tmp_path / "tables" / f"{HERE}.csv").read_bytes()
    babillard("taught", "export", "tables")
    assert (tmp_path / "tables" / f"{HERE}.csv").read_bytes() == before


def test_a_file_takes_one_server(store: TaughtStore, tmp_path: Path) -> None:
    refused = babillard("taught", "export", "all.csv")
    assert refused.exit_code == 1
    assert "--guild" in refused.stderr
    assert (
        babillard("taught", "export", "one.csv", "--guild", str(THERE)).stdout
        == f"one.csv: 1 answer of server {THERE}\n"
    )
    assert "When is the meeting?" in (tmp_path / "one.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (("export", "x.csv", "--guild", "7"), "taught list"),
        (("export", "file/under/it"), "name another place"),
        (("import", "missing.csv", "--guild", "7"), "name another file"),
        (("import", "file", "--guild", "7"), "question and answer"),
    ],
)
def test_a_foreseen_fault_is_one_line_with_the_remedy(
    store: TaughtStore, tmp_path: Path, arguments: tuple[str, ...], remedy: str
) -> None:
    (tmp_path / "file").write_text("a,b\n1,2\n", encoding="utf-8")
    ran = babillard("taught", *arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.count("\n") == 1
    assert remedy in ran.stderr


@pytest.mark.slow
def test_a_table_is_taken_in_once_and_answers(tmp_path: Path, bundled: TextEmbeddings) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "musee.md").write_text(f"# Le musée\n\n{FRENCH}\n", encoding="utf-8")
    settings = BotSettings()
    build_index(seeds, settings.index_dir, bundled)
    table = tmp_path / "faq.csv"
    table.write_text(
        f'question;answer;source\n{QUESTION};"{ANSWER}";wiki\nOù est la clé ?;Chez Zoé.;\n;Sans question.;\n',
        encoding="utf-8",
    )
    first = babillard("taught", "import", table, "--guild", str(HERE))
    assert (first.exit_code, first.stdout) == (1, "2 taught, 0 known already, 1 left out\n")
    assert first.stderr == "row 3 is left out: the question has no words: write one\n"
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        key = store.entries(HERE)[1]
        assert [store.history(HERE, entry.number)[0].action for entry in store.entries(HERE)] == ["imported"] * 2
        assert key.teacher is None
        store.withdraw(HERE, key.number, teacher=1)
    again = babillard("taught", "import", table, "--guild", str(HERE))
    assert again.stdout == "0 taught, 2 known already, 1 left out\n"
    with TaughtStore(settings.data_dir / FILE_NAME) as store:
        assert [entry.active for entry in store.entries(HERE)] == [True, False]
    answer = build_bot(settings, bundled, seen=Seen(guild=HERE)).chain.invoke(
        Question("C’est quoi le mot de passe du wifi ?")
    )
    assert answer.citations[0].source == "wiki"
    assert build_bot(settings, bundled, seen=Seen(guild=THERE)).chain.invoke(Question(QUESTION)).citations == ()


def test_what_was_taught_on_another_machine_is_listed_from_the_database(
    postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres.url.get_secret_value())
    assert babillard("taught", "list").stdout.startswith("Nothing was taught yet")
    with Postgres(postgres.url) as database:
        PostgresTaught(database).teach(HERE, QUESTION, ANSWER, teacher=5)
    assert babillard("taught", "list").stdout.startswith(f"server {HERE}: 1 in use\n")
    assert not (tmp_path / "var").exists()
