"""Ask the bot every question of a set, and note how each answer compares with what is known."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.answering.answer import Answer, Citation, Question
from bot.answering.citations import chunks_read, verify
from bot.answering.plain import plain_text
from bot.config import BotSettings
from bot.evaluation.gold import Relevant, exact_match, holds_one, in_index, in_passages, is_useful, shows, token_f1
from bot.evaluation.metrics import ndcg
from bot.evaluation.questions import KnownQuestion, QuestionSet
from bot.factory import Bot, build_bot
from index.build import Progress, build_index
from index.generations import Generations, kept_in
from index.language import detect_language
from index.model.embedding import TextEmbeddings
from index.schema import Chunk, Language, SearchHit
from index.search import Searcher

K = 10  # passages that count for nDCG and MRR
PASTED = 3  # passages that the plain retriever pastes at most

Search = Callable[[str], Sequence[SearchHit]]
"""Finds passages for a question, best first, as `babillard index search` does: nothing is read, chosen or refused."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How one answer compares with what is known; None where that does not apply."""

    set: str
    id: str
    language: Language  # of the question
    found_in: Language | None  # of what should be found
    article: str  # with its file
    passage: str  # with its file; of a table, the question itself
    answerable: bool
    confidence: float  # 0 to 1
    refused: bool
    ms: float
    rank: int | None  # of the first relevant passage, from 1; 0 when not found; None for an unanswerable question
    ndcg: float | None
    first_quote: bool | None  # holds an answer; False when the bot refused; None when the set gives no answer
    token_f1: float | None
    exact_match: float | None
    citation: bool | None  # the chunk quoted holds an answer, or is of the source; None when the bot refused
    right: bool  # the first quote is right, even if the bot withheld it; False for an unanswerable question
    reply_language: bool | None  # the reply is in that of the question; None when the set does not tell the language
    # Of an answerable question about documentation; None of any other.
    kind: str = ""
    useful: bool | None = None  # the reply shows all that is needed, and is short enough
    useful_length: int | None = None  # characters of the reply; None when it is not useful
    page_cited: bool | None = None  # the first citation is of a page that answers; False when the bot refused
    plain_rank: int | None = None  # of the first passage of such a page in a plain search, from 1; 0 when not found
    first_passage: bool | None = None  # the first passage of a plain search shows all that is needed
    three_passages: bool | None = None  # the first three together do

    @property
    def key(self) -> tuple[str, str]:
        """Identifies the question within a run."""
        return self.set, self.id

    def record(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        shape = asdict(self)
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in shape.items()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was asked, measured and read, to show."""

    question: KnownQuestion
    measured: Measured
    quote: str  # the first one, even if the bot withheld it
    place: str  # where it stands: title and section
    passage: str  # the chunk that it stands in
    expected: str  # a passage that should have been found; "" when unknown or nowhere in the index


def ask_passages(
    questions: QuestionSet, settings: BotSettings, embeddings: TextEmbeddings, built: Progress, asked: Progress
) -> list[Outcome]:
    """Index the passages of the set in a temporary folder, one article each, and ask every question of it.

    Args:
        questions: with passages.
        settings: of the bot; its own index is not touched.
        embeddings: the model.
        built: told how far the index is.
        asked: told how many questions are done.

    Raises:
        IndexingError: the index cannot be built.
    """
    with _indexed(questions, settings, embeddings, built) as temporary:
        bot = build_bot(temporary, embeddings)
        return list(_ask(questions, bot, in_passages(questions), asked))


def ask_index(questions: QuestionSet, bot: Bot, index: Path | Generations, asked: Progress) -> list[Outcome]:
    """Ask every question of the bot.

    Args:
        questions: with answers or sources.
        bot: over the index.
        index: where it is kept, looked through for the answers.
        asked: told how many questions are done.

    Raises:
        EvaluationError: a source is not in the index, or a question tells neither an answer nor a source.
        IndexingError: the index is missing or damaged.
    """
    store = kept_in(index).open()
    searcher = Searcher(store, bot.embeddings)

    def search(question: str) -> Sequence[SearchHit]:
        return searcher.search(question, detect_language(question).language, K)

    return list(_ask(questions, bot, in_index(questions, store), asked, search))


@contextmanager
def _indexed(
    questions: QuestionSet, settings: BotSettings, embeddings: TextEmbeddings, built: Progress
) -> Iterator[BotSettings]:
    with TemporaryDirectory(prefix="babillard-") as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        seeds.mkdir()
        for name, text in questions.passages.items():
            (seeds / name).write_text(text, encoding="utf-8")
        build_index(seeds, index, embeddings, built)
        yield settings.model_copy(update={"index_dir": index, "vector_store": None})


def _ask(
    questions: QuestionSet, bot: Bot, relevant: Sequence[Relevant], asked: Progress, search: Search | None = None
) -> Iterator[Outcome]:
    """Yield the outcomes in the order of the questions; `search` is asked those about documentation as well."""
    asked.start(len(questions.questions))
    bot.embeddings.encode_query("")  # loads the model, so that the first question is as quick as the others
    for question, wanted in zip(questions.questions, relevant, strict=True):
        answer = bot.chain.invoke(Question(question.text))
        quotes = answer.citations or _withheld(bot, answer)
        chunks = chunks_read(answer.hits)
        first = quotes[0] if quotes else None
        chunk = chunks[first.chunk_id] if first else None
        measured = _measure(questions, question, wanted, answer, first, chunk)
        if question.pages and search:
            measured = _with_usefulness(measured, question, wanted, answer, quotes, search(question.text))
        yield Outcome(
            question=question,
            measured=measured,
            quote=first.quote if first else "",
            place=first.place if first else "",
            passage=chunk.text if chunk else "",
            expected=wanted.text,
        )
        asked.advance(1)


def _withheld(bot: Bot, answer: Answer) -> tuple[Citation, ...]:
    """Return the quotes that the bot was not sure enough of."""
    if answer.abstention != "no_evidence":
        return ()
    return verify(bot.reader.read(answer.question, answer.language, answer.hits).citations, answer.hits)


def _measure(
    questions: QuestionSet,
    question: KnownQuestion,
    wanted: Relevant,
    answer: Answer,
    first: Citation | None,
    chunk: Chunk | None,
) -> Measured:
    """Compare the answer with what is known.

    `first` is the first quote, even if the bot withheld it, and `chunk` is the chunk that holds it.
    """
    ranked = wanted.ranked(answer.hits)[:K]
    told = bool(question.answers)
    from_there = chunk is not None and (holds_one(question.answers, chunk.text) if told else wanted.holds(chunk))
    right = first is not None and (holds_one(question.answers, first.quote) if told else from_there)
    said = "" if answer.abstained or first is None else first.quote
    language = first.language if first else answer.language
    return Measured(
        set=questions.name,
        id=question.id,
        language=question.language,
        found_in=wanted.language,
        article=f"{questions.file.name}/{question.article}",
        passage=f"{questions.file.name}/{question.passage or question.id}",
        answerable=question.answerable,
        confidence=answer.confidence,
        refused=answer.abstained,
        ms=answer.timings_ms["total"],
        rank=(ranked.index(True) + 1 if True in ranked else 0) if question.answerable else None,
        ndcg=ndcg(ranked, len(wanted.keys), K) if question.answerable else None,
        first_quote=right and not answer.abstained if told else None,
        token_f1=token_f1(question, said, language) if told else None,
        exact_match=exact_match(question, said, language) if told else None,
        citation=from_there if question.answerable and not answer.abstained else None,
        right=right and question.answerable,
        reply_language=answer.language == question.language if question.language_known else None,
    )


def _with_usefulness(
    measured: Measured,
    question: KnownQuestion,
    wanted: Relevant,
    answer: Answer,
    quotes: Sequence[Citation],
    plain: Sequence[SearchHit],
) -> Measured:
    """Add whether the reply is of use, and whether the passages of a plain search would be.

    A reply is right when it is useful; one that was withheld, when its quotes show all that is needed.
    """
    reply = plain_text(answer)
    useful = not answer.abstained and is_useful(question, reply)
    found = [wanted.holds(hit.chunk) for hit in plain]
    passages = [hit.chunk.text for hit in plain]
    return replace(
        measured,
        kind=question.kind,
        right=shows(question, "\n".join(c.quote for c in quotes)) if answer.abstained else useful,
        useful=useful,
        useful_length=len(reply) if useful else None,
        page_cited=bool(measured.citation),
        plain_rank=found.index(True) + 1 if True in found else 0,
        first_passage=shows(question, "\n".join(passages[:1])),
        three_passages=shows(question, "\n".join(passages[:PASTED])),
    )


def read_measured(records: Sequence[dict[str, Any]]) -> list[Measured]:
    """Return what `Measured.record` gave.

    Raises:
        TypeError: a field is missing, or is one too many.
    """
    return [Measured(**record) for record in records]
