import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.message import Kept
from bot.channels.store import FILE_NAME, ChannelStore
from bot.errors import StorageError

GUILD, OTHER, CHANNEL, FORUM = 10, 20, 11, 12
ALICE, BOB = 1, 2


def message(number: int, text: str = "L’œuvre est à l’étage.", author: int = ALICE) -> Kept:
    link = f"https://discord.com/channels/{GUILD}/{CHANNEL}/{number}"
    return Kept(number, author, "#infos", text, link, datetime(2026, 5, number, 12, tzinfo=UTC))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "données" / FILE_NAME


@pytest.fixture
def store(path: Path) -> Iterator[ChannelStore]:
    with ChannelStore(path) as store:
        yield store


def test_what_is_kept_is_what_was_read_last(store: ChannelStore) -> None:
    assert store.replace(GUILD, CHANNEL, 0, [message(2), message(1)])
    assert store.messages(GUILD) == [message(1), message(2)]
    assert store.replace(GUILD, CHANNEL, 0, [message(2, "Changé."), message(3)])
    assert store.messages(GUILD) == [message(2, "Changé."), message(3)]
    assert store.replace(GUILD, CHANNEL, 0, [])
    assert store.messages(GUILD) == []


def test_what_did_not_change_is_told(store: ChannelStore) -> None:
    assert store.replace(GUILD, CHANNEL, 0, [message(1)])
    assert not store.replace(GUILD, CHANNEL, 0, [message(1)])


def test_places_do_not_touch_one_another(store: ChannelStore) -> None:
    store.replace(GUILD, CHANNEL, 0, [message(1)])
    store.replace(GUILD, FORUM, 7, [message(2)])
    store.replace(GUILD, FORUM, 8, [message(3)])
    store.replace(OTHER, 21, 0, [message(4)])
    assert store.posts(GUILD, FORUM) == {7, 8}
    assert store.keep_posts(GUILD, FORUM, [8])
    assert not store.keep_posts(GUILD, FORUM, [8])
    assert [one.number for one in store.messages(GUILD)] == [1, 3]
    assert store.keep_channels(GUILD, [FORUM])
    assert [one.number for one in store.messages(GUILD)] == [3]
    assert store.guilds() == [GUILD, OTHER]


def test_a_message_is_deleted_in_its_server_alone(store: ChannelStore) -> None:
    store.replace(GUILD, CHANNEL, 0, [message(1)])
    assert not store.delete(OTHER, {1})
    assert store.has(1)
    assert store.delete(GUILD, {1, 99})
    assert not store.has(1)


def test_who_asked_to_be_forgotten_is_left_out_and_no_byte_stays(store: ChannelStore, path: Path) -> None:
    secret = "Le mot de passe est «\u00a0tournesol\u00a0»."
    store.replace(GUILD, CHANNEL, 0, [message(1, secret), message(2, "Autre chose.", BOB)])
    assert store.forget(ALICE) == [GUILD]
    assert store.forget(ALICE) == []
    store.replace(GUILD, CHANNEL, 0, [message(1, secret), message(2, "Autre chose.", BOB)])
    assert [one.author for one in store.messages(GUILD)] == [BOB]
    for file in path.parent.iterdir():
        assert b"tournesol" not in file.read_bytes()


def test_it_is_there_after_a_restart_and_for_its_owner_alone(store: ChannelStore, path: Path) -> None:
    store.replace(GUILD, CHANNEL, 0, [message(1)])
    store.forget(BOB)
    with ChannelStore(path) as again:
        assert again.messages(GUILD) == [message(1)]
        assert not again.replace(GUILD, FORUM, 7, [message(2, author=BOB)])
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_of_a_later_version_is_refused(path: Path) -> None:
    ChannelStore(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 9")
    with pytest.raises(StorageError, match="later version"):
        ChannelStore(path)


def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("Ceci n’est pas une base de données. " * 100, encoding="utf-8")
    with pytest.raises(StorageError, match="move a damaged file away"):
        ChannelStore(path)
