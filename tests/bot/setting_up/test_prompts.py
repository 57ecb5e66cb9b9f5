from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.setting_up.prompts import TerminalPrompts


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


def test_a_line_is_what_was_typed(keys: PipeInput) -> None:
    keys.send_text("l’été à Lévis\r")
    assert TerminalPrompts().line("Où ? ") == "l’été à Lévis"


def test_tab_completes_the_names_of_folders_alone(keys: PipeInput) -> None:
    Path("mes articles").mkdir()
    Path("mes articles.md").touch()
    keys.send_text("mes\t\r")
    assert TerminalPrompts().folder("Où ? ") == "mes articles"


@pytest.mark.parametrize(("key", "raised"), [("\x03", KeyboardInterrupt), ("\x04", EOFError)])
def test_whoever_leaves_is_not_held_back(key: str, raised: type[BaseException], keys: PipeInput) -> None:
    keys.send_text(key)
    with pytest.raises(raised):
        TerminalPrompts().line("Où ? ")
