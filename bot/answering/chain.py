"""The retrieval chain, one LangChain runnable: a question in, a checked answer out.

    Question ─understand─▶ Understanding ─search─▶ hits ─read─▶ Reading ─check, decide─▶ Answer

Each stage adds to one state. With a chat model two stages join in: it completes a follow-up before the search, and
writes from the hits after the reader. Where its text does not come or fails a check, the reader's quotes are the
answer. A question that holds a house word is searched and read in its other wordings too, and the surest of these is
its answer. An answer that is in the cache is given again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import Abstention, Answer, Citation, Failure, Note, Question, Written
from bot.answering.cache import AnswerCache, CacheKey, same_words
from bot.answering.citations import renumbered, verify
from bot.answering.looking import NOTHING_FOUND, Look, Looker, Reader, surest
from bot.answering.message import core
from bot.answering.understanding import MAX_QUESTION, NO_WORDS, Understanding, Words, understand
from index.overview import Overview
from index.schema import Language, SearchHit
from index.wordlist import key_of

NOTHING_WRITTEN = Written()


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
class Indexed:
    """What the chain knows of the index that is searched.

    Attributes:
        generation: its name; each answer tells it.
        overview: tells what it knows of itself; called for questions about the bot and its articles alone.
        variants: returns the other wordings of a question, by the house words in it.
        words: what is known of the words of a question.
    """

    generation: str = ""
    overview: Callable[[], Overview] | None = None
    variants: Callable[[str], Sequence[str]] = lambda question: ()
    words: Words = NO_WORDS


NOTHING_KNOWN = Indexed()


@dataclass(frozen=True, slots=True)
class _State:
    """A question on its way through the chain."""

    understanding: Understanding
    searched: str  # the question, completed when it is a follow-up; once read, in the wording that was taken
    looks: tuple[Look, ...] = ()  # in each wording, that of the question first
    taken: Look = NOTHING_FOUND
    least: float = 0.0  # confidence that is asked for
    writing: Writing | None = None
    written: Written = NOTHING_WRITTEN
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is searched and read: two questions with the same words get the same answer."""
        return same_words(self.searched)

    @property
    def is_reworded(self) -> bool:
        """Whether the question is a follow-up that was completed, or was taken in another wording."""
        return self.searched != self.understanding.written

    @property
    def answers(self) -> bool:
        """Whether the reader found an answer, and is as sure of it as was asked for."""
        return self.taken.reading.answers and self.taken.reading.confidence >= self.least

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
    index: Indexed = NOTHING_KNOWN,
    writer: Writer | None = None,
    cache: AnswerCache | None = None,
) -> Runnable[Question, Answer]:
    """Return the chain.

    Args:
        retriever: takes the words, and their language as `language`; its documents carry `SearchHit`s in
            `metadata["hit"]`.
        reader: picks the quotes.
        default: language of the settings, for where nothing else tells it.
        index: what is known of the index that the retriever searches.
        writer: asked where the reader finds an answer; None to quote.
        cache: of the answers of this chain alone; None to answer each question anew.
    """
    looker = Looker(retriever, reader)

    def read_question(question: Question) -> _State:
        began = time.perf_counter()
        understanding = understand(question, default, index.words)
        state = _State(understanding, understanding.searched, least=question.least).timed("language", began)
        return state if writer is None or understanding.abstention else replace(state, writing=writer.begin(question))

    def complete(state: _State) -> _State:
        """Let the model say a follow-up in words that stand alone; the rules' completion is kept where it fails."""
        if state.writing is None or not state.is_reworded:
            return state
        began = time.perf_counter()
        understood = state.understanding
        earlier = [turn.question for turn in understood.history]
        completed = state.writing.standalone(understood.asked, earlier, understood.languages.asked, MAX_QUESTION)
        return replace(state, searched=completed or state.searched).timed("complete", began)

    def search(state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        language = state.understanding.languages.asked
        looks = [looker.search(words, language) for words in (state.words, *_with_error(state))]
        looks += [looker.search(words, language, has_other_forms=True) for words in index.variants(state.words)]
        return replace(state, looks=tuple(looks)).timed("search", began)

    def read(state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        language = state.understanding.languages.asked
        looks = [looker.read(look, language) for look in state.looks]
        taken = surest(looks)
        if not taken.reading.answers and (asked := core(state.words, language)):
            alone = looker.read(looker.search(asked, language), language)
            taken = alone if alone.reading.answers else taken
        searched = state.searched if taken is looks[0] else taken.words
        return replace(state, taken=taken, searched=searched).timed("read", began)

    def write(state: _State) -> _State:
        """Let the model write where the reader would answer: what is not in the hits it would have to invent."""
        reading = state.taken.reading
        if state.writing is None or not state.answers:
            return state
        began = time.perf_counter()
        hits = reading.hits or state.taken.hits
        written = state.writing.write(state.words, state.understanding.languages.reply, hits)
        return replace(state, written=written).timed("write", began)

    def decide(state: _State) -> Answer:
        answer = _decide(state, reader.name, index.generation)
        is_about_us = answer.abstention in ("about", "articles")
        return replace(answer, known=index.overview()) if index.overview and is_about_us else answer

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


def _with_error(state: _State) -> tuple[str, ...]:
    """Return the question with the error of the log that was pasted with it, which may be what it is about."""
    error = state.understanding.error
    return (f"{state.words} {error}"[:MAX_QUESTION],) if error else ()


def _cache_key(state: _State) -> CacheKey:
    understood = state.understanding
    completed_from = understood.history if state.is_reworded else ()
    return CacheKey(
        f"{state.words}\n{understood.error}", understood.languages, understood.was_cut, completed_from, state.least
    )


def _given_again(known: Answer, state: _State) -> Answer:
    """Return an answer of before to the question as it was typed now, in the conversation that it belongs to."""
    understood = state.understanding
    return replace(known, question=understood.question, history=understood.history, timings_ms=state.all_timings_ms)


def _decide(state: _State, reader: str, generation: str) -> Answer:
    """Check the quotes, then answer with those that pass, or abstain."""
    began = time.perf_counter()
    understood, hits, reading, written = state.understanding, state.taken.hits, state.taken.reading, state.written
    by_model = bool(written.text) or written.abstained
    citations = verify(written.citations or reading.citations, hits)
    if written.failures and not by_model and state.writing is not None:
        citations = renumbered(state.writing.stand_ins(citations, hits))
    abstention: Abstention | None = understood.abstention
    if abstention is None and (not citations or not state.answers or written.abstained):
        abstention = "no_evidence"
    notes: list[Note] = []
    if written.failures and not (by_model or abstention):
        notes.append(_note(written.failures[0]))
    if state.taken.is_partial and not (by_model or abstention):
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
        hits=reading.hits or hits,
        timings_ms=state.all_timings_ms,
        generation=generation,
        understood=state.searched if key_of(state.searched) not in key_of(understood.asked) else "",
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
