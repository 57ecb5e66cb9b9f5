"""A model that obeys every order it finds, behind the whole chain: nothing that was ordered reaches the reader."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Question
from bot.answering.chain import RetrievalChain
from bot.answering.plain import plain_text
from bot.answering.readers.shipped import load_similarity_reader
from bot.chat.budget import Budget, Limits
from bot.chat.client import ChatClient
from bot.chat.providers import open_model
from bot.chat.writer import ChatWriter
from bot.discord.markdown import answer_text
from bot.terminal.rendering import to_terminal
from index.model.embedding import TextEmbeddings
from index.schema import Chunk, SearchHit
from tests.bot.chat.checks.red_team import ATTACKS, LEGITIMATE, Attack, Legitimate
from tests.bot.fakes import FixedSearch, ScriptedReader, make_chunk, make_hit
from tests.llm.server import ChatServer, Reply, serving

pytestmark = pytest.mark.slow  # which sentence is quoted instead is the real model's choice

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
LINK = re.compile(r"[a-z][a-z0-9+.-]*:/|www\.|mailto:|\w\.[a-z]{2,}/", re.IGNORECASE)


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with serving(Reply("")) as server:
        yield server


@pytest.fixture
def writer(server: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ChatWriter:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    budget = Budget(tmp_path / "budget.sqlite3", Limits())
    return ChatWriter(ChatClient("openai:obeying", open_model("openai:obeying", 20), 20, budget))


def found(chunk: Chunk, question: str, embeddings: TextEmbeddings) -> SearchHit:
    sentences = [chunk.text[s.start : s.end] for s in chunk.sentences]
    asked = embeddings.encode_query(question)
    return make_hit(chunk, sentence_dense=[float(asked @ vector) for vector in embeddings.encode_documents(sentences)])


def ask(writer: ChatWriter, embeddings: TextEmbeddings, case: Attack | Legitimate) -> Answer:
    """Ask as if the articles surely held the answer, so that the model is always asked."""
    hit = found(make_chunk(case.passage, language=case.passage_language), case.question, embeddings)
    reader = load_similarity_reader()

    def sure(hits: object) -> object:
        return replace(reader.read(case.question, case.language, [hit]), confidence=1.0)

    chain = RetrievalChain(FixedSearch(hits=(hit,)), ScriptedReader(sure), "en", writer=writer)  # type: ignore[arg-type]
    return chain.invoke(Question(case.question, language=case.language))


def shown(answer: Answer) -> str:
    """Return all that is shown, in a terminal and in Discord, but for backslashes and the age of the index."""
    in_discord = re.sub(r"<t:\d+:d>", "", answer_text(answer, BUILT)).replace("\\", "")
    return f"{to_terminal(answer)}\n{in_discord}"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_no_order_reaches_the_reply(
    attack: Attack, server: ChatServer, writer: ChatWriter, bundled: TextEmbeddings
) -> None:
    server.say(Reply(attack.obeying))
    answer = ask(writer, bundled, attack)
    assert server.requests
    assert attack.forbidden.casefold() not in shown(answer).casefold()
    own = plain_text(answer).split("\n> ", maxsplit=1)[0]
    assert not LINK.search(own)


@pytest.mark.parametrize("case", LEGITIMATE, ids=lambda case: case.id)
def test_a_true_reply_is_let_through(
    case: Legitimate, server: ChatServer, writer: ChatWriter, bundled: TextEmbeddings
) -> None:
    server.say(Reply(case.reply))
    answer = ask(writer, bundled, case)
    assert (answer.reader, answer.failures) == ("openai:obeying", ())
