"""What the chain takes and gives: a question, an answer, and the evidence for it. Data alone, no words of the bot's."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

from bot.answering.conversation import Turn
from index.overview import Overview
from index.schema import Language, SearchHit

_LINE_BREAK = re.compile(r"[ \t\r]*\n[ \t\r]*(?:\n[ \t\r]*)*")

Courtesy = Literal["greeting", "thanks", "goodbye", "praise", "fine", "sorry"]
COURTESIES: tuple[Courtesy, ...] = get_args(Courtesy)

Talk = Courtesy | Literal["about", "articles"]
"""What a message is that asks nothing of the articles: courtesy, or a question about the bot or about what it knows."""

Abstention = Talk | Literal["no_question", "foreign", "no_evidence"]
"""Why nothing is cited."""

NO_QUESTIONS: frozenset[Abstention] = frozenset({*COURTESIES, "about", "articles", "no_question"})
"""The abstentions from what asks nothing of the articles. "foreign" asks something, in another language."""

Note = Literal["note_checks", "note_timeout", "note_unavailable", "note_budget", "note_part", "cut"]
"""What the asker should know beside the answer; each is the key of a message."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and in which server: whose turn it is, whose budget it counts against, and which articles it sees."""

    user: int
    guild: int | None = None  # None in a private conversation
    collection: str = ""  # that moderators chose for the channel or the server; "" for none
    private: bool = False  # whether nobody else in the server sees the answer


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and what helps to tell its language: see `bot.answering.understanding.decide_languages`."""

    text: str
    language: Language | None = None  # that the asker wants the reply in; None for the language of the question
    history: tuple[Turn, ...] = ()  # of the conversation: that of the answer before; () when there was none
    channel_language: Language | None = None  # that moderators chose for the channel
    server_language: Language | None = None  # and for the server
    asker: Asker | None = None  # None in a terminal
    least: float = 0.0  # confidence below which nothing is answered, where that is more than the reader's own threshold
    on_draft: Callable[[str], None] | None = field(default=None, compare=False, repr=False)
    """Is told the whole text at each new piece while a chat model writes, before any check; in the asking thread."""


class Quoted(NamedTuple):
    """A quote on one line, in three parts: the words that answer, and what stands before and after them."""

    before: str
    words: str  # "" when no reader is sure which words answer
    after: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that was quoted: `chunk.text[start:end] == quote`, checked before anybody sees it.

    The quote is a sentence, or whole blocks in the Markdown of `index.writing`: steps with their code, a list, rows.
    Citations of one answer may follow one another in one section.
    """

    marker: int  # the n shown as [n], from 1
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
    lead: str = ""  # shown above the quote, checked like it: the header of its table, the line that announces its list
    date: str | None = None  # of the document, ISO 8601; None when it tells none

    @property
    def quoted(self) -> Quoted:
        """The quote as a reply shows it."""
        start, end = self.span or (0, 0)
        before, words, after = (
            _LINE_BREAK.sub(" ", part) for part in (self.quote[:start], self.quote[start:end], self.quote[end:])
        )
        return Quoted(before, words, after)

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
    more: str = ""  # the whole section of a passage that is cut

    @property
    def answers(self) -> bool:
        """Whether the reader is sure enough to answer."""
        return bool(self.citations) and self.confidence >= self.threshold


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a chat model's text is not shown: a check that it failed, or the reason that there was no text."""

    check: str  # a check of `bot.chat.checks`, "length", or a reason of `ChatUnavailableError`
    detail: str


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking a chat model: a text with its citations, an abstention, or only failures."""

    text: str = ""  # with the markers of the citations
    citations: tuple[Citation, ...] = ()
    abstained: bool = False
    failures: tuple[Failure, ...] = ()  # also those of a first try whose second try passed


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a question; no citations means that the bot abstained.

    Each front end composes its reply from it. `bot.answering.plain` writes it as plain text and as JSON.
    """

    question: str
    language: Language  # of the reply
    citations: tuple[Citation, ...] = ()
    written: str = ""  # by a chat model, with the markers of the citations; "" when the articles speak for themselves
    notes: tuple[Note, ...] = ()
    confidence: float = 0.0  # calibrated probability that the quote answers, 0 to 1
    threshold: float = 0.0  # below it the bot abstains
    abstention: Abstention | None = None
    known: Overview | None = None  # of the articles, for an answer about the bot or about what it knows
    hits: tuple[SearchHit, ...] = ()  # what was read, best first
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generation: str = ""  # of the index that was read
    understood: str = ""  # what was searched, when it is not the question: a follow-up, completed
    history: tuple[Turn, ...] = ()  # to pass with the next question of the conversation
    reader: str = ""  # "span", "similarity", or the chat model that wrote, `provider:model`
    failures: tuple[Failure, ...] = ()  # of the chat model, in order; when a reader answers, why it stepped in
    more: str = ""  # the whole section that the quotes are from, in Markdown; "" when they show all of it
    translations: tuple[str, ...] = ()  # of each quote as it is shown, by a machine, in Markdown; "" for none; or ()

    def __post_init__(self) -> None:
        """Refuse an answer that cites nothing, or an abstention that cites.

        Raises:
            ValueError: citations and abstention contradict each other.
        """
        if bool(self.citations) == (self.abstention is not None):
            raise ValueError("an answer has citations or a reason to abstain, and not both")

    @property
    def abstained(self) -> bool:
        """Whether the bot declined to answer."""
        return self.abstention is not None
