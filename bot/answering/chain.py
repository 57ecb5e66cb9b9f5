"""The retrieval chain: a question in, a checked answer out.

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

from bot.answering.answer import Abstention, Answer, Failure, Note, Question, Written
from bot.answering.cache import AnswerCache, CacheKey, same_words
from bot.answering.citations import renumbered, verify
from bot.answering.looking import NOTHING_FOUND, Find, Look, Looker, Reader, surest
from bot.answering.message import core
from bot.answering.understanding import MAX_QUESTION, NO_WORDS, Understanding, Words, understand
from bot.answering.writing import NOTHING_WRITTEN, Writer, Writing
from index.overview import Overview
from index.schema import Language
from index.wordlist import key_of


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


class Chain(Protocol):
    """What answers questions: `RetrievalChain`, one with more steps, or any LangChain runnable of these types."""

    def invoke(self, question: Question, /) -> Answer:
        """Return the answer, which may be that there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A chain with one more step, which gets each answer."""

    chain: Chain
    step: Callable[[Answer], Answer]

    def invoke(self, question: Question, /) -> Answer:
        """Return the answer that the step makes of that of the chain."""
        return self.step(self.chain.invoke(question))


class RetrievalChain:
    """The chain; safe to use from several threads. `bot.langchain.as_runnable` makes a LangChain runnable of it."""

    def __init__(
        self,
        find: Find,
        reader: Reader,
        default: Language,
        index: Indexed = NOTHING_KNOWN,
        writer: Writer | None = None,
        cache: AnswerCache | None = None,
    ) -> None:
        """Set up a chain.

        Args:
            find: the search.
            reader: picks the quotes.
            default: language of the settings, for where nothing else tells it.
            index: what is known of the index that is searched.
            writer: asked where the reader finds an answer; None to quote.
            cache: of the answers of this chain alone; None to answer each question anew.
        """
        self._looker = Looker(find, reader)
        self._reader = reader.name
        self._default = default
        self._index = index
        self._writer = writer
        self._cache = cache

    def invoke(self, question: Question, /) -> Answer:
        """Return the answer, from the cache where it is known."""
        state = self._understand(question)
        if self._cache is None or state.understanding.abstention:
            return self._find_answer(state)
        began = time.perf_counter()
        key = _cache_key(state)
        if (known := self._cache.get(key)) is not None:
            return _given_again(known, state.timed("cached", began))
        found = self._find_answer(state)
        if not found.failures or found.reader != self._reader:  # else a chat model failed, which may pass
            self._cache.keep(key, found)
        return found

    def _find_answer(self, state: _State) -> Answer:
        for step in (self._complete, self._search, self._read, self._write):
            state = step(state)
        answer = _decide(state, self._reader, self._index.generation)
        is_about_us = answer.abstention in ("about", "articles")
        return replace(answer, known=self._index.overview()) if self._index.overview and is_about_us else answer

    def _understand(self, question: Question) -> _State:
        began = time.perf_counter()
        understood = understand(question, self._default, self._index.words)
        state = _State(understood, understood.searched, least=question.least).timed("language", began)
        if self._writer is None or understood.abstention:
            return state
        return replace(state, writing=self._writer.begin(question))

    def _complete(self, state: _State) -> _State:
        """Let the model say a follow-up in words that stand alone; the rules' completion is kept where it fails."""
        if state.writing is None or not state.is_reworded:
            return state
        began = time.perf_counter()
        understood = state.understanding
        earlier = [turn.question for turn in understood.history]
        completed = state.writing.standalone(understood.asked, earlier, understood.languages.asked, MAX_QUESTION)
        return replace(state, searched=completed or state.searched).timed("complete", began)

    def _search(self, state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        look, language = self._looker.search, state.understanding.languages.asked
        looks = [look(words, language) for words in (state.words, *_with_error(state))]
        looks += [look(words, language, has_other_forms=True) for words in self._index.variants(state.words)]
        return replace(state, looks=tuple(looks)).timed("search", began)

    def _read(self, state: _State) -> _State:
        if state.understanding.abstention:
            return state
        began = time.perf_counter()
        looker, language = self._looker, state.understanding.languages.asked
        looks = [looker.read(look, language) for look in state.looks]
        taken = surest(looks)
        if not taken.reading.answers and (asked := core(state.words, language)):
            alone = looker.read(looker.search(asked, language), language)
            taken = alone if alone.reading.answers else taken
        searched = state.searched if taken is looks[0] else taken.words
        return replace(state, taken=taken, searched=searched).timed("read", began)

    def _write(self, state: _State) -> _State:
        """Let the model write where the reader would answer: what is not in the hits it would have to invent."""
        reading = state.taken.reading
        if state.writing is None or not state.answers:
            return state
        began = time.perf_counter()
        hits = reading.hits or state.taken.hits
        written = state.writing.write(state.words, state.understanding.languages.reply, hits)
        return replace(state, written=written).timed("write", began)


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
