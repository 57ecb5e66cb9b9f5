"""Bring what a server gave into the layer of its own, and let the next question know.

    what counts (a store) ──▶ DATA_DIR/learned/@SERVER/FILE ──▶ its index ──▶ whoever answers

A process that is killed between two steps leaves the later ones behind; the next start takes them.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bot.config import BotSettings
from index.durable import write_durably
from index.errors import BuildingError, IndexingError, SeedsError
from index.layers import Layer, learned_servers, pages_layer, server_layer
from index.model.embedding import TextEmbeddings

TRIES = 20
PAUSE_SECONDS = 0.5
"""How often, and after what pause, a build is tried again while another holds the folder: `babillard index rebuild`
takes seconds there, for what one server gave is little."""

log = logging.getLogger(__name__)


class Giver(Protocol):
    """Keeps something of servers that is written into their layers, as one file of each."""

    @property
    def file(self) -> str:
        """Name of the file."""
        ...

    def servers(self) -> list[int]:
        """Return the servers that gave something."""
        ...

    def text(self, guild: int) -> str:
        """Return what the file of a server is to hold; "" for no file."""
        ...


class Publisher:
    """Writes files into the layers of servers, and builds these. Safe to use from several threads."""

    def __init__(
        self,
        settings: BotSettings,
        embeddings: TextEmbeddings,
        published: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Publish below the folders of the settings.

        Args:
            settings: the folders.
            embeddings: the model of the index.
            published: is called when a layer was built, so that whoever answers takes it up at once.
            sleep: waits so many seconds.
        """
        self._settings, self._embeddings, self._published, self._sleep = settings, embeddings, published, sleep
        self._publishing: defaultdict[int | None, threading.Lock] = defaultdict(threading.Lock)  # by server

    def publish(self, guild: int, *givers: Giver) -> None:
        """Write what givers have of a server, and build its layer, with the files that others wrote there.

        The text is asked for when its turn has come: of two calls, the later writes what is newer.

        Raises:
            IndexingError: the folder cannot be written, or the index not be built.
        """
        layer = server_layer(self._settings, guild)
        with self._publishing[guild]:  # a long build for one server keeps no other waiting
            for giver in givers:
                _write(layer.folder / giver.file, giver.text(guild))
            try:
                self._build(layer)
            except SeedsError as error:  # of what was taken back meanwhile, nothing may go on being found
                log.warning("nothing of a server can be read: %s", error, extra={"guild": guild})
                layer.generations.remove()
        self._published()

    def publish_pages(self) -> None:
        """Build the layer of the pages that every question sees; where none can be read, the old one serves on.

        Raises:
            IndexingError: the index cannot be built.
        """
        with self._publishing[None]:
            self._build(pages_layer(self._settings))
        self._published()

    def publish_all(self, *givers: Giver) -> None:
        """Bring the layer of each server up to date, built once; one that cannot be is told in the log."""
        gave = {guild for giver in givers for guild in giver.servers()}
        for guild in sorted(gave.union(learned_servers(self._settings))):
            try:
                self.publish(guild, *givers)
            except IndexingError as error:
                log.warning("what a server gave is not in the index: %s", error, extra={"guild": guild})

    def _build(self, layer: Layer) -> None:
        for left in reversed(range(TRIES)):
            try:
                layer.build(self._embeddings, max_mb=self._settings.max_file_mb)
                break
            except BuildingError:
                if not left:
                    raise
                self._sleep(PAUSE_SECONDS)


def _write(path: Path, text: str) -> None:
    """Write a file whole, or remove it where there is nothing to write."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            aside = path.with_name(f".{path.name}")
            write_durably(aside, text)
            aside.replace(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise IndexingError(
            f"{path.parent} cannot be written ({error.strerror}): see that it can be, and has room"
        ) from error
