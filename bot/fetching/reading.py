"""Read a page as the index will, in a process apart: whether it says something, its title, its date."""

from dataclasses import dataclass

from bot.errors import FetchError
from index.loaders import formats
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.worker import Worker


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself; "" and None where it says nothing."""

    title: str
    date: str | None


def read_page(name: str, data: bytes, suffix: str, worker: Worker) -> Said:
    """Return what a page says.

    Args:
        name: of the page, for messages.
        data: the page.
        suffix: under which a loader reads it.
        worker: the process that reads it.

    Raises:
        FetchError: it cannot be read, or there is no text in it.
    """
    try:
        items = formats.load(suffix, data) if suffix in formats.SIMPLE else worker.load(data, suffix)
    except UnreadableError as error:
        raise FetchError(f"{name} {error}") from error
    texts = [item for item in items if isinstance(item, Loaded) and item.says_something]
    if not texts:
        why = next((f" ({item.reason})" for item in items if isinstance(item, Fault)), "")
        advice = "if a browser shows some, save what it shows" if suffix == ".html" else "give another"
        raise FetchError(f"{name} holds no text{why}: {advice}, and add the file")
    first = texts[0]
    if first.line is not None:  # pairs: the question of the first is no title of all
        return Said("", None)
    heading = next((block.text for block in first.blocks if block.kind == "heading"), "")
    return Said(" ".join((first.title or heading).split()), first.date)
