"""What keeps the rules of servers, in a file and on a server of databases alike."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.discord.keepers import RulesKeeper
from bot.discord.rules import MAX_CHANNELS, MAX_COOLDOWN, MAX_DAILY, MAX_ID, MAX_ROLES, ChannelRules, GuildRules
from bot.discord.rules_postgres import PostgresRules
from bot.discord.rules_store import Due, RulesStore
from bot.postgres.server import Postgres
from tests.postgres import Server

GUILD, OTHER_GUILD = 81384788765712384, 197038439483310086
GENERAL, HELP = 155101607195836416, 155101607195836417

IDS = st.integers(1, MAX_ID)
RULES = st.builds(
    GuildRules,
    language=st.sampled_from([None, "fr", "en"]),
    cooldown_seconds=st.integers(0, MAX_COOLDOWN),
    daily_questions=st.integers(0, MAX_DAILY),
    roles=st.frozensets(IDS, max_size=5),
    channels=st.frozensets(IDS, max_size=5),
    help_channel=st.none() | IDS,
)

WRONG_FIELDS: list[dict[str, Any]] = [
    {"language": "de"},
    {"language": ""},
    {"cooldown_seconds": -1},
    {"cooldown_seconds": MAX_COOLDOWN + 1},
    {"daily_questions": -1},
    {"daily_questions": MAX_DAILY + 1},
    {"roles": frozenset({0})},
    {"roles": frozenset(range(1, MAX_ROLES + 2))},
    {"channels": frozenset({MAX_ID + 1})},
    {"channels": frozenset(range(1, MAX_CHANNELS + 2))},
    {"help_channel": -5},
    {"help_channel": 0},
]

Opener = Callable[[], RulesKeeper]


@pytest.fixture(params=["file", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "file":
        yield lambda: RulesStore(tmp_path / "guilds.sqlite3")
        return
    server: Server = request.getfixturevalue("postgres")
    with Postgres(server.url) as database:
        yield lambda: PostgresRules(database)


@pytest.fixture
def store(opened: Opener) -> Iterator[RulesKeeper]:
    with closing(opened()) as store:
        yield store


def test_a_server_that_decided_nothing_has_the_defaults(store: RulesKeeper) -> None:
    assert store.guild_rules(GUILD) == GuildRules(None, 3, 500, frozenset(), frozenset(), None)
    assert store.channel_rules(GUILD, GENERAL) == ChannelRules(None, None)


def test_a_change_leaves_the_other_fields_alone(store: RulesKeeper) -> None:
    assert store.change_guild(GUILD, language="fr", cooldown_seconds=10) == GuildRules("fr", 10)
    assert store.change_guild(GUILD, daily_questions=0, channels=frozenset({GENERAL})) == GuildRules(
        "fr", 10, 0, channels=frozenset({GENERAL})
    )
    assert store.change_guild(GUILD, language=None).language is None
    assert store.guild_rules(GUILD) == GuildRules(None, 10, 0, channels=frozenset({GENERAL}))


def test_a_channel_keeps_its_own_rules(store: RulesKeeper) -> None:
    assert store.change_channel(GUILD, GENERAL, threads=False) == ChannelRules(threads=False)
    assert store.change_channel(GUILD, GENERAL, language="en") == ChannelRules(threads=False, language="en")
    assert store.channel_rules(GUILD, GENERAL) == ChannelRules(threads=False, language="en")
    assert store.channel_rules(GUILD, HELP) == ChannelRules()
    assert store.channel_rules(OTHER_GUILD, GENERAL) == ChannelRules()
    assert store.change_channel(GUILD, GENERAL, threads=True).threads is True
    assert store.channel_rules(GUILD, GENERAL).threads is True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(RULES, IDS)
def test_what_is_stored_is_what_is_read(store: RulesKeeper, rules: GuildRules, guild: int) -> None:
    fields = {name: getattr(rules, name) for name in GuildRules.__slots__}
    assert store.change_guild(guild, **fields) == rules
    assert store.guild_rules(guild) == rules


@pytest.mark.parametrize("fields", WRONG_FIELDS, ids=str)
def test_a_value_out_of_range_changes_nothing(store: RulesKeeper, fields: dict[str, Any]) -> None:
    before = store.change_guild(GUILD, language="en")
    with pytest.raises(ValueError, match=r"\w"):
        store.change_guild(GUILD, **{"cooldown_seconds": 60, **fields})
    assert store.guild_rules(GUILD) == before


@pytest.mark.parametrize("guild", [0, -1, MAX_ID + 1])
def test_a_number_that_is_not_discord_s_is_refused(store: RulesKeeper, guild: int) -> None:
    with pytest.raises(ValueError, match="no id of Discord's"):
        store.change_guild(guild, language="fr")
    with pytest.raises(ValueError, match="no id of Discord's"):
        store.change_channel(GUILD, guild, threads=True)


def test_a_channel_in_another_language_is_refused(store: RulesKeeper) -> None:
    with pytest.raises(ValueError, match="fr, en or None"):
        store.change_channel(GUILD, GENERAL, language="de")
    assert store.channel_rules(GUILD, GENERAL) == ChannelRules()


def test_a_field_that_does_not_exist_is_refused(store: RulesKeeper) -> None:
    with pytest.raises(TypeError, match="colour"):
        store.change_guild(GUILD, colour="rouge")
    store.change_guild(GUILD, language="fr")  # the store goes on


@pytest.mark.parametrize("language", ["fr'; DROP TABLE guilds; --", "'", "\x00"])
def test_a_hostile_value_reaches_no_statement(store: RulesKeeper, language: str) -> None:
    with pytest.raises(ValueError, match="fr, en or None"):
        store.change_guild(GUILD, language=language)
    assert store.guild_rules(GUILD) == GuildRules()


def test_changes_from_many_threads_are_all_kept(store: RulesKeeper) -> None:
    everybody = threading.Barrier(8)

    def change(number: int) -> None:
        everybody.wait()
        for guild in range(1, 11):
            store.change_channel(guild, number + 1, threads=True)
            store.change_guild(guild, **{"cooldown_seconds": 7} if number % 2 else {"daily_questions": 70})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(change, range(8)))
    for guild in range(1, 11):
        assert store.guild_rules(guild) == GuildRules(cooldown_seconds=7, daily_questions=70)
        assert all(store.channel_rules(guild, channel).threads for channel in range(1, 9))


def test_two_stores_share_what_they_keep(opened: Opener) -> None:
    everybody = threading.Barrier(4)

    def change(field: str) -> None:
        everybody.wait()
        with closing(opened()) as store:
            for guild in range(1, 6):
                store.change_guild(guild, **{field: 42})

    fields = ["cooldown_seconds", "daily_questions", "help_channel"]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(change, [*fields, "help_channel"]))
    with closing(opened()) as store:
        assert {store.guild_rules(guild) for guild in range(1, 6)} == {GuildRules(None, 42, 42, help_channel=42)}


def test_a_channel_that_is_forgotten_leaves_all_rules(opened: Opener) -> None:
    with closing(opened()) as store:
        store.change_guild(1, channels=frozenset({7, 8}), help_channel=7, daily_questions=9)
        store.change_channel(1, 7, threads=True)
        store.change_channel(1, 8, language="fr")
        store.forget_channel(1, 7)
        assert store.guild_rules(1) == GuildRules(channels=frozenset({8}), daily_questions=9)
        assert store.all_channel_rules(1) == {8: ChannelRules(language="fr")}


def test_a_channel_is_read_and_answered_unasked_where_that_was_chosen(opened: Opener) -> None:
    with closing(opened()) as store:
        assert store.channel_rules(1, 7) == ChannelRules()
        store.change_channel(1, 7, source="pins")
        store.change_channel(1, 8, source="posts", unasked=True)
        store.change_channel(1, 9, unasked=True)
        assert store.sources(1) == {7: "pins", 8: "posts"}
        assert store.channel_rules(1, 8) == ChannelRules(source="posts", unasked=True)
        store.change_channel(1, 7, source=None)
        store.forget_channel(1, 8)
        assert store.sources(1) == store.sources(2) == {}
        with pytest.raises(ValueError, match="pins, posts or messages"):
            store.change_channel(1, 7, source="secrets")


def test_a_channel_has_a_collection_of_its_own_or_that_of_its_server(opened: Opener) -> None:
    with closing(opened()) as store:
        store.change_guild(1, collection="cuisine")
        store.change_channel(1, 7, collection="jardin")
        store.change_channel(1, 8, collection="")
        assert [store.collection(1, channel) for channel in (7, 8, 9, None)] == ["jardin", "", "cuisine", "cuisine"]
        assert store.collection(2, 7) == store.collection(None, 7) == ""


def test_a_digest_is_begun_once_a_time_and_told_to_its_end(opened: Opener) -> None:
    with closing(opened()) as store, closing(opened()) as other:
        store.change_guild(1, language="fr")
        assert store.digests() == {}
        store.choose_digest(1, 7, 10.5)
        due = Due(7, 10.5, 10.5)
        assert store.digests() == other.digests() == {1: due}
        assert [one.begin_digest(1, due, 20.25) for one in (store, other, store)] == [True, False, False]
        assert other.digests() == {1: Due(7, 20.25, 10.5)}
        store.end_digest(1, 20.25)
        store.choose_digest(1, 8, 30)  # another channel goes on where the first ended
        assert other.digests() == {1: Due(8, 20.25, 20.25)}
        assert not store.begin_digest(1, Due(7, 20.25, 20.25), 40)
        assert store.guild_rules(1) == GuildRules(language="fr", digest=8)


def test_a_digest_is_forgotten_with_its_channel_and_its_server(opened: Opener) -> None:
    with closing(opened()) as store:
        for forget in (
            lambda: store.forget_channel(1, 7),
            lambda: store.forget_guild(1),
            lambda: store.change_guild(1, digest=None),
        ):
            store.choose_digest(1, 7, 1.0)
            forget()
            assert store.digests() == {}
            assert store.guild_rules(1).digest is None
            store.choose_digest(1, 7, 2.0)
            assert store.digests() == {1: Due(7, 2.0, 2.0)}
            store.forget_guild(1)


def test_a_server_is_forgotten_and_no_other(store: RulesKeeper) -> None:
    for guild in (GUILD, OTHER_GUILD):
        store.change_guild(guild, language="fr")
        store.change_channel(guild, GENERAL, threads=True)
    store.forget_guild(GUILD)
    assert (store.guild_rules(GUILD), store.channel_rules(GUILD, GENERAL)) == (GuildRules(), ChannelRules())
    assert (store.guild_rules(OTHER_GUILD).language, store.channel_rules(OTHER_GUILD, GENERAL).threads) == ("fr", True)
    store.forget_guild(GUILD)  # nothing left to forget
