import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.discord.rules import ChannelRules, GuildRules
from bot.discord.rules_store import RulesStore
from bot.errors import BotError, StorageError

GUILD, OTHER_GUILD = 81384788765712384, 197038439483310086
GENERAL, HELP = 155101607195836416, 155101607195836417
MODERATOR, MEMBER = 41771983423143936, 41771983423143937


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "réglages d’été" / "guilds.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[RulesStore]:
    with RulesStore(path) as opened:
        yield opened


def execute(path: Path, statement: str) -> list[Any]:
    """Run one statement behind the back of the store."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(statement).fetchall()
        db.commit()
        return rows


def test_the_rules_outlive_the_store(path: Path) -> None:
    with RulesStore(path) as store:
        rules = store.change_guild(GUILD, roles=frozenset({MEMBER, MODERATOR}), help_channel=HELP)
        store.change_channel(GUILD, HELP, threads=True)
    with RulesStore(path) as store:
        assert store.guild_rules(GUILD) == rules
        assert store.channel_rules(GUILD, HELP) == ChannelRules(threads=True)


def test_a_server_is_forgotten_with_its_channels_and_no_other(store: RulesStore, path: Path) -> None:
    for guild in (GUILD, OTHER_GUILD):
        store.change_guild(guild, language="fr")
        store.change_channel(guild, GENERAL, threads=True)
    store.forget_guild(GUILD)
    assert (store.guild_rules(GUILD), store.channel_rules(GUILD, GENERAL)) == (GuildRules(), ChannelRules())
    assert (store.guild_rules(OTHER_GUILD).language, store.channel_rules(OTHER_GUILD, GENERAL).threads) == ("fr", True)
    assert execute(path, "SELECT guild FROM guilds UNION SELECT guild FROM channels") == [(OTHER_GUILD,)]
    store.forget_guild(GUILD)  # nothing left to forget


def test_the_file_is_in_wal_mode_and_names_its_version(store: RulesStore, path: Path) -> None:
    assert store.guild_rules(GUILD) == GuildRules()
    assert execute(path, "PRAGMA journal_mode") == [("wal",)]
    assert execute(path, "PRAGMA user_version") == [(4,)]


def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "guilds.sqlite3"
    path.write_text("Ceci n’est pas une base de données. " * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="move a damaged file away") as refused:
        RulesStore(path)
    assert isinstance(refused.value, BotError)
    assert str(path) in str(refused.value)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="folder can be written"):
        RulesStore(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "occupé").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="folder can be written"):
        RulesStore(tmp_path / "occupé" / "guilds.sqlite3")


def test_a_file_of_a_later_version_is_refused_and_left_alone(path: Path) -> None:
    RulesStore(path).close()
    execute(path, "PRAGMA user_version = 5")
    with pytest.raises(StorageError, match="later version of Babillard: upgrade"):
        RulesStore(path)
    assert execute(path, "PRAGMA user_version") == [(5,)]


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "autre.sqlite3"
    execute(path, "CREATE TABLE guilds (nom TEXT)")
    with pytest.raises(StorageError, match="already exists"):
        RulesStore(path)
    assert execute(path, "SELECT name FROM sqlite_master") == [("guilds",)]


@pytest.mark.parametrize(
    "damage", ["roles = '[1,'", "channels = '5'", "language = 'de'", "cooldown_seconds = 'souvent'"]
)
def test_a_damaged_row_is_told_with_a_remedy(store: RulesStore, path: Path, damage: str) -> None:
    store.change_guild(GUILD, language="fr")
    execute(path, f"UPDATE guilds SET {damage}")
    with pytest.raises(StorageError, match="move a damaged file away"):
        store.guild_rules(GUILD)


def test_a_damaged_channel_is_told_with_a_remedy(store: RulesStore, path: Path) -> None:
    store.change_channel(GUILD, GENERAL, language="fr")
    execute(path, "UPDATE channels SET language = 'de'")
    with pytest.raises(StorageError, match="move a damaged file away"):
        store.channel_rules(GUILD, GENERAL)


def test_a_closed_store_says_so(path: Path) -> None:
    store = RulesStore(path)
    store.close()
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.guild_rules(GUILD)
    with pytest.raises(StorageError, match="closed"):
        store.change_guild(GUILD, language="fr")


def test_the_rules_of_an_older_version_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "guilds.sqlite3"
    for statement in (
        "CREATE TABLE guilds (guild INTEGER PRIMARY KEY, language TEXT, cooldown_seconds INTEGER NOT NULL,"
        " daily_questions INTEGER NOT NULL, roles TEXT NOT NULL, channels TEXT NOT NULL, help_channel INTEGER)",
        "CREATE TABLE channels (guild INTEGER NOT NULL, channel INTEGER NOT NULL, threads INTEGER, language TEXT,"
        " PRIMARY KEY (guild, channel)) WITHOUT ROWID",
        "INSERT INTO guilds VALUES (1, 'fr', 5, 9, '[7]', '[8]', NULL)",
        "INSERT INTO channels VALUES (1, 8, 1, NULL)",
        "PRAGMA user_version = 1",
    ):
        execute(path, statement)
    with RulesStore(path) as store:
        assert store.guild_rules(1) == GuildRules("fr", 5, 9, frozenset({7}), frozenset({8}))
        assert store.channel_rules(1, 8) == ChannelRules(threads=True)
        assert store.change_guild(1, collection="cuisine", teachers=frozenset({7})) == store.guild_rules(1)
        store.choose_digest(1, 8, 5.0)
        assert store.guild_rules(1).digest == 8
