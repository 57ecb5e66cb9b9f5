import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import func, insert, select, text

from bot.errors import AwayError, StorageError
from bot.postgres import server as module
from bot.postgres.server import REST_SECONDS, SECONDS, Postgres
from bot.postgres.tables import HEAD, METADATA, VERSION_TABLE, marks
from tests.postgres import Server

SECRET = "m0t-de-passe"


@pytest.fixture
def database(postgres: Server) -> Iterator[Postgres]:
    with Postgres(postgres.url) as opened:
        yield opened


def test_the_migrations_make_the_tables_that_the_code_uses(postgres: Server) -> None:
    postgres.drop_tables()
    with Postgres(postgres.url) as database, database.transaction() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_the_last_migration_is_the_one_that_the_code_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(module._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_machines_that_start_at_once_make_the_tables_once(postgres: Server) -> None:
    postgres.drop_tables()
    everybody = threading.Barrier(4)

    def start() -> str:
        everybody.wait()
        with Postgres(postgres.url) as database:
            return database.describe()

    with ThreadPoolExecutor(4) as threads:
        found = [one.result() for one in [threads.submit(start) for _ in range(4)]]
    assert {name.split()[0] for name in found} == {"PostgreSQL"}
    assert postgres.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [(HEAD,)]


def test_tables_of_a_later_version_are_refused_and_left_alone(postgres: Server, database: Postgres) -> None:
    postgres.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    try:
        with pytest.raises(StorageError, match="later version of Babillard: upgrade"):
            Postgres(postgres.url)
        assert postgres.execute(f"SELECT version_num FROM {VERSION_TABLE}") == [("9999",)]
    finally:
        postgres.execute(f"UPDATE {VERSION_TABLE} SET version_num = '{HEAD}'")


def test_a_transaction_is_kept_or_undone_as_a_whole(database: Postgres) -> None:
    def write_and_fail() -> None:
        with database.transaction() as connection:
            connection.execute(insert(marks).values(name="œuvre", value=b"1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with database.transaction() as connection:
        assert connection.execute(select(func.count()).select_from(marks)).scalar() == 0


def test_of_those_who_name_the_same_number_one_at_a_time_goes_on(postgres: Server, database: Postgres) -> None:
    everybody = threading.Barrier(4)

    def count() -> None:
        everybody.wait()
        for _ in range(5):
            with database.transaction(lock=7) as connection:
                known = connection.execute(select(func.count()).select_from(marks)).scalar_one()
                connection.execute(insert(marks).values(name=str(known), value=b""))

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(count) for _ in range(4)]:
            done.result()
    assert postgres.execute("SELECT count(*) FROM marks") == [(20,)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///var/data/x.sqlite3",
        f"mysql://bot:{SECRET}@localhost/babillard",
        f"postgresql//bot:{SECRET}@localhost/babillard",
        f"postgresql://bot:{SECRET}@localhost:port/babillard",
    ],
)
def test_what_is_no_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(StorageError, match="is no address of a PostgreSQL: write") as refused:
        Postgres(SecretStr(url))
    assert_untold(refused.value)


def test_a_server_that_is_not_there_is_refused_without_its_password() -> None:
    with pytest.raises(StorageError, match=r"cannot be used: .*see that it runs") as refused:
        Postgres(SecretStr(f"postgresql://bot:{SECRET}@127.0.0.1:1/babillard"))
    assert_untold(refused.value)


def test_the_words_of_a_statement_that_fails_are_not_told(database: Postgres) -> None:
    with pytest.raises(StorageError) as refused, database.transaction() as connection:
        connection.execute(text("INSERT INTO marks VALUES (:name, NULL)"), {"name": SECRET})
    assert_untold(refused.value)
    with database.transaction():  # a statement that was wrong holds nothing up
        pass


def test_a_server_that_went_away_is_left_in_peace_a_moment_and_found_again(postgres: Server) -> None:
    now = [0.0]
    with Postgres(postgres.url, clock=lambda: now[0]) as database:
        postgres.stop()
        try:
            with pytest.raises(StorageError, match="see that it runs"):
                database.describe()
        finally:
            postgres.start()
        with pytest.raises(StorageError, match="did not answer a moment ago"):
            database.describe()
        now[0] += REST_SECONDS
        assert database.describe().startswith("PostgreSQL")


def test_a_look_finds_a_server_that_is_back_before_its_rest_is_over(
    postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with Postgres(postgres.url, clock=lambda: 0.0) as database, caplog.at_level(logging.WARNING):
        postgres.stop()
        try:
            assert [database.look(), database.look(), database.answers] == [False, False, False]
        finally:
            postgres.start()
        with pytest.raises(StorageError, match="did not answer a moment ago"):
            database.describe()
        assert [database.look(), database.answers] == [True, True]
        assert database.describe().startswith("PostgreSQL")
    assert [record.message for record in caplog.records] == ["the database is away", "the database answers again"]


def test_a_paused_server_is_given_up_in_a_moment_and_found_again(postgres: Server, database: Postgres) -> None:
    database.describe()
    with postgres.paused():
        began = time.monotonic()
        with pytest.raises(AwayError):
            database.describe()
        assert time.monotonic() - began < 4 * SECONDS
        with pytest.raises(AwayError):
            Postgres(postgres.url)
    assert database.look()
    assert database.describe().startswith("PostgreSQL")


def test_a_server_that_is_paused_within_a_transaction_keeps_nothing_of_it(postgres: Server, database: Postgres) -> None:
    def write_and_be_paused() -> None:
        with database.transaction() as connection:
            connection.execute(insert(marks).values(name="œuvre", value=b"1"))
            with postgres.paused():
                connection.execute(select(marks))

    with pytest.raises(AwayError, match="did not answer within"):
        write_and_be_paused()
    assert database.look()
    with database.transaction() as connection:
        assert connection.execute(select(func.count()).select_from(marks)).scalar() == 0


def test_what_is_long_may_take_longer(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 1)
    with Postgres(postgres.url) as database, database.transaction(is_long=True) as connection:
        connection.execute(text("SELECT pg_sleep(2)"))


def test_a_connection_that_broke_while_it_lay_idle_is_made_again(postgres: Server, database: Postgres) -> None:
    database.describe()
    postgres.stop()
    postgres.start()
    assert database.describe().startswith("PostgreSQL")


def test_a_statement_that_takes_too_long_is_ended(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 1)
    with (
        Postgres(postgres.url) as database,
        pytest.raises(StorageError, match="timeout"),
        database.transaction() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(30)"))


def test_a_closed_database_says_so(postgres: Server) -> None:
    database = Postgres(postgres.url)
    database.close()
    database.close()
    with pytest.raises(StorageError, match="closed"):
        database.describe()


def assert_untold(error: BaseException | None) -> None:
    """Check that neither an error nor what it came from, which a log may show, tells the password."""
    while error is not None:
        assert SECRET not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
