"""Choose the loader of a file by its suffix."""

from collections.abc import Callable, Sequence
from importlib import import_module

from index.loaders.loaded import MAX_TEXT, Item, Loaded, UnreadableError

# Names, imported when needed: each brings a library that no other format needs.
_LOADERS = {
    ".txt": ("text", "load"),
    ".md": ("markdown", "load"),
    ".html": ("html", "load"),
    ".htm": ("html", "load"),
    ".pdf": ("pdf", "load"),
    ".docx": ("docx", "load"),
    ".csv": ("faq", "load_csv"),
    ".jsonl": ("faq", "load_jsonl"),
}
SUFFIXES = frozenset(_LOADERS)
SIMPLE = frozenset([".txt", ".md"])
"""Formats that the build itself may parse: it costs little more than reading the bytes."""


def load(suffix: str, data: bytes) -> list[Item]:
    """Return the items of a file.

    Args:
        suffix: one of `SUFFIXES`.
        data: the bytes of the file.

    Raises:
        UnreadableError: nothing in it can be read.
    """
    module, name = _LOADERS[suffix]
    loader: Callable[[bytes], Sequence[Item]] = getattr(import_module(f"index.loaders.{module}"), name)
    items = list(loader(data))
    if sum(len(item.text) for item in items if isinstance(item, Loaded)) > MAX_TEXT:
        raise UnreadableError(f"holds more than {MAX_TEXT:,} characters: split it")
    return items
