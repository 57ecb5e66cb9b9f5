"""The data that all stages share: documents, chunks, search hits, and the manifest of an index."""

from dataclasses import dataclass, fields
from typing import Literal, NamedTuple, get_args

from index.blocks import Kind

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

FORMAT = 6  # of the files in an index folder; raised when a reader of the old ones would misread the new

BETWEEN_HEADINGS = " › "


class Span(NamedTuple):
    """Half-open range of characters: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A block in the text of its document."""

    kind: Kind
    start: int  # of its first line, with its marker
    end: int
    units: tuple[
        Span, ...
    ]  # what may be quoted of it, without markers: its text, the lines of code, each row of a table
    path: tuple[str, ...]  # the headings above it, the outermost first; its own as well when it is a heading
    page: int | None = None
    announces: bool = False  # what comes next belongs to it
    depth: int = 0  # list items and definitions around it


@dataclass(frozen=True, slots=True)
class Document:
    """One text after reading; `text` is what every offset points into."""

    id: str  # path of its file; in a file that holds many documents, then "#" and the line where it starts
    title: str
    source: str  # URL or attribution from the front matter, else the id
    language: Language
    text: str
    date: str | None = None
    blocks: tuple[Placed, ...] = ()  # in the order of the text, which they fill
    line: int | None = None  # where it starts, in a file that holds many
    is_pair: bool = False  # an entry of an FAQ: its title is the question that all of it answers

    @property
    def file(self) -> str:
        """Path of its file, relative to the seeds folder, with forward slashes."""
        return self.id if self.line is None else self.id.removesuffix(f"#{self.line}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a chunk, a row or lines of code, as the half-open range `chunk.text[start:end]`."""

    start: int
    end: int
    section: str = ""  # "page 4" or "§ Installation": where it stands; "" when the document has no such parts


class ChunkBlock(NamedTuple):
    """A block of a chunk, or the part of one that the chunk holds: `chunk.text[start:end]`."""

    kind: Kind
    start: int
    end: int
    depth: int = 0
    announces: bool = False  # what comes next belongs to it


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of blocks within one section; `document.text[start:end] == text` always."""

    id: str  # document id, "#", ordinal from 0
    document_id: str
    title: str
    source: str
    language: Language
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    date: str | None = None
    path: str = ""  # the headings above it, below the title, with `BETWEEN_HEADINGS`: "Installation › Linux"
    lead: str = ""  # of a list or a table that was cut: the line that announces it, or its header
    blocks: tuple[ChunkBlock, ...] = ()
    question: str = ""  # that it answers: of an entry of an FAQ, or the heading above it where this is one

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above it, below the title, the outermost first."""
        return tuple(self.path.split(BETWEEN_HEADINGS)) if self.path else ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A chunk that may answer, and why it was found.

    An overlap is the share of the question's stems that a text contains, weighted by their idf: 0 to 1.
    """

    chunk: Chunk
    rank: int  # from 1, best first
    score: float  # of the fusion and the overlaps; hits are sorted by it
    dense: float  # cosine of question and chunk, -1 to 1
    lexical: float  # BM25 divided by the highest value that the question could reach, 0 to 1
    overlap: float
    sentence_dense: tuple[float, ...]  # cosine of question and each sentence, in the order of chunk.sentences
    sentence_overlap: tuple[float, ...]  # the same order
    matched: tuple[str, ...]  # stems of the question found in the chunk, in the order of the question
    section: tuple[Chunk, ...] = ()  # what it is read in, in the order of the document: see `index.sections`
    is_named: bool = False  # the question names its section, by its number or as the newest: see `index.named`

    @property
    def read_in(self) -> tuple[Chunk, ...]:
        """Its section; the chunk alone where none was looked for."""
        return self.section or (self.chunk,)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation of an index contains, and what it was built from."""

    format: int
    generation: str
    created: str  # ISO 8601, UTC
    model: str
    model_revision: str
    dimension: int
    fingerprint: str  # of the settings that shape it
    chunking: dict[str, int]
    documents: int
    chunks: int
    sentences: int
    seeds: dict[str, str]  # file -> sha256 of its bytes, in the order of the rows
    rows: dict[str, int]  # file -> number of its chunks; files without any are left out
    faulty: list[str]  # files that could be read only in part; the next build parses them again
    left_out: dict[str, dict[str, int]]  # file -> "comments", "hidden texts", … -> how many of them were not read
    files: dict[str, str]  # file of the generation -> checksum


def manifest_of(told: object) -> Manifest | None:
    """Return the manifest that was written as JSON; None where another version of the program wrote it."""
    if (
        not isinstance(told, dict)
        or told.get("format") != FORMAT
        or told.keys() != {field.name for field in fields(Manifest)}
    ):
        return None
    return Manifest(**told)
