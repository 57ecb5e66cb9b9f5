"""The retrieval chain, one LangChain runnable: a question in, a checked answer out.

    Question ─understand─▶ Understanding ─search─▶ hits ─read─▶ Reading ─check, decide─▶ Answer

Each stage adds to one state. With a chat model two stages join in: it completes a follow-up before the search, and
writes from the hits after the reader. Where its text does not come or fails a check, the reader's quotes are the
answer. An answer that is in the cache is given again.
"""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import Abstention, Answer, Citation, Failure, Note, Question, Reading, Written
from bot.answering.cache import AnswerCache, CacheKey, same_words
from bot.answering.citations import renumbered, verify
from bot.answering.parts import joined, parts
from bot.answering.understanding import MAX_QUESTION, Understanding, understand
from index.overview import Overview
from index.schema import Language, SearchHit

NOTHING_READ = Reading((), confidence=0.0, threshold=0.0)
NOTHING_WRITTEN = Written()


class Reader(Protocol):
    """Turns hits into quotes and a confidence."""

    @property
    def name(self) -> str:
        """Shown to people: "span" or "similarity"."""
        ...

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return what the hits say; `language` is that of the question."""
        ...


class Writing(Protocol):
    """What a chat model does for one question, within its time and its budget."""

    @property
    def name(self) -> str:
        """The model, `provider:model`."""
        ...

    def standalone(self, question: str, earlier: Sequence[str], language: Language, limit: int) -> str | None:
        """Return a follow-up in words that stand alone, or None for the rules."""
        ...

    def write(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Written:
        """Return a text in `language` that passed every check, or what failed; a fault of the model does not raise."""
        ...

    def stand_ins(self, citations: Sequence[Citation], hits: Sequence[SearchHit]) -> list[Citation]:
        """Return the citations that may be shown in place of a text that failed."""
        ...


class Writer(Protocol):
    """Lets a chat model write."""

    def begin(self, question: Question) -> Writing:
        """Start the clock of one question."""
        ...


@dataclass(frozen=True, slots=True)
class _State:
    """A question on its way through the chain."""

    understanding: Understanding
    searched: str  # the question, completed when it is a follow-up
    hits: tuple[SearchHit, ...] = ()
    reading: Reading = NOTHING_READ
    is_partial: bool = False  # the quotes answer some of the questions of the message, and not all
    writing: Writing | None = None
    written: Written = NOTHING_WRITTEN
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is searched and read: two questions with the same words get the same answer."""
        return same_words(self.searched)

    @property
    def is_completed(self) -> bool:
        """Whether the question is a follow-up that was completed."""
        return self.searched != self.understanding.written

    def timed(self, stage: str, began: float) -> "_State":
        """Return the state with the milliseconds since `began`, a `time.perf_counter`, under the name of a stage."""
        return replace(self, timings_ms={**self.timings_ms, stage: (time.perf_counter() - began) * 1000})

    @property
    def all_timings_ms(self) -> dict[str, float]:
        """The milliseconds of each stage, and their total."""
        return {**self.timings_ms, "total": sum(self.timings_ms.values())}


def build_chain(
    retriever: BaseRetriever,
    reader: Reader,
    default: Language,
    generation: str = "",
    writer: Writer | None = None,
    cache: AnswerCache | None = None,
    overview: Callable[[], Overview] | None = None,
) -> Runnable[Question, Answer]:
    """Return the chain.

    Args:
        retriever: takes the words, and their language as `language`; its documents carry `SearchHit`s in
            `metadata["hit"]`.
        reader: picks the quotes.
        default: language of the settings, for where nothing else tells it.
        generation: of the index that the retriever searches; each answer tells it.
        writer: asked where the reader finds an answer; None to quote.
        cache: of the answers of this chain alone; None to answer each question anew.
        overview: tells what the index knows of itself; called for questions about the bot and its articles alone.
    """

    def read_question(question: Question) -> _State:
        began = time.perf_counter()
        understanding = understand(question, default)
        state = _State(understanding, understanding.searched).timed("language", began)
        return state if writer is None or understanding.abstention else replace(state, writing=writer.begin(question))

    def complete(state: _State) -> _State:
        """Let the model say a follow-up in words that stand alone; the rules' completion is kept where it fails."""
        if state.writing is None or not state.is_completed:
            return state
        began = time.perf_counter()
        understood = state.understanding
        earlier = [turn.question for turn in understood.history]
        completed = state.writing.standalone(understood.asked, earlier, understood.languages.asked, MAX_QUESTION)
        return replace(state, searched=completed or state.searched).timed("complete", began)

    def find(words: str, language: Language) -> tuple[SearchHit, ...]:
        documents: list[Document] = retriever.invoke(words, language=language)
        return tuple(document.metadata["hit"] for document in documents)

    def search(state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        return replace(state, hits=find(state.words, state.understanding.languages.asked)).timed("search", began)

    def read(state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        reading = reader.read(state.words, state.understanding.languages.asked, state.hits)
        return read_parts(replace(state, reading=reading)).timed("read", began)

    def read_parts(state: _State) -> _State:
        """Read each question of a message that asks several; their quotes take the place of what answers one of them.

        A passage of several blocks is kept: it may answer them all.
        """
        language = state.understanding.languages.asked
        questions = parts(state.words, language, MAX_QUESTION)
        whole = state.reading
        if not questions or (whole.answers and any("\n" in citation.quote for citation in whole.citations)):
            return state
        found = [find(question, language) for question in questions]
        readings = [reader.read(question, language, hits) for question, hits in zip(questions, found, strict=True)]
        if (reading := joined(readings)) is None:
            return state
        hits = {hit.chunk.id: hit for hit in itertools.chain(*found, state.hits)}
        is_partial = not all(one.answers for one in readings)
        return replace(state, reading=reading, hits=tuple(hits.values()), is_partial=is_partial)

    def write(state: _State) -> _State:
        """Let the model write where the reader would answer: what is not in the hits it would have to invent."""
        if state.writing is None or not state.reading.answers:
            return state
        began = time.perf_counter()
        hits = state.reading.hits or state.hits
        written = state.writing.write(state.words, state.understanding.languages.reply, hits)
        return replace(state, written=written).timed("write", began)

    def decide(state: _State) -> Answer:
        answer = _decide(state, reader.name, generation)
        is_about_us = answer.abstention in ("about", "articles")
        return replace(answer, known=overview()) if overview and is_about_us else answer

    find_answer = (
        RunnableLambda(complete)
        | RunnableLambda(search)
        | RunnableLambda(read)
        | RunnableLambda(write)
        | RunnableLambda(decide)
    )

    def answer(state: _State) -> Answer:
        if cache is None or state.understanding.abstention:
            return find_answer.invoke(state)
        began = time.perf_counter()
        key = _cache_key(state)
        if (known := cache.get(key)) is not None:
            return _given_again(known, state.timed("cached", began))
        found = find_answer.invoke(state)
        if not found.failures or found.reader != reader.name:  # else a chat model failed, which may pass
            cache.keep(key, found)
        return found

    return (RunnableLambda(read_question) | RunnableLambda(answer)).with_config(run_name="babillard")


def _cache_key(state: _State) -> CacheKey:
    understood = state.understanding
    completed_from = understood.history if state.is_completed else ()
    return CacheKey(state.words, understood.languages, understood.was_cut, completed_from)


def _given_again(known: Answer, state: _State) -> Answer:
    """Return an answer of before to the question as it was typed now, in the conversation that it belongs to."""
    understood = state.understanding
    return replace(known, question=understood.question, history=understood.history, timings_ms=state.all_timings_ms)


def _decide(state: _State, reader: str, generation: str) -> Answer:
    """Check the quotes, then answer with those that pass, or abstain."""
    began = time.perf_counter()
    understood, reading, written = state.understanding, state.reading, state.written
    by_model = bool(written.text) or written.abstained
    citations = verify(written.citations or reading.citations, state.hits)
    if written.failures and not by_model and state.writing is not None:
        citations = renumbered(state.writing.stand_ins(citations, state.hits))
    abstention: Abstention | None = understood.abstention
    if abstention is None and (not citations or not reading.answers or written.abstained):
        abstention = "no_evidence"
    notes: list[Note] = []
    if written.failures and not (by_model or abstention):
        notes.append(_note(written.failures[0]))
    if state.is_partial and not (by_model or abstention):
        notes.append("note_part")
    if understood.was_cut:
        notes.append("cut")
    state = state.timed("check", began)
    return Answer(
        question=understood.question,
        language=understood.languages.reply,
        citations=() if abstention else citations,
        written="" if abstention else written.text,
        notes=tuple(notes),
        confidence=reading.confidence,
        threshold=reading.threshold,
        abstention=abstention,
        hits=reading.hits or state.hits,
        timings_ms=state.all_timings_ms,
        generation=generation,
        understood=state.searched if state.searched != understood.asked else "",
        history=understood.history,
        reader=state.writing.name if state.writing and by_model else reader,
        failures=written.failures,
        more="" if abstention or by_model else reading.more,
    )


def _note(failure: Failure) -> Note:
    """Return the message that says why the articles are quoted although there is a model."""
    match failure.check:
        case "timeout":
            return "note_timeout"
        case "unavailable" | "refused":
            return "note_unavailable"
        case "budget":
            return "note_budget"
        case _:
            return "note_checks"
