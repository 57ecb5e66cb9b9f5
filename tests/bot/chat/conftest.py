"""The real client of OpenAI's protocol, against a server on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.chat.budget import Budget, Limits
from bot.chat.client import ChatClient
from bot.chat.providers import open_model
from tests.llm.server import ChatServer, Script, serving

KEY = "sk-secret-key"

Connect = Callable[..., tuple[ChatServer, ChatClient]]


@pytest.fixture
def connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Return a function that serves a script and connects a client to it."""
    with ExitStack() as stack:

        def start(*script: Script, seconds: float = 5.0, limits: Limits | None = None) -> tuple[ChatServer, ChatClient]:
            server = stack.enter_context(serving(*script))
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setenv("OPENAI_API_KEY", KEY)
            budget = Budget(tmp_path / "budget.sqlite3", limits or Limits())
            client = ChatClient("openai:scripted", open_model("openai:scripted", seconds), seconds, budget)
            stack.callback(client.close)
            return server, client

        yield start
