"""The indexes that are open, shared by all that search them."""

import threading
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakValueDictionary

from index.layers import Layer
from index.store import IndexStore, open_store, serving_generation


class Shelf:
    """The indexes that are open, each once however many chains search it; one that none searches is closed."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self._open: WeakValueDictionary[tuple[Path, str], IndexStore] = WeakValueDictionary()
        self._lock = threading.Lock()

    def open(self, layers: Sequence[Layer], fingerprint: str) -> tuple[IndexStore, ...]:
        """Return the indexes of the layers that have one; the first must.

        Args:
            layers: that of the articles first.
            fingerprint: of the settings in force.

        Raises:
            IndexingError: that of the articles is missing, or one is stale or damaged.
        """
        with self._lock:
            first = self._opened(layers[0].index, fingerprint)
            others = [layer.index for layer in layers[1:] if serving_generation(layer.index)]
            return (first, *(self._opened(index, fingerprint) for index in others))

    def _opened(self, index: Path, fingerprint: str) -> IndexStore:
        generation = serving_generation(index)
        known = self._open.get((index, generation)) if generation else None
        if known is None or known.manifest.fingerprint != fingerprint:
            known = open_store(index, fingerprint)
            self._open[index, known.manifest.generation] = known
        return known
