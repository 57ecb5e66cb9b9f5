"""Teach, and let the next question know: each change is kept first, then written into the layer of its server.

    store (what counts) ──▶ DATA_DIR/learned/@SERVER/taught.csv ──▶ its index

A process that is killed between two steps leaves the later ones behind; the next start takes them.
"""

import logging
import threading
import time
from collections.abc import Callable

from bot.config import BotSettings
from bot.teaching.entry import Action, Entry
from bot.teaching.exchange import table
from bot.teaching.store import TaughtStore
from index.durable import write_durably
from index.errors import BuildingError, IndexingError
from index.layers import server_layer
from index.model.embedding import TextEmbeddings

TABLE = "taught.csv"

TRIES = 20
PAUSE_SECONDS = 0.5
"""How often, and after what pause, a build is tried again while another holds the folder: `babillard index rebuild`
takes seconds there, for what was taught is little."""

log = logging.getLogger(__name__)


class Teaching:
    """What the servers taught, and the indexes of it. Safe to use from several threads."""

    def __init__(
        self,
        settings: BotSettings,
        store: TaughtStore,
        embeddings: TextEmbeddings,
        published: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the store; `publish_all` brings its layers up to date.

        Args:
            settings: the folders.
            store: what was taught.
            embeddings: the model of the index.
            published: is called when a layer was built, so that whoever answers takes it up at once.
            sleep: waits so many seconds.
        """
        self.store = store
        self._settings, self._embeddings, self._published, self._sleep = settings, embeddings, published, sleep
        self._publishing = threading.Lock()

    def teach(
        self,
        guild: int,
        question: str,
        answer: str,
        teacher: int,
        link: str = "",
        action: Action = "taught",
    ) -> Entry:
        """Keep a question with its answer, and let the next question find it: see `TaughtStore.teach`.

        Raises:
            TeachingError: it cannot be taught.
            StorageError: it is not kept.
            IndexingError: it is kept, and the index does not have it yet; the next change or start tries again.
        """
        entry = self.store.teach(guild, question, answer, teacher, link, action)
        if entry.active:
            self.publish(guild)
        return entry

    def edit(self, guild: int, number: int, question: str, answer: str, teacher: int) -> Entry:
        """Change an entry.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = self.store.edit(guild, number, question, answer, teacher)
        self.publish(guild)
        return entry

    def set_active(self, guild: int, number: int, teacher: int, active: bool) -> Entry:
        """Withdraw an entry, or restore it.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = (self.store.restore if active else self.store.withdraw)(guild, number, teacher)
        self.publish(guild)
        return entry

    def supersede(self, guild: int, old: int, new: int, teacher: int) -> Entry:
        """Withdraw one entry and restore another.

        Raises:
            TeachingError, StorageError, IndexingError: as `teach`.
        """
        entry = self.store.supersede(guild, old, new, teacher)
        self.publish(guild)
        return entry

    def publish_all(self) -> None:
        """Bring the layer of each server up to date; one that cannot be is told in the log."""
        for guild in self.store.guilds():
            try:
                self.publish(guild)
            except IndexingError as error:
                log.warning("what was taught is not in the index: %s", error, extra={"guild": guild})

    def publish(self, guild: int) -> None:
        """Write what a server was taught into its layer, and build that.

        Raises:
            IndexingError: the folder cannot be written, or the index not be built.
        """
        layer = server_layer(self._settings, guild)
        with self._publishing:
            try:
                layer.folder.mkdir(parents=True, exist_ok=True)
                path = layer.folder / TABLE
                active = [entry for entry in self.store.entries(guild) if entry.active]
                if active:
                    aside = path.with_name(f".{TABLE}")
                    write_durably(aside, table(active))
                    aside.replace(path)
                else:
                    path.unlink(missing_ok=True)
            except OSError as error:
                raise IndexingError(
                    f"{layer.folder} cannot be written ({error.strerror}): see that it can be, and has room"
                ) from error
            for left in reversed(range(TRIES)):
                try:
                    layer.build(self._embeddings, max_mb=self._settings.max_file_mb)
                    break
                except BuildingError:
                    if not left:
                        raise
                    self._sleep(PAUSE_SECONDS)
        self._published()
