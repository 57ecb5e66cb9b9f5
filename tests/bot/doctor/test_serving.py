import asyncio
import hashlib
import os
import shutil
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.answering.answer import Answer
from bot.config import BotSettings
from bot.discord.health import health_endpoint
from bot.discord.rules_store import RulesStore
from bot.doctor import serving
from bot.doctor.finding import Finding, look
from bot.journal.journal import FILE_NAME, Journal
from bot.journal.spool import FILE_NAME as WAITING_FILE
from bot.journal.spool import Spool
from bot.postgres.server import Postgres
from bot.teaching.store import TaughtStore
from tests.postgres import Server

BOT_ID = b"900000000000000002"


def token(first: bytes = BOT_ID, rest: str = ".Zx-9_q.secret") -> SecretStr:
    return SecretStr(urlsafe_b64encode(first).decode().rstrip("=") + rest)


def files(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    return BotSettings(data_dir=tmp_path / "données", index_dir=tmp_path / "index")


@pytest.fixture
def recorded(settings: BotSettings) -> BotSettings:
    with Journal(settings.data_dir / FILE_NAME) as journal:
        answer = Answer("Où est l’œuvre\u00a0?", "fr", abstention="no_evidence")
        journal.record(answer, user=1, guild=None, latency_ms=1.0)
    return settings


# -------------------------------------------------------------------------------------------------------------- files


def test_a_data_folder_that_is_to_be_made_is_not_made(settings: BotSettings) -> None:
    assert serving.data_folder(settings).state == "ok"
    assert not settings.data_dir.exists()


def test_a_file_in_the_place_of_the_data_folder_fails(settings: BotSettings) -> None:
    settings.data_dir.write_text("", encoding="utf-8")
    found = serving.data_folder(settings)
    assert found.state == "failed"
    assert "DATA_DIR" in found.said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_cannot_be_written_fails(settings: BotSettings) -> None:
    settings.data_dir.mkdir(mode=0o500)
    assert serving.data_folder(settings).state == "failed"


def test_a_journal_that_is_not_there_is_a_note(settings: BotSettings) -> None:
    assert serving.journal(settings).state == "note"


def test_a_journal_is_read_and_left_as_it_is(recorded: BotSettings) -> None:
    before = files(recorded.data_dir)
    found = serving.journal(recorded)
    assert (found.state, found.said) == ("ok", f"1 question kept in {recorded.data_dir / FILE_NAME}")
    assert files(recorded.data_dir) == before


def test_a_journal_that_the_bot_has_open_is_read_too(recorded: BotSettings) -> None:
    with Journal(recorded.data_dir / FILE_NAME) as journal:
        journal.record(Answer("Pourquoi ?", "fr", abstention="no_evidence"), user=2, guild=None, latency_ms=1.0)
        assert serving.journal(recorded).said.startswith("2 questions kept")


@pytest.mark.parametrize("content", [b"Ceci n\xe2\x80\x99est pas un journal.", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_no_journal_fails(content: bytes, settings: BotSettings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / FILE_NAME).write_bytes(content)
    found = look("journal", lambda: serving.journal(settings))
    assert found.state == "failed"
    assert "DATA_DIR" in found.said


@pytest.mark.parametrize("secret", [None, b"short"])
def test_a_journal_whose_secret_is_gone_or_damaged_fails(secret: bytes | None, recorded: BotSettings) -> None:
    key = recorded.data_dir / f"{FILE_NAME}.key"
    key.unlink()
    if secret is not None:
        key.write_bytes(secret)
    found = look("journal", lambda: serving.journal(recorded))
    assert found.state == "failed"
    assert str(key) in found.said
    assert key.exists() == (secret is not None)


def test_rules_that_are_not_there_are_a_note(settings: BotSettings) -> None:
    assert serving.rules(settings).state == "note"


def test_rules_are_read_and_left_as_they_are(settings: BotSettings) -> None:
    RulesStore(settings.data_dir / "guilds.sqlite3").close()
    TaughtStore(settings.data_dir / "taught.sqlite3").close()
    before = files(settings.data_dir)
    found = serving.rules(settings)
    assert (found.state, found.said) == ("ok", "guilds.sqlite3, taught.sqlite3 can be read")
    assert files(settings.data_dir) == before


def test_rules_that_cannot_be_read_fail_with_what_they_keep(settings: BotSettings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "channels.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    found = look("rules", lambda: serving.rules(settings))
    assert found.state == "failed"
    assert "what is read from channels" in found.said


def test_room_is_compared_with_what_a_rebuild_and_an_erasure_need(settings: BotSettings) -> None:
    assert serving.disk(settings).state == "ok"
    folder = settings.index_dir / "generations" / "g"
    folder.mkdir(parents=True)
    with (folder / "vectors.npy").open("wb") as file:
        file.truncate(shutil.disk_usage(folder).total)  # a hole, which takes no room
    found = serving.disk(settings)
    assert found.state == "failed"
    assert "set INDEX_DIR" in found.said


# -------------------------------------------------------------------------------------------------------------- token


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(SecretStr("Bot " + token().get_secret_value()), "`Bot `", id="prefix"),
        pytest.param(SecretStr("MTIz.abc"), "three parts", id="two-parts"),
        pytest.param(SecretStr("MTIz..abc"), "three parts", id="empty-part"),
        pytest.param(token(rest=".a b.c"), "three parts", id="space"),
        pytest.param(token(b"babillard"), "id of a bot", id="no-number"),
        pytest.param(SecretStr("été.b.c"), "id of a bot", id="no-base64"),
        pytest.param(SecretStr("a.b.c"), "id of a bot", id="one-letter"),
    ],
)
def test_a_token_of_the_wrong_shape_fails_and_is_not_shown(wrong: SecretStr, said: str) -> None:
    found = serving.discord_token(BotSettings(discord_token=wrong), online=True)
    assert found.state == "failed"
    assert said in found.said
    assert wrong.get_secret_value() not in found.said


@pytest.mark.parametrize("spaces", ["", " \n"])
def test_a_token_of_the_right_shape_passes_and_is_not_shown(spaces: str) -> None:
    right = SecretStr(token().get_secret_value() + spaces)
    found = serving.discord_token(BotSettings(discord_token=right), online=False)
    assert (found.state, "secret" in found.said) == ("ok", False)


@pytest.mark.parametrize("empty", [None, SecretStr(" ")])
def test_no_token_is_a_note(empty: SecretStr | None) -> None:
    assert serving.discord_token(BotSettings(discord_token=empty), online=True).state == "note"


# --------------------------------------------------------------------------------------------------------------- port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_no_port_is_a_note() -> None:
    assert serving.health_port(0).state == "note"


def test_a_port_that_another_program_has_fails(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEALTH_TIMEOUT_SECONDS", 0.1)
    found = serving.health_port(taken)
    assert found.state == "failed"
    assert "HEALTH_PORT" in found.said


def test_a_port_that_was_just_left_is_free(free_port: int) -> None:
    assert serving.health_port(free_port).state == "ok"


async def test_a_babillard_that_serves_already_is_no_fault(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEALTH_TIMEOUT_SECONDS", 600)
    state = {"ready": False, "guilds": 0, "waiting": 0, "generation": "g"}
    async with health_endpoint(free_port, lambda: state):
        found: Finding = await asyncio.to_thread(serving.health_port, free_port)
    assert (found.state, "Babillard" in found.said) == ("ok", True)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


# ----------------------------------------------------------------------------------------------------------- database


def test_a_database_that_answers_is_named_and_not_changed(settings: BotSettings, postgres: Server) -> None:
    shared = settings.model_copy(update={"database_url": postgres.url})
    postgres.drop_tables()
    found = serving.database(shared)
    assert found.state == "ok"
    assert found.said.startswith("PostgreSQL ")
    assert found.said.endswith(" answers; the next start makes or changes its tables")
    assert postgres.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    Postgres(postgres.url).close()
    assert serving.database(shared).said.endswith(" answers; its tables are up to date")
    assert serving.journal(shared) == Finding("journal", "note", "it is kept in the database")
    with closing(Spool(settings.data_dir / WAITING_FILE)) as spool:
        spool.add(b"1", 0.0, {"question": "Où\u202f?"})
    assert serving.journal(shared).said == "it is kept in the database; on this machine, 1 question not sent yet"


def test_a_paused_database_fails(settings: BotSettings, postgres: Server) -> None:
    with postgres.paused():
        found = look("database", lambda: serving.database(settings.model_copy(update={"database_url": postgres.url})))
    assert found.state == "failed"
    assert "see that it runs" in found.said


def test_a_database_that_does_not_answer_fails_and_its_password_is_not_shown(settings: BotSettings) -> None:
    url = SecretStr("postgresql://bot:s3cret@127.0.0.1:1/babillard")
    found = look("database", lambda: serving.database(settings.model_copy(update={"database_url": url})))
    assert found.state == "failed"
    assert "see that it runs" in found.said
    assert "s3cret" not in found.said
