from pathlib import Path

import pytest

from bot.answering.answer import Answer
from bot.backup.writing import write_backup
from bot.config import BotSettings
from bot.discord.rules_store import RulesStore
from bot.fetching.pages import Page, PageStore, digest
from bot.journal.journal import Journal
from bot.teaching.store import TaughtStore
from index.fetched import pages_folder

GUILD = 42


@pytest.fixture
def settings(tmp_path: Path) -> BotSettings:
    return BotSettings(
        seeds_dir=tmp_path / "articles", index_dir=tmp_path / "index", data_dir=tmp_path / "données", top_k=12
    )


@pytest.fixture
def lived_in(settings: BotSettings) -> BotSettings:
    """Return settings over folders in which a bot has lived: it was asked and taught, and has fetched."""
    live_in(settings)
    return settings


def live_in(settings: BotSettings) -> None:
    """Ask, decide, teach, fetch and calibrate."""
    data = settings.data_dir
    with Journal(data / "journal.sqlite3") as journal:
        asked = Answer("Où garer son vélo ?", "fr", abstention="no_evidence")
        entry = journal.record(asked, user=1, guild=GUILD, latency_ms=3.0)
        journal.rate(entry, user=2, helpful=True)
    with RulesStore(data / "guilds.sqlite3") as rules:
        rules.change_guild(GUILD, language="fr", roles=frozenset({7}))
        rules.change_channel(GUILD, 100, threads=True)
    with TaughtStore(data / "taught.sqlite3") as taught:
        taught.teach(GUILD, "Où garer son vélo ?", "Devant l’entrée, sous l’auvent.", teacher=3)
    learned = b"# R\xc3\xa8glement\n\nLe pr\xc3\xaat dure trois jours.\n"
    page = Page("https://exemple.ca/règlement", "exemple.ca/r\u00a0glement.md", "Règlement", None, "", digest(learned))
    PageStore(pages_folder(data)).keep(page, learned)
    settings.index_dir.mkdir()
    (settings.index_dir / "calibration.json").write_text('{"weights": {}}', encoding="utf-8")
    settings.seeds_dir.mkdir()
    (settings.seeds_dir / "glossary.csv").write_text("word,meaning\nPE,plan d’épargne\n", encoding="utf-8")
    (settings.seeds_dir / "guide.md").write_text("# Guide\n\nL’été, on ouvre à 9 h.\n", encoding="utf-8")


def held(settings: BotSettings) -> dict[str, object]:
    """Return what the files hold, read as the bot reads it."""
    data = settings.data_dir
    with (
        Journal(data / "journal.sqlite3") as journal,
        RulesStore(data / "guilds.sqlite3") as rules,
        TaughtStore(data / "taught.sqlite3") as taught,
    ):
        pages = PageStore(pages_folder(data))
        record = pages.read()
        return {
            "questions": journal.unanswered(),
            "votes": journal.votes(1),
            "rules": (rules.guild_rules(GUILD), rules.all_channel_rules(GUILD)),
            "taught": taught.entries(GUILD),
            "pages": {address: pages.content(page) for address, page in record.pages.items()},
            "secret": (data / "journal.sqlite3.key").read_bytes(),
            "calibration": (settings.index_dir / "calibration.json").read_bytes(),
            "glossary": (settings.seeds_dir / "glossary.csv").read_bytes(),
        }


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def archive(lived_in: BotSettings, tmp_path: Path) -> Path:
    """Return a backup of the folders in which a bot has lived."""
    path = tmp_path / "sauvegardes" / "babillard.zip"
    path.parent.mkdir()
    write_backup(lived_in, lived_in, path)
    return path
