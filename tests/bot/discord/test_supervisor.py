import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import BotSettings
from bot.discord import supervisor
from bot.discord.supervisor import serve
from bot.errors import DiscordError, JournalError
from bot.journal.journal import Journal


@pytest.mark.parametrize("token", [None, SecretStr(""), SecretStr("  ")])
def test_without_a_token_it_says_where_to_put_one(token: SecretStr | None) -> None:
    with pytest.raises(DiscordError, match=r"set DISCORD_TOKEN, in \.env"):
        serve(BotSettings(discord_token=token))


class CountingJournal(Journal):
    """Counts how often it is pruned, and fails the first time after its opening."""

    def __init__(self, path: Path) -> None:
        self.pruned = 0
        self.pruned_again = threading.Event()
        super().__init__(path)

    def prune(self) -> int:
        self.pruned += 1
        if self.pruned == 2:
            raise JournalError("le disque est plein")
        if self.pruned == 5:
            self.pruned_again.set()
        return 0


async def test_the_journal_is_pruned_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "DAY_SECONDS", 0)
    with closing(CountingJournal(tmp_path / "journal.sqlite3")) as journal:
        async with supervisor._pruned(journal):
            await asyncio.to_thread(journal.pruned_again.wait)
    assert "not pruned" in caplog.text
