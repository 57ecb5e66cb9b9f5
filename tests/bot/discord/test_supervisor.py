import asyncio
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
    """Counts how often it is pruned, and fails the first time."""

    pruned = 0

    def prune(self) -> int:
        self.pruned += 1
        if self.pruned == 2:  # the first was at opening
            raise JournalError("le disque est plein")
        return 0


async def test_the_journal_is_pruned_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "DAY_SECONDS", 0.001)
    with closing(CountingJournal(tmp_path / "journal.sqlite3")) as journal:
        async with asyncio.timeout(10), supervisor._pruned(journal):
            while journal.pruned < 5:
                await asyncio.sleep(0.001)
    assert "not pruned" in caplog.text
