"""A bot that follows its indexes as they are rebuilt, while it answers."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.answering.readers.own_calibration import Stamp, stamp
from bot.bounded import BoundedDict
from bot.config import BotSettings
from bot.factory import Bot, build_bot
from bot.seen import COMMON, Seen, layers_seen, own_layers
from index.errors import IndexingError, UnreachableStoreError
from index.model.embedding import TextEmbeddings
from index.shelf import Shelf

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How often the pointers are read; a new generation is taken up within this and the time to open it."""

MAX_CHAINS = 64
"""Chains that are kept, one for each server that taught something or chose a collection, the last that were asked: each
holds some megabytes of words, and is built again in a tenth of a second."""

State = tuple[Mapping[Path, str], Stamp | None]
"""The generation that serves in each index folder, and the calibration."""


@dataclass(slots=True)
class _Taken:
    """A chain, what it was built over, and what it could not be built over."""

    bot: Bot
    state: State
    refused: State | None = None


class LiveBot:
    """A bot that takes up each new generation of the indexes, and each new calibration, while it answers.

    The new one is opened and checked aside, in a thread; a question in flight ends on the one it began with.
    """

    def __init__(self, settings: BotSettings, embeddings: TextEmbeddings | None = None) -> None:
        """Open the index and begin to follow it.

        Args:
            settings: where the index is, and how to answer.
            embeddings: the model, when it is already loaded.

        Raises:
            IndexingError: the index is missing, stale or damaged, or the model cannot be loaded.
        """
        self._settings = settings
        self._shelf = Shelf()
        state = self._state(COMMON)
        self._common = _Taken(build_bot(settings, embeddings, shelf=self._shelf), state)
        self._others: BoundedDict[Seen, _Taken] = BoundedDict(MAX_CHAINS)
        self._refreshing = threading.Lock()
        self._is_reachable = True
        self._stopping = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="index-follower", daemon=True)
        self._follower.start()

    @property
    def current(self) -> Bot:
        """The bot over the newest generation of the common articles that could be opened."""
        return self._common.bot

    @property
    def is_reachable(self) -> bool:
        """Whether what keeps the indexes answered when it was last asked what serves; files always do."""
        return self._is_reachable

    def bot(self, seen: Seen) -> Bot:
        """Return the bot over what a question sees; where its index cannot be opened, over the common articles.

        A server that has nothing of its own shares the bot, and its cache, with all others.

        Raises:
            UnreachableStoreError: nobody can tell what it sees, for what keeps the indexes does not answer.
        """
        known = self._others.get(seen)
        if known is not None:
            return known.bot
        if not any(layer.generations.serving() for layer in own_layers(self._settings, seen)):
            return self.current
        with self._refreshing:
            if seen not in self._others:
                state = self._state(seen)
                self._others[seen] = _Taken(self._built(seen) or self.current, state)
            return self._others[seen].bot

    def refresh(self) -> None:
        """Take up what is new of the indexes and the calibration now; damaged, it is reported and left alone.

        While what keeps the indexes does not answer, nothing changes: the next look tries again.
        """
        with self._refreshing:  # `/rebuild` may come at the moment of a look
            try:
                self._renew(COMMON, self._common)
                for seen, taken in list(self._others.items()):
                    self._renew(seen, taken)
            except UnreachableStoreError as error:
                self._note(reachable=False, reason=str(error))
            else:
                self._note(reachable=True)

    def close(self) -> None:
        """Stop following, and close the files."""
        self._stopping.set()
        self._follower.join()
        if self.current.writer is not None:
            self.current.writer.close()

    def _renew(self, seen: Seen, taken: _Taken) -> None:
        state = self._state(seen)
        if self._settings.index_dir not in state[0] or state in (taken.state, taken.refused):
            return
        bot = self._built(seen)
        if bot is None:
            taken.refused = state  # said once
        else:
            taken.bot, taken.state = bot, state

    def _note(self, *, reachable: bool, reason: str = "") -> None:
        """Keep whether the indexes can be reached, and log it when that changes."""
        if reachable and not self._is_reachable:
            log.warning("the index can be reached again")
        elif not reachable and self._is_reachable:
            log.warning("the index cannot be reached: %s", reason)
        self._is_reachable = reachable

    def _built(self, seen: Seen) -> Bot | None:
        """Return a chain over what serves now; None, with a warning, where that cannot be opened.

        Raises:
            UnreachableStoreError: it may be sound, and cannot be reached.
        """
        known = self.current
        try:
            return build_bot(
                self._settings, known.embeddings, known.reader, known.writer, known.translator, seen, self._shelf
            )
        except UnreachableStoreError:
            raise
        except IndexingError as error:
            log.warning("a new generation is not taken up: %s", error)
            return None

    def _state(self, seen: Seen) -> State:
        """Return what serves now; an index that is not there is not named."""
        serving = {layer.index: layer.generations.serving() for layer in layers_seen(self._settings, seen)}
        return {index: name for index, name in serving.items() if name}, stamp(self._settings.index_dir)

    def _follow(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            self.refresh()
