import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import MAX_CHAT_SECONDS
from bot.messages import say
from bot.terminal.drafting import draft_shown
from tests.bot.terminal.test_repl import CTRL_C, ENTER, FRENCH, Conversation
from tests.conftest import SEEDS
from tests.llm.server import ChatServer, Reply, Stall, serving

GOOD = "Sept\u00a0millions d’abonnés au Canada [1]."  # begins with a word that neither the question nor the quote has
LIE = "Netflix a «\u00a0neuf millions d’abonnés\u00a0» au Canada [1]."
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
QUOTE = "> Netflix a maintenant sept millions d’abonnés au Canada"


def test_there_is_no_draft_where_standard_output_is_no_terminal() -> None:
    with draft_shown() as show:
        assert show is None


@pytest.fixture
def model() -> Iterator[ChatServer]:
    with serving(Reply(GOOD)) as model:
        yield model


@pytest.fixture
def talk(model: ChatServer, seed_index: Path, tmp_path: Path) -> Iterator[Conversation]:
    chat = {"CHAT_MODEL": "openai:scripted", "OPENAI_BASE_URL": model.url, "CHAT_TIMEOUT": f"{MAX_CHAT_SECONDS}"}
    talk = Conversation(SEEDS, seed_index, tmp_path / "state", **chat)
    talk.until_ready()
    yield talk
    talk.close()


def seen(raw: str) -> str:
    """Return what a reader has before them in the end, without colours: each erased line is gone."""
    return ESCAPE.sub("", raw.rpartition("\x1b[2K")[2])


@pytest.fixture
def is_shown() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()  # so that no server waits for a test that failed


@pytest.mark.slow
def test_the_text_is_shown_as_it_grows_then_replaced_by_the_answer(
    talk: Conversation, model: ChatServer, is_shown: threading.Event
) -> None:
    model.say(Reply(GOOD, hold=is_shown))
    talk.type(FRENCH + ENTER)
    talk.until_shown("Sept\u00a0millions")
    is_shown.set()
    raw = talk.until_shown("\x1b[?2004h")
    assert GOOD in seen(raw)
    assert QUOTE in seen(raw)


@pytest.mark.slow
def test_a_lie_is_gone_in_the_end(talk: Conversation, model: ChatServer) -> None:
    model.say(Reply(LIE))
    talk.type(FRENCH + ENTER)
    raw = talk.until_shown("\x1b[?2004h")
    assert "neuf" in raw
    assert "neuf" not in seen(raw)
    assert QUOTE in seen(raw)
    assert say("note_checks", "fr") in seen(raw)


@pytest.mark.slow
def test_ctrl_c_drops_an_answer_in_flight(talk: Conversation, model: ChatServer) -> None:
    model.say(Stall("Netflix a"))
    talk.type(FRENCH + ENTER)
    talk.until_shown("Netflix a")
    talk.type(CTRL_C)
    talk.until_ready()
    model.say(Reply(GOOD))
    assert GOOD in talk.say(FRENCH)
