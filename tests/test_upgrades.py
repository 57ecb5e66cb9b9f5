"""Files that older versions wrote, opened by this one; tests/data/README.md says how they were made."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Question
from bot.config import BotSettings
from bot.discord.rules import ChannelRules, GuildRules
from bot.discord.rules_store import RulesStore
from bot.doctor import articles, serving
from bot.doctor.finding import look
from bot.journal.file import check_journal
from bot.journal.journal import Journal
from index.build import build_index, stale_reason
from index.errors import StaleIndexError
from index.store import open_store
from tests.fakes import HashingEmbeddings
from tests.processes import REPOSITORY, run_python

DATA = REPOSITORY / "tests" / "data"
DAYS = 10**5  # so that no row is too old


@pytest.fixture(params=sorted(path.name for path in DATA.iterdir() if path.is_dir()))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> BotSettings:
    """Return settings over folders that an older version wrote."""
    folder = tmp_path / "old"
    shutil.copytree(DATA / request.param, folder)
    return BotSettings(seeds_dir=folder / "seeds", index_dir=folder / "index", data_dir=folder / "data")


def test_a_journal_is_brought_up_to_date_with_all_its_rows(old: BotSettings) -> None:
    for _ in range(2):  # the second time it is of today
        with Journal(old.data_dir / "journal.sqlite3", DAYS) as journal:
            entries = journal.entries(datetime(2026, 1, 1, tzinfo=UTC))
            assert [(one.abstention, one.up, one.down, len(one.cited), one.latency_ms) for one in entries] == [
                (None, 2, 0, 1, 12.5),
                (None, 0, 1, 1, 12.5),
                ("no_evidence", 0, 0, 0, 12.5),
                ("no_evidence", 0, 0, 0, 12.5),
            ]
            assert journal.question(1, 42) == Question("À quelle heure ferme la piscine ?", "fr")
            assert journal.question(4) == Question("Who founded the museum?", "en")
            assert [one.question for one in journal.unanswered(42, private=False)] == [
                "How many books can I borrow?",
                "Où garer son vélo ?",
            ]


def test_rows_of_an_older_journal_are_still_those_of_whoever_asked(old: BotSettings) -> None:
    with Journal(old.data_dir / "journal.sqlite3", DAYS) as journal:
        new = Answer("Où est le musée ?", "fr", abstention="no_evidence")
        journal.record(new, user=1, guild=42, latency_ms=1.0, private=True)
        assert journal.forget(1) == 4  # three questions and a vote
        assert len(journal.entries(datetime(2026, 1, 1, tzinfo=UTC))) == 2


def test_rules_are_brought_up_to_date_with_all_that_was_decided(old: BotSettings) -> None:
    for _ in range(2):
        with RulesStore(old.data_dir / "guilds.sqlite3") as rules:
            assert rules.guild_rules(42) == GuildRules(
                "fr", 10, 200, roles=frozenset({7, 8}), channels=frozenset({100, 101}), help_channel=102
            )
            assert rules.guild_rules(43) == GuildRules("en")
            assert rules.all_channel_rules(42) == {
                100: ChannelRules(threads=True, language="en"),
                101: ChannelRules(threads=False),
            }
    with RulesStore(old.data_dir / "guilds.sqlite3") as rules:
        assert rules.change_guild(42, collection="club", teachers=frozenset({9})).teachers == {9}


def test_an_index_is_refused_with_the_command_that_builds_it_again(old: BotSettings) -> None:
    with pytest.raises(StaleIndexError, match=r"another version of Babillard: .*`babillard index rebuild`"):
        open_store(old.index_dir)
    assert stale_reason(old.seeds_dir, old.index_dir, HashingEmbeddings()) == "another version of Babillard made it"


def test_that_command_builds_it_again(old: BotSettings) -> None:
    assert build_index(old.seeds_dir, old.index_dir, HashingEmbeddings()).manifest.documents == 2
    assert len(list((old.index_dir / "generations").iterdir())) == 1


def test_the_doctor_says_the_same_and_changes_nothing(old: BotSettings) -> None:
    before = {path: path.read_bytes() for path in old.data_dir.parent.rglob("*") if path.is_file()}
    index = look("index", lambda: articles.index(old, None))
    journal, rules = serving.journal(old), serving.rules(old)
    assert (index.state, journal.state, rules.state) == ("failed", "note", "note")
    assert "`babillard index rebuild`" in index.said
    assert journal.said.startswith("4 questions kept in ")
    assert journal.said.endswith("the next start of the bot brings it up to date")
    assert rules.said.startswith("guilds.sqlite3 can be read, written by an older version")
    assert {path: path.read_bytes() for path in old.data_dir.parent.rglob("*") if path.is_file()} == before
    Journal(old.data_dir / "journal.sqlite3", DAYS).close()
    RulesStore(old.data_dir / "guilds.sqlite3").close()
    assert check_journal(old.data_dir / "journal.sqlite3") == (4, False)
    assert (serving.journal(old).state, serving.rules(old).state) == ("ok", "ok")


@pytest.mark.slow
def test_each_command_that_reads_an_index_names_the_one_that_mends_it(old: BotSettings) -> None:
    for command in (("ask", "Où ?"), ("index", "stats"), ("index", "verify"), ("index", "search", "Où ?")):
        ran = run_python("-m", "bot", *command, "--index", old.index_dir, cwd=old.data_dir)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr.count("\n") == 1
        assert "`babillard index rebuild`" in ran.stderr
