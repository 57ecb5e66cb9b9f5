"""Refresh fetched pages again and again, as REFRESH_HOURS says: those that every question sees, then each server's own.

When a refresh began is kept in a file, so that a restart neither brings the next one sooner nor puts it off.
"""

import asyncio
import logging

from bot.config import BotSettings
from bot.discord.library import Library
from bot.discord.periodic import Periodic
from bot.errors import BotError
from bot.fetching.refreshing import refreshing, servers_with_pages
from bot.fetching.visiting import Host
from index.durable import write_durably
from index.errors import IndexingError
from index.fetched import learned_folder

BEGUN = ".refreshed"  # file in the folder of what was learned: seconds since 1970

LOOK_SECONDS = 300.0  # between two looks whether a refresh is due; a start has some quiet first

HOUR_SECONDS = 3_600.0

log = logging.getLogger(__name__)


class Renewal(Periodic):
    """Refreshes pages in the background. Belongs to one event loop."""

    def __init__(self, settings: BotSettings, library: Library) -> None:
        """Refresh with `library` as often as `settings` say."""
        super().__init__("renewal", LOOK_SECONDS)
        self._settings, self._library = settings, library
        self._begun = learned_folder(settings.data_dir) / BEGUN

    def begin(self) -> None:
        """Refresh from now on, unless that goes on already, or nobody wants it."""
        if self._settings.refresh_hours:
            super().begin()

    async def look(self) -> None:
        """Refresh all that there is, if it is time, and nobody else does; faults are told in the log."""
        now = self.clock()
        if not self._begun.parent.is_dir() or not self._is_due(now):
            return
        try:
            with refreshing(self._settings):
                write_durably(self._begun, f"{now}\n")  # first: a fault is not met again at the next look
                hosts: dict[str, Host] = {}
                for guild in (None, *await asyncio.to_thread(servers_with_pages, self._settings)):
                    await self._refresh(guild, hosts)
        except (BotError, IndexingError, OSError) as error:
            log.warning("not refreshed", extra={"reason": str(error)})

    async def _refresh(self, guild: int | None, hosts: dict[str, Host]) -> None:
        try:
            await self._library.refresh(guild, hosts)
        except (BotError, IndexingError) as error:
            log.warning("not refreshed", extra={"guild": guild, "reason": str(error)})
        except Exception:  # the pages of others are refreshed all the same
            log.exception("not refreshed", extra={"guild": guild})

    def _is_due(self, now: float) -> bool:
        try:
            begun = float(self._begun.read_text(encoding="ascii"))
        except (OSError, ValueError):  # there is none yet, or it was cut short
            return True
        return not begun <= now < begun + self._settings.refresh_hours * HOUR_SECONDS
