"""The retrieval chain, one LangChain runnable: a question in, a checked answer out.

    Question ─understand─▶ Query ─retriever─▶ hits ─reader─▶ Reading ─verify, decide─▶ Answer

A chat model, where there is one, completes a follow-up before the search and writes from the hits after the reader,
whose quotes are there for when the text does not come or fails a check. Each stage adds to one state. A follow-up
brings the turns before it along; an answer that is in the cache is given again.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answering.answer import EXTRACTIVE, Abstention, Answer, Citation, Failed, Question, Reading, Written
from bot.answering.cache import AnswerCache, same_words
from bot.answering.cache import Key as CacheKey
from bot.answering.citations import renumbered, verify
from bot.answering.conversation import Turn, follow, standalone
from bot.messages import Key, say
from index.language import detect_language
from index.schema import Language, SearchHit
from index.text import INVISIBLE

MAX_QUESTION = 1_000
"""Characters that are read. The encoder reads 512 tokens, about 2,000 characters, of which a Discord
message fills at most 4,000; a real question is shorter: the longest of PIAF and SQuAD 2 dev has 300."""

_UNPRINTABLE = INVISIBLE
_WORD = re.compile(r"[^\W\d_]")


NOTHING_READ = Reading((), confidence=0.0, threshold=0.0)
NOTHING_WRITTEN = Written()


class Reader(Protocol):
    """Turns hits into quotes and a confidence."""

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
        """Start the time of one question."""
        ...


@dataclass(frozen=True, slots=True)
class _State:
    """A question on its way through the chain."""

    question: str
    searched: str  # the question, completed when it is a follow-up
    history: tuple[Turn, ...]
    asked_in: Language
    reply_in: Language
    was_cut: bool
    generation: str
    abstention: Abstention | None = None
    hits: tuple[SearchHit, ...] = ()
    reading: Reading = NOTHING_READ
    writing: Writing | None = None
    written: Written = NOTHING_WRITTEN
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is searched and read: two questions with the same words get the same answer."""
        return same_words(self.searched)


def build_chain(
    retriever: BaseRetriever,
    reader: Reader,
    fallback: Language,
    generation: str = "",
    writer: Writer | None = None,
    cache: AnswerCache | None = None,
) -> Runnable[Question, Answer]:
    """Return the chain.

    Args:
        retriever: finds documents that carry their `SearchHit` in `metadata["hit"]`.
        reader: picks the quotes.
        fallback: language of the reply when neither the question nor the turn before it tells.
        generation: of the index that the retriever searches; each answer tells it.
        writer: asked where the reader finds an answer; None to quote.
        cache: of the answers of this chain alone; None to answer each question anew.
    """

    def understand(question: Question) -> _State:
        state = _understand(question, fallback, generation)
        return state if writer is None or state.abstention else replace(state, writing=writer.begin(question))

    def complete(state: _State) -> _State:
        if state.writing is None or state.searched == state.question:
            return state
        began = time.perf_counter()
        earlier = [turn.question for turn in state.history]
        completed = state.writing.standalone(state.question, earlier, state.asked_in, MAX_QUESTION)
        return _timed(replace(state, searched=completed or state.searched), "complete", began)

    def retrieve(state: _State) -> _State:
        if state.abstention:
            return state
        began = time.perf_counter()
        documents: list[Document] = retriever.invoke(state.words)
        return _timed(replace(state, hits=tuple(d.metadata["hit"] for d in documents)), "search", began)

    def read(state: _State) -> _State:
        if state.abstention:
            return state
        began = time.perf_counter()
        return _timed(replace(state, reading=reader.read(state.words, state.asked_in, state.hits)), "read", began)

    find_answer = (
        RunnableLambda(complete)
        | RunnableLambda(retrieve)
        | RunnableLambda(read)
        | RunnableLambda(_write)
        | RunnableLambda(_decide)
    )

    def answer(state: _State) -> Answer:
        if cache is None or state.abstention:
            return find_answer.invoke(state)
        began = time.perf_counter()
        completed_from = state.history if state.searched != state.question else ()
        key = CacheKey(state.words, state.asked_in, state.reply_in, state.was_cut, completed_from)
        if (known := cache.get(key)) is not None:
            return _give_again(known, _timed(state, "cached", began))
        found = find_answer.invoke(state)
        if found.reader != EXTRACTIVE or not found.checks:  # else a chat model failed, which may pass
            cache.keep(key, found)
        return found

    return (RunnableLambda(understand) | RunnableLambda(answer)).with_config(run_name="babillard")


def _understand(question: Question, fallback: Language, generation: str) -> _State:
    """Tell the languages, complete a follow-up by rules, and find what keeps the question from an answer."""
    began = time.perf_counter()
    text = _UNPRINTABLE.sub("", question.text).strip()
    read = text[:MAX_QUESTION]
    spoken = question.history[-1].language if question.history else question.fallback or fallback
    detected = detect_language(read, question.language or spoken)
    abstention: Abstention | None = "no_question" if not _WORD.search(read) else "foreign" if detected.foreign else None
    earlier = [] if abstention else [turn.question for turn in question.history]
    state = _State(
        question=read,
        searched=standalone(read, earlier, MAX_QUESTION),
        history=question.history if abstention else follow(question.history, read, detected.language),
        asked_in=detected.language,
        reply_in=question.language or detected.language,
        was_cut=len(text) > len(read),
        generation=generation,
        abstention=abstention,
    )
    return _timed(state, "language", began)


def _give_again(known: Answer, state: _State) -> Answer:
    """Return an answer of before to the question as it was typed now, in the conversation that it belongs to."""
    timings = {**state.timings_ms, "total": sum(state.timings_ms.values())}
    return replace(known, question=state.question, history=state.history, timings_ms=timings)


def _write(state: _State) -> _State:
    """Let the model write where the reader would answer: what it cannot find in the hits, it would have to invent."""
    if state.writing is None or not _answers(state.reading):
        return state
    began = time.perf_counter()
    written = state.writing.write(state.words, state.reply_in, state.reading.hits or state.hits)
    return _timed(replace(state, written=written), "write", began)


def _answers(reading: Reading) -> bool:
    return bool(reading.citations) and reading.confidence >= reading.threshold


def _decide(state: _State) -> Answer:
    """Check the quotes, then answer with what is left or abstain."""
    began = time.perf_counter()
    reading, written = state.reading, state.written
    by_model = bool(written.text) or written.abstained
    citations = verify(written.citations or reading.citations, state.hits)
    if written.failed and not by_model and state.writing is not None:
        citations = renumbered(state.writing.stand_ins(citations, state.hits))
    abstention = state.abstention
    if abstention is None and (not citations or not _answers(reading) or written.abstained):
        abstention = "no_evidence"
    state = _timed(state, "check", began)
    text = say(abstention, state.reply_in) if abstention else _compose(written.text, citations, state.reply_in)
    if written.failed and not (by_model or abstention):
        text += "\n" + say(_note(written.failed[0]), state.reply_in)
    if state.was_cut:
        text += "\n" + say("cut", state.reply_in, limit=MAX_QUESTION)
    return Answer(
        question=state.question,
        language=state.reply_in,
        text=text,
        citations=() if abstention else citations,
        confidence=reading.confidence,
        threshold=reading.threshold,
        abstention=abstention,
        hits=reading.hits or state.hits,
        timings_ms={**state.timings_ms, "total": sum(state.timings_ms.values())},
        generation=state.generation,
        understood=state.searched if state.searched != state.question else "",
        history=state.history,
        reader=state.writing.name if state.writing and by_model else EXTRACTIVE,
        checks=written.failed,
    )


def _compose(written: str, citations: Sequence[Citation], language: Language) -> str:
    """Return what the model wrote, else the line that says where the quotes come from; then each quote on its line."""
    first = citations[0]
    lines = [written or say("says_in_fr" if first.language == "fr" else "says_in_en", language, title=first.title)]
    lines += [f"> {''.join(c.pieces)} [{c.marker}]" for c in citations]
    return "\n".join(lines)


def _note(failed: Failed) -> Key:
    """Return the message that says why the articles are quoted although there is a model."""
    match failed.check:
        case "timeout":
            return "note_timeout"
        case "unavailable" | "refused":
            return "note_unavailable"
        case "budget":
            return "note_budget"
        case _:
            return "note_checks"


def _timed(state: _State, stage: str, began: float) -> _State:
    return replace(state, timings_ms={**state.timings_ms, stage: (time.perf_counter() - began) * 1000})
