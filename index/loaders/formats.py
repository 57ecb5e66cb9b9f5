"""Which loader reads which file."""

from collections.abc import Callable, Sequence
from importlib import import_module

from index.loaders.loaded import MAX_TEXT, Item, Loaded, UnreadableError

# Named, not imported: each brings a library that only its own format needs.
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
"""What can be read in the process of the build: time and memory are those of reading the bytes."""


def load(suffix: str, data: bytes) -> list[Item]:
    """Return what the file holds.

    Args:
        suffix: one of `SUFFIXES`.
        data: the file.

    Raises:
        UnreadableError: nothing can be read in it.
    """
    module, name = _LOADERS[suffix]
    loader: Callable[[bytes], Sequence[Item]] = getattr(import_module(f"index.loaders.{module}"), name)
    items = list(loader(data))
    if sum(len(item.text) for item in items if isinstance(item, Loaded)) > MAX_TEXT:
        raise UnreadableError(f"holds more than {MAX_TEXT:,} characters: split it")
    return items
