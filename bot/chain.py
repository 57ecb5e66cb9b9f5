"""The retrieval chain, one LangChain runnable: a question in, a checked answer out.

    Question ─understand─▶ Query ─retriever─▶ hits ─reader─▶ Reading ─verify, decide─▶ Answer

Each stage adds to one state; nothing is remembered between questions: a follow-up brings the turns before it along.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from bot.answer import Abstention, Answer, Citation, Question, Reading
from bot.citations import verify
from bot.conversation import Turn, follow, standalone
from bot.messages import say
from index.language import detect_language
from index.schema import Language, SearchHit

MAX_QUESTION = 1_000
"""Characters that are read. The encoder reads 512 tokens, about 2,000 characters, of which a Discord
message fills at most 4,000; a real question is shorter: the longest of PIAF and SQuAD 2 dev has 300."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]")


NOTHING_READ = Reading((), confidence=0.0, threshold=0.0)


class Reader(Protocol):
    """Turns hits into quotes and a confidence."""

    def read(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Reading:
        """Return what the hits say; `language` is that of the question."""
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
    timings_ms: dict[str, float] = field(default_factory=dict)


def build_chain(
    retriever: BaseRetriever, reader: Reader, fallback: Language, generation: str = ""
) -> Runnable[Question, Answer]:
    """Return the chain.

    Args:
        retriever: finds documents that carry their `SearchHit` in `metadata["hit"]`.
        reader: picks the quotes.
        fallback: language of the reply when neither the question nor the turn before it tells.
        generation: of the index that the retriever searches; each answer tells it.
    """

    def understand(question: Question) -> _State:
        began = time.perf_counter()
        text = _UNPRINTABLE.sub("", question.text).strip()
        read = text[:MAX_QUESTION]
        spoken = question.history[-1].language if question.history else question.fallback or fallback
        detected = detect_language(read, question.language or spoken)
        abstention: Abstention | None = (
            "no_question" if not _WORD.search(read) else "foreign" if detected.foreign else None
        )
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

    def retrieve(state: _State) -> _State:
        if state.abstention:
            return state
        began = time.perf_counter()
        documents: list[Document] = retriever.invoke(state.searched)
        return _timed(replace(state, hits=tuple(d.metadata["hit"] for d in documents)), "search", began)

    def read(state: _State) -> _State:
        if state.abstention:
            return state
        began = time.perf_counter()
        return _timed(replace(state, reading=reader.read(state.searched, state.asked_in, state.hits)), "read", began)

    stages = RunnableLambda(understand) | RunnableLambda(retrieve) | RunnableLambda(read) | RunnableLambda(_decide)
    return stages.with_config(run_name="babillard")


def _decide(state: _State) -> Answer:
    """Check the quotes, then answer with what is left or abstain."""
    began = time.perf_counter()
    reading = state.reading
    citations = verify(reading.citations, state.hits)
    abstention = state.abstention
    if abstention is None and (not citations or reading.confidence < reading.threshold):
        abstention = "no_evidence"
    state = _timed(state, "check", began)
    text = say(abstention, state.reply_in) if abstention else _compose(citations, state.reply_in)
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
    )


def _compose(citations: Sequence[Citation], language: Language) -> str:
    """Return the line that says where the quotes come from, and each quote on its line with its marker."""
    first = citations[0]
    lines = [say("says_in_fr" if first.language == "fr" else "says_in_en", language, title=first.title)]
    lines += [f"> {''.join(c.pieces)} [{c.marker}]" for c in citations]
    return "\n".join(lines)


def _timed(state: _State, stage: str, began: float) -> _State:
    return replace(state, timings_ms={**state.timings_ms, stage: (time.perf_counter() - began) * 1000})
