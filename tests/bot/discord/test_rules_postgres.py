"""The rules on a server of databases: what a machine remembers of them."""

from collections.abc import Iterator

import pytest

from bot.discord.rules import ChannelRules, GuildRules
from bot.discord.rules_postgres import FRESH_SECONDS, PostgresRules
from bot.errors import StorageError
from bot.postgres.server import Postgres
from tests.postgres import Server

GUILD, GENERAL = 81384788765712384, 155101607195836416


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(postgres: Server) -> Iterator[Postgres]:
    with Postgres(postgres.url) as opened:
        yield opened


def test_what_another_machine_changed_is_known_after_a_moment(database: Postgres) -> None:
    clock = Clock()
    here, there = PostgresRules(database, clock), PostgresRules(database, clock)
    assert here.guild_rules(GUILD) == GuildRules()
    there.change_guild(GUILD, language="fr")
    there.change_channel(GUILD, GENERAL, threads=True)
    assert there.guild_rules(GUILD).language == "fr"
    assert (here.guild_rules(GUILD), here.channel_rules(GUILD, GENERAL)) == (GuildRules(), ChannelRules())
    clock.now += FRESH_SECONDS
    assert here.guild_rules(GUILD).language == "fr"
    assert here.channel_rules(GUILD, GENERAL).threads


def test_the_rules_that_were_read_last_hold_while_the_server_is_away(database: Postgres, postgres: Server) -> None:
    clock = Clock()
    rules = PostgresRules(database, clock)
    known = rules.change_guild(GUILD, cooldown_seconds=9)
    assert rules.guild_rules(GUILD) == known
    postgres.stop()
    try:
        clock.now += 1_000
        assert rules.guild_rules(GUILD) == known
        with pytest.raises(StorageError, match="DATABASE_URL"):
            rules.change_guild(GUILD, cooldown_seconds=1)
        with pytest.raises(StorageError, match="DATABASE_URL"):
            rules.guild_rules(GUILD + 1)
    finally:
        postgres.start()


@pytest.mark.parametrize("damage", ["language = 'de'", "cooldown_seconds = -5", "roles = '{0}'"])
def test_damaged_rules_are_told_with_a_remedy(database: Postgres, postgres: Server, damage: str) -> None:
    rules = PostgresRules(database)
    rules.change_guild(GUILD, language="fr")
    postgres.execute(f"UPDATE guild_rules SET {damage}")
    with pytest.raises(StorageError, match=r"are damaged: .*mend or delete them"):
        rules.guild_rules(GUILD)
