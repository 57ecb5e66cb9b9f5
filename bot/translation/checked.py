"""Which translated sentences are shown: those that pass every check, made once and kept."""

import threading
from collections.abc import Sequence
from typing import Protocol

from bot.bounded import BoundedDict
from bot.translation.faithful import failures
from bot.translation.models import Pair
from bot.translation.protected import blanked, protect, restore

MAX_KEPT = 2_000
"""Sentences kept with their translation, those that were made last: 1.5 MB where each has 150 characters."""


class Engine(Protocol):
    """Translates, without any promise about what comes out."""

    @property
    def pairs(self) -> frozenset[Pair]:
        """What can be translated into what."""
        ...

    def translate(self, sentences: Sequence[str], pair: Pair) -> list[str | None]:
        """Return a translation of each sentence; "" where there is none, None where there was no room for it.

        Raises:
            TranslationError: the model cannot be used.
        """
        ...


class CheckedTranslator:
    """Translates sentences and lets through what code has checked; safe to use from several threads."""

    def __init__(self, engine: Engine, size: int = MAX_KEPT) -> None:
        """Keep `size` sentences."""
        self.pairs = engine.pairs
        self._engine = engine
        self._kept: BoundedDict[tuple[str, Pair], str] = BoundedDict(size)
        self._lock = threading.Lock()

    def translate(self, sentences: Sequence[str], pair: Pair) -> list[str]:
        """Return the translation of each sentence that may be shown, "" for the others.

        Args:
            sentences: on one line each, without links.
            pair: one of `pairs`.

        Raises:
            TranslationError: the model cannot be used.
        """
        with self._lock:
            known = {sentence: self._kept.get((sentence, pair)) for sentence in sentences}
        asked = {one: found for one, kept in known.items() if kept is None and (found := protect(one)) is not None}
        made = self._engine.translate([found.text for found in asked.values()], pair) if asked else []
        for (sentence, protected), translated in zip(asked.items(), made, strict=True):
            if translated is None:
                continue
            shown = _checked(sentence, restore(translated, protected.kept) or "", pair)
            known[sentence] = shown
            with self._lock:
                self._kept[sentence, pair] = shown
        return [known[sentence] or "" for sentence in sentences]


def has_words(sentence: str) -> bool:
    """Whether there is anything to translate in a sentence: letters that are no code and no address."""
    return any(c.isalpha() for c in blanked(sentence))


def _checked(sentence: str, translated: str, pair: Pair) -> str:
    """Return a translation on one line; "" where it fails a check."""
    line = " ".join(translated.split())
    return "" if any(True for _ in failures(sentence, line, pair)) else line
