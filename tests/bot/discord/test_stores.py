"""Where the bot keeps what it keeps: in files, or in a database that machines share."""

from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest
from pydantic import SecretStr

from bot.config import BotSettings
from bot.discord.rules_store import FILE_NAME
from bot.discord.stores import Stores, open_stores
from bot.errors import StorageError
from bot.postgres.server import SECONDS
from tests.bot.journal.recording import ADA, FERRY, declined
from tests.postgres import Server
from tests.processes import run_python

GUILD = 81384788765712384


def use(stores: Stores) -> tuple[str | None, list[str], list[str]]:
    """Change something of each, and return what all of them hold."""
    assert stores.journal is not None
    limits = stores.new_limits()
    limits.check(GUILD, ADA, 0, 0)
    limits.claim(7)
    stores.rules.change_guild(GUILD, language="fr")
    stores.taught.teach(GUILD, FERRY, "À midi.", ADA)
    stores.journal.record(declined(), user=ADA, guild=GUILD, latency_ms=1)
    rules, taught = stores.rules.guild_rules(GUILD), stores.taught.entries(GUILD)
    return rules.language, [one.question for one in taught], [one.question for one in stores.journal.unanswered()]


HELD = ("fr", [FERRY], [FERRY])


def test_without_an_address_all_is_in_files(tmp_path: Path) -> None:
    with open_stores(BotSettings(data_dir=tmp_path)) as stores:
        assert use(stores) == HELD
        assert stores.new_limits() is not stores.new_limits()  # a client that starts again counts anew
    assert (tmp_path / FILE_NAME).exists()


def test_with_an_address_all_is_in_the_database(tmp_path: Path, postgres: Server) -> None:
    settings = BotSettings(data_dir=tmp_path, database_url=postgres.url)
    with open_stores(settings) as stores:
        assert use(stores) == HELD
        assert stores.new_limits() is stores.new_limits()
    assert not list(tmp_path.glob("*guilds*"))
    assert not (tmp_path / "journal.sqlite3").exists()
    with open_stores(settings) as stores:
        assert stores.rules.guild_rules(GUILD).language == "fr"
        assert not stores.new_limits().claim(7)


def test_a_journal_that_is_off_can_still_be_erased(tmp_path: Path, postgres: Server) -> None:
    on = BotSettings(data_dir=tmp_path, database_url=postgres.url)
    with open_stores(on) as stores:
        use(stores)
    with open_stores(on.model_copy(update={"journal_days": 0})) as stores:
        assert stores.journal is not None
        assert stores.journal.forget(ADA) == 1
    with open_stores(BotSettings(data_dir=tmp_path / "neuf", journal_days=0)) as stores:
        assert stores.journal is None


def test_a_start_waits_for_a_database_that_is_away(tmp_path: Path, postgres: Server) -> None:
    postgres.stop()
    later = Timer(1, postgres.start)
    later.start()
    with open_stores(BotSettings(data_dir=tmp_path, database_url=postgres.url)) as stores:
        later.join()
        assert use(stores) == HELD


def test_a_start_waits_for_a_database_that_is_paused(tmp_path: Path, postgres: Server) -> None:
    with ExitStack() as pause:
        pause.enter_context(postgres.paused())
        later = Timer(2 * SECONDS, pause.close)
        later.start()
        with open_stores(BotSettings(data_dir=tmp_path, database_url=postgres.url)) as stores:
            later.join()
            assert use(stores) == HELD
            assert stores.tend is not None


def test_a_start_does_not_wait_for_what_only_a_person_can_mend(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match="is no address of a PostgreSQL"),
        open_stores(BotSettings(data_dir=tmp_path, database_url=SecretStr("x"))),
    ):
        pass


def test_without_an_address_nothing_of_it_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nimport bot.discord.supervisor\nfrom bot.config import BotSettings\n"
        "from bot.discord.stores import open_stores\nfrom bot.teaching.opening import open_taught\n"
        "settings = BotSettings(data_dir=Path(sys.argv[1]))\n"
        "with open_stores(settings), open_taught(settings):\n"
        "    print(sorted({'sqlalchemy', 'alembic', 'psycopg', 'bot.postgres.server'} & sys.modules.keys()))\n"
    )
    done = run_python("-c", script, tmp_path)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_missing_libraries_are_named_with_the_extra(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pydantic import SecretStr\nfrom bot.errors import StorageError\n"
        "from bot.postgres.opening import open_postgres\n"
        "sys.modules['psycopg'] = None\n"
        "try:\n    open_postgres(SecretStr('postgresql://bot:secret@127.0.0.1:1/x'))\n"
        "except StorageError as error:\n    print(error)\n"
    )
    done = run_python("-c", script, cwd=tmp_path)
    assert "pip install 'babillard[postgres]'" in done.stdout
    assert "secret" not in done.stdout + done.stderr
