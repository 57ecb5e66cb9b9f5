"""House words: the short and the long forms of what a community talks about, and where they stand.

They come from the glossary of the seeds, and from where articles explain their own abbreviations. How a question is
worded with them is in `index.wordings`.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

from index.abbreviations import abbreviations, defined, opening_name
from index.loaders.formats import is_glossary
from index.schema import Chunk

FILE = "glossary.json"

MAX_WORDS = 8
"""Of a meaning in the glossary that may stand for its word. The longest of the 59 long forms that articles of PIAF and
SQuAD 2 dev explain has 9, the next 7; a longer meaning describes the word, and is quoted only."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A short form, and the long form that a chunk gives it."""

    short: str
    long: str
    chunk_id: str  # where it stands
    is_listed: bool = False  # in the glossary of the seeds; else an article explains it


@dataclass(frozen=True, slots=True)
class Glossary:
    """The pairs of an index, in the order of its chunks, each once a chunk."""

    pairs: tuple[Pair, ...] = ()

    @classmethod
    def build(cls, chunks: Iterable[Chunk]) -> Self:
        """Return what chunks explain."""
        return cls(tuple(pair for chunk in chunks for pair in _pairs_of(chunk)))

    def updated(self, chunks: Sequence[Chunk], kept: Collection[str]) -> Self:
        """Return what `build` returns, without reading the chunks again that were read for this glossary.

        Args:
            chunks: all of the new index, in their order.
            kept: ids of those that this glossary knows.
        """
        known: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            known[pair.chunk_id].append(pair)
        of_each = (known.get(c.id, ()) if c.id in kept else _pairs_of(c) for c in chunks)
        return type(self)(tuple(pair for pairs in of_each for pair in pairs))

    def save(self, folder: Path) -> None:
        """Write it into the folder of a generation."""
        text = json.dumps([astuple(pair) for pair in self.pairs], ensure_ascii=False, separators=(",", ":"))
        (folder / FILE).write_text(f"{text}\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read it from the folder of a generation.

        Raises:
            OSError, ValueError: the file cannot be read.
        """
        try:
            return cls(tuple(Pair(*fields) for fields in json.loads((folder / FILE).read_text(encoding="utf-8"))))
        except TypeError as error:
            raise ValueError(f"{FILE} does not hold pairs of words") from error


def _pairs_of(chunk: Chunk) -> list[Pair]:
    if is_glossary(chunk.document_id.rsplit("#", 1)[0]):
        found = [(word, opening_name(meaning)) for word, meaning in defined(chunk)]
        listed = [(word, long) for word, long in found if long and len(long.split()) <= MAX_WORDS]
        return [Pair(word, long, chunk.id, is_listed=True) for word, long in dict.fromkeys(listed)]
    return [Pair(short, long, chunk.id) for short, long in dict.fromkeys(abbreviations(chunk))]
