"""The indexes that are open, shared by all that search them."""

import threading
from collections.abc import Sequence
from weakref import WeakValueDictionary

from index.generations import Generations, Store
from index.layers import Layer


class Shelf:
    """The indexes that are open, each once however many chains search it; one that none searches is closed."""

    def __init__(self) -> None:
        """Begin with an empty one."""
        self._open: WeakValueDictionary[tuple[Generations, str], Store] = WeakValueDictionary()
        self._lock = threading.Lock()

    def open(self, layers: Sequence[Layer], fingerprint: str) -> tuple[Store, ...]:
        """Return the indexes of the layers that have one; the first must.

        Args:
            layers: that of the articles first.
            fingerprint: of the settings in force.

        Raises:
            IndexingError: that of the articles is missing, or one is stale or damaged.
        """
        with self._lock:
            first = self._opened(layers[0].generations, fingerprint)
            others = [layer.generations for layer in layers[1:] if layer.generations.serving()]
            return (first, *(self._opened(index, fingerprint) for index in others))

    def _opened(self, index: Generations, fingerprint: str) -> Store:
        generation = index.serving()
        known = self._open.get((index, generation)) if generation else None
        if known is None or known.manifest.fingerprint != fingerprint:
            known = index.open(fingerprint)
            self._open[index, known.manifest.generation] = known
        return known
