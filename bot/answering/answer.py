"""What the chain takes and gives: a question, a reply, and the evidence for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.answering.conversation import Turn
from index.schema import Language, SearchHit

_LINE_BREAK = re.compile(r"[ \t\r]*\n[ \t\r]*(?:\n[ \t\r]*)*")

Abstention = Literal["no_question", "foreign", "no_evidence"]

EXTRACTIVE = "extractive"  # the reader that quotes, and writes nothing


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; `language` asks for a reply in that language, None for the language of the question."""

    text: str
    language: Language | None = None
    fallback: Language | None = None  # of the reply when nothing tells; None for the chain's own
    history: tuple[Turn, ...] = ()  # of the conversation: that of the answer before; () when there was none
    guild: int | None = None  # the server whose budget for the chat model it counts against; None: private
    on_draft: Callable[[str], None] | None = field(default=None, compare=False, repr=False)
    """Is told the whole text at each new piece while a chat model writes, before any check; in the asking thread."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence that was quoted: `chunk.text[start:end] == quote`, checked before anybody sees it."""

    marker: int  # the n printed as [n] in the text, from 1
    title: str
    source: str
    quote: str
    language: Language  # of the quote
    chunk_id: str
    start: int
    end: int
    score: float  # cosine of question and quote, -1 to 1
    section: str = ""  # "page 4" or "§ Installation": where in the article; "" when it has no such parts
    span: tuple[int, int] | None = None  # `quote[start:end]` are the words that answer; None when that is not sure

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The quote on one line, as a reply shows it: what stands before the words that answer, they, what follows."""
        start, end = self.span or (0, 0)
        before, answer, after = self.quote[:start], self.quote[start:end], self.quote[end:]
        return _LINE_BREAK.sub(" ", before), _LINE_BREAK.sub(" ", answer), _LINE_BREAK.sub(" ", after)

    @property
    def place(self) -> str:
        """The title, and where in the article when it has such parts."""
        return f"{self.title}, {self.section}" if self.section else self.title


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of the hits, before it is checked."""

    citations: tuple[Citation, ...]
    confidence: float  # calibrated probability that the citations answer, 0 to 1
    threshold: float  # below it the bot abstains
    hits: tuple[SearchHit, ...] = ()  # in the reader's order; () leaves them in that of the search
    reader: str = ""  # "span" or "similarity"


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that kept a chat model's text from the reader: a check that it failed, or why there was no text."""

    check: str  # a check of `bot.chat.checks`, "length", or a reason of `ChatUnavailableError`
    detail: str


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking a chat model: a text with its citations, an abstention, or only what failed."""

    text: str = ""  # with the markers of the citations
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    failed: tuple[Failed, ...] = ()  # also before a second try that did not


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and its evidence; no citations means the bot abstained."""

    question: str
    language: Language
    text: str
    citations: tuple[Citation, ...] = ()
    confidence: float = 0.0  # calibrated probability that the quote answers, 0 to 1
    threshold: float = 0.0  # below it the bot abstains
    abstention: Abstention | None = None
    hits: tuple[SearchHit, ...] = ()  # what was read, best first
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generation: str = ""  # of the index that was read
    understood: str = ""  # what was searched, when it is not the question: a follow-up, completed
    history: tuple[Turn, ...] = ()  # to pass with the next question of the conversation
    reader: str = EXTRACTIVE  # or the chat model, `provider:model`
    checks: tuple[Failed, ...] = ()  # what failed on the way, in order; with the extractive reader, why it stepped in

    def __post_init__(self) -> None:
        """Refuse an answer that cites nothing, or an abstention that cites.

        Raises:
            ValueError: citations and abstention contradict each other.
        """
        if bool(self.citations) == (self.abstention is not None):
            raise ValueError("an answer has citations or a reason to abstain, and not both")

    def bold_parts(self) -> dict[str, tuple[str, str, str]]:
        """Return by line of the text how it is shown: what stands before the words that answer, they, what follows."""
        parts = {}
        for c in self.citations:
            before, words, after = c.pieces
            if words:
                parts[f"> {before}{words}{after} [{c.marker}]"] = (f"> {before}", words, f"{after} [{c.marker}]")
        return parts

    @property
    def abstained(self) -> bool:
        """Whether the bot declined to answer."""
        return self.abstention is not None

    def record(self) -> dict[str, object]:
        """Return the documented JSON shape."""
        return {
            "question": self.question,
            "understood": self.understood,
            "language": self.language,
            "answer": self.text,
            "abstained": self.abstained,
            "confidence": round(self.confidence, 4),
            "reader": self.reader,
            "checks": [{"check": f.check, "detail": f.detail} for f in self.checks],
            "citations": [
                {
                    "marker": c.marker,
                    "title": c.title,
                    "source": c.source,
                    "section": c.section,
                    "quote": c.quote,
                    "language": c.language,
                    "chunk_id": c.chunk_id,
                    "start": c.start,
                    "end": c.end,
                    "score": round(c.score, 4),
                    "span": c.span,
                }
                for c in self.citations
            ],
            "generation": self.generation,
            "timings_ms": {stage: round(ms, 2) for stage, ms in self.timings_ms.items()},
        }
